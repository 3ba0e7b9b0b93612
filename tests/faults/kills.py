"""kill -9 at random moments: a fleet's days are crawled and published, and each process on the way is killed before it is let through.

    python -m tests.faults.kills [--times 500] [--seed 1]

After each kill the store and the feeds are looked at as they lie; at the end all that was told is held against what happened. Exits 1
where a record is lost, doubled or half-written, or a feed does not parse.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random

from crawler.entries import SourceEntry, load_entry
from crawler.options import CrawlOptions
from crawler.run import crawl_sources
from feeds.publishing import publish
from forcewire.demo.fleet import Fleet
from forcewire.demo.truth import Looks, Report, judge
from storage.database import open_store, reading
from storage.reads import changes
from storage.rules import RemovalRule
from tests.faults.whole import torn_feeds, torn_rows

_STEP = timedelta(hours=2)
_PUBLISHED_EVERY = 3  # rounds
_LONGEST = 60  # seconds that a process may take


@dataclass
class Killed:
    """What came of it. `torn`: what was found broken after a kill; `late_kills`: processes that had ended before they were hit."""

    kills: Counter[str] = field(default_factory=Counter)
    late_kills: int = 0
    torn: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    @property
    def unharmed(self) -> bool:
        return not self.torn and not self.failed and self.report.faultless

    def __str__(self) -> str:
        hit = ", ".join(f"{number} of {what}" for what, number in sorted(self.kills.items()))
        return "\n".join(
            [
                f"{self.kills.total()} kills ({hit}); {self.late_kills} more came after the end",
                *(f"torn: {line}" for line in self.torn),
                *(f"did not go on: {line}" for line in self.failed),
                str(self.report),
            ]
        )


def kill_at_random(times: int, seed: int, folder: Path, on_kill: Callable[[int], None] = lambda number: None) -> Killed:
    """A fleet long enough for so many kills. Each round is one crawl of all its forces, and at times a publication of all feeds."""
    random = Random(seed)
    fleet = Fleet(3, 1 + times * _STEP // timedelta(days=1), seed, busy=8, a_day=(1, 3), mishaps=False, habits=False)
    killed = Killed()
    with fleet.newsroom() as newsroom:
        entries = [load_entry(path) for path in newsroom.write_entries(folder / "sources")]
        processes = _Processes(folder, entries)
        for number in count():
            if killed.kills.total() >= times or newsroom.now + _STEP >= fleet.end:
                break
            newsroom.advance(fleet.start + (number + 1) * _STEP)
            for what in ("crawl", "publish") if number % _PUBLISHED_EVERY == 0 else ("crawl",):
                if processes.killed(what, newsroom.now, random):
                    killed.kills[what] += 1
                    on_kill(killed.kills.total())
                else:
                    killed.late_kills += 1
                killed.torn += [f"after kill {killed.kills.total()} ({what}): {line}" for line in _torn(folder)]
                if (said := processes.run(what, newsroom.now)) is not None:
                    killed.failed.append(f"{what} after kill {killed.kills.total()}: {said}")
        _settle(processes, newsroom.now, newsroom.advance)
        looks, until = Looks.of_log(newsroom.log, fleet.events), newsroom.now + timedelta(seconds=1)
    store = open_store(f"sqlite:///{folder / 'news.db'}")
    with reading(store) as conn:
        told = changes(conn, after_id=0)
    store.dispose()
    killed.report = judge(fleet.events, told, until=until, looks=looks)
    return killed


def _settle(processes: _Processes, now: datetime, advance: Callable[[datetime], object]) -> None:
    """A withdrawal is told at the second look, an hour after the first."""
    for number in (1, 2):
        advance(now + number * _STEP)
        for what in ("crawl", "publish"):
            assert (said := processes.run(what, now + number * _STEP)) is None, said


def _torn(folder: Path) -> Iterator[str]:
    yield from torn_rows(folder / "news.db")
    yield from torn_feeds(folder / "public")


class _Processes:
    """Crawls and publications, each in a process that is forked from one which has everything loaded and no thread."""

    def __init__(self, folder: Path, entries: list[SourceEntry]) -> None:
        self._folder, self._entries = folder, entries
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "feeds.build", "crawler.spiders.news"])
        self._took = {"crawl": 1.0, "publish": 0.5}

    def run(self, what: str, now: datetime) -> str | None:
        """One that is let through. Returns what went wrong, None for nothing."""
        began = time.monotonic()
        process = self._started(what, now)
        process.join(_LONGEST)
        if process.exitcode is None:
            process.kill()
            return f"still at work after {_LONGEST} s"
        self._took[what] = time.monotonic() - began
        return None if process.exitcode == 0 else f"exit code {process.exitcode}"

    def killed(self, what: str, now: datetime, random: Random) -> bool:
        """Whether it was still at work at a moment that is drawn from as long as the last one took."""
        process = self._started(what, now)
        process.join(random.uniform(0, self._took[what]))
        process.kill()
        process.join()
        return process.exitcode == -signal.SIGKILL

    def _started(self, what: str, now: datetime):  # type: ignore[no-untyped-def]
        work = _crawl if what == "crawl" else _publish
        process = self._context.Process(target=work, args=(self._folder, self._entries, now))
        process.start()
        return process


def _crawl(folder: Path, entries: list[SourceEntry], now: datetime) -> None:
    options = CrawlOptions(
        database_url=f"sqlite:///{folder / 'news.db'}",
        allow_loopback=True,
        delay=0,
        revisit="due",
        removal=RemovalRule(),
        clock=lambda: now,
    )
    summaries = crawl_sources(entries, options)
    bad = [f"{summary.source}: {summary.verdict}: {summary.reason}" for summary in summaries if summary.verdict != "ok"]
    if bad:
        print(*bad, sep="\n", file=sys.stderr, flush=True)
    os._exit(1 if bad else 0)


def _publish(folder: Path, _: list[SourceEntry], now: datetime) -> None:
    file = folder / "news.db"
    if file.exists():
        store = open_store(f"sqlite:///{file}")
        publish(store, folder / "public", base_url="https://news.example.org", now=now)
    os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    def said(number: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{number} of {args.times} ", end="", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        killed = kill_at_random(args.times, args.seed, Path(folder), said)
    print(killed)
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if killed.unharmed else 1


if __name__ == "__main__":
    sys.exit(main())
