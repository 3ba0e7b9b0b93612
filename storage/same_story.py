"""Whether two texts at two addresses are one story, and whether two texts at one address are two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.addresses import address_key, story_name
from storage.changes import normalise
from storage.chunks import chunks
from storage.known_articles import current_of
from storage.likeness import letters
from storage.pieces import overlap
from storage.records import Precision
from storage.tables import ARTICLE, VERSION

if TYPE_CHECKING:
    from storage.places import Place

_AGREEING = (
    0.3  # of the runs of three words, for one address in two spellings: one of 100 pairs of a force's stories has more
)
_SHARED = 0.2  # at most, for two stories at one address
_HALF = 0.5  # for a page that was another way to a story: forces' charges and campaigns repeat whole sentences
_AGAIN = timedelta(days=31)
_LONG_AFTER = timedelta(days=60)
_TELLING = 20  # words; a note such as "this appeal is closed" shares nothing with any story, and is none
_NAMED = ("missing", "wanted")
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
        yield "title", place.source, place.body_hash, letters(place.values["title"])
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
    """Of two equal bodies: one story where the headline is the same as well and the days, if both are stated, are within a month
    (a story that is posted again), or where the day is the same and so is what names it in the address. Under another headline at
    another address the same words are another story, though published in the same minute: forces have texts that they reuse.
    """
    before, after = _day(row._mapping), _day(place.values)
    apart = abs(before - after) if before and after else timedelta(0)
    if letters(row.title) == letters(place.values["title"]):
        return apart <= _AGAIN
    return apart < timedelta(days=1) and story_name(row.url) == story_name(place.url)


def _day(values: Mapping[str, Any]) -> datetime | None:
    at: datetime | None = values["published_at"]
    return at if values["published_precision"] in _DATED else None


def _is_spelling(row: Any, place: Place) -> bool:
    """Of two spellings of one address: one story where the headline is the same or a third of what they say is. A server may tell
    letter cases apart.
    """
    if letters(row.title) == letters(place.values["title"]):
        return True
    return overlap(row.body, place.values["body"]) >= _AGREEING


def is_another_story(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a page that a stored article was read from now holds a new story: published two months later or more, of twenty
    words at least, and saying next to nothing that the old one said. An edit, however large, keeps its date or its words; a
    round-up that is rewritten each week has a date close by; a line that a story was withdrawn is none itself. An appeal for
    a missing or wanted person that is rewritten stays that appeal, so that the name in it does not live on beside "has been
    found".
    """
    before, after = _day(old), _day(new)
    if before is None or after is None or after - before < _LONG_AFTER or old["kind"] in _NAMED:
        return False
    if len(normalise(new["body"], markdown=True).split()) < _TELLING:
        return False
    return overlap(old["body"], new["body"]) <= _SHARED


def is_own_story(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a page that was another way to a stored article shows a story of its own by now: another headline, and less than half of what
    the article says. (A site that showed everybody a wrong page for a while, or an address that was given to a new story.)
    """
    if letters(old["title"]) == letters(new["title"]):
        return False
    return len(normalise(new["body"], markdown=True).split()) >= _TELLING and overlap(old["body"], new["body"]) < _HALF


def shows_another(conn: Connection, place: Place) -> int | None:
    """The id of another article of the source that has said, headline and body, what this item says since it was new; or None.
    The site gave us the wrong page then. (Of what both were cut down to, "this appeal is closed", neither is the owner.)
    """
    if not place.body_hash or place.known is None:
        return None
    rows = conn.execute(
        _CANDIDATES.where(
            ARTICLE.c.source_id == place.source,
            ARTICLE.c.body_hash == place.body_hash,
            ARTICLE.c.id != place.known.id,
            ARTICLE.c.removed_at.is_(None),
            ARTICLE.c.version == 1,
        )
    )
    title = letters(place.values["title"])
    return next((row.id for row in rows if letters(row.title) == title), None)
