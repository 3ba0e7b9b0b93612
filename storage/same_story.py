"""Whether two texts at two addresses are one story, and whether two texts at one address are two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.addresses import address_key, story_name
from storage.changes import normalise
from storage.chunks import chunks
from storage.known_articles import current_of
from storage.records import Precision
from storage.tables import ARTICLE, VERSION

if TYPE_CHECKING:
    from storage.places import Place

_NOT_WORD = re.compile(r"[\W_]+")
_AGREEING = 0.5  # of the words, for one address in two spellings
_SHARED = 0.35  # of the words at most, for two stories
_LONG_AFTER = timedelta(days=180)
_DATED = (Precision.MINUTE, Precision.DAY)

_CANDIDATES = (
    sa.select(
        ARTICLE.c.id,
        ARTICLE.c.source_id,
        ARTICLE.c.url,
        ARTICLE.c.address_key,
        ARTICLE.c.body_hash,
        ARTICLE.c.published_at,
        ARTICLE.c.published_precision,
        VERSION.c.title,
        VERSION.c.body,
    )
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    .order_by(ARTICLE.c.id)
)


def traits(place: Place) -> Iterator[tuple[str, ...]]:
    """What an item has in common with every other one that may be the same story."""
    yield "address", place.source, address_key(place.url)
    if place.body_hash:
        yield "title", place.source, place.body_hash, _letters(place.values["title"])
        yield "name", place.source, place.body_hash, story_name(place.url)


def known_stories(conn: Connection, places: Sequence[Place]) -> dict[tuple[str, str], Any]:
    """By source and URL: the stored article that an item at an unknown URL is another copy of."""
    by_key: dict[tuple[str, str], list[Any]] = {}
    by_body: dict[tuple[str, str], list[Any]] = {}
    for part in chunks(places):
        keys = {address_key(place.url) for place in part}
        bodies = {place.body_hash for place in part if place.body_hash}
        sources = ARTICLE.c.source_id.in_(sorted({place.source for place in part}))
        for row in conn.execute(_CANDIDATES.where(sources, ARTICLE.c.address_key.in_(sorted(keys)))):
            by_key.setdefault((row.source_id, row.address_key), []).append(row)
        for row in conn.execute(_CANDIDATES.where(sources, ARTICLE.c.body_hash.in_(sorted(bodies)))):
            by_body.setdefault((row.source_id, row.body_hash), []).append(row)
    chosen: dict[tuple[str, str], int] = {}
    for place in places if by_key or by_body else ():
        same = next(_same(place, by_body.get((place.source, place.body_hash or ""), ()), _is_copy), None)
        if same is None:
            same = next(_same(place, by_key.get((place.source, address_key(place.url)), ()), _is_spelling), None)
        if same is not None:
            chosen[place.at] = same
    rows = current_of(conn, set(chosen.values()))
    return {at: rows[article_id] for at, article_id in chosen.items()}


def _same(place: Place, rows: Iterable[Any], rule: Any) -> Iterator[int]:
    return (row.id for row in rows if rule(row, place))


def _is_copy(row: Any, place: Place) -> bool:
    """Of two equal bodies: one story where headline or name in the address is the same as well, unless each states a day of its
    own: a text that is used again on another day is another story.
    """
    named = story_name(row.url) == story_name(place.url)
    if not named and _letters(row.title) != _letters(place.values["title"]):
        return False
    return not _other_day(row.published_at, row.published_precision, place.values)


def _is_spelling(row: Any, place: Place) -> bool:
    """Of two spellings of one address: one story where the headline is the same or half of the words are. A server may tell
    letter cases apart.
    """
    if _letters(row.title) == _letters(place.values["title"]):
        return True
    return _overlap(row.body, place.values["body"]) >= _AGREEING


def is_another_story(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a page that a stored article was read from now holds a new story: published half a year later or more, with few
    of the words. An edit, however large, keeps its date or its words; a round-up that is
    rewritten each week has a date close by.
    """
    before: datetime | None = old["published_at"]
    after: datetime | None = new["published_at"]
    if before is None or after is None or not _dated(old) or not _dated(new) or after - before < _LONG_AFTER:
        return False
    return _overlap(old["body"], new["body"]) <= _SHARED


def _dated(values: Mapping[str, Any]) -> bool:
    return values["published_precision"] in _DATED


def _other_day(published_at: datetime | None, precision: str, values: Mapping[str, Any]) -> bool:
    other: datetime | None = values["published_at"]
    if published_at is None or other is None or precision not in _DATED or not _dated(values):
        return False
    return abs(published_at - other) >= timedelta(days=1)


def _overlap(one: str, other: str) -> float:
    """The share of the shorter text's words that the longer one has as well, each as often as it stands."""
    words = [Counter(normalise(text, markdown=True).casefold().split()) for text in (one, other)]
    fewest = min(count.total() for count in words)
    return (words[0] & words[1]).total() / fewest if fewest else 0.0


def _letters(title: str) -> str:
    return _NOT_WORD.sub("", title.casefold())
