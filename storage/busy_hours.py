"""The hours of the week in which a source brings its stories, learned from its own last months.

Weekdays are one, Saturdays and Sundays another: most sources bring too little for seven.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.days import LONDON
from storage.published import DATED
from storage.tables import ARTICLE

_LEARNED = timedelta(weeks=13)
_LEAST_SPAN = timedelta(weeks=4)
_MOST_STORIES = 2000
_FRESH = timedelta(days=2)
_AROUND = (-1, 0, 1)  # hours that are looked at together: nobody publishes by the stroke of the clock
# Quiet: a tenth of what would come if all hours were alike, where that would be four at least. By chance alone so few come in
# one case of fifty (a Poisson distribution).
_FEW, _LEAST_EXPECTED = 0.1, 4.0
_HOUR = timedelta(hours=1)


@dataclass(slots=True, frozen=True)
class QuietHours:
    """Pairs of whether it is a weekend and an hour of the day in London: those in which hardly a story ever came."""

    hours: frozenset[tuple[bool, int]]

    def holds(self, moment: datetime) -> bool:
        """Whether the moment is in one of them."""
        return _slot(moment) in self.hours

    def end(self, moment: datetime, by: datetime) -> datetime:
        """The first whole hour from `moment` on that is none of them, `by` at the latest."""
        at = moment
        while at < by and self.holds(at):
            at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
        return min(at, by)


def quiet_hours(conn: Connection, source_id: str, now: datetime) -> QuietHours:
    """Those of a source; none where little is known of it. Reads 2,000 entries of an index at most."""
    query = (
        sa.select(ARTICLE.c.published_at, ARTICLE.c.published_precision, ARTICLE.c.first_seen_at)
        .where(ARTICLE.c.source_id == source_id, ARTICLE.c.published_at >= now - _LEARNED, DATED)
        .order_by(ARTICLE.c.published_at.desc())
        .limit(_MOST_STORIES)
    )
    moments = []
    for row in conn.execute(query):
        if row.published_precision == "minute" and not _is_midnight(row.published_at):
            moments.append(row.published_at)
        # Some sites print no time, or always the same one: when we saw it tells the hour as well, if it was soon.
        if row.first_seen_at - row.published_at < _FRESH:
            moments.append(row.first_seen_at)
    return learned([at for at in moments if at <= now], now)


def learned(moments: Iterable[datetime], now: datetime) -> QuietHours:
    """The quiet hours by the moments at which stories came. Many stories of one hour are one: a backlog says nothing."""
    came = {at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) for at in moments}
    if not came or now - min(came) < _LEAST_SPAN:
        return QuietHours(frozenset())
    counts = Counter(_slot(at) for at in came)
    quiet = set()
    for weekend in (False, True):
        expected = len(came) * len(_AROUND) * (2 if weekend else 5) / (7 * 24)
        if expected < _LEAST_EXPECTED:
            continue
        for hour in range(24):
            if sum(counts[weekend, (hour + n) % 24] for n in _AROUND) <= _FEW * expected:
                quiet.add((weekend, hour))
    return QuietHours(frozenset(quiet))


def _slot(moment: datetime) -> tuple[bool, int]:
    local = moment.astimezone(LONDON)
    return local.weekday() >= 5, local.hour


def _is_midnight(moment: datetime) -> bool:
    """A day's date that was written as a time, here or in London."""
    return any((at.hour, at.minute) == (0, 0) for at in (moment.astimezone(UTC), moment.astimezone(LONDON)))
