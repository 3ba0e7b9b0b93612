"""When a source is due again: the rule alone, without a store. docs/operating.md tells it to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from zlib import crc32

from storage.busy_hours import QuietHours
from storage.hours import Window, opening

Ending: TypeAlias = Literal["ok", "degraded", "failed", "blocked", "cut off"]

STRETCH = 4  # intervals: so long it may last at most until a source is looked at in hours in which it never publishes
_SOON = timedelta(minutes=5)
_FAILED_AT_MOST, _BLOCKED_AT_MOST, _BLOCKED_AT_LEAST = timedelta(hours=6), timedelta(hours=24), timedelta(hours=1)
_CUT_OFF, _CUT_OFF_AT_MOST = timedelta(minutes=1), timedelta(hours=1)
_MOST_DOUBLED = 30
_JITTER, _EARLY, _ON_TIME = 0.1, 0.9, 0.05  # shares of an interval
_SPREAD_AT_MOST = timedelta(hours=1)
_NO_QUIET_HOURS = QuietHours(frozenset())


@dataclass(slots=True, frozen=True, kw_only=True)
class Ended:
    """How a crawl ended. `in_a_row`: how many did so in a row, this one among them; `late`: how long it had been due when it
    began; `first`: whether it was the source's first.
    """

    ending: Ending
    started_at: datetime
    at: datetime
    in_a_row: int = 1
    late: timedelta = timedelta(0)
    first: bool = False


def due_after(
    ended: Ended,
    interval: timedelta,
    *,
    hours: Sequence[Window] = (),
    quiet: QuietHours = _NO_QUIET_HOURS,
    wait_until: datetime | None = None,
    share: float = 0.0,
) -> datetime:
    """When the source is due after that crawl. `share`: from 0 to 1, another for each source and crawl, so that sources do not
    keep step; `wait_until`: when a host of it wants to be left alone until.
    """
    if ended.ending == "cut off":
        due = ended.at + _cut_off_wait(ended.in_a_row, interval) * (1 + share * _JITTER)
    else:
        due = max(_by_pace(ended, interval, share), ended.at + interval / 4)
        if quiet.holds(due):
            spread = share * min(interval, _SPREAD_AT_MOST)
            latest = max(due, ended.started_at + STRETCH * interval)
            due = min(quiet.end(due, latest) + spread, latest)
    if wait_until is not None and wait_until > due:
        due = wait_until + share * min(interval, _SOON)
    return within(hours, due, interval, share)


def within(hours: Sequence[Window], due: datetime, interval: timedelta, share: float) -> datetime:
    """`due`, or, where that is in none of the hours, a moment in the first half of the window that opens next."""
    if not hours or (opens := opening(hours, due)) == due:
        return due
    shortest = min(window.length for window in hours)
    return opens + share * min(interval, _SPREAD_AT_MOST, shortest / 2)


def first_due(now: datetime, interval: timedelta, place: float) -> datetime:
    """When a new source is due. `place`: its share, from 0 to 1, of those that are new with it."""
    return now + place * min(interval, _SPREAD_AT_MOST)


def share_of(source_id: str, at: datetime) -> float:
    """From 0 to 1, by nothing but the source and the moment."""
    return crc32(f"{source_id} {at.timestamp():.0f}".encode()) / 2**32


def _by_pace(ended: Ended, interval: timedelta, share: float) -> datetime:
    wait = _wait(ended, interval)
    usual = ended.ending == "ok" or (ended.ending == "degraded" and ended.in_a_row > 1)
    if usual and ended.late > interval:
        # After an outage, or when the clock was set forward, all are due at once: they are to part again.
        return ended.started_at + wait * (1 + share)
    if usual and ended.late > _ON_TIME * interval:
        # Looked for too seldom, as by a cron job once an interval: it must be due when it is looked for next.
        return max(ended.started_at + _EARLY * wait, ended.started_at - ended.late + wait)
    if usual and ended.first:  # nobody knows yet how often it is looked for
        return ended.started_at + _EARLY * wait
    return ended.started_at + wait * (1 + share * _JITTER)


def _wait(ended: Ended, interval: timedelta) -> timedelta:
    doubled = 2 ** min(ended.in_a_row - 1, _MOST_DOUBLED)
    if ended.ending == "failed":
        return _at_most(interval, doubled, max(interval, _FAILED_AT_MOST))
    if ended.ending == "blocked":
        return _at_most(max(interval, _BLOCKED_AT_LEAST), doubled, max(interval, _BLOCKED_AT_MOST))
    if ended.ending == "degraded" and ended.in_a_row == 1:
        return max(interval / 4, min(interval, _SOON))
    return interval


def _cut_off_wait(in_a_row: int, interval: timedelta) -> timedelta:
    if in_a_row < 2:
        return timedelta(0)
    return _at_most(_CUT_OFF, 2 ** min(in_a_row - 2, _MOST_DOUBLED), max(interval, _CUT_OFF_AT_MOST))


def _at_most(wait: timedelta, times: int, most: timedelta) -> timedelta:
    return most if most / times <= wait else wait * times
