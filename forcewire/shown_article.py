"""What became of the story at a URL: its changes in order, and other articles of the same incident."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from forcewire.change_list import what_differs
from forcewire.output import one_line, print_table

if TYPE_CHECKING:
    from sqlalchemy import Connection


def articles_as_objects(conn: Connection, url: str) -> list[dict[str, Any]]:
    """The articles at a URL, several where the force put one story after another there. Empty where the store has none."""
    from storage.stored_changes import changes
    from storage.suppressions import articles_at
    from storage.timeline import course, related, steps

    found = []
    for each in articles_at(conn, url):
        timeline = steps(conn, each.article_id)
        told = [change for change in changes(conn, article_id=each.article_id) if change.change != "reparsed"]
        found.append(
            {
                **asdict(each),
                "withheld": any(change.withheld for change in told),
                "course": course(timeline),
                "timeline": timeline,
                "changes": told,
                "related": related(conn, each.article_id),
            }
        )
    return found


def show_articles(found: list[dict[str, Any]]) -> None:
    """The same for a person."""
    for n, article in enumerate(found):
        if n:
            click.echo("")
        story = f", story {article['reuse'] + 1} at this address" if article["reuse"] else ""
        click.echo(f"{article['url']} ({article['area']}{story})")
        if article["course"]:
            click.echo(f"{article['course']}{' (withheld)' if article['withheld'] else ''}")
        rows = [
            (c.at, c.change, c.id, c.version, c.kind, c.title or "withheld", what_differs(c))
            for c in article["changes"]
            if not c.minor
        ]
        print_table(("When (UTC)", "Change", "No", "Version", "Kind", "Title", "What differs"), rows)
        if article["related"]:
            click.echo("\nof the same incident:")
        for other in article["related"]:
            quoted = ", ".join(other.references)
            click.echo(f"  {other.first_seen_at:%Y-%m-%d %H:%M}  {other.kind}, {quoted}: {one_line(other.title)}")
            click.echo(f"      {other.url}")
