"""`forcewire import`: what others collected, into the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import options
from forcewire.output import number_of, print_object
from forcewire.settings import INTERRUPTED

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.importing.given import Refused
    from forcewire.importing.run import Summary

_MOST_LINES = 50  # of what was refused


@click.group("import", short_help="Bring in what others collected.")
def command() -> None:
    """Bring into the store what others collected."""


@command.command("archive", short_help="Texts of an archive: a folder, or JSON lines.")
@click.argument("path", type=click.Path(path_type=Path))
@options.sources_dir
@options.database
@options.as_json
def archive(path: Path, sources_dir: Path | None, database: str | None, as_json: bool) -> None:
    """Read an archive into the store: a folder of AREA/SHA-1.md files, whatever stands above them, or rows of articles
    or of their history (.jsonl, .jsonl.gz; a file, or a folder with such files).

    What cannot be imported is named on stderr, and the rest is imported. Run it again after an interruption, or when the archive
    has grown: what is stored is passed over.

    \b
    Example:
      forcewire import archive collected --database news.db
    """
    from forcewire.importing.reading import NoArchiveError, bytes_at, given
    from forcewire.importing.run import Summary, import_archive
    from forcewire.importing.workers import WorkerDiedError
    from forcewire.progress import byte_bar

    known, now = options.entries(sources_dir), datetime.now(UTC)
    summary, refusals = Summary(), _Refusals()
    try:
        with byte_bar(lambda: bytes_at(path)) as bar:
            texts = given(path, now, bar.read)
            with _new_store(database) as engine:
                for summary in import_archive(engine, texts, known, now=now, on_refused=refusals):
                    bar.say(number_of(summary.texts, "text"))
    except (NoArchiveError, WorkerDiedError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo(f"forcewire: interrupted; {_in_words(summary)}; run it again to go on", err=True)
        raise SystemExit(INTERRUPTED) from None
    finally:
        refusals.end()
    if as_json:
        print_object(asdict(summary) | {"texts": summary.texts, "problems": refusals.told})
    else:
        click.echo(_in_words(summary))
    raise SystemExit(1 if summary.refused else 0)


def _in_words(summary: Summary) -> str:
    new = number_of(summary.new, "new article")
    joined = number_of(summary.joined, "further version or address", "further versions or addresses")
    return f"{number_of(summary.texts, 'text')}: {new}, {joined}, {summary.known:,} stored already, {summary.refused:,} refused"


class _Refusals:
    """Names what is refused, one line each; of very many the first ones, and how many more there were."""

    def __init__(self) -> None:
        self.told: list[dict[str, str]] = []
        self._more = 0

    def __call__(self, refused: Refused) -> None:
        if len(self.told) == _MOST_LINES:
            self._more += 1
            return
        self.told.append({"name": refused.name, "reason": refused.reason})
        click.echo(f"forcewire: {one_line(refused.name)}: {one_line(refused.reason)}", err=True)

    def end(self) -> None:
        if self._more:
            click.echo(f"forcewire: and {self._more:,} more were refused", err=True)


def one_line(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def _new_store(database: str | None) -> Iterator[Engine]:
    """The store, made where there is none yet."""
    from storage.database import open_store

    with options.plain_store_errors():
        engine = open_store(options.database_url(database))
        try:
            yield engine
        finally:
            engine.dispose()
