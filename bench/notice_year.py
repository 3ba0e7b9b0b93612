"""The days of simulated sources, played against a store: their crawls, what breaks and is mended, and what health and alerts say of it."""

from __future__ import annotations

import heapq
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from sqlalchemy import Connection

from bench.notice_crawls import SourceCrawls, Uneventful
from bench.notice_sources import DAY, HOUR, START, SimulatedSource, Span, sources_of
from storage.alert_decisions import Event, decide
from storage.alerts import going_on, keep, lately_ended
from storage.database import open_store, writing
from storage.health import SourceHealth, health
from storage.incidents import incidents
from storage.states import State
from storage.unwell import seen

_GIVEN_UP = 40 * DAY  # somebody looks at last
LOOKED_AT = 2 * HOUR  # and after each crawl of a source that is broken
_CALM = 6 * HOUR  # after a fault it may take so long, and two good crawls, until a source counts as well
_REPAIR = (0.5, 2.0)  # days from the alert to the mended reader


@dataclass(slots=True)
class FalseAlarm:
    """A source that was well was said not to be."""

    source: str
    state: State
    at: datetime
    why: str
    gap: timedelta
    looks: int = 1


@dataclass(slots=True)
class Noticing:
    """What came of a year. `gaps`: by breakage the source's usual gap then."""

    seed: int
    sources: list[SimulatedSource]
    days: int
    breakages: list[tuple[SimulatedSource, Span]] = field(default_factory=list)
    false: list[FalseAlarm] = field(default_factory=list)
    false_alerts: list[str] = field(default_factory=list)
    in_outages: int = 0
    outages: int = 0
    crawls: int = 0

    def in_gaps(self, kind: str | None = None, *, told: bool = False) -> list[float]:
        """How long each breakage took. One that nobody noticed counts with the time until it was mended."""
        found = []
        for source, span in self.breakages:
            if kind in (None, span.kind):
                noticed = (span.told_at if told else span.noticed_at) or span.ends
                found.append((noticed - span.begins) / source.gap(span.begins))
        return sorted(found)


class Year:
    """Plays the sources' days against a store, hour by hour."""

    def __init__(
        self, number: int, days: int, seed: int, start: datetime = START, *, every: timedelta = LOOKED_AT
    ) -> None:
        self._every = every
        self.start, self.end = start, start + days * DAY
        self.sources = {source.id: source for source in sources_of(number, days, seed, start)}
        self._uneventful = Uneventful()
        self.crawls = {name: SourceCrawls(source, seed, self._uneventful) for name, source in self.sources.items()}
        self.result = Noticing(seed, list(self.sources.values()), days)
        self._random = Random(f"{seed}/mending")
        self._active: dict[str, Span] = {}
        self._calm_from = dict.fromkeys(self.sources, start)
        self._alarmed: dict[str, FalseAlarm] = {}
        self._hit: set[int] = set()

    def play(self, folder: Path) -> Noticing:
        """Everything from the start to the end."""
        store = open_store(f"sqlite:///{folder / 'notice.db'}")
        coming = [(self.start + timedelta(seconds=60 * n), name) for n, name in enumerate(self.sources)]
        now = self.start
        with writing(store) as conn:
            for crawls in self.crawls.values():
                crawls.register(conn, self.start)
        said = monotonic()
        while now < self.end:
            now += self._every
            with writing(store) as conn:
                while coming[0][0] < now:
                    at, name = heapq.heappop(coming)
                    heapq.heappush(coming, (self._crawl(conn, name, at), name))
                self._look(conn, now)
            if sys.stderr.isatty() and monotonic() - said > 1:
                said = monotonic()
                print(f"\r{now:%d %B %Y} ", end="", file=sys.stderr, flush=True)
        store.dispose()
        self.result.outages = sum(len(source.outages) for source in self.sources.values())
        self.result.in_outages = len(self._hit)
        return self.result

    def _crawl(self, conn: Connection, name: str, at: datetime) -> datetime:
        self._begin_and_end(conn, name, at)
        self.result.crawls += 1
        wrong = self._active.get(name) or self._outage(name, at)
        due = self.crawls[name].crawl(conn, at, wrong)
        span = self._active.get(name)
        if span is not None and None in (span.noticed_at, span.told_at) and self.crawls[name].good_since is None:
            self._look(conn, at)
        return due

    def _begin_and_end(self, conn: Connection, name: str, at: datetime) -> None:
        span = self._active.get(name)
        if span is not None and at >= span.ends:
            del self._active[name]
            self.crawls[name].mended(conn)
            self._calm_from[name] = at
        waiting = self.sources[name].breakages
        if name not in self._active and waiting and waiting[0].begins <= at:
            span = waiting.pop(0)
            if at - span.begins > DAY:  # it was broken otherwise when this one came
                return
            span.ends = min(span.begins + _GIVEN_UP, self.end)
            self._active[name] = span
            self.result.breakages.append((self.sources[name], span))

    def _outage(self, name: str, at: datetime) -> Span | None:
        return next((span for span in self.sources[name].outages if span.begins <= at < span.ends), None)

    def _is_well(self, name: str, at: datetime) -> bool:
        """Nothing is wrong, nor was it lately."""
        lately = any(span.begins <= at < span.ends + _CALM for span in self.sources[name].outages)
        begun = any(span.begins <= at for span in self.sources[name].breakages)
        good = self.crawls[name].good_since
        calm = self._calm_from[name]
        return not (lately or begun or name in self._active or good is None or at - max(good, calm) < _CALM)

    def _look(self, conn: Connection, at: datetime) -> None:
        self._uneventful.write(conn)
        found = health(conn, at)
        for each in found:
            name, span = each.source, self._active.get(each.source)
            if each.state is State.OK:
                self._alarmed.pop(name, None)
            elif span is not None:
                self._noticed(span, each.state, at)
            elif self._is_well(name, at):
                self._false(name, each.state, each.why, at)
            elif (outage := self._outage(name, at)) is not None:
                self._hit.add(id(outage))
        self._tell(conn, found, at)

    def _noticed(self, span: Span, state: State, at: datetime) -> None:
        if span.noticed_at is None and at >= span.begins:
            span.noticed_at, span.state = at, str(state)
            span.ends = min(at + self._random.uniform(*_REPAIR) * DAY, self.end)

    def _false(self, name: str, state: State, why: str, at: datetime) -> None:
        if (known := self._alarmed.get(name)) is not None:
            known.looks += 1
            return
        alarm = FalseAlarm(name, state, at, why, self.sources[name].gap(at))
        self._alarmed[name] = alarm
        self.result.false.append(alarm)

    def _tell(self, conn: Connection, sources: Sequence[SourceHealth], now: datetime) -> None:
        """Alerts, as operators would get them."""
        going = going_on(conn)
        found = seen(sources, incidents(conn, ended=False), (), now, told=[each.subject for each in going])
        steps = decide(found, going, lately_ended(conn, now), now)
        if steps:
            keep(conn, steps, ["test"], now)
        for step in steps:
            if step.event is Event.BEGAN:
                self._told(step.alert.subject, step.alert.sources or [step.alert.subject.partition(":")[2]], now)

    def _told(self, subject: str, names: Sequence[str], now: datetime) -> None:
        for name in names:
            span = self._active.get(name)
            if span is not None:
                span.told_at = span.told_at or now
            elif name in self.sources and self._is_well(name, now):
                self.result.false_alerts.append(f"{now:%Y-%m-%d %H:%M} {subject}")
