"""A fleet's time played over loopback: crawled as the service would, by the newsroom's clock, and held against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crawler.entries import load_entry
from crawler.run import CrawlOptions, crawl_sources
from forcewire.demo.fleet import Fleet
from forcewire.demo.truth import Looks, Report, judge
from storage.database import open_store, reading
from storage.incidents import StoredIncident, incidents
from storage.reads import StoredChange, changes
from storage.rules import RemovalRule


@dataclass
class Played:
    """What came of it."""

    report: Report
    changes: list[StoredChange]
    incidents: list[StoredIncident]
    verdicts: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def __str__(self) -> str:
        return f"{self.requests} requests, {dict(self.verdicts)}, {len(self.incidents)} incidents; {self.report}"


def play(
    fleet: Fleet,
    folder: Path,
    *,
    every: timedelta = timedelta(hours=6),
    after: Callable[[datetime], None] = lambda at: None,
) -> Played:
    """Crawl all forces at the fleet's start and every so often until its end, each article when it is due. `after` is called
    after each round: the store is folder/news.db.
    """
    newsroom, url = fleet.newsroom(), f"sqlite:///{folder / 'news.db'}"
    verdicts: Counter[str] = Counter()
    with newsroom:
        entries = [load_entry(path) for path in newsroom.write_entries(folder / "sources")]
        options = CrawlOptions(
            database_url=url,
            allow_loopback=True,
            delay=0,
            revisit="due",
            removal=RemovalRule(),
            clock=lambda: newsroom.now,
        )
        at = fleet.start
        while at < fleet.end:
            newsroom.advance(at)
            verdicts.update(summary.verdict for summary in crawl_sources(entries, options))
            after(at)
            at += every
    store = open_store(url)
    with reading(store) as conn:
        told, known = changes(conn, after_id=0), incidents(conn)
    store.dispose()
    until = newsroom.now + timedelta(seconds=1)
    report = judge(fleet.events, told, until=until, looks=Looks.of_log(newsroom.log, fleet.events))
    return Played(report, told, known, verdicts, newsroom.log.total)
