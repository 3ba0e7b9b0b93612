"""Whether a source's newest stories are read as its older ones were: what no single crawl of a quiet source can tell."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.known import latest_ids
from storage.tables import ARTICLE, CRAWL, PAGE, VERSION
from storage.text import storable
from storage.troubles import Trouble

_FEW, _NEWEST = 3, 20
_HISTORY, _LEAST_HISTORY = 100, 20  # stories that were read before those that are judged
_UNLIKELY = 0.001  # by the source's own past
_ALIKE = 5  # stories; so many with one headline, or one moment, are no chance
_SHORT = 4  # times shorter than the shortest before
_DAY = timedelta(days=1)
_LOOKED_AT = 50  # pages that were read before: so many tell it


def unread_in_a_row(conn: Connection, source_id: str) -> int:
    """How many of the newest pages that its listing showed were asked for, and none of them was ever read: three at least, or 0."""
    newest = sa.select(PAGE.c.article_id, PAGE.c.failures, PAGE.c.gone_answers, PAGE.c.rejections)
    newest = newest.where(PAGE.c.source_id == source_id, PAGE.c.role == "article")
    number = 0
    for page in conn.execute(newest.order_by(PAGE.c.found_at.desc(), PAGE.c.id).limit(_NEWEST)):
        if page.article_id is not None:
            break
        number += bool(page.failures or page.gone_answers)
    return number if number >= _FEW else 0


def last_trouble(conn: Connection, source_id: str, before: int) -> Trouble | None:
    """The class of the last crawl's trouble, where it is one that the next crawl may have no new sign of."""
    last = sa.select(CRAWL.c.trouble).where(
        CRAWL.c.source_id == source_id, CRAWL.c.id < before, CRAWL.c.verdict.is_not(None)
    )
    found = conn.scalar(last.order_by(CRAWL.c.id.desc()).limit(1))
    return Trouble(found) if found in frozenset(Trouble) else None


@dataclass(slots=True, frozen=True)
class Lost:
    """A field that is not read any more, in words for an operator."""

    trouble: Trouble
    reason: str


def page_dates(conn: Connection, source_id: str, urls: Sequence[str]) -> dict[str, datetime]:
    """The dates of those of some stored stories' pages that showed them themselves the last time. What a listing once said of a page
    would be said for ever, whatever the page shows.
    """
    known = sa.select(PAGE.c.url, ARTICLE.c.published_at).join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    known = known.join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    known = known.where(
        PAGE.c.source_id == source_id,
        PAGE.c.url.in_([storable(url) for url in urls[:_LOOKED_AT]]),
        ARTICLE.c.published_at.is_not(None),
        VERSION.c.published_at.is_not(None),
        VERSION.c.published_from != "listing",
    )
    return {row.url: row.published_at for row in conn.execute(known)}


def lost_dates(before: Mapping[str, datetime], read: Mapping[str, datetime | None]) -> Lost | None:
    """Whether pages that showed their date lost it. `before`: as `page_dates` gave it before the crawl; `read`: the date that each page
    showed which was read in full.
    """
    again = {url: read[url] for url in before if url in read}
    without = [url for url, at in again.items() if at is None]
    if len(without) >= 2 and len(without) * 2 > len(again):
        number = f"{len(without)} of {len(again)} stories"
        return Lost(Trouble.DATE_UNREAD, f"{number} whose pages showed their date before show none that is understood")
    moved = {url: at for url, at in again.items() if at is not None and abs(at - before[url]) > _DAY}
    if len(moved) >= _FEW and len(set(moved.values())) == 1:
        return Lost(Trouble.DATE_UNREAD, f"{len(moved)} stories of other days show one and the same date now")
    return None


def lost_fields(conn: Connection, source_id: str) -> Lost | None:
    """Whether the newest stories lack what the ones before them had: a date, a picture, a description; or share a headline; or are
    suddenly short. Judged by the source's own past; None where it is too short.
    """
    columns = (
        ARTICLE.c.id, ARTICLE.c.first_seen_at, ARTICLE.c.published_at, VERSION.c.published_precision, VERSION.c.title,
        VERSION.c.description, VERSION.c.image_url, sa.func.length(VERSION.c.body).label("body"),
    )  # fmt: skip
    stories = sa.select(*columns).join(
        VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)
    )
    latest = latest_ids(conn, source_id, limit=_HISTORY)
    told = {row.id: row for row in conn.execute(stories.where(ARTICLE.c.id.in_(latest), ARTICLE.c.erased_at.is_(None)))}
    rows = [told[number] for number in latest if number in told]
    return next((lost for number in (2, 3, 5, 10) if (lost := _judged(rows[:number], rows[number:])) is not None), None)


def _judged(newest: Sequence[Any], before: Sequence[Any]) -> Lost | None:
    if len(before) < _LEAST_HISTORY:
        return None
    if not any(row.published_at for row in newest) and _is_unlikely("published_at", len(newest), before):
        return _none_has("published_at", "a date", Trouble.DATE_UNREAD, newest, before)
    # What is put up at once is of one kind: a batch of old stories, or of appeals, says nothing of the stories to come.
    if len(newest) < _ALIKE or not _came_apart(newest):
        return None
    for name, said in (("description", "a description"), ("image_url", "a picture")):
        if not any(getattr(row, name) for row in newest) and _is_unlikely(name, len(newest), before):
            return _none_has(name, said, Trouble.FIELD_UNREAD, newest, before)
    if len({row.title for row in newest}) == 1 and len({row.title for row in before[: len(newest)]}) > 1:
        return Lost(Trouble.FIELD_UNREAD, f"the {len(newest)} newest stories have one and the same headline")
    if len(newest) > _ALIKE and _moment(newest) is not None and _moment(before[: len(newest)]) is None:
        return Lost(Trouble.DATE_UNREAD, f"the {len(newest)} newest stories have one and the same moment for a date")
    if max(row.body for row in newest) * _SHORT < min(row.body for row in before):
        return Lost(Trouble.FIELD_UNREAD, f"the {len(newest)} newest stories are far shorter than any before them")
    return None


def _none_has(name: str, said: str, trouble: Trouble, newest: Sequence[Any], before: Sequence[Any]) -> Lost:
    had = sum(bool(getattr(row, name)) for row in before)
    reason = f"none of the {len(newest)} newest stories has {said}, which {had} of the {len(before)} before them have"
    return Lost(trouble, reason)


def _came_apart(newest: Sequence[Any]) -> bool:
    """Whether they were first seen over more than a day."""
    seen = [row.first_seen_at for row in newest]
    return bool(max(seen) - min(seen) > _DAY)


def _moment(stories: Sequence[Any]) -> datetime | None:
    """The one moment that all of them are dated with, to the minute; None where there is none."""
    exact = {row.published_at for row in stories if row.published_precision == "minute"}
    return exact.pop() if len(exact) == 1 and all(row.published_precision == "minute" for row in stories) else None


def _is_unlikely(name: str, number: int, before: Collection[Any]) -> bool:
    """Whether so many stories in a row without the field are no chance, by how many lacked it so far (Laplace's estimate)."""
    lacking = sum(not getattr(row, name) for row in before)
    return math.pow((lacking + 1) / (len(before) + 2), number) < _UNLIKELY
