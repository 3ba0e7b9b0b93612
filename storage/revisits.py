"""When to look again: at an article by its age and its source's habit, at a listing by its source's rhythm. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SOONEST, RAREST = timedelta(minutes=5), timedelta(days=7)
FRESH = timedelta(days=1)
_FIRST, _GROWS_AFTER, _POWER = timedelta(minutes=12), timedelta(minutes=30), 0.75
_CHANGES = 0.006  # of an article, for each time its age grows e-fold; see `expected_changes`
_UNSURE = 4.0  # so many changes must have been seen before a source's own habit outweighs the usual one
_LEAST, _MOST = 0.25, 4.0
_LISTING_SOONEST, _LISTING_RAREST = timedelta(minutes=15), timedelta(hours=2)
_HOUR = timedelta(hours=1)
_LONDON = ZoneInfo("Europe/London")


@dataclass(slots=True, frozen=True)
class Habit:
    """How often a source's articles are edited or withdrawn, as a multiple of what is usual: in their first day, and later."""

    fresh: float = 1.0
    later: float = 1.0


USUAL = Habit()


@dataclass(slots=True, frozen=True)
class Plan:
    """What the pages of a source are looked at again by. `watch`: for so long after an article last changed; None: for good."""

    watch: timedelta | None = timedelta(days=90)
    habit: Habit = USUAL


def interval(age: timedelta, habit: Habit = USUAL) -> timedelta:
    """The time between two looks at an article that was news `age` ago: 12 minutes at first, 3.7 hours after a day, 16 hours
    after a week, 4.4 days after 90; longer where a source's articles seldom change and shorter where they often do.

    How likely an article changes falls about as its age grows. For a given number of looks, an interval by the square root
    of that likelihood would make the mean delay least, and one by the likelihood itself the typical one; this is between.
    """
    grown: float = (1 + max(age, timedelta(0)) / _GROWS_AFTER) ** _POWER
    often = habit.fresh if age < FRESH else habit.later
    seldom: float = often**-_POWER
    return min(max(_FIRST * (grown * seldom), SOONEST), RAREST)


def next_look(news_at: datetime, changed_at: datetime, checked_at: datetime, plan: Plan) -> datetime | None:
    """When an article that answered at `checked_at` is to be looked at again; None: never."""
    return while_watched(checked_at + interval(checked_at - news_at, plan.habit), changed_at, plan)


def while_watched(at: datetime, changed_at: datetime, plan: Plan) -> datetime | None:
    """The moment, or None where an article that last changed at `changed_at` is not watched any more by then."""
    return at if plan.watch is None or at - changed_at <= plan.watch else None


def news_at(published_at: datetime | None, first_seen_at: datetime, changed_at: datetime) -> datetime:
    """When an article last was news: its publication, or a later change of its text. Old stories of a first crawl are none."""
    if changed_at > first_seen_at or published_at is None:
        return changed_at
    return min(published_at, first_seen_at)


def expected_changes(age: timedelta) -> float:
    """How many edits and withdrawals an article usually has until it is so old: of 100, 2 within a day and 5 within 90."""
    return _CHANGES * math.log1p(max(age, timedelta(0)) / _GROWS_AFTER)


def habit_of(ages: Sequence[timedelta], watched: Sequence[tuple[timedelta, timedelta]]) -> Habit:
    """The habit of a source. `ages`: of its articles when they were edited or withdrawn. `watched`: for each of its articles
    the ages from and to which changes were counted. What was seen seldom counts little against what is usual.
    """
    usual_fresh = sum(expected_changes(min(to, FRESH)) - expected_changes(min(start, FRESH)) for start, to in watched)
    usual = sum(expected_changes(to) - expected_changes(start) for start, to in watched)
    fresh = sum(age < FRESH for age in ages)
    return Habit(_factor(fresh, usual_fresh), _factor(len(ages) - fresh, usual - usual_fresh))


def _factor(seen: int, usual: float) -> float:
    return round(min(max((seen + _UNSURE) / (max(usual, 0.0) + _UNSURE), _LEAST), _MOST), 2)


@dataclass(slots=True, frozen=True)
class Rhythm:
    """How many articles a source publishes in an hour of the day, by the hour in London."""

    hours: tuple[float, ...]


def rhythm_of(published: Sequence[datetime], days: float) -> Rhythm:
    """The rhythm of a source that published at these moments within so many days. An hour is judged with those beside it,
    and as if one article more had come at any time: few moments prove little.
    """
    counts = [0.0] * 24
    for moment in published:
        hour = moment.astimezone(_LONDON).hour
        for near, share in ((hour - 1, 0.25), (hour, 0.5), (hour + 1, 0.25)):
            counts[near % 24] += share
    return Rhythm(tuple((count + 1 / 24) / max(days, 1.0) for count in counts))


def next_crawl_at(rhythm: Rhythm, now: datetime, due_at: datetime | None = None) -> datetime:
    """When a source is to be crawled again: every quarter of an hour while it publishes one article an hour or more, every two
    hours while it publishes next to nothing, and as soon as one of its articles is due, but never twice in a quarter.
    """
    rate = rhythm.hours[now.astimezone(_LONDON).hour]
    wait = min(max(_LISTING_SOONEST / math.sqrt(max(rate, 1e-6)), _LISTING_SOONEST), _LISTING_RAREST)
    at = now + wait
    return at if due_at is None else max(now + _LISTING_SOONEST, min(at, due_at))
