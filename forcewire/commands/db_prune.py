"""`forcewire db prune`: what is old goes, and the file may become smaller."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from forcewire import options
from forcewire.output import number_of


@click.command("prune", short_help="Delete old crawls, issues, alerts and kept pages.")
@click.option("--shrink", is_flag=True, help="Give the space back to the disk too; others wait meanwhile.")
@options.database
def command(shrink: bool, database: str | None) -> None:
    """Delete what is older than `keep_crawls` and `keep_pages` say. The service does so once a day. Articles, versions, changes and
    suppressions are never deleted.

    The space is used again by what comes. --shrink writes the whole file anew, which needs as much room on the disk again.

    \b
    Example:
      forcewire db prune --shrink
    """
    from storage.database import file_of
    from storage.pruning import prune
    from storage.shrinking import shrink as write_anew

    settings = options.settings()
    with options.store(database) as engine:
        gone = prune(engine, settings.rules, datetime.now(UTC), keep_crawls=settings.keep_crawls)
        click.echo(
            f"deleted {number_of(gone.crawls, 'crawl')}, {number_of(gone.issues, 'issue')}, {number_of(gone.incidents, 'incident')},"
            f" {number_of(gone.alerts, 'alert')}, {number_of(gone.pages, 'kept page')}"
        )
        if shrink and file_of(engine.url) is None:
            raise click.ClickException("--shrink is for SQLite files; PostgreSQL gives space back by VACUUM FULL")
        if shrink:
            before, after = write_anew(engine)
            click.echo(f"the file has {after / 1e6:,.1f} MB, and had {before / 1e6:,.1f} MB")
