"""Sources of a simulated year: how often each publishes, on holidays, in bursts and on quiet days, and what befalls it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from crawler.entries import SourceEntry, load_entries
from forcewire.demo.rhythm import HOURS, WEEKDAYS, stories_a_day
from storage.days import day_of, start_of

START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BACKLOG = 40 * DAY
ROOM = 14 * DAY  # nothing breaks so late that there would be no time to notice it
LEARNS = 28 * DAY  # nothing breaks before
SOONEST_INTERVAL = HOUR  # entries ask for a quarter of one: four times as many crawls show nothing more
# England's, from June 2026 on: gov.uk/bank-holidays
BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in "2026-08-31 2026-12-25 2026-12-28 2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31".split()
)
OUTAGES, OUTAGE_HOURS = 1 / 30, (0.5, 9.0)  # a day, as the demo's fleet has them
KINDS = ("redesign of listings", "redesign of articles", "listing empty", "wall", "dns", "dates", "frozen", "robots")
PLATFORM = "platform"
_EACH = 45 * DAY  # between two breakages of a source, on average
_WEEKLY = 8  # of so many sources one publishes once a week


@dataclass(slots=True)
class Span:
    """Something that is wrong with a site for a while. Of a breakage `noticed_at` is when the source's state said so, and `told_at`
    when an alert did.
    """

    kind: str
    begins: datetime
    ends: datetime
    noticed_at: datetime | None = None
    state: str = ""
    told_at: datetime | None = None


@dataclass(slots=True)
class SimulatedSource:
    """`moments`: of its stories, in order. `gap`: the mean time between two of them, from its first months on."""

    id: str
    entry: SourceEntry
    reader: str
    moments: list[datetime]
    breakages: list[Span] = field(default_factory=list)
    outages: list[Span] = field(default_factory=list)

    def gap(self, at: datetime) -> timedelta:
        """The usual time between two stories, over the 13 weeks before."""
        since = at - 91 * DAY
        of_late = [moment for moment in self.moments if since <= moment < at]
        return (at - max(since, self.moments[0])) / max(len(of_late), 1)


def sources_of(number: int, days: int, seed: int, start: datetime = START) -> list[SimulatedSource]:
    """The sources of a seed, with entries as the bundled ones are: how many links and dates they expect is theirs."""
    random, found = Random(f"{seed}/notice"), []
    entries = sorted(load_entries().values(), key=lambda entry: Random(f"{seed}/{entry.id}").random())
    for n in range(number):
        entry = entries[n % len(entries)]
        entry = entry.model_copy(update={"interval": max(entry.interval, SOONEST_INTERVAL)})
        own = Random(f"{seed}/{n}")
        moments = sorted(_publications(own, start - BACKLOG, start + days * DAY, weekly=n % _WEEKLY == 3))
        source = SimulatedSource(f"s{n:02}", entry, f"platform-{n % 6}", moments)
        source.outages = list(_spans(own, OUTAGES * days, start, days, OUTAGE_HOURS))
        source.breakages = list(_breakages(own, start, days))
        found.append(source)
    _break_platforms(random, found, start, days)
    return found


def _publications(random: Random, start: datetime, end: datetime, *, weekly: bool) -> Iterator[datetime]:
    a_day, weekday = stories_a_day(random), random.randrange(5)
    midnight, away_until = start_of(day_of(start)), start
    while midnight < end:
        day = day_of(midnight)
        share = season(day)
        if random.random() < 1 / 40:
            share *= 4  # a burst: a big case, a campaign, floods
        if a_day < 1 and random.random() < 1 / 200:
            away_until = midnight + random.randint(2, 4) * DAY
        if midnight < away_until:
            share *= 0.2  # the only press officer is away
        if weekly:
            mean = 1.7 * share if day.weekday() == weekday else 0.0
            count = max(_poisson(random, mean), int(mean > 1))
        else:
            count = _poisson(random, share * a_day * WEEKDAYS[day.weekday()] * 7 / sum(WEEKDAYS))
        for _ in range(count):
            at = midnight + random.choices(range(24), HOURS)[0] * HOUR + timedelta(seconds=random.randrange(3600))
            if start <= at < end:
                yield at
        midnight = start_of(day_of(midnight + 26 * HOUR))


def season(day: date) -> float:
    """How much is published on a day, of what is on any other: little on bank holidays and between the years."""
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return 0.25
    if day in BANK_HOLIDAYS:
        return 0.15
    return 0.8 if day.month == 8 else 1.0


def _poisson(random: Random, mean: float) -> int:
    bound, product, count = math.exp(-mean), random.random(), 0
    while product > bound:
        product *= random.random()
        count += 1
    return count


def _spans(random: Random, mean: float, start: datetime, days: int, hours: tuple[float, float]) -> Iterator[Span]:
    for _ in range(_poisson(random, mean)):
        begins = start + random.random() * days * DAY
        kind = random.choice(("site down", "timeout", "connection", "blocked"))
        yield Span(kind, begins, begins + random.uniform(*hours) * HOUR)


def _breakages(random: Random, start: datetime, days: int) -> Iterator[Span]:
    """One after the other, each kind as often; each lasts until it is mended, which the simulation decides."""
    at, kinds = start + LEARNS + random.random() * _EACH / 2, random.sample(KINDS, len(KINDS))
    while at < start + days * DAY - ROOM:
        yield Span(kinds[0], at, datetime.max.replace(tzinfo=UTC))
        kinds = kinds[1:] + kinds[:1]
        at += random.uniform(0.5, 1.5) * _EACH


def _break_platforms(random: Random, sources: Sequence[SimulatedSource], start: datetime, days: int) -> None:
    """All sources of a platform change their listings in one day, once in a quarter."""
    for _ in range(round(days / 91)):
        at = start + LEARNS + random.random() * max(days * DAY - LEARNS - ROOM, DAY)
        reader = random.choice(sources).reader
        for source in sources:
            if source.reader == reader:
                begins = at + random.random() * 6 * HOUR
                source.breakages.append(Span(PLATFORM, begins, datetime.max.replace(tzinfo=UTC)))
                source.breakages.sort(key=lambda span: span.begins)
