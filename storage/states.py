"""From what is known of a source's crawls and stories to its state, and the sentence that says why. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from storage.rhythm import Stories
from storage.troubles import KEPT_OUT, PASSING, Trouble, number_said, span_said, trouble_said

# So many of its usual pauses without a good crawl, within bounds: a source that is read every quarter of an hour may miss
# a morning, and one that is read once a week is no news service.
_PAUSES, _SOONEST, _LATEST, _USUAL = 4, timedelta(hours=6), timedelta(days=3), timedelta(days=1)
# A site is down for an hour each month and nobody need look; what was rebuilt stays so. Both are asked for twice at least.
_PASSES_WITHIN, _SURE_AFTER = timedelta(hours=6), timedelta(hours=2)
_LONG_SILENT = timedelta(weeks=14)
_AHEAD = timedelta(hours=1)  # clocks of two machines differ by less


class State(StrEnum):
    """OK; QUIET: read well, with far fewer stories than its rhythm; STALE: not read well for too long, or never; BLOCKED:
    the site keeps us out (403, robots.txt, a test for people); BROKEN: its crawls fail of something else, or a field of its
    stories is not read any more.
    """

    OK = "ok"
    QUIET = "quiet"
    STALE = "stale"
    BLOCKED = "blocked"
    BROKEN = "broken"


class Judged(NamedTuple):
    """`since`: when the state began; None where nothing tells it."""

    state: State
    why: str
    since: datetime | None


@dataclass(slots=True, frozen=True, kw_only=True)
class Past:
    """A source's crawls. `verdict`, `reason`, `trouble` and `last_at` are the last one's that ended by itself; `good`: whether
    that one was; `good_at`: when one last was: it reached the listing, and no field was lost; `bad_at`: when the first that
    was not came after it; `again`: whether a second one was not; `well_since`: the first good one after the last bad one;
    `pause`: the usual time between two, None when too few are known; `begun`: whether there is any; `failures`: failed ones in a row.
    """

    verdict: str | None
    reason: str | None
    trouble: Trouble | None
    last_at: datetime | None
    good: bool
    good_at: datetime | None
    bad_at: datetime | None
    again: bool
    well_since: datetime | None
    pause: timedelta | None
    begun: bool
    failures: int
    added_at: datetime


def judged(past: Past, stories: Stories, now: datetime) -> Judged:
    """The state, the worst that is true, why, and since when."""
    if past.verdict is None:
        return Judged(State.STALE, _never(past, stories), past.added_at)
    if past.good_at is not None and past.good_at - now > _AHEAD:
        ahead = span_said(past.good_at - now)
        why = f"Its last good crawl is dated {ahead} ahead: a clock was wrong then, or is now."
        return Judged(State.STALE, why, past.last_at)
    if not past.good and _is_sure(past, now):
        return _bad(past, now)
    assert past.good_at is not None, "a source that was never read well is bad"
    if now - past.good_at > _patience(past.pause):
        why = f"No good crawl for {span_said(now - past.good_at)}."
        return Judged(State.STALE, why if past.good else f"{why[:-1]}: {_said(past)}.", past.good_at)
    if (quiet := _quiet(stories, now)) is not None:
        return Judged(State.QUIET, *quiet)
    return Judged(State.OK, _well(past, now), past.well_since)


def _is_sure(past: Past, now: datetime) -> bool:
    """Whether a last crawl that was not good is more than a bad hour of the site's."""
    if past.good_at is None or past.bad_at is None:
        return True
    if now - past.good_at > _patience(past.pause):
        return past.again
    return past.again and now - past.bad_at >= (_PASSES_WITHIN if past.trouble in PASSING else _SURE_AFTER)


def _bad(past: Past, now: datetime) -> Judged:
    said = _said(past)
    since = f"last read well {span_said(now - past.good_at)} ago" if past.good_at else "never read well yet"
    state = State.BLOCKED if past.trouble in KEPT_OUT else State.BROKEN
    if past.verdict == "failed":
        crawls = "crawl" if past.failures < 2 else f"{past.failures} crawls"
        return Judged(state, f"The last {crawls} failed: {said}; {since}.", past.bad_at)
    return Judged(state, f"Not read well: {said}; {since}.", past.bad_at)


def _never(past: Past, stories: Stories) -> str:
    if past.begun:
        return "Never crawled to the end yet: the first crawl is under way, or was cut off."
    return "Never crawled: its stories were imported." if stories.last_at is not None else "Never crawled yet."


def _patience(pause: timedelta | None) -> timedelta:
    return _USUAL if pause is None else min(max(_PAUSES * pause, _SOONEST), _LATEST)


def _said(past: Past) -> str:
    return trouble_said(past.trouble, past.reason)


def _well(past: Past, now: datetime) -> str:
    assert past.good_at is not None
    read, said = f"Read well {span_said(now - past.good_at)} ago", _said(past)
    if not past.good:
        return f"{read}; since then: {said}."
    return f"{read}, with one reservation: {said}." if past.verdict == "degraded" else f"{read}."


def _quiet(stories: Stories, now: datetime) -> tuple[str, datetime | None] | None:
    if stories.rhythm is not None and stories.few_days is not None:
        few, days = number_said(stories.few, "story").capitalize(), stories.few_days
        since = now - timedelta(days=days) if stories.few else stories.last_at
        return f"{few} in the last {days} days, where about {stories.usual:.0f} are usual.", since
    if stories.last_at is not None and now - stories.last_at > _LONG_SILENT:
        return f"No story for {span_said(now - stories.last_at)}.", stories.last_at
    return None
