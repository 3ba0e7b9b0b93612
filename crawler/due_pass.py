"""One pass over what is due: for cron, beside a service and other passes on the same store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from crawler.checks import STOPPED
from crawler.entries import SourceEntry
from crawler.options import CrawlEvent, CrawlOptions, CrawlSummary, OnEvent, check_options
from crawler.planning import planned, sites_of
from crawler.run import crawl_sources
from storage.database import open_store, reading, writing
from storage.owners import LEASE
from storage.schedule import Claim, Owner, Upcoming, claim, plan, release, renew, this_process, upcoming

_ALL = 1_000_000


@dataclass(slots=True)
class Pass:
    """What came of it. `interrupted`: a signal ended it, with claims that were given back. `next_up`: who is due next."""

    summaries: list[CrawlSummary] = field(default_factory=list)
    interrupted: bool = False
    next_up: Upcoming | None = None


def crawl_due(
    entries: Mapping[str, SourceEntry],
    wanted: Collection[SourceEntry],
    options: CrawlOptions,
    *,
    most: int | None = None,
    on_event: OnEvent | None = None,
) -> Pass:
    """Makes the schedule one of all `entries`, then claims and crawls what is due of those `wanted`, `most` sources at most, each
    once. One that is wanted and is not among `entries` is never due.

    Raises as `crawl_sources`.
    """
    check_options(list(wanted), options)
    among = {entry.id for entry in wanted} & set(entries)
    store = open_store(options.database_url)
    try:
        return _Passing(store, entries, options, on_event).run(among, _ALL if most is None else most)
    finally:
        store.dispose()


def nothing_due(next_up: Upcoming | None, now: datetime) -> str:
    """What a person is told when there was nothing to crawl."""
    if next_up is None:
        return "nothing is due, and nothing is next: what there is is being crawled, or is not to be crawled"
    if next_up.due_at <= now:
        return f"nothing is due but what waits for another source of its site: {next_up.source_id}"
    day = "" if next_up.due_at.date() == now.date() else f" on {next_up.due_at:%Y-%m-%d}"
    return f"nothing is due; next is {next_up.source_id} at {next_up.due_at:%H:%M} UTC{day}"


class _Passing:
    def __init__(
        self, store: Engine, entries: Mapping[str, SourceEntry], options: CrawlOptions, on_event: OnEvent | None
    ) -> None:
        self._store = store
        self._entries = entries
        self._owner: Owner = this_process()
        self._options = replace(options, claimed_by=self._owner, sites=options.sites or sites_of(entries.values()))
        self._on_event = on_event
        self._held: set[str] = set()
        self._renewed_at = self._now()

    def _now(self) -> datetime:
        return self._options.clock() if self._options.clock is not None else datetime.now(UTC)

    def run(self, among: Collection[str], most: int) -> Pass:
        """Claims again after each round: of two sources of a site one waits for the other."""
        done = Pass()
        waiting = set(among)
        with writing(self._store) as conn:
            plan(conn, planned(self._entries.values()), self._now())
        while most > len(done.summaries) and not done.interrupted and (claims := self._claim(waiting, most, done)):
            found = self._crawl(claims)
            done.summaries += found
            done.interrupted = len(found) < len(claims) or any(summary.reason == STOPPED for summary in found)
            waiting.difference_update(each.source_id for each in claims)
        with reading(self._store) as conn:
            due = (each for each in upcoming(conn) if each.source_id in among and each.claimed_at is None)
            done.next_up = next(due, None)
        return done

    def _claim(self, waiting: set[str], most: int, done: Pass) -> list[Claim]:
        with writing(self._store) as conn:
            limit = most - len(done.summaries)
            return claim(conn, self._now(), limit=limit, owner=self._owner, among=waiting)

    def _crawl(self, claims: list[Claim]) -> list[CrawlSummary]:
        self._held = {each.source_id for each in claims}
        self._renewed_at = self._now()
        begun: set[str] = set()
        try:
            found = crawl_sources([self._entries[each] for each in sorted(self._held)], self._options, self._tell)
            begun = {summary.source for summary in found}
            return found
        finally:
            # What ended by itself is no longer ours: this is for what was refused, or not begun.
            with writing(self._store) as conn:
                now = self._now()
                release(conn, begun, now, self._owner, due_again=True)
                release(conn, self._held - begun, now, self._owner, due_again=False)

    def _tell(self, event: CrawlEvent) -> None:
        """Those that wait for their turn are shown to be ours; a crawl that has begun does so itself."""
        now = self._now()
        if now - self._renewed_at >= LEASE / 5:
            self._renewed_at = now
            with writing(self._store) as conn:
                renew(conn, self._held, now, self._owner)
        if self._on_event is not None:
            self._on_event(event)
