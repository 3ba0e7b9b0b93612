"""When an article counts as removed. Leaving the listing is no removal; only repeated answers that it is gone are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.mass_removals import MassRemoval, refuse_mass_removal, refuse_platform_removal, settled
from storage.rules import RemovalRule
from storage.tables import ARTICLE, CHANGE, CRAWL, PAGE

__all__ = ["MassRemoval", "check_mass_removal", "decide_removals"]

_RESTLESS = 2  # removals in a month, after which a page is there and gone by turns
_MONTH, _RESTLESS_AFTER = timedelta(days=30), timedelta(days=1)
_ANY_GONE = (
    sa.select(PAGE.c.id)
    .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.gone_answers > 0, ARTICLE.c.removed_at.is_(None))
    .limit(1)
)


def decide_removals(
    conn: Connection, source_id: str, crawl_id: int, *, rule: RemovalRule, now: datetime, witnesses: int | None = None
) -> list[int]:
    """Marks articles as removed whose pages all answered in this crawl that they are gone, and returns their ids. One that
    was not asked again, or failed otherwise since, may be back. An article whose own page is gone by the same rule while
    another of its pages is there has moved to that one. One that was removed twice in the last 30 days and came back has to be
    gone for a day.

    `witnesses`: how many other articles this crawl found in their places; with fewer than the rule wants (or the source
    has) nothing is removed yet. None: nobody counted.

    For crawls whose verdict is ok. Raises `MassRemoval` before anything is written.
    """
    if conn.scalar(_ANY_GONE, {"source": source_id}) is None:
        return []
    candidates, there = _seem_gone(conn, source_id, rule, now)
    began = conn.scalar(sa.select(CRAWL.c.started_at).where(CRAWL.c.id == crawl_id))
    removed = [
        row
        for row in candidates
        if row.answers >= rule.answers
        and now - row.since >= rule.after
        and row.checked_at >= began
        and not row.other_answers
    ]
    if witnesses is not None and witnesses < min(rule.witnesses, there):
        removed = []
    restless = _restless(conn, [row.id for row in removed], now)
    removed = [row for row in removed if row.id not in restless or now - row.since >= _RESTLESS_AFTER]
    if removed:
        refuse_platform_removal(conn, source_id, rule=rule, now=now)
    for part in chunks([row.id for row in removed]):
        conn.execute(ARTICLE.update().where(ARTICLE.c.id.in_(part)).values(removed_at=now))
    if removed:
        about = {"crawl_id": crawl_id, "change": "removed", "minor": False, "fields": [], "at": now}
        conn.execute(CHANGE.insert(), [{"article_id": row.id, "version": row.version, **about} for row in removed])
    _follow_pages_that_are_there(conn, source_id, crawl_id, rule, now)
    return [row.id for row in removed]


def check_mass_removal(conn: Connection, source_id: str, *, rule: RemovalRule, now: datetime) -> None:
    """Raises `MassRemoval` as `decide_removals` does, and decides nothing: for a crawl that is not ok, whose verdict nobody would know
    otherwise that nearly everything seems gone.
    """
    if conn.scalar(_ANY_GONE, {"source": source_id}) is not None:
        _seem_gone(conn, source_id, rule, now)


def _seem_gone(conn: Connection, source_id: str, rule: RemovalRule, now: datetime) -> tuple[Sequence[Any], int]:
    """The articles whose pages say that they are gone, and how many are there. Raises `MassRemoval`."""
    live = (ARTICLE.c.source_id == source_id) & ARTICLE.c.removed_at.is_(None)
    known = conn.scalar(sa.select(sa.func.count()).where(live)) or 0
    candidates = conn.execute(
        sa.select(
            ARTICLE.c.id,
            ARTICLE.c.version,
            sa.func.min(PAGE.c.gone_answers).label("answers"),
            sa.func.max(PAGE.c.gone_since).label("since"),
            sa.func.min(PAGE.c.checked_at).label("checked_at"),
            sa.func.count(PAGE.c.error).label("other_answers"),
        )
        .join(PAGE, PAGE.c.article_id == ARTICLE.c.id)
        .where(live, PAGE.c.source_id == source_id)
        .group_by(ARTICLE.c.id, ARTICLE.c.version)
        .having(sa.func.min(PAGE.c.gone_answers) > 0)
        .order_by(ARTICLE.c.id)
    ).all()
    there = known - len(candidates)
    away = len(settled(conn, source_id, candidates, rule=rule, now=now)) if there else 0
    refuse_mass_removal(conn, source_id, len(candidates) - away, known - away, rule=rule, now=now)
    return candidates, there


def _restless(conn: Connection, ids: Sequence[int], now: datetime) -> set[int]:
    """Those of the articles that were removed twice in the last 30 days: they come back."""
    found: set[int] = set()
    for part in chunks(list(ids)):
        removals = (CHANGE.c.article_id.in_(part)) & (CHANGE.c.change == "removed") & (CHANGE.c.at > now - _MONTH)
        query = sa.select(CHANGE.c.article_id).where(removals).group_by(CHANGE.c.article_id)
        found |= set(conn.scalars(query.having(sa.func.count() >= _RESTLESS)))
    return found


def _follow_pages_that_are_there(
    conn: Connection, source_id: str, crawl_id: int, rule: RemovalRule, now: datetime
) -> None:
    own, other = PAGE.alias("own"), PAGE.alias("other")
    is_gone = (own.c.gone_answers >= rule.answers) & (own.c.gone_since <= now - rule.after) & own.c.error.is_(None)
    answered = (other.c.gone_answers == 0) & (other.c.failures == 0) & (other.c.checked_at >= own.c.gone_since)
    query = (
        sa.select(ARTICLE.c.id, ARTICLE.c.version, other.c.id.label("page"), other.c.url)
        .join(own, (own.c.article_id == ARTICLE.c.id) & (own.c.url == ARTICLE.c.address))
        .join(other, (other.c.article_id == ARTICLE.c.id) & (other.c.id != own.c.id))
        .where(ARTICLE.c.source_id == source_id, own.c.source_id == source_id, other.c.source_id == source_id)
        .where(ARTICLE.c.removed_at.is_(None), is_gone, answered, other.c.status.in_((200, 304)))
        .order_by(ARTICLE.c.id, other.c.checked_at, other.c.id)
    )
    about = {"crawl_id": crawl_id, "change": "moved", "minor": False, "fields": ["url"], "at": now}
    for row in {row.id: row for row in conn.execute(query)}.values():
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == row.id).values(address=row.url))
        # The text there was passed over so far: it is read in full the next time.
        conn.execute(PAGE.update().where(PAGE.c.id == row.page).values(etag=None, last_modified=None))
        conn.execute(CHANGE.insert().values(article_id=row.id, version=row.version, state=None, **about))
