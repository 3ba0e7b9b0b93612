"""`forcewire search`: stories by their words."""

from __future__ import annotations

from datetime import datetime

import click

from forcewire import options
from storage.kinds import NAMES

_MOST = 20


@click.command("search", short_help="Find stories by their words.")
@click.argument("words", nargs=-1, required=True)
@click.option("--area", metavar="AREA", multiple=True, help="Only of this area; may be given again.")
@click.option(
    "--kind", metavar="KIND", multiple=True, help=f"Only of this kind: {', '.join(NAMES)}; may be given again."
)
@click.option(
    "--since",
    metavar="TIME",
    type=options.moment,
    help="Only what was published from this time on: 2026-11-22, 2026-11-22T09:30 (UTC) or an age such as 12h, 7d.",
)
@click.option("--until", metavar="TIME", type=options.moment, help="Only what was published before this time.")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=_MOST, show_default=True, help="At most so many, the newest."
)
@options.database
@options.as_json
def command(
    words: tuple[str, ...],
    area: tuple[str, ...],
    kind: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    limit: int,
    database: str | None,
    as_json: bool,
) -> None:
    """Show the stories that have all the words, the newest first, with the place where they stand.

    A story has a word in any of its forms: appeal finds appeals and appealed. '"mill lane"' in two pairs of quotes (one for
    the shell) is a phrase, 'burgl*' the beginning of a word, ref:46/164171/20 a reference in whatever spelling. area:, kind:, since: and until: may be typed among
    the words. What is withheld is never found.

    \b
    Example:
      forcewire search knife 'area:"Avon and Somerset"' since:2026-01
    """
    from forcewire.shown_hits import print_hits, print_hits_as_json
    from storage.search import search

    with options.store_to_read(database) as conn:
        for name in area:
            options.stored(conn, None, name)
        page = search(
            conn,
            " ".join(words),
            areas=area or None,
            kinds=tuple(map(str.lower, kind)),
            since=since,
            until=until,
            limit=limit,
        )
    if page.problem is not None:
        raise click.ClickException(page.problem)
    if page.note is not None:
        click.echo(f"forcewire: {page.note}", err=True)
    if as_json:
        print_hits_as_json(page)
    else:
        print_hits(page, limit)
