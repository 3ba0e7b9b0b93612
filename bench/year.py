"""A simulated year of many forces: what is found, how soon, and at what cost, beside polling at one fixed interval.

    python -m bench.year [--forces 50] [--days 365] [--seed 1]

Exits 1 where an event is missed, told twice or false, or where edits are not noticed in half the time that fixed-interval polling
takes with the same number of requests. See docs/change-detection.md for what is simulated and what is not.
"""

from __future__ import annotations

import argparse
import heapq
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

from bench.figures import Figure
from bench.fixed_polling import Event, FixedPolling, Noticed
from bench.simulated_crawl import Crawler
from bench.simulated_site import sites_of
from bench.simulated_visits import Traffic
from forcewire.demo.fleet import Fleet
from forcewire.demo.states import StoryLife, addresses, blind_spots, lives
from forcewire.demo.truth import Looks, Report, judge
from storage.database import open_store, reading
from storage.reads import StoredChange, changes
from storage.rules import Rules

_SAME_WITHIN = 0.02
_WRONG = ("missed", "doubled", "false", "wrong_fields")


@dataclass(slots=True)
class Year:
    """What came of it. `report` holds what was told against the truth; `ours` and `fixed` say when each event was noticed."""

    fleet: Fleet
    traffic: Traffic
    report: Report
    ours: Noticed
    fixed: Noticed
    page: timedelta
    listing: timedelta

    @property
    def common(self) -> list[Event]:
        """The events that both noticed, from the start on."""
        return [event for event in self.ours.at if event in self.fixed.at and event[3] >= self.fleet.start]


def play(forces: int, days: int, seed: int, folder: Path, *, jobs: int = 1, busy: float = 1.0) -> Year:
    """Plays the fleet's days, and has them polled at one fixed interval as well. `jobs` processes share the platforms; each has
    a store of its own.
    """
    fleet, watch = Fleet(forces, days, seed, busy=busy, habits=False), Rules().revisit.watch
    groups = _groups(fleet, jobs)
    if len(groups) == 1:
        parts = [_play(fleet, groups[0], folder)]
    else:
        with ProcessPoolExecutor(len(groups)) as pool:
            parts = list(pool.map(_play, [fleet] * len(groups), groups, [folder] * len(groups)))
    traffic, report, ours = Traffic(), Report(), Noticed()
    for own_traffic, own_report, own in parts:
        traffic.join(own_traffic)
        _join(report, own_report)
        ours.at |= own.at
    ours.requests = traffic.requests
    listing = timedelta(days=days) * forces / traffic.listings
    spots = blind_spots(fleet.events)
    polling = FixedPolling(lives(fleet.events), spots, fleet.start, fleet.end, listing, watch or timedelta(days=days))
    page, fixed = polling.tuned(traffic.requests)
    return Year(fleet, traffic, report, ours, fixed, page, listing)


def _groups(fleet: Fleet, jobs: int) -> list[set[str]]:
    """The ids of the sites, shared out by platform: what befalls one is told by its sources together."""
    kinds: dict[str, set[str]] = {}
    for site in fleet.sites:
        kinds.setdefault(site.kind, set()).add(site.id)
    groups: list[set[str]] = [set() for _ in range(max(1, min(jobs, len(kinds))))]
    for kind in sorted(kinds.values(), key=lambda ids: -sum(fleet.rates[each] for each in ids)):
        min(groups, key=lambda group: sum(fleet.rates[each] for each in group)).update(kind)
    return groups


def _play(fleet: Fleet, group: set[str], folder: Path) -> tuple[Traffic, Report, Noticed]:
    rows = [row for row in fleet.events if row.site in group]
    traffic, random = Traffic(), Random(fleet.seed)
    store = open_store(f"sqlite:///{folder / min(group)}.db")
    sites = sites_of([site for site in fleet.sites if site.id in group], rows, fleet.seed)
    crawlers = [Crawler(site, store, traffic, Rules()) for site in sites]
    coming = []
    for number, crawler in enumerate(crawlers):
        crawler.register(fleet.start)
        coming.append((fleet.start + timedelta(seconds=random.uniform(0, 900)), number))
    heapq.heapify(coming)
    said = time.monotonic()
    while coming[0][0] < fleet.end:
        at, number = heapq.heappop(coming)
        heapq.heappush(coming, (crawlers[number].crawl(at), number))
        if sys.stderr.isatty() and time.monotonic() - said > 1:
            said = time.monotonic()
            print(f"\r{at:%d %B %Y}  {traffic.requests:,} requests ", end="", file=sys.stderr, flush=True)
    with reading(store) as conn:
        told = changes(conn)
    store.dispose()
    report = judge(rows, told, until=fleet.end, looks=Looks(traffic.listing_looks, traffic.looks))
    traffic.forget()
    return traffic, report, _noticed(told, lives(rows))


def _join(report: Report, other: Report) -> None:
    report.found.update(other.found)
    report.folded += other.folded
    report.minor += other.minor
    for name in _WRONG:
        getattr(report, name).extend(getattr(other, name))


def _noticed(told: Sequence[StoredChange], stories: dict[tuple[str, str], StoryLife]) -> Noticed:
    """A crawl sees what is so at its moment: the event is the latest one by then."""
    found, known = Noticed(), addresses(stories)
    for change in told:
        path = "/" + change.url.split("/", 3)[3]
        key = known.get((change.source, path))
        if key is None or change.minor or change.change not in ("new", "edited", "removed"):
            continue
        story = stories[key]
        points = story.texts if change.change == "edited" else story.there
        point = story.there[0] if change.change == "new" else [p for p in points if p.since <= change.at][-1]
        found.at.setdefault((change.change, *key, point.since), change.at)
    return found


def figures(year: Year) -> list[Figure]:
    """The figures with their bounds."""
    report, traffic, common = year.report, year.traffic, year.common
    days = (year.fleet.end - year.fleet.start) / timedelta(days=1)
    rows = [Figure(f"events found: {what}", count) for what, count in sorted(report.found.items())]
    rows += [Figure(f"events {n}".replace("_", " "), len(getattr(report, n)), bound=0, most=True) for n in _WRONG]
    rows += [
        Figure("requests a day", traffic.requests / days, note=f" {traffic.listings / days:.0f} of them for listings"),
        Figure("of fixed-interval polling", year.fixed.requests / days),
        Figure("  apart by", abs(year.fixed.requests / traffic.requests - 1) * 100, "%", _SAME_WITHIN * 100, most=True),
        Figure("bytes a day", traffic.bytes / days / 1e6, "MB"),
        Figure("fixed: a listing every", year.listing / timedelta(minutes=1), "min"),
        Figure("fixed: a page every", year.page / timedelta(hours=1), "h"),
    ]
    for what in ("new", "edited", "removed"):
        ours, fixed = year.ours.delays(what, common), year.fixed.delays(what, common)
        if not ours:
            continue
        for name, share in (("median", 0.5), ("90 %", 0.9)):
            rows.append(Figure(f"{what}: {name} time to notice, of {len(ours)}", _minutes(ours, share), "min"))
            rows.append(Figure(f"{what}: {name}, fixed-interval polling", _minutes(fixed, share), "min"))
    edits = year.ours.delays("edited", common), year.fixed.delays("edited", common)
    if edits[0]:
        share = _minutes(edits[0], 0.5) / _minutes(edits[1], 0.5)
        rows.append(Figure("edited: median, share of fixed-interval polling's", share, "", 0.5, most=True))
    return rows


def _minutes(delays: Sequence[timedelta], share: float) -> float:
    if share == 0.5:
        return median(delay / timedelta(minutes=1) for delay in delays)
    return delays[min(int(share * len(delays)), len(delays) - 1)] / timedelta(minutes=1)


def _cpu() -> float:
    """Seconds of processor time, of this process and those that it started."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.year", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--forces", type=int, default=50)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    options = parser.parse_args(arguments)
    if not 1 <= options.forces <= 91 or not 7 <= options.days <= 3650:
        parser.error("1 to 91 forces, 7 to 3650 days")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        year = play(options.forces, options.days, options.seed, Path(folder), jobs=options.jobs)
    print(f"{options.forces} forces, {options.days} days, seed {options.seed}: {year.traffic.crawls:,} crawls,"
          f" {year.traffic.run:,} of them run in full; {time.monotonic() - started:.0f} s, {_cpu():.0f} s CPU")  # fmt: skip
    rows = figures(year)
    for row in rows:
        print(row.row())
    for name in _WRONG:
        for case in getattr(year.report, name)[:20]:
            print(f"{name}: {case}")
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
