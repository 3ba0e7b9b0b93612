"""From what is known of a source's crawls and stories to its state, and the sentence that says why. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.rhythm import Stories
from storage.troubles import BLOCKED, number_said, span_said, trouble_said

# So many of its usual pauses without a good crawl, within bounds: a source that is read every quarter of an hour may miss
# a morning, and one that is read once a week is no news service.
_PAUSES, _SOONEST, _LATEST, _USUAL = 4, timedelta(hours=6), timedelta(days=3), timedelta(days=1)
_LONG_SILENT = timedelta(weeks=14)
_AHEAD = timedelta(hours=1)  # clocks of two machines differ by less


class State(StrEnum):
    """OK; QUIET: read well, with far fewer stories than its rhythm; STALE: not read well for too long, or never; BLOCKED:
    the site keeps us out (403, robots.txt, a test for people); BROKEN: its last crawl failed of something else.
    """

    OK = "ok"
    QUIET = "quiet"
    STALE = "stale"
    BLOCKED = "blocked"
    BROKEN = "broken"


@dataclass(slots=True, frozen=True, kw_only=True)
class Past:
    """A source's crawls. `verdict`, `reason`, `kind` (of its trouble) and `last_at` are the last one's that ended by itself;
    `good_at`: when one last reached the listing; `pause`: the usual time between two, None when too few are known; `begun`:
    whether there is any; `failures`: failed ones in a row.
    """

    verdict: str | None
    reason: str | None
    kind: str | None
    last_at: datetime | None
    good_at: datetime | None
    pause: timedelta | None
    begun: bool
    failures: int


def judged(past: Past, stories: Stories, now: datetime) -> tuple[State, str]:
    """The state, the worst that is true, and why."""
    if past.verdict is None:
        return State.STALE, _never(past, stories)
    if past.good_at is not None and past.good_at - now > _AHEAD:
        return (
            State.STALE,
            f"Its last good crawl is dated {span_said(past.good_at - now)} ahead: a clock was wrong then, or is now.",
        )
    said = trouble_said(past.kind, past.reason)
    since = f"last read well {span_said(now - past.good_at)} ago" if past.good_at else "never read well yet"
    if past.verdict == "failed":
        crawls = "crawl" if past.failures < 2 else f"{past.failures} crawls"
        state = State.BLOCKED if past.kind in BLOCKED else State.BROKEN
        return state, f"The last {crawls} failed: {said}; {since}."
    if past.good_at is None or now - past.good_at > _patience(past.pause):
        if past.kind in BLOCKED:
            return State.BLOCKED, f"Not read: {said}; {since}."
        return (
            State.STALE,
            f"No good crawl for {span_said(now - past.good_at)}." if past.good_at else f"Not read: {said}.",
        )
    if (quiet := _quiet(stories, now)) is not None:
        return State.QUIET, quiet
    read = f"Read well {span_said(now - past.good_at)} ago"
    return State.OK, f"{read}, with one reservation: {said}." if past.verdict == "degraded" else f"{read}."


def _never(past: Past, stories: Stories) -> str:
    if past.begun:
        return "Never crawled to the end yet: the first crawl is under way, or was cut off."
    return "Never crawled: its stories were imported." if stories.last_at is not None else "Never crawled yet."


def _patience(pause: timedelta | None) -> timedelta:
    return _USUAL if pause is None else min(max(_PAUSES * pause, _SOONEST), _LATEST)


def _quiet(stories: Stories, now: datetime) -> str | None:
    if stories.rhythm is not None and stories.few_days is not None:
        usual = stories.rhythm * stories.few_days / 7
        return f"{number_said(stories.few, 'story').capitalize()} in the last {stories.few_days} days, where about {usual:.0f} are usual."
    if stories.last_at is not None and now - stories.last_at > _LONG_SILENT:
        return f"No story for {span_said(now - stories.last_at)}."
    return None
