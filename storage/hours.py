"""Hours of the week in which a source may be crawled, as its entry writes them: "06:00-23:00", "Mon-Fri 22:00-02:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from storage.days import LONDON, day_of

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?:([a-z ,-]+?)\s+)?(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)")
_SHORTEST = 30  # minutes; cron, or a worker that is busy, could miss a shorter one day after day
_DAY = 24 * 60
_CLOCKS_CHANGE = time(1, tzinfo=UTC)  # on two Sundays of the year


@dataclass(slots=True, frozen=True)
class Window:
    """From minute `start` of a day to minute `end`, of the next day where that is not later; on the days (Monday: 0) on which
    it begins. Minutes of the clock in London.
    """

    days: frozenset[int]
    start: int
    end: int

    @property
    def length(self) -> timedelta:
        """How long it is on a day on which the clocks do not change."""
        return timedelta(minutes=(self.end - self.start - 1) % _DAY + 1)

    def holds(self, moment: datetime) -> bool:
        """Whether it is open."""
        local = moment.astimezone(LONDON)
        day, minute = local.weekday(), local.hour * 60 + local.minute
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        return (day in self.days and minute >= self.start) or ((day - 1) % 7 in self.days and minute < self.end)


def windows(written: Sequence[str]) -> tuple[Window, ...]:
    """The windows of an entry. Raises `ValueError`, which says what is wanted."""
    if not written:
        raise ValueError("no hours at all; leave the key out where all hours will do")
    return tuple(_window(text) for text in written)


def _window(text: str) -> Window:
    found = _WINDOW.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is no time of the day; write it as in '06:00-23:00' or 'Mon-Fri 06:00-23:00'")
    start, end = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if start >= _DAY or end > _DAY:
        raise ValueError(f"{text!r}: a day has the times from 00:00 to 24:00")
    if start == end:
        raise ValueError(f"{text!r} begins where it ends; the whole day is '00:00-24:00'")
    window = Window(_days(found[1], text) if found[1] else frozenset(range(7)), start, end)
    if window.length < timedelta(minutes=_SHORTEST):
        raise ValueError(f"{text!r} is shorter than {_SHORTEST} minutes, and could be missed")
    return window


def _days(written: str, text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in written.split(","):
        names = [name.strip()[:3] for name in part.split("-")]
        if len(names) > 2 or not all(name in _DAYS for name in names):
            raise ValueError(f"{text!r}: {part.strip()!r} is no day; write Mon, Mon-Fri or Sat,Sun")
        first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
        days.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    return frozenset(days)


def opening(hours: Sequence[Window], moment: datetime) -> datetime:
    """The first moment from `moment` on at which a window is open: that one itself where one is."""
    if any(window.holds(moment) for window in hours):
        return moment
    today = day_of(moment)
    candidates = []
    for n in range(9):
        day = today + timedelta(days=n)
        # The start may not exist on the day on which clocks go forward, and the window opens as they do.
        candidates.append(datetime.combine(day, _CLOCKS_CHANGE))
        for window in hours:
            start = time(window.start // 60, window.start % 60)
            candidates += [datetime.combine(day, start.replace(fold=fold), LONDON).astimezone(UTC) for fold in (0, 1)]
    return min(at for at in candidates if at > moment and any(window.holds(at) for window in hours))
