"""The crawls of a simulated source: what each would find, judged by the crawler's own rule and written to the store as it writes.

No page is fetched. Stories are stored by the store's own function, pages that cannot be read wait in it as they do; how many stored
articles a crawl looks at again is drawn from the ages at which they are due.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Connection

from bench.notice_sources import DAY, PLATFORM, SimulatedSource, Span
from bench.notice_stories import Stories
from crawler.checks import ENOUGH, FILL_FIELDS, Findings, Verdict, judge
from crawler.failures import StopCrawl
from storage import pages
from storage.busy_hours import QuietHours, quiet_hours
from storage.crawls import register_source
from storage.good_crawls import is_good
from storage.incidents import end_incidents, note_incident
from storage.known import latest_articles
from storage.pacing import Ended, Ending, due_after, share_of
from storage.records import Fetched, Link, Precision, Record
from storage.revisits import Plan, next_look
from storage.tables import CRAWL
from storage.troubles import OURS, Trouble

_STOPS: Mapping[str, Trouble] = {
    "redesign of listings": Trouble.PAGE_CHANGED, PLATFORM: Trouble.PAGE_CHANGED, "listing empty": Trouble.LISTING_EMPTY,
    "wall": Trouble.BLOCKED, "dns": Trouble.DNS, "robots": Trouble.ROBOTS,
    "site down": Trouble.SITE_DOWN, "timeout": Trouble.TIMEOUT, "connection": Trouble.CONNECTION, "blocked": Trouble.BLOCKED,
}  # fmt: skip
_ODD_LISTING, _ODD = 0.002, 0.012  # of all crawls that nothing is wrong with one gets no listing, or a page that fails
_SHOWN = 20
_PLAN = Plan()


_OK = Verdict("ok", None)


class Uneventful:
    """Rows of crawls that are written together, before anything that comes after them."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def append(self, row: dict[str, Any]) -> None:
        """One more."""
        self._rows.append(row)

    def write(self, conn: Connection) -> None:
        """All of them."""
        if self._rows:
            conn.execute(CRAWL.insert(), self._rows)
            self._rows.clear()


class SourceCrawls:
    """Crawls one source again and again."""

    def __init__(self, source: SimulatedSource, seed: int, uneventful: Uneventful) -> None:
        self.source = source
        self.ended: list[tuple[Ending, datetime]] = []
        self.good_since: datetime | None = None
        self._random = Random(f"{seed}/{source.id}/crawls")
        self._seen = 0
        self._undated: list[str] = []
        self._waiting: list[int] = []
        self._incident = False
        self._odd = 1.0
        self._uneventful = uneventful
        self._stories = Stories()
        self._last_at: datetime | None = None
        self._quiet: tuple[QuietHours, datetime] | None = None

    def register(self, conn: Connection, now: datetime) -> None:
        register_source(
            conn, id=self.source.id, name=self.source.id, force=self.source.id, area=self.source.id, language="en",
            reader=self.source.reader, home_url=self._url(""), now=now,
        )  # fmt: skip

    def mended(self, conn: Connection) -> None:
        """A person mended the reader: what was stored without its date is read again from the kept pages."""
        for url in self._undated:
            self._stories.date(conn, url, self.source.moments[int(url.rsplit("/", 1)[1])])
        self._undated.clear()

    def crawl(self, conn: Connection, now: datetime, wrong: Span | None) -> datetime:
        """One crawl at this moment; returns when the next one is due."""
        values = {"source_id": self.source.id, "started_at": now, "pid": 1, "host": "here"}
        values |= {"reader": self.source.reader, "reader_version": 1, "entry": ""}
        if wrong is None and self._is_uneventful(now):
            self._uneventful.append({**values, "verdict": "ok", "finished_at": now, "links": _SHOWN, "requests": 2})
            self._note(conn, _OK, _SHOWN, 0, now)
            self._last_at = now
            return self._due(conn, _OK, now)
        self._uneventful.write(conn)
        number = int(conn.execute(CRAWL.insert().returning(CRAWL.c.id), values).scalar_one())
        found = Findings(requests=2, links=_SHOWN, complete=True)
        new = self._find(conn, number, found, now, wrong.kind if wrong else "")
        verdict = judge(self.source.entry, found)
        links = 0 if found.stop is not None else _SHOWN
        ended = {"verdict": verdict.verdict, "reason": verdict.reason, "trouble": verdict.trouble, "finished_at": now}
        counts = {"links": links, "new": new, "failed": found.failed, "requests": found.requests}
        conn.execute(CRAWL.update().where(CRAWL.c.id == number).values(**ended, **counts))
        self._note(conn, verdict, links, new, now)
        self._last_at = now
        return self._due(conn, verdict, now)

    def _is_uneventful(self, now: datetime) -> bool:
        """Whether the crawl finds nothing but that all is as it was, of which there are very many."""
        published = bisect.bisect_right(self.source.moments, now)
        self._odd = self._random.random()
        return published == self._seen and not self._waiting and not self._undated and self._odd >= _ODD

    def _find(self, conn: Connection, crawl: int, found: Findings, now: datetime, wrong: str) -> int:
        trouble = _STOPS.get(wrong)
        if not wrong and self._odd < _ODD_LISTING:
            trouble = Trouble.TIMEOUT
        if trouble is not None:
            found.stop = StopCrawl("failed", "no listing", f"no listing works: {trouble}", trouble)
            return 0
        coming = [] if wrong == "frozen" else self._published(now)
        again = self._looks(now) if wrong in ("redesign of articles", "dates") else 0
        found.asked = len(coming) + again
        if wrong == "redesign of articles":
            self._cannot_read(conn, found, coming, again, now)
            return 0
        if not wrong and self._odd < _ODD:
            found.asked, found.failed = found.asked + 1, 1
            found.failures[Trouble.SITE_DOWN] += 1
        coming, self._waiting = self._waiting + coming, []
        records = [self._record(n, dated=wrong != "dates") for n in coming]
        if records:
            self._stories.save(conn, crawl, records, now)
        if wrong == "dates":
            self._undated += [each.url for each in records]
        for each in (*records[:ENOUGH], *(None for _ in range(again))):
            found.count_filled({name: getattr(each, name, name != "published_at") for name in FILL_FIELDS})
        if self._undated:
            self._count_stored(conn, found, {each.url for each in records})
        return len(records)

    def _published(self, now: datetime) -> list[int]:
        """The stories that the listing shows and that were not read yet."""
        until = bisect.bisect_right(self.source.moments, now)
        first = max(self._seen, until - _SHOWN)
        self._seen = until
        return list(range(first, until))

    def _looks(self, now: datetime) -> int:
        """How many stored articles' time has come since the last crawl."""
        since, mean = now - (self._last_at or now), 0.0
        for moment in self.source.moments[max(self._seen - 300, 0) : self._seen]:
            at = next_look(moment, moment, now, _PLAN)
            if at is not None:
                mean += min(since / (at - now), 1.0)
        bound, product, count = math.exp(-min(mean, 50)), self._random.random(), 0
        while product > bound:
            product *= self._random.random()
            count += 1
        return count

    def _cannot_read(self, conn: Connection, found: Findings, coming: list[int], again: int, now: datetime) -> None:
        source = self.source.id
        links = [Link(url=self._url(str(n)), title=f"Story {n}") for n in coming]
        if links:
            listing = Fetched(url=self._url(""), at=now, reader=self.source.reader, reader_version=1)
            pages.remember_listing(conn, source, links, listing, more=False, first=True, now=now)
        waiting = pages.pending(conn, source, limit=1000, now=now)
        for link in waiting:
            pages.failed(conn, source, link.url, "no headline", 200, now)
        found.asked = found.failed = len(waiting) + again
        found.failures[Trouble.PAGE_CHANGED] += found.failed
        self._waiting += coming

    def _count_stored(self, conn: Connection, found: Findings, read: set[str]) -> None:
        """As the end of a crawl does: few articles are judged together with the latest stored ones."""
        stored = latest_articles(conn, self.source.id, limit=ENOUGH)
        for values in [each for each in stored if each["url"] not in read][: max(ENOUGH - found.read, 0)]:
            found.count_filled({name: values[name] or name != "published_at" for name in FILL_FIELDS})

    def _record(self, number: int, *, dated: bool) -> Record:
        return Record(
            source=self.source.id,
            area=self.source.id,
            url=self._url(str(number)),
            title=f"Story {number} of {self.source.id}",
            description=f"What is known of story {number}.",
            body=f"Paragraph one of story {number} of {self.source.id}.\n\nAnd another, with words {number * 7919}.\n",
            published_at=self.source.moments[number] if dated else None,
            published_precision=Precision.MINUTE if dated else Precision.UNKNOWN,
            image_url=self._url("p.jpg"),
            reader=self.source.reader,
            reader_version=1,
        )

    def _url(self, path: str) -> str:
        return f"https://www.{self.source.id}.example/news/{path}"

    def _note(self, conn: Connection, verdict: Verdict, links: int, read: int, now: datetime) -> None:
        if is_good(verdict.verdict, verdict.trouble, links=links, read=read):
            self.good_since = self.good_since or now
            if self._incident:
                end_incidents(conn, self.source.id, now)
                self._incident = False
            return
        self.good_since = None
        if verdict.trouble not in OURS:
            note_incident(conn, self.source.id, str(verdict.trouble), f"{self.source.id}: {verdict.reason}", now, trouble=verdict.trouble)  # fmt: skip
            self._incident = True

    def _due(self, conn: Connection, verdict: Verdict, now: datetime) -> datetime:
        ending: Ending = "ok"
        if verdict.verdict != "ok":
            kept_out = verdict.verdict == "failed" and verdict.trouble in (Trouble.BLOCKED, Trouble.ROBOTS)
            ending = "blocked" if kept_out else "degraded" if verdict.verdict == "degraded" else "failed"
        if self.ended and self.ended[-1][0] != ending:
            self.ended.clear()
        self.ended.append((ending, now))
        if self._quiet is None or now - self._quiet[1] > DAY:
            self._quiet = quiet_hours(conn, self.source.id, now), now
        ended: Any = Ended(ending=ending, started_at=now, at=now, in_a_row=len(self.ended))
        return due_after(ended, self.source.entry.interval, quiet=self._quiet[0], share=share_of(self.source.id, now))
