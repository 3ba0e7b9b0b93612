"""Whether sources are being read at all: how long ago one last was, and what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import CRAWL, SCHEDULE, SOURCE
from storage.troubles import number_said, span_said

_LATE = timedelta(minutes=10)  # what is due waits so long for its turn on a busy day
_AT_WORK = timedelta(hours=1)  # and so long while something is badly behind, but under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """`good_at`: when a crawl of any source last reached its listing; `ended_at`: when one last ended, however. `scheduled`: sources
    with a time at which they are due; `next_due_at` of them all; `overdue`: those whose time passed more than ten minutes ago and that
    nobody has claimed; `claimed`: those that are crawled now.
    """

    good_at: datetime | None
    ended_at: datetime | None
    scheduled: int
    claimed: int
    overdue: int
    next_due_at: datetime | None

    def lag(self, now: datetime) -> timedelta:
        """How long the source that is due longest has waited."""
        return max(now - self.next_due_at, timedelta(0)) if self.next_due_at else timedelta(0)


def pulse(conn: Connection, now: datetime) -> Pulse:
    """A look into an index or two for each source, however many crawls there have been."""
    at = SCHEDULE.c.next_due_at
    is_free = SCHEDULE.c.claimed_at.is_(None) | (SCHEDULE.c.claimed_until <= now)
    row = conn.execute(
        sa.select(
            sa.func.count(at).label("scheduled"),
            sa.func.count().filter(~is_free).label("claimed"),
            sa.func.count().filter(is_free, at <= now - _LATE).label("overdue"),
            sa.func.min(at).filter(is_free).label("next_due_at"),
        )
    ).one()
    good, ended = conn.execute(sa.select(_latest(_OK, _PARTLY), _latest(_OK, _DEGRADED, _FAILED))).one()
    return Pulse(good_at=good, ended_at=ended, **row._mapping)


def late(pulse: Pulse, now: datetime, ready_after: timedelta) -> str | None:
    """Why the news is too old, in one sentence; None where it is not. Where nothing was due, none is missing."""
    if pulse.good_at is None:
        return "No crawl has gone well yet." if pulse.ended_at else "No crawl has ended yet: the store is new."
    age = now - pulse.good_at
    if age <= ready_after:
        return None
    failed_since = pulse.ended_at is not None and pulse.ended_at > pulse.good_at
    if pulse.scheduled and not failed_since and not pulse.overdue:
        return None
    why = (
        "those since failed"
        if failed_since
        else f"{number_said(pulse.overdue, 'source')} overdue"
        if pulse.overdue
        else "none since"
    )
    return f"The last good crawl of any source was {span_said(age)} ago ({why})."


def idle(pulse: Pulse, now: datetime) -> str | None:
    """Why the schedule is not being worked on, in one sentence; None where it is: a source has been due for an hour, and no crawl ended
    in that time. Whoever should crawl is gone or stuck.
    """
    lag = pulse.lag(now)
    if lag <= _AT_WORK or (pulse.ended_at is not None and now - pulse.ended_at <= _AT_WORK):
        return None
    return f"{number_said(pulse.overdue, 'source').capitalize()} due and not crawled, the first for {span_said(lag)}."


def watched(conn: Connection) -> frozenset[str] | None:
    """The sources on the schedule; None where there is no schedule, and each that was ever crawled counts."""
    found = conn.scalars(sa.select(SCHEDULE.c.source_id).where(SCHEDULE.c.next_due_at.is_not(None)))
    return frozenset(found) or None


def _newest(*which: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    mine = sa.select(sa.func.max(CRAWL.c.id)).where(CRAWL.c.source_id == SOURCE.c.id, *which).correlate(SOURCE)
    return sa.select(mine.scalar_subquery()).select_from(SOURCE)


_OK, _DEGRADED, _FAILED = (_newest(CRAWL.c.verdict == verdict) for verdict in ("ok", "degraded", "failed"))
_PARTLY = _newest(CRAWL.c.verdict == "degraded", CRAWL.c.links > 0)


def _latest(*which: sa.Select[tuple[int]]) -> sa.ScalarSelect[datetime | None]:
    among = sa.or_(*(CRAWL.c.id.in_(each) for each in which))
    return sa.select(sa.func.max(CRAWL.c.finished_at)).where(among).scalar_subquery()
