"""A kind of news site: how it draws an article and a listing, where they stand, and which feeds it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site


@dataclass(frozen=True, slots=True)
class Served:
    """A document that is no HTML page: a feed or an answer of an interface."""

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a listing address asks for: a page by number, or what follows a cursor."""

    page: int = 1
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One page shape. Paths in `listing_paths`, `feeds` may hold `{slug}`, the site's name in its addresses.

    `wanted(path, query)` says what page of the listing an address asks for, or None when it is no listing.
    `feeds` maps a path to a function of the newest articles. `other` answers any further address of the kind.
    """

    name: str
    reader: str
    article: Callable[[NewsArticle, Site], str]
    listing: Callable[[ListingView, Site], str]
    wanted: Callable[[str, Mapping[str, str], Site], Wanted | None]
    article_path: Callable[[str, datetime, int, Site], str]
    entry_listings: Callable[[Site], list[tuple[str, str]]]
    robots: str
    feeds: Mapping[str, Callable[[Sequence[NewsArticle], Site], Served]] = field(default_factory=dict)
    cursor_of: Callable[[NewsArticle], str] | None = None
    other: Callable[[str, Mapping[str, str], Sequence[NewsArticle], Site], Served | None] | None = None


def number(value: str | None, default: int = 1) -> int:
    """A page number from a query, or the default."""
    return int(value) if value and value.isascii() and value.isdigit() else default
