"""The plan that a source's articles are looked at again by: its habit as last counted, and the operator's setting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.revisits import Habit, Plan, habit_of, news_at, next_look, while_watched
from storage.rules import RevisitRule
from storage.tables import ARTICLE, CHANGE, CRAWL, PAGE, SOURCE

REMOVED_WATCHED = timedelta(days=30)
_COUNTED = timedelta(days=180)
_HOLDS = timedelta(days=1)

_HABITS = sa.select(SOURCE.c.id, SOURCE.c.habit).where(SOURCE.c.id.in_(sa.bindparam("sources", expanding=True)))
_LAST_FINISHED = (
    sa.select(CRAWL.c.finished_at)
    .where(CRAWL.c.source_id == sa.bindparam("source"), CRAWL.c.finished_at.is_not(None))
    .order_by(CRAWL.c.id.desc())
    .limit(1)
)
WHEN_NEWS = (ARTICLE.c.published_at, ARTICLE.c.first_seen_at, ARTICLE.c.changed_at, ARTICLE.c.removed_at)


def plans_of(conn: Connection, sources: Iterable[str]) -> dict[str, Plan]:
    """The plans of sources; the usual one where none was made."""
    rows = conn.execute(_HABITS, {"sources": sorted(set(sources))})
    return {source: _read(habit)[0] for source, habit in rows}


def plan_of(conn: Connection, source_id: str) -> Plan:
    """The plan of one source."""
    return plans_of(conn, [source_id]).get(source_id, Plan())


def plan_is_old(conn: Connection, source_id: str, rule: RevisitRule, now: datetime) -> bool:
    """Whether `make_plan` has something to do: a day has passed, the setting is another one, or the clock was set back."""
    plan, made_at = _read(conn.scalar(sa.select(SOURCE.c.habit).where(SOURCE.c.id == source_id)))
    if made_at is None or plan.watch != rule.watch or not timedelta(0) <= now - made_at < _HOLDS:
        return True
    return _was_set_back(conn, source_id, now)


def make_plan(conn: Connection, source_id: str, rule: RevisitRule, now: datetime) -> Plan:
    """Counts a source's habit, keeps it with the setting, and plans every stored article's page by them anew: those that are
    watched for longer now come back, those that are watched no more go. Pages that were asked for in what is the future, by
    a clock that was wrong, are due at once.
    """
    plan = Plan(rule.watch, _count_habit(conn, source_id, now))
    if _was_set_back(conn, source_id, now):
        ahead = (PAGE.c.source_id == source_id) & (PAGE.c.checked_at > now)
        conn.execute(PAGE.update().where(ahead).values(next_at=None))
        conn.execute(PAGE.update().where(ahead, PAGE.c.article_id.is_not(None)).values(due_at=now))
    conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(habit=_written(plan, now)))
    _plan_pages(conn, source_id, plan, now)
    return plan


def _read(habit: str | None) -> tuple[Plan, datetime | None]:
    if habit is None:
        return Plan(), None
    kept: dict[str, Any] = json.loads(habit)
    watch = timedelta(seconds=kept["watch"]) if kept["watch"] is not None else None
    return Plan(watch, Habit(kept["fresh"], kept["later"])), datetime.fromisoformat(kept["at"])


def _written(plan: Plan, now: datetime) -> str:
    watch = plan.watch.total_seconds() if plan.watch is not None else None
    return json.dumps({"at": now.isoformat(), "watch": watch, "fresh": plan.habit.fresh, "later": plan.habit.later})


def _was_set_back(conn: Connection, source_id: str, now: datetime) -> bool:
    finished = conn.scalar(_LAST_FINISHED, {"source": source_id})
    return finished is not None and finished > now


def _count_habit(conn: Connection, source_id: str, now: datetime) -> Habit:
    these = (ARTICLE.c.source_id == source_id) & (ARTICLE.c.first_seen_at > now - _COUNTED)
    articles = conn.execute(sa.select(ARTICLE.c.id, ARTICLE.c.published_at, ARTICLE.c.first_seen_at).where(these)).all()
    news = {row.id: min(row.published_at or row.first_seen_at, row.first_seen_at) for row in articles}
    changes = conn.execute(
        sa.select(CHANGE.c.article_id, CHANGE.c.at)
        .join(ARTICLE, ARTICLE.c.id == CHANGE.c.article_id)
        .where(these, CHANGE.c.change.in_(("edited", "removed")), sa.not_(CHANGE.c.minor))
    )
    return habit_of(
        [at - news[article_id] for article_id, at in changes],
        [(row.first_seen_at - news[row.id], now - news[row.id]) for row in articles],
    )


def _plan_pages(conn: Connection, source_id: str, plan: Plan, now: datetime) -> None:
    rows = conn.execute(
        sa.select(PAGE.c.id, PAGE.c.due_at, PAGE.c.checked_at, PAGE.c.next_at, PAGE.c.gone_answers, *WHEN_NEWS)
        .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
        .where(PAGE.c.source_id == source_id)
    )
    moved = [{"page": row.id, "at": at} for row in rows if (at := _planned(row, plan, now)) != row.due_at]
    if moved:
        conn.execute(PAGE.update().where(PAGE.c.id == sa.bindparam("page")).values(due_at=sa.bindparam("at")), moved)


def _planned(row: Any, plan: Plan, now: datetime) -> datetime | None:
    due_at: datetime | None = row.due_at
    if row.removed_at is not None:
        return due_at if now - row.removed_at <= REMOVED_WATCHED or row.checked_at is None else None
    if row.gone_answers or row.checked_at is None:
        return due_at or now
    if while_watched(now, row.changed_at, plan) is None:
        return None
    if due_at is not None and due_at <= now:
        return due_at  # whatever made it due, it was not looked at since
    if row.next_at is not None:
        return while_watched(row.next_at, row.changed_at, plan)
    news = news_at(row.published_at, row.first_seen_at, row.changed_at)
    return next_look(news, row.changed_at, row.checked_at, plan)
