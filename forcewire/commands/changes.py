"""`forcewire changes`: what is new, edited, removed or restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from forcewire import options
from forcewire.change_list import MOST_ROWS, SHOWN, Wanted, show_list
from forcewire.output import print_array, print_object
from storage.kinds import NAMES

KINDS = (*SHOWN, "reparsed")  # what our reader changed and not the force: only for those who ask
FIELDS = ("title", "description", "body")
_LARGEST = 2**31 - 1  # that PostgreSQL takes for one
_FILTERS = ("source", "area", "change", "kind", "field", "since", "limit", "minor")


@click.command("changes", short_help="Show what is new, edited, removed or restored, and what differs.")
@click.argument("words", nargs=-1, metavar="[ID]")
@click.option("--source", metavar="ID", multiple=True, help="Only this source; may be given again.")
@options.area
@click.option("--change", type=click.Choice(KINDS), help="Only changes of this sort.")
@click.option("--kind", metavar="KIND", help=f"Only of stories that are or were of this kind: {', '.join(NAMES)}.")
@click.option("--field", type=click.Choice(FIELDS), help="Only changes of this field.")
@click.option(
    "--since",
    metavar="TIME",
    type=options.moment,
    help="Only changes from this time on: 2026-11-22, 2026-11-22T09:30 (UTC) or an age such as 12h, 7d.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, _LARGEST),
    help=f"Only the latest so many [default: {MOST_ROWS}, with --json all].",
)
@click.option(
    "--minor/--no-minor",
    default=None,
    help="With the minor ones (a picture, a printed time) or without [default: without, with --json with them].",
)
@click.option("--article", metavar="URL", help="What became of the story at URL, and others of the same incident.")
@click.option("--unified", is_flag=True, help="With ID: the text before and after as a unified diff.")
@options.database
@options.as_json
def command(
    words: tuple[str, ...],
    article: str | None,
    unified: bool,
    database: str | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Show the latest changes, the newest last; or, given the number of one, what differs word by word: removed text is
    red and added text green at a terminal, [-removed-] and {+added+} elsewhere. --json prints an array, one change on each
    line of it; of one change an object.

    \b
    Example:
      forcewire changes --since 7d --change edited --json
    """
    number = _number(words)
    ctx = click.get_current_context()
    given = [f"--{name}" for name in _FILTERS if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT]
    if number is not None and article is not None:
        raise click.UsageError("name a change by its number or a story by --article, not both")
    if (number is not None or article is not None) and given:
        raise click.UsageError(f"{given[0]} is for the list of changes; leave it out here")
    if unified and (number is None or as_json):
        raise click.UsageError("--unified goes with the number of a change, and without --json")
    if number is not None:
        _one(database, number, unified, as_json)
    elif article is not None:
        _story(database, article, as_json)
    else:
        show_list(database, Wanted(**filters), as_json)


def _number(words: Sequence[str]) -> int | None:
    """The number of a change: `17`, or `show 17`. None where none is given."""
    words = words[1:] if words[:1] == ("show",) else words or [""]
    if words == [""]:
        return None
    if len(words) != 1 or not (words[0].isascii() and words[0].isdigit()):
        raise click.UsageError("give the number of one change, as the list of changes shows it: forcewire changes 17")
    return int(words[0][:20])


def _one(database: str | None, number: int, unified: bool, as_json: bool) -> None:
    from forcewire.shown_change import as_object, as_unified, show
    from storage.circumstances import circumstances
    from storage.stored_changes import change_of, words_of_change

    with options.store_to_read(database) as conn:
        found = change_of(conn, number) if number <= _LARGEST else None
        if found is None:
            raise click.ClickException(f"the store has no change {number}; forcewire changes shows the numbers")
        around, texts = circumstances(conn, found), words_of_change(conn, found)
    if as_json:
        print_object(as_object(found, around, texts))
    elif not unified:
        show(found, around, texts)
    elif text := as_unified(found, texts):
        click.echo(text, nl=False)
    else:
        click.echo(
            f"change {number} is withheld" if found.withheld else f"change {number} made no other text", err=True
        )


def _story(database: str | None, url: str, as_json: bool) -> None:
    from forcewire.shown_article import articles_as_objects, show_articles

    with options.store_to_read(database) as conn:
        try:
            found = articles_as_objects(conn, url)
        except ValueError:  # of urlsplit: brackets that hold no IPv6 address
            found = []
    if not found:
        raise click.ClickException(f"the store has no article at {url}; forcewire changes --json shows addresses")
    if as_json:
        print_array(found)
    else:
        show_articles(found)
