"""`forcewire reparse`: what today's readers make of the pages that were kept."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forcewire import options
from forcewire.output import print_object

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.entries import SourceEntry
    from crawler.reparsing import Reparsed
    from forcewire.shown_reparse import Tally


@click.command("reparse", short_help="Read kept pages again with today's readers.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only show what would differ.")
@options.sources_dir
@options.database
@options.as_json
def command(
    sources: tuple[str, ...], dry_run: bool, sources_dir: Path | None, database: str | None, as_json: bool
) -> None:
    """Read the kept pages of the named sources, or of all, again with today's readers and entries, and show what differs.

    Nothing is asked of the network. What differs takes the place of what was stored, and is recorded as reparsed: never an
    edit, and in no feed. A page that could not be read before, and can now, becomes an article of its day. The exit code is 1
    when a page that was read before cannot be read any more (its article loses nothing), or a crawl of a source is running.

    \b
    Example:
      forcewire reparse bedfordshire --dry-run
    """
    from forcewire.shown_reparse import Tally, as_object, show
    from storage.crawls import CrawlRunning

    entries = options.entries(sources_dir)
    tally, refused = Tally(), False
    objects: list[dict[str, Any]] = []
    with options.store(database) as store:
        for source in _chosen(store, entries, sources):
            try:
                found = _reparse(store, entries[source], dry_run, tally)
            except CrawlRunning as error:
                refused = True
                click.echo(f"forcewire: {error}", err=True)
                continue
            if as_json:
                objects += map(as_object, found)
            else:
                show(source, found)
    if as_json:
        print_object({"dry_run": dry_run, **tally.counts(), "found": objects})
    elif not refused or any(tally.counts().values()):
        click.echo(tally.in_words(dry_run))
    raise SystemExit(1 if refused or tally.lost else 0)


def _reparse(store: Engine, entry: SourceEntry, dry_run: bool, tally: Tally) -> list[Reparsed]:
    """What differs, or could not be read."""
    from crawler.reparsing import reparse_source
    from forcewire.progress import counted

    pages = reparse_source(store, entry, now=datetime.now(UTC), host=socket.gethostname(), dry_run=dry_run)
    with counted(pages, f"pages of {entry.id}") as rows:
        return [page for page in rows if tally.add(page)]


def _chosen(store: Engine, entries: Mapping[str, SourceEntry], named: Sequence[str]) -> list[str]:
    """The sources to read. Ends the command with one line for one that nobody knows."""
    from storage.database import reading
    from storage.kept_pages import sources_with_pages

    for source in named:
        if source not in entries:
            raise click.ClickException(f"no source is called {source!r}; forcewire sources list shows them")
    with reading(store) as conn:
        kept = sources_with_pages(conn)
    for source in kept:
        if source not in entries and not named:
            click.echo(f"forcewire: {source} has kept pages and no entry: they are left as they are", err=True)
    return [source for source in dict.fromkeys(named or kept) if source in kept and source in entries]
