"""The crawls of a simulated site on the store's own functions, without HTTP.

A crawl takes no time, and is one transaction. Where its listing and all pages that are due answer 304 (or, from a site without
validators, with the words of the last time), it would write nothing but when they were looked at: such a crawl is not run. What
is due then is told by the store's own rule from what was read of the store after the last crawl that was run, and the
looks are written before the next one; that the store finds the same pages due is checked there.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from bench.simulated_site import READER_VERSION, Reply, SimulatedSite
from bench.simulated_visits import LISTING, NOT_MODIFIED, Traffic, Visits
from storage import pages
from storage.answers import not_modified_at
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import writing
from storage.plans import make_plan, plan_is_old, plan_of
from storage.records import Fetched
from storage.revisits import Plan, Rhythm, news_at, next_crawl_at, next_look, rhythm_of, while_watched
from storage.rules import Rules
from storage.tables import ARTICLE, PAGE

_DAY = timedelta(days=1)
_RHYTHM_DAYS = 28
_WATCHED = (
    sa.select(
        PAGE.c.url, PAGE.c.etag, PAGE.c.due_at, PAGE.c.gone_answers, ARTICLE.c.published_at, ARTICLE.c.first_seen_at,
        ARTICLE.c.changed_at, ARTICLE.c.removed_at,
    )
    .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"))
)  # fmt: skip
_THESE = _WATCHED.where(PAGE.c.url.in_(sa.bindparam("urls", expanding=True)))
_OWED = sa.select(sa.func.count(), sa.func.count(PAGE.c.next_at), sa.func.min(PAGE.c.next_at)).where(
    PAGE.c.source_id == sa.bindparam("source"), PAGE.c.article_id.is_(None), PAGE.c.role == "article"
)


@dataclass(slots=True)
class Watched:
    """A stored article's page, as the store has it but for looks that are not written yet."""

    etag: str | None
    due_at: datetime | None
    news_at: datetime
    changed_at: datetime
    away: bool


class Crawler:
    """Crawls one site again and again."""

    def __init__(self, site: SimulatedSite, store: Engine, traffic: Traffic, rules: Rules) -> None:
        self.site, self._store, self._traffic, self._rules = site, store, traffic, rules
        self._source = site.site.id
        self._listed: str | None = None
        self._watched: dict[str, Watched] = {}
        self._coming: list[tuple[datetime, str]] = []
        self._owed_at: datetime | None = None
        self._unwritten: dict[str, datetime] = {}
        self._keys: dict[str, str | None] = {}
        self._plan, self._planned_at = Plan(), datetime.min.replace(tzinfo=site.rows[0].at.tzinfo)
        self._rhythm = Rhythm((1 / 24,) * 24)

    def register(self, now: datetime) -> None:
        site = self.site
        with writing(self._store) as conn:
            register_source(
                conn, id=self._source, name=site.site.force, force=site.site.force, area=site.site.area, language="en",
                reader=site.reader, home_url=site.listing_url, now=now,
            )  # fmt: skip

    def crawl(self, now: datetime) -> datetime:
        """Crawls at this moment; returns when to crawl again."""
        self._traffic.crawls += 1
        self.site.advance(now)
        due = self._due(now)
        shown = self.site.listing_key()
        quiet = shown == self._listed and not self.site.is_down and now - self._planned_at < _DAY
        if not quiet or len(due) > self._rules.revisit.budget or (self._owed_at is not None and self._owed_at <= now):
            self._run(now, due, {})
        else:
            answered = {url: self._traffic.ask(self.site, url, self._watched[url].etag, now) for url in due}
            if all(self._is_as_it_was(url, reply) for url, reply in answered.items()):
                self._traffic.listing(self._source, NOT_MODIFIED if self.site.validators else LISTING, now)
                self._note(due, now)
            else:
                self._run(now, due, answered)
        return next_crawl_at(self._rhythm, now, self._next_due())

    def _due(self, now: datetime) -> set[str]:
        due = set()
        while self._coming and self._coming[0][0] <= now:
            at, url = heapq.heappop(self._coming)
            page = self._watched[url]
            if page.due_at == at and (page.away or while_watched(now, page.changed_at, self._plan)):
                due.add(url)
        return due

    def _next_due(self) -> datetime | None:
        while self._coming and self._watched[self._coming[0][1]].due_at != self._coming[0][0]:
            heapq.heappop(self._coming)
        moments = [self._coming[0][0]] if self._coming else []
        return min([*moments, self._owed_at] if self._owed_at is not None else moments, default=None)

    def _is_as_it_was(self, url: str, reply: Reply) -> bool:
        if reply.status != 200:
            return reply.status == 304
        return reply.key == self._keys.get(url) and not self._watched[url].away

    def _note(self, due: Collection[str], now: datetime) -> None:
        for url in due:
            page = self._watched[url]
            page.due_at = next_look(page.news_at, page.changed_at, now, self._plan)
            self._unwritten[url] = now
            if page.due_at is not None:
                heapq.heappush(self._coming, (page.due_at, url))

    def _run(self, now: datetime, due: set[str], answered: dict[str, Reply]) -> None:
        self._traffic.run += 1
        with writing(self._store) as conn:
            crawl = start_crawl(
                conn, self._source, reader=self.site.reader, reader_version=READER_VERSION, now=now, pid=os.getpid(),
                host="here",
            )  # fmt: skip
            not_modified_at(conn, self._source, self._unwritten)
            self._unwritten.clear()
            touched, reason = self._steps(conn, crawl, now, due, answered)
            verdict = "ok" if reason is None else "failed"
            finish_crawl(conn, crawl, verdict=verdict, reason=reason, counts=Counts(), now=now)
            self._look(conn, touched, now)

    def _steps(
        self, conn: Connection, crawl: int, now: datetime, due: set[str], answered: dict[str, Reply]
    ) -> tuple[set[str] | None, str | None]:
        """Which pages' rows may have changed (None: any), and why the crawl failed, if it did."""
        source, rules = self._source, self._rules
        if self.site.is_down:
            self._traffic.requests += 1
            return due, "no listing works"
        shown: set[str] | None = self._walk(conn, now)
        same = not shown
        if plan_is_old(conn, source, rules.revisit, now):
            self._plan, self._planned_at, same = make_plan(conn, source, rules.revisit, now), now, False
            shown = None
            since = now - timedelta(days=_RHYTHM_DAYS)
            seen = [story.published for story in self.site.stories.values() if story.published >= since]
            self._rhythm = rhythm_of(seen, _RHYTHM_DAYS)
        new = [link.url for link in pages.pending(conn, source, limit=1_000_000, now=now)]
        to_visit = pages.due(conn, source, now=now, everything=False, limit=rules.revisit.budget)
        if same and len(to_visit) < rules.revisit.budget // 5:
            assert set(to_visit) == due, (source, now, set(to_visit) ^ due)
        visits = Visits(self.site, self._traffic, rules, conn, crawl, now, answered, self._keys)
        reason = visits.run(new, to_visit, {url: page.etag for url, page in self._watched.items()})
        if visits.touched is None or shown is None:
            return None, reason
        return visits.touched | shown | due, reason

    def _walk(self, conn: Connection, now: datetime) -> set[str]:
        """The links of a listing that shows anything else than before; none of another."""
        site, source = self.site, self._source
        shown, etag = site.listing_key(), site.listing_etag()
        known = pages.validators(conn, source, site.listing_url, reader=site.reader, reader_version=READER_VERSION)
        if known is not None and known.etag == etag:
            self._traffic.listing(source, NOT_MODIFIED, now)
            return set()
        self._traffic.listing(source, LISTING, now)
        if shown == self._listed:
            return set()
        links = site.links() if self._listed is not None else site.everything()
        answer = Fetched(url=site.listing_url, at=now, etag=etag, reader=site.reader, reader_version=READER_VERSION)
        pages.remember_listing(conn, source, links, answer, more=False, first=True, now=now)
        urls = {link.url for link in links}
        pages.close_walk(conn, source, shown=urls)
        self._listed = shown
        return urls

    def _look(self, conn: Connection, touched: set[str] | None, now: datetime) -> None:
        """Reads from the store what it has of these pages now."""
        these: dict[str, Any] = {"source": self._source}
        query = _WATCHED if touched is None else _THESE
        if touched is not None:
            these["urls"] = sorted(touched)
        for row in conn.execute(query, these):
            news = news_at(row.published_at, row.first_seen_at, row.changed_at)
            # A removed article is asked for in full: a 304 could not tell that it is back.
            etag = row.etag if row.removed_at is None else None
            self._watched[row.url] = Watched(etag, row.due_at, news, row.changed_at, row.gone_answers > 0)
            if row.due_at is not None:
                heapq.heappush(self._coming, (row.due_at, row.url))
        count, waiting, soonest = conn.execute(_OWED, {"source": self._source}).one()
        self._owed_at = now if count > waiting else soonest
        self._plan = plan_of(conn, self._source)
