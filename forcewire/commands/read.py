"""`forcewire read`: what a reader makes of a saved page."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from forcewire import options
from forcewire.output import json_line, print_object

if TYPE_CHECKING:
    from crawler.entries import SourceEntry
    from forcewire.saved import SavedPages
    from storage.records import Record


@click.command("read", short_help="Show what a reader makes of a saved page.")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--url", metavar="URL", help="The address the page was saved from.")
@click.option("--reader", metavar="NAME", help="Another reader than that of the entry which owns the URL.")
@click.option(
    "--jsonl",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help='Read many pages: a file with a line {"url", "file", "reader"} for each; reader may be left out.',
)
@options.sources_dir
@options.as_json
def command(
    file: Path | None, url: str | None, reader: str | None, jsonl: Path | None, sources_dir: Path | None, as_json: bool
) -> None:
    """Show what a reader makes of a saved page: HTML, or what GOV.UK's content API answered.

    The entry is found by the URL's host; a host without one is read by the generic reader. With --jsonl one line of JSON
    comes out for each line that went in, {"file", "url", "record"} or {"file", "url", "error"}, and the exit code is 1
    when any page could not be read.

    \b
    Example:
      forcewire read saved.html --url https://www.beds.police.uk/news/a-story/ --json
    """
    if (file is None) == (jsonl is None):
        raise click.UsageError("give either FILE with --url, or --jsonl FILE")
    if jsonl is not None:
        if url or reader:
            raise click.UsageError("--url and --reader stand in the lines of the --jsonl file")
        raise SystemExit(_read_many(jsonl, options.entries(sources_dir)))
    if url is None or file is None:
        raise click.UsageError("say with --url where the page was saved from")
    from forcewire.saved import SavedPageError, SavedPages, page_bytes

    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else page_bytes(file)
        record = SavedPages(options.entries(sources_dir)).read(body, url, reader)
    except SavedPageError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_object(record)
    else:
        _show(record)


def _show(record: Record) -> None:
    from dataclasses import asdict

    fields = asdict(record)
    body = fields.pop("body")
    fields["meta"] = f"{len(record.meta)} values; --json shows them"
    for name, value in fields.items():
        shown = ", ".join(value) if isinstance(value, tuple) else value
        if shown not in (None, ""):
            click.echo(f"{name:20} {shown}")
    click.echo(f"\n{body.rstrip()}")


def _read_many(jsonl: Path, entries: Mapping[str, SourceEntry]) -> int:
    from forcewire.saved import SavedPages

    pages = SavedPages(entries)
    bad = False
    try:
        lines = sys.stdin.buffer if str(jsonl) == "-" else jsonl.open("rb")
    except OSError as error:
        raise click.ClickException(f"{jsonl}: {error.strerror}") from error
    with lines:
        for answer in _answers(lines, Path() if str(jsonl) == "-" else jsonl.parent, pages):
            bad = bad or "error" in answer
            sys.stdout.write(json_line(answer) + "\n")
    sys.stdout.flush()
    return 1 if bad else 0


def _answers(lines: IO[bytes], folder: Path, pages: SavedPages) -> Iterator[dict[str, Any]]:
    """One answer a row, in the rows' order. Empty lines are no rows."""
    from forcewire.saved import SavedPageError, UnreadError, page_bytes

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer: dict[str, Any] = {"file": None, "url": None}
        body = b""
        try:
            row = _row(line, number)
            answer |= {key: row.get(key) for key in answer}
            _check(row, number)
            path = folder / row["file"]
            body = page_bytes(path if path.exists() else Path(row["file"]))
            answer["record"] = pages.read(body, row["url"], row.get("reader"))
        except UnreadError as error:
            answer["error"] = str(error)
            answer |= pages.published(body, row["url"])
        except SavedPageError as error:
            answer["error"] = str(error)
        yield answer


def _row(line: bytes, number: int) -> dict[str, Any]:
    from forcewire.saved import SavedPageError

    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SavedPageError(f"line {number}: no JSON: {error}") from error
    if not isinstance(row, dict):
        raise SavedPageError(f"line {number}: no object with url and file")
    return row


def _check(row: dict[str, Any], number: int) -> None:
    from forcewire.saved import SavedPageError

    for key in ("url", "file", "reader"):
        if not isinstance(row.get(key), str) and not (key == "reader" and row.get(key) is None):
            raise SavedPageError(f"line {number}: {key} is {'missing' if key not in row else 'no text'}")
