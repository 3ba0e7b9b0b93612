"""One crawl of one source: its row in the store, its counts, its issues and, at the end, its verdict."""

from __future__ import annotations

import dataclasses
import logging
import os
import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from crawler.batch import Batch
from crawler.checks import ENOUGH, FILL_FIELDS, BadItem, Findings, Verdict, check_record, judge
from crawler.closing import close
from crawler.entries import SourceEntry
from crawler.failures import StopCrawl, trouble_of
from crawler.items import ArticleItem
from crawler.meaning import describe
from crawler.options import CrawlEvent, CrawlOptions, CrawlSummary, OnEvent
from crawler.planning import planned_as
from crawler.readers.base import Reader
from storage import crawls, kept_pages, pages
from storage.articles import Outcome
from storage.database import StoreError, reading, writing
from storage.owners import LEASE
from storage.records import Served
from storage.rules import RemovalRule
from storage.schedule import renew, this_process

_log = logging.getLogger(__name__)
_COUNTED = {Outcome.NEW: "new", Outcome.EDITED: "edited", Outcome.RESTORED: "restored"}
_RENEWED_EVERY = LEASE / 5
_CLOCK_SLACK = timedelta(minutes=1)
_MOST_ISSUES = 50  # of one kind; the rest of a site that broke is told as a number


def removal_rule(entry: SourceEntry, options: CrawlOptions) -> RemovalRule:
    """The rule of a source: on this machine nobody has to wait an hour to see what a withdrawal does."""
    rule = options.rules.removal
    return options.removal or (dataclasses.replace(rule, after=timedelta(0)) if entry.loopback else rule)


class Crawl:
    """Whatever the spider and the pipelines find out goes through here."""

    def __init__(
        self, entry: SourceEntry, reader: Reader, store: Engine, options: CrawlOptions, on_event: OnEvent | None
    ) -> None:
        self.entry = entry
        self.found = Findings()
        self.counts = crawls.Counts()
        self.issues: list[str] = []
        self.expected: int | None = None
        self.verdict: Verdict | None = None
        self.batch: Batch
        self._reader = reader
        self.store = store
        self.options = options
        self._on_event = on_event
        self._started = time.monotonic()
        self._id: int | None = None
        self.started_at = self._renewed_at = self.now()
        self._kinds: Counter[str] = Counter()
        self.read: set[str] = set()
        self.dates: dict[str, datetime | None] = {}
        self.dated_before: dict[str, datetime] = {}
        self._keeps_pages = options.rules.retention.keep_pages != timedelta(0)
        self.held: dict[str, ArticleItem] = {}
        self.witnesses: int | None = None

    def now(self) -> datetime:
        """The clock of the crawl."""
        return self.options.clock() if self.options.clock is not None else datetime.now(UTC)

    @property
    def removal_rule(self) -> RemovalRule:
        """When an article of this source counts as removed."""
        return removal_rule(self.entry, self.options)

    def begin(self) -> None:
        """Raises `crawls.CrawlRunning` when another one is at work on the source, and `StoreError`."""
        entry, now = self.entry, self.now()
        with writing(self.store) as conn:
            self._register(conn)
            self.started_at = self._renewed_at = now
            self._id = crawls.start_crawl(
                conn,
                entry.id,
                reader=self._reader.name,
                reader_version=self._reader.version,
                entry=entry.digest,
                now=now,
                pid=os.getpid(),
                host=socket.gethostname(),
                planned=planned_as(entry, self.options.sites.get(entry.id) or min(entry.host_names)),
                lent_by=self.options.claimed_by,
            )
        self.batch = Batch(
            self.store, entry.id, self._id, clock=self.now, on_written=self._written, on_error=self.broke
        )
        self._check_clock(now)
        self.tell("start")

    def _register(self, conn: Connection) -> None:
        entry = self.entry
        crawls.register_source(
            conn,
            id=entry.id,
            name=entry.name,
            force=entry.force,
            area=entry.area,
            region=entry.region,
            language=entry.language,
            reader=entry.reader,
            home_url=entry.listing[0].url,
            now=self.now(),
        )

    def _check_clock(self, now: datetime) -> None:
        """A clock that was set back makes every span of time a guess: nothing is removed then, and a person is told."""
        with reading(self.store) as conn:
            ended = crawls.last_crawl_ended_at(conn, self.number)
        if ended is not None and ended > now + _CLOCK_SLACK:
            with writing(self.store) as conn:
                crawls.clock_was_set_back(conn, self.entry.id, now)
            self.issue(
                "clock",
                f"the last crawl ended at {ended:%Y-%m-%d %H:%M} UTC, which is still to come: is the clock right?",
            )

    def tell(self, what: str, message: str = "") -> None:
        """Tells whoever listens, and other machines that this crawl lives."""
        if what in ("listing", "page"):
            self._renew()
        if self._on_event is not None:
            counts = dataclasses.replace(self.counts)
            self._on_event(
                CrawlEvent(source=self.entry.id, what=what, counts=counts, expected=self.expected, message=message)  # type: ignore[arg-type]
            )

    def _renew(self) -> None:
        now = self.now()
        if now - self._renewed_at >= _RENEWED_EVERY:
            self._renewed_at = now
            self.batch.later(lambda conn: renew(conn, [self.entry.id], now, this_process()))

    def issue(self, kind: str, message: str, url: str | None = None, *, trouble: bool = True) -> None:
        """Something that a person should see. `trouble`: the crawl cannot be called ok any more."""
        self._kinds[kind] += 1
        if trouble and self.found.trouble is None:
            self.found.trouble, self.found.trouble_class = message, trouble_of(kind)
        if self._kinds[kind] <= _MOST_ISSUES:
            self._write_issue(kind, message, url)

    def _write_issue(self, kind: str, message: str, url: str | None) -> None:
        self.issues.append(f"{kind}: {message}")
        source, crawl, now = self.entry.id, self._id, self.now()
        self.batch.later(
            lambda conn: crawls.add_issue(
                conn, source_id=source, crawl_id=crawl, kind=kind, message=message, url=url, now=now
            )
        )

    def keep(self, item: ArticleItem) -> None:
        """Stores an article, or notes why it cannot be stored."""
        record = item.record
        if not self._keeps_pages:
            item.page = None
        try:
            odd = check_record(record, self.entry, self.now())
        except BadItem as error:
            self.page_failed(item.fetched.url, "bad item", str(error), item.fetched.status, page=item.page)
            return
        if odd:
            self.issue("future date", odd, record.url, trouble=False)
        if not item.confirmed:  # its first look was counted
            self.found.count_filled({name: getattr(record, name) for name in FILL_FIELDS})
        if len(self.read) < ENOUGH:
            self.read.add(record.url)
        self.dates[item.fetched.url] = None if record.published_from == "listing" else record.published_at
        describe(record)
        self.batch.article(item)
        self.tell("page")

    def page_failed(self, url: str, kind: str, message: str, status: int | None, *, page: Served | None = None) -> None:
        """An article page that could not be fetched or read: it stays pending, and is asked for again. `page`: what was served."""
        self.counts.failed += 1
        self.found.failed += 1
        self.found.failures[trouble_of(kind, status)] += 1
        self.issue(kind, message, url, trouble=False)
        source, now = self.entry.id, self.now()
        self.batch.later(lambda conn: pages.failed(conn, source, url, message, status, now))
        self._keep_unread(url, page, message)
        self.tell("page")

    def page_rejected(self, url: str, reason: str, *, page: Served | None = None) -> None:
        """A page that could be read and is no article."""
        source, now = self.entry.id, self.now()
        self.batch.later(lambda conn: pages.rejected(conn, source, url, reason, now))
        self._keep_unread(url, page, reason)
        self.tell("page")

    def _keep_unread(self, url: str, page: Served | None, error: str) -> None:
        if page is not None and self._keeps_pages:
            source, now = self.entry.id, self.now()
            self.batch.later(lambda conn: kept_pages.keep_unread(conn, source, url, page, error, now))

    def page_gone(self, url: str, status: int, *, again: bool = False) -> None:
        """A page says that it went away. `again`: for the second time in this crawl, which counts only under a rule that
        does not wait: a site's bad minute is one answer, however often it is asked.
        """
        source, now = self.entry.id, self.now()
        counts = not again or not self.removal_rule.after
        self.batch.later(lambda conn: pages.gone(conn, source, url, status, now, counts=counts))
        self.tell("page")

    def page_not_modified(self, url: str) -> None:
        """The page of a stored article answered 304."""
        self.counts.not_modified += 1
        self.batch.not_modified(url)
        self.tell("page")

    def stopped(self, stop: StopCrawl) -> None:
        """The crawl asks for nothing more. The first reason is the one that is told."""
        if self.found.stop is not None:
            return
        self.found.stop = stop
        try:
            self.issue(stop.kind, stop.reason)
        except StoreError as error:
            self.store_failed(error)

    def broke(self, error: Exception) -> None:
        """The outermost edge: the store takes nothing more, or a fault of ours, which must never be a silent one."""
        if isinstance(error, StoreError):
            self.store_failed(error)
        else:
            _log.info("the crawl of %s broke off", self.entry.id, exc_info=error)
            self.stopped(StopCrawl("failed", "internal error", f"{type(error).__name__}: {error}"))

    def refused(self, reason: str) -> None:
        """The crawl may not begin: it has no row, and asks for nothing. `reason`: with or without the source's id before it."""
        reason = reason.removeprefix(f"{self.entry.id}: ")  # whoever shows a verdict or an issue names the source
        self.verdict = Verdict("failed", reason)
        self.issues.append(f"already running: {reason}")
        with suppress(StoreError), writing(self.store) as conn:
            self._register(conn)  # it may be its first crawl
            crawls.add_issue(
                conn, source_id=self.entry.id, crawl_id=None, kind="already running", message=reason, now=self.now()
            )
        self.tell("done", str(self.verdict))

    def store_failed(self, error: StoreError) -> None:
        """The store takes nothing more: what is committed stays, and no issue can be written."""
        if self.found.stop is None:
            self.issues.append(f"store: {error}")
        self.found.stop = StopCrawl("failed", "store", str(error))

    def _written(self, outcomes: list[tuple[ArticleItem, Outcome]]) -> None:
        for item, outcome in outcomes:
            url = item.fetched.url
            if outcome is Outcome.HELD:
                self.held[url] = item
                continue
            if outcome is Outcome.FOREIGN:
                self.found.unsettled += 1
                self.issue("wrong page", f"shows another stored story, which is no edit: {url}", url, trouble=False)
            name = _COUNTED.get(outcome, "unchanged")
            setattr(self.counts, name, getattr(self.counts, name) + 1)

    def finish(self, *, requests: int, received: int) -> None:
        """Writes what is left, decides what is removed, and gives the verdict. Raises nothing."""
        if self._id is None:
            self.verdict = self.verdict or judge(self.entry, self.found)
            return
        self.counts.requests = self.found.requests = requests
        self.counts.bytes = received
        try:
            for kind, number in self._kinds.items():
                if number > _MOST_ISSUES:
                    self._write_issue(kind, f"and {number - _MOST_ISSUES} more of this kind", None)
            self.verdict = close(self)
        except Exception as error:  # noqa: BLE001  the outermost edge: there is a verdict whatever happens
            self.broke(error)
            self.verdict = judge(self.entry, self.found)
        self.tell("done", str(self.verdict))

    @property
    def number(self) -> int:
        """Its id in the store."""
        assert self._id is not None, "the crawl has begun"
        return self._id

    def summary(self) -> CrawlSummary:
        """What the crawl came to."""
        verdict = self.verdict or Verdict("failed", "ended before it began")
        return CrawlSummary(
            source=self.entry.id,
            verdict=verdict.verdict,
            reason=verdict.reason,
            counts=self.counts,
            seconds=time.monotonic() - self._started,
            issues=self.issues,
            trouble=verdict.trouble,
        )
