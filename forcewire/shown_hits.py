"""Hits of a search: a few lines each at a terminal, the hits in colour; a line each in a pipe; JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from forcewire.output import aligned, number_of, one_line, print_array
from storage.kinds import kind_name

if TYPE_CHECKING:
    from storage.search import Found, Page
    from storage.search_snippets import Segments

_AS_GIVEN = (
    "article_id",
    "source",
    "area",
    "url",
    "address",
    "title",
    "kind",
    "published_at",
    "first_seen_at",
    "removed_at",
)


def print_hits(page: Page, limit: int) -> None:
    """For a person. In a pipe: when, area, kind, title and address, a line each."""
    import sys

    if not page.found:
        click.echo("nothing found")
    elif sys.stdout.isatty():
        _print_in_colour(page.found)
        if page.next:
            click.echo(f"There are more; these are the newest {limit}: --limit shows more, other words fewer.")
    else:
        rows = [[_when(hit), hit.area, hit.kind, one_line(hit.title), hit.address] for hit in page.found]
        for line in aligned([["when (utc)", "area", "kind", "title", "address"], *rows]):
            click.echo(line)


def _when(hit: Found) -> str:
    return f"{hit.at:%Y-%m-%d %H:%M}"


def _print_in_colour(found: list[Found]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for hit in found:
        about = f"{_when(hit)}  {hit.area}  {kind_name(hit.kind)}" + ("  withdrawn" if hit.removed_at else "")
        console.print(Text(one_line(about), style="dim"))
        console.print(_text(hit.title_marked, "bold"))
        console.print(_text(hit.snippet, ""))
        console.print(Text(one_line(hit.address), style="cyan"), soft_wrap=True)
        console.print()
    console.print(Text(f"{number_of(len(found), 'story', 'stories')}", style="dim"))


def _text(pieces: Segments, style: str) -> Any:
    from rich.text import Text

    return Text.assemble(
        *((one_line(text), f"{style} yellow underline".strip() if hit else style) for text, hit in pieces)
    )


def print_hits_as_json(page: Page) -> None:
    """One array; `title_marked` and `snippet` as lists of text and whether it is a hit."""
    print_array(
        {name: getattr(hit, name) for name in _AS_GIVEN}
        | {
            name: [{"text": text, "hit": is_hit} for text, is_hit in getattr(hit, name)]
            for name in ("title_marked", "snippet")
        }
        for hit in page.found
    )
