"""Which article a page that was read belongs to: the one of its address, or the one whose page has moved there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.known_articles import Key, current
from storage.records import Fetched, Record
from storage.tables import ARTICLE, PAGE
from storage.text import storable

Item = tuple[Record, Fetched]

_OWNERS = (
    sa.select(PAGE.c.source_id, PAGE.c.url, ARTICLE.c.url.label("owner"))
    .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(
        PAGE.c.source_id.in_(sa.bindparam("sources", expanding=True)),
        PAGE.c.url.in_(sa.bindparam("urls", expanding=True)),
    )
)


@dataclass(slots=True)
class Place:
    """The item with number `n` of a batch, and its article: its key, and what is known of it. `moved`: a page of the
    article answered from an address that the article did not have before.
    """

    n: int
    record: Record
    fetched: Fetched
    key: Key
    known: Any = None
    moved: bool = False

    @property
    def addresses(self) -> set[str]:
        """The article's own address, and the one its page answered from."""
        return {self.key[1], storable(self.record.url)}


def places_of(conn: Connection, items: Sequence[tuple[int, Item]]) -> tuple[list[Place], list[tuple[int, Item]]]:
    """The places of different articles, and the items that must wait, because another one of their article goes first."""
    first: dict[Key, Place] = {}
    for n, (record, fetched) in items:
        key = (record.source, storable(record.url))
        first.setdefault(key, Place(n, record, fetched, key))
    known = current(conn, list(first))
    for key, place in first.items():
        place.known = known.get(key)
    _follow_moves(conn, [place for place in first.values() if place.known is None])
    taken: dict[Key, Place] = {}
    for place in first.values():
        taken.setdefault(place.key, place)
    numbers = {place.n for place in taken.values()}
    return list(taken.values()), [(n, item) for n, item in items if n not in numbers]


def _follow_moves(conn: Connection, places: Sequence[Place]) -> None:
    """Finds the articles of addresses that are no article's own: through the page there, or the page that led there."""
    owners = _owners(conn, {(p.record.source, storable(url)) for p in places for url in (p.record.url, p.fetched.url)})
    followed: dict[Key, list[Place]] = {}
    for place in places:
        source = place.record.source
        there = owners.get(place.key)
        owner = there or owners.get((source, storable(place.fetched.url)))
        if owner is not None:
            place.moved = there is None
            place.key = (source, owner)
            followed.setdefault(place.key, []).append(place)
    for key, row in current(conn, list(followed)).items() if followed else ():
        for place in followed[key]:
            place.known = row


def _owners(conn: Connection, pages: set[Key]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for part in chunks(sorted(pages)):
        rows = conn.execute(
            _OWNERS, {"sources": sorted({source for source, _ in part}), "urls": [url for _, url in part]}
        )
        found |= {(row.source_id, row.url): row.owner for row in rows}
    return found
