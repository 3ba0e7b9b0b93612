"""Which article an item belongs to: by the URL it was read at, by an address of the article's pages, or by what the story says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.addresses import address_key
from storage.changes import hashes
from storage.chunks import chunks
from storage.known_articles import current, current_of
from storage.records import Fetched, Record
from storage.same_story import known_stories, traits
from storage.tables import PAGE
from storage.text import storable
from storage.versions import version_values, words_of

Item = tuple[Record, Fetched]
Address = tuple[str, str]  # source and URL

_PAGES = sa.select(PAGE.c.source_id, PAGE.c.url, PAGE.c.article_id).where(
    PAGE.c.source_id.in_(sa.bindparam("sources", expanding=True)),
    PAGE.c.url.in_(sa.bindparam("urls", expanding=True)),
)


@dataclass(slots=True)
class Place:
    """The item with number `n` of a batch, and what is known of its article.

    `moved`: the article's own page led to where the item was read, or holds another story by now, or the article was
    removed: this is its address from now on. `aside`: the item was read at another address while the article has its own:
    it says that the story is there, and nothing of its text. `led`: a page of the article led here, to where it never was.
    `own`: the article's first URL shows something itself, while its address is another. `unread`: what was read there is not the
    article's.
    """

    n: int
    record: Record
    fetched: Fetched
    url: str
    values: dict[str, Any]
    body_hash: str | None = None
    known: Any = None
    moved: bool = False
    aside: bool = False
    led: bool = False
    own: bool = False
    unread: bool = False

    @property
    def source(self) -> str:
        return self.record.source

    @property
    def at(self) -> Address:
        return self.source, self.url

    def weigh(self) -> None:
        """Hashes the text, which is done only where something may differ."""
        if "content_hash" not in self.values:
            self.values["content_hash"], self.body_hash = hashes(words_of(self.values))


def places_of(conn: Connection, items: Sequence[tuple[int, Item]]) -> tuple[list[Place], list[tuple[int, Item]]]:
    """The places of different articles, and the items that must wait, because another one of their article goes first."""
    first: dict[Address, Place] = {}
    for n, (record, fetched) in items:
        url = storable(record.url)
        if (record.source, url) not in first:
            first[record.source, url] = Place(n, record, fetched, url, version_values(record, fetched.entry))
    places = list(first.values())
    known = current(conn, list(first))
    for place in places:
        place.known = known.get(place.at)
    unknown = [place for place in places if place.known is None]
    if unknown:
        _follow_pages(conn, unknown)
        unknown = [place for place in unknown if place.known is None]
    if unknown:
        for place in unknown:
            place.weigh()
        stories = known_stories(conn, unknown)
        for place in unknown:
            place.known = stories.get(place.at)
    _look_at_addresses(conn, [place for place in places if place.known and place.known.address != place.url])
    ready = _one_each(places)
    numbers = {place.n for place in ready}
    return ready, [(n, item) for n, item in items if n not in numbers]


def _follow_pages(conn: Connection, places: Sequence[Place]) -> None:
    """Finds the articles of URLs that are no article's own: through the page there, or the page that led there."""
    pages = _pages(conn, {(p.source, storable(url)) for p in places for url in (p.record.url, p.fetched.url)})
    rows = current_of(conn, {row.article_id for row in pages.values()})
    for place in places:
        page = pages.get(place.at) or pages.get((place.source, storable(place.fetched.url)))
        place.known = rows.get(page.article_id) if page else None


def _look_at_addresses(conn: Connection, places: Sequence[Place]) -> None:
    """Whether an item from another address than its article's says that the article moved, or is only another way to it. That
    the article's own page is gone is not decided here, but by the rule for removals: it may be a bad minute.
    """
    ends = {(p.source, url) for p in places for url in (p.known.address, storable(p.fetched.url))}
    owners = articles_of_pages(conn, ends)
    for place in places:
        asked, known = storable(place.fetched.url), place.known
        given_up = known.removed_at is not None or owners.get((place.source, known.address), known.id) != known.id
        led_here = asked == known.address
        place.moved = given_up or led_here
        place.aside = not place.moved
        place.led = asked != place.url and (led_here or owners.get((place.source, asked)) == known.id)
        place.own = place.aside and asked == place.url == known.url


def articles_of_pages(conn: Connection, addresses: set[Address]) -> dict[Address, int]:
    """The ids of the articles that the pages at these addresses belong to."""
    return {address: row.article_id for address, row in _pages(conn, addresses).items()}


def _pages(conn: Connection, addresses: set[Address]) -> dict[Address, Any]:
    found: dict[Address, Any] = {}
    for part in chunks(sorted(addresses)):
        rows = conn.execute(
            _PAGES, {"sources": sorted({source for source, _ in part}), "urls": [url for _, url in part]}
        )
        # Not asked of the database: it would look through all of the source's pages that have an article.
        found |= {(row.source_id, row.url): row for row in rows if row.article_id is not None}
    return found


def _one_each(places: Iterable[Place]) -> list[Place]:
    """The first item of each article: of known ones by their id, of unknown ones by all that may show them to be one story."""
    taken: set[object] = set()
    ready = []
    for place in places:
        marks: set[object] = {place.known.id} if place.known is not None else set(traits(place))
        if not marks & taken:
            ready.append(place)
        taken |= marks
    return ready


def holders(articles: Sequence[Place]) -> list[dict[str, Any]]:
    """The columns of new articles that say where they are. What is known of them is the story that was there before."""
    return [
        {
            "url": place.url,
            "reuse": place.known.reuse + 1 if place.known is not None and place.known.url == place.url else 0,
            "address": place.url,
            "address_key": address_key(place.url),
            "body_hash": place.body_hash,
        }
        for place in articles
    ]
