"""`forcewire suppress`: nothing of an article is published any more, and why is written down."""

from __future__ import annotations

import getpass
import os
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from forcewire import options
from forcewire.output import number_of, plain, print_array, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.suppressions import Found

_FOLLOW = "feeds that are out still have it: run forcewire publish now; exports leave it out from now on"


@click.command("suppress", short_help="Publish nothing of an article any more, and write down why.")
@click.argument("url", required=False)
@click.option("--why", metavar="TEXT", help="The reason, for those who ask later. Wanted with URL.")
@click.option("--undo", "undoes", is_flag=True, help="Let it be published again.")
@click.option("--list", "lists", is_flag=True, help="Show what was suppressed, by whom and why.")
@options.database
@options.as_json
def command(url: str | None, why: str | None, undoes: bool, lists: bool, database: str | None, as_json: bool) -> None:
    """Withhold the article at URL, or at any address that it has or had, from the next feeds, pages and exports.

    What it said stays in the store, and the page is still watched: what changes there is withheld too. Once its force
    withdraws it as well, its text is erased like that of a sensitive one. Nothing that was written down is ever deleted.

    \b
    Example:
      forcewire suppress https://www.example.police.uk/news/missing --why "asked for by the family, letter of 3 May"
    """
    if lists:
        _refuse_more(url, why, undoes)
        _list(database, as_json)
        return
    if not url or not (why or "").strip():
        raise click.UsageError("name the URL of an article, and the reason with --why; or give --list")
    done, others = _change(database, url, " ".join(str(why).split()), undoes)
    if as_json:
        print_array(map(plain, done))
    else:
        _tell(done, others, undoes)


def _refuse_more(url: str | None, why: str | None, undoes: bool) -> None:
    if url or why or undoes:
        raise click.UsageError("--list goes alone")


def _change(database: str | None, url: str, why: str, undoes: bool) -> tuple[Sequence[Found], Sequence[Found]]:
    """The articles that were changed, and those that were so already."""
    from storage.database import writing
    from storage.suppressions import articles_at, suppress, undo

    with options.store(database) as engine, writing(engine) as conn:
        found = articles_at(conn, url)
        if not found:
            raise click.ClickException(f"the store has no article at {url}; forcewire changes shows addresses")
        done = (undo if undoes else suppress)(conn, found, why=why, who=_who(), now=datetime.now(UTC))
    changed = {each.article_id for each in done}
    return done, [each for each in found if each.article_id not in changed]


def _tell(done: Sequence[Found], others: Sequence[Found], undoes: bool) -> None:
    for each in done:
        click.echo(
            f"{'no longer suppressed' if undoes else 'suppressed'}: {_named(each)}{_left(each) if undoes else ''}"
        )
    for each in others:
        click.echo(f"{'not suppressed' if undoes else 'suppressed already'}: {_named(each)}")
    if len(done) + len(others) > 1:
        click.echo(f"{number_of(len(done) + len(others), 'article')} stood at this address, one after the other")
    if done and not undoes:
        click.echo(_FOLLOW)


def _named(each: Found) -> str:
    return f"{each.url} ({each.area}{f', story {each.reuse + 1} at this address' if each.reuse else ''})"


def _left(each: Found) -> str:
    """What an end of the suppression does not bring back."""
    if each.erased_at is not None:
        return f"; its text was erased on {each.erased_at:%Y-%m-%d}"
    return "; its force withdrew it" if each.removed_at is not None else ""


def _list(database: str | None, as_json: bool) -> None:
    from storage.suppressions import suppressions

    with options.store_to_read(database) as conn:
        rows = suppressions(conn)
    if as_json:
        print_array(map(plain, rows))
    elif rows:
        table = [(r.at, r.action, "yes" if r.suppressed else "no", r.area, r.url, r.why, r.who) for r in rows]
        print_table(("When (UTC)", "Action", "Suppressed now", "Area", "URL", "Why", "Who"), table)
    else:
        click.echo("nothing was ever suppressed")


def _who() -> str:
    """user@host; a container's user may have no name."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
