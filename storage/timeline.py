"""What became of a story: the kinds of its versions (appeal, arrest, court), and other articles of the same incident."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.kinds import kind_name, step
from storage.references import reference_key
from storage.tables import ARTICLE, REFERENCE, VERSION
from storage.withheld import is_withheld, may_be_shown

__all__ = ["Related", "Step", "course", "kind_name", "related", "step", "steps"]

# What so many articles quote for so long is no incident's number but a force's: of its front desk, of a campaign.
_MANY, _LONG = 20, timedelta(days=60)
# '370 of 12 March' comes again next year for something else.
_OF_A_DAY = re.compile("(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*$")
_WITHIN_A_YEAR = timedelta(days=300)

_DAY = sa.func.coalesce(ARTICLE.c.published_at, ARTICLE.c.first_seen_at)


@dataclass(slots=True, kw_only=True)
class Step:
    """A version of an article. No title of one that is withheld."""

    version: int
    at: datetime
    kind: str
    title: str | None


@dataclass(slots=True, kw_only=True)
class Related:
    """Another article that quotes the same references, as it prints them."""

    article_id: int
    source: str
    url: str
    title: str
    kind: str
    published_at: datetime | None
    first_seen_at: datetime
    references: list[str]


def steps(conn: Connection, article_id: int) -> list[Step]:
    """An article's versions, oldest first."""
    query = (
        sa.select(
            VERSION.c.number.label("version"),
            VERSION.c.seen_at.label("at"),
            VERSION.c.kind,
            sa.case((is_withheld(), None), else_=VERSION.c.title).label("title"),
        )
        .join(ARTICLE, ARTICLE.c.id == VERSION.c.article_id)
        .where(VERSION.c.article_id == article_id)
        .order_by(VERSION.c.number)
    )
    return [Step(**row._mapping) for row in conn.execute(query)]


def course(found: Iterable[Step]) -> str:
    """'Appeal → Arrest → Court': the kinds that a story went through. A version whose kind is 'other' says nothing of it."""
    kinds = [each.kind for each in found if each.kind != "other"]
    return " → ".join(kind_name(kind) for kind, _ in groupby(kinds))


def related(conn: Connection, article_id: int) -> list[Related]:
    """Other articles of the same force that quote what this one quotes, the oldest first. None that is withheld, and none of one
    that is. A number that too many quote for too long is no link, nor is one of a day in another year.
    """
    keys = _keys(conn, article_id)
    day = conn.execute(sa.select(_DAY).where(ARTICLE.c.id == article_id, may_be_shown())).scalar()
    if not keys or day is None:
        return []
    found: dict[int, Any] = {}
    shared: dict[int, set[str]] = {}
    for row in conn.execute(_quoting(article_id, keys)):
        if not (_OF_A_DAY.search(row.key) and abs(row.day - day) > _WITHIN_A_YEAR):
            found[row.article_id] = row
            shared.setdefault(row.article_id, set()).add(row.key)
    return [_related(row, shared[row.article_id]) for row in found.values()]


def _keys(conn: Connection, article_id: int) -> list[str]:
    """What an article quotes, without what is no incident's."""
    mine = REFERENCE.alias("mine")
    many = (
        sa.select(
            REFERENCE.c.key, sa.func.count().label("n"), sa.func.min(_DAY).label("a"), sa.func.max(_DAY).label("z")
        )
        .join(mine, (mine.c.force == REFERENCE.c.force) & (mine.c.key == REFERENCE.c.key))
        .join(ARTICLE, ARTICLE.c.id == REFERENCE.c.article_id)
        .where(mine.c.article_id == article_id)
        .group_by(REFERENCE.c.key)
    )
    return [row.key for row in conn.execute(many) if row.n > 1 and not (row.n > _MANY and row.z - row.a > _LONG)]


def _quoting(article_id: int, keys: list[str]) -> sa.Select[Any]:
    mine = REFERENCE.alias("mine")
    return (
        sa.select(
            REFERENCE.c.article_id,
            REFERENCE.c.key,
            _DAY.label("day"),
            ARTICLE.c.source_id.label("source"),
            ARTICLE.c.url,
            ARTICLE.c.published_at,
            ARTICLE.c.first_seen_at,
            VERSION.c.title,
            VERSION.c.kind,
            VERSION.c.references,
        )
        .join(mine, (mine.c.force == REFERENCE.c.force) & (mine.c.key == REFERENCE.c.key))
        .join(ARTICLE, ARTICLE.c.id == REFERENCE.c.article_id)
        .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
        .where(
            mine.c.article_id == article_id, REFERENCE.c.article_id != article_id, mine.c.key.in_(keys), may_be_shown()
        )
        .order_by(_DAY, REFERENCE.c.article_id)
    )


def _related(row: Any, keys: set[str]) -> Related:
    """Of a reference that only an older version printed, its key stands for it."""
    printed = {reference_key(each): each for each in row.references}
    return Related(
        article_id=row.article_id,
        source=row.source,
        url=row.url,
        title=row.title,
        kind=row.kind,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        references=sorted(printed.get(key, key) for key in keys),
    )
