"""`forcewire changes`: what is new, edited, removed or restored."""

from __future__ import annotations

from datetime import datetime

import click

from forcewire import options
from forcewire.output import plain, print_array, print_table

SHOWN = ("new", "edited", "removed", "restored", "moved")
KINDS = (*SHOWN, "reparsed")  # what our reader changed and not the force: only for those who ask
MOST_ROWS = 50


@click.command("changes", short_help="Show what is new, edited, removed or restored.")
@options.source_id
@options.area
@click.option("--change", type=click.Choice(KINDS), help="Only changes of this kind.")
@click.option(
    "--since",
    metavar="TIME",
    type=options.moment,
    help="Only changes from this time on: 2026-11-22, 2026-11-22T09:30 (UTC) or an age such as 12h, 7d.",
)
@click.option(
    "--limit", type=click.IntRange(1), help=f"Only the latest so many [default: {MOST_ROWS}, with --json all]."
)
@click.option(
    "--minor/--no-minor",
    default=None,
    help="With the minor ones (a picture, a printed time) or without [default: without, with --json with them].",
)
@options.database
@options.as_json
def command(
    source: str | None,
    area: str | None,
    change: str | None,
    since: datetime | None,
    limit: int | None,
    minor: bool | None,
    database: str | None,
    as_json: bool,
) -> None:
    """Show the latest changes, the newest last. --json prints an array, one change on each line of it.

    \b
    Example:
      forcewire changes --since 7d --change edited --json
    """
    from storage.reads import changes

    with_minor = as_json if minor is None else minor
    with options.store_to_read(database) as conn:
        source, area = options.stored(conn, source, area)
        rows = changes(
            conn,
            source=source,
            area=area,
            change=change or SHOWN,
            minor=None if with_minor else False,
            since=since,
            limit=limit or (None if as_json else MOST_ROWS),
        )
    if as_json:
        print_array(map(plain, rows))
    elif rows:
        table = [(r.at, f"{r.change} (minor)" if r.minor else r.change, r.area, r.title, r.fields) for r in rows]
        print_table(("When (UTC)", "Change", "Area", "Title", "What differs"), table)
    else:
        click.echo("no changes")
