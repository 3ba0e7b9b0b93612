"""The pages of one simulated crawl: what the spider does with them, on the store's own functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bench.simulated_site import Reply, SimulatedSite
from storage import pages
from storage.articles import Outcome, save_articles
from storage.places import Item
from storage.removals import MassRemoval, decide_removals
from storage.rules import Rules
from storage.witnesses import witnesses

NOT_MODIFIED, LISTING, PAGE_SIZE = 300, 12_000, 15_000  # bytes of an answer, headers and all, packed as sites send them
_ENOUGH, _MOST_BLOCKED = 2, 5


@dataclass(slots=True)
class Traffic:
    """What was asked for, and when somebody looked at what. `run`: crawls that were run in full, of all `crawls`."""

    requests: int = 0
    bytes: int = 0
    listings: int = 0
    crawls: int = 0
    run: int = 0
    looks: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    listing_looks: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def listing(self, source: str, size: int, now: datetime) -> None:
        self.requests += 1
        self.bytes += size
        self.listings += 1
        self.listing_looks[source].append(now)

    def join(self, other: Traffic) -> None:
        """Adds what another one counted."""
        for name in ("requests", "bytes", "listings", "crawls", "run"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def forget(self) -> None:
        """Forgets who looked when."""
        self.looks.clear()
        self.listing_looks.clear()

    def ask(self, site: SimulatedSite, url: str, etag: str | None, now: datetime, *, again: bool = False) -> Reply:
        """`again`: to confirm something, and not by chance answered with an error."""
        reply = self.beside(site, url, now) if again else self._count(site.ask(url, etag, now))
        story = site.by_address.get(url.removeprefix(site.base))
        if story is not None and reply.status not in (403, 500):
            self.looks[site.site.id, story.life.path].append(now)
        return reply

    def beside(self, site: SimulatedSite, url: str, now: datetime) -> Reply:
        """Asks for a page in full that is not read for its own sake: a witness."""
        return self._count(site.ask(url, None, now, steady=True))

    def _count(self, reply: Reply) -> Reply:
        self.requests += 1
        self.bytes += PAGE_SIZE if reply.record is not None else NOT_MODIFIED
        return reply


@dataclass
class Visits:
    """`answered`: pages that were asked for already. After `run`, `touched` are those whose rows may have changed, or None for
    any of the source's. `keys` are those of the pages' last answers in full.
    """

    site: SimulatedSite
    traffic: Traffic
    rules: Rules
    conn: Connection
    crawl: int
    now: datetime
    answered: Mapping[str, Reply]
    keys: dict[str, str | None]
    touched: set[str] | None = field(default_factory=set)
    _gone: list[str] = field(default_factory=list)
    _unmodified: list[str] = field(default_factory=list)
    _items: list[Item] = field(default_factory=list)
    _blocked: int = 0

    def run(self, new: Sequence[str], due: Sequence[str], etags: Mapping[str, str | None]) -> str | None:
        """Why the crawl failed, if it did."""
        conn, source = self.conn, self.site.site.id
        known = set(due)
        for url in (*new, *due):
            self._visit(url, etags.get(url), known=url in known)
            if self._blocked >= _MOST_BLOCKED:
                break
        if self._unmodified:
            pages.not_modified(conn, source, self._unmodified, self.now)
        if self._blocked >= _MOST_BLOCKED:
            return "blocked"
        outcomes = save_articles(conn, self.crawl, self._items, hold=True) if self._items else []
        held = [item for item, outcome in zip(self._items, outcomes, strict=True) if outcome is Outcome.HELD]
        there = sum(outcome is Outcome.UNCHANGED for outcome in outcomes)
        if held or self._gone:
            return self._confirm(held, there)
        return self._remove(None)

    def _visit(self, url: str, etag: str | None, *, known: bool) -> None:
        conn, source, now = self.conn, self.site.site.id, self.now
        reply = self.answered.get(url) or self.traffic.ask(self.site, url, etag, now)
        if self.touched is not None:
            self.touched.add(url)
        if reply.record is not None and reply.fetched is not None:
            self._items.append((reply.record, reply.fetched))
            self.keys[url] = reply.key
            if reply.status == 301:
                self.touched = None
        elif reply.status == 304:
            self._unmodified.append(url)
        elif reply.status == 404:
            pages.gone(conn, source, url, 404, now)
            if known:
                self._gone.append(url)
        else:
            self._blocked += reply.status == 403
            pages.failed(conn, source, url, f"HTTP {reply.status}", reply.status, now)

    def _confirm(self, held: Sequence[Item], there: int) -> str | None:
        """Asks the suspects again, and others beside them."""
        conn, source, now = self.conn, self.site.site.id, self.now
        suspects = {*(fetched.url for _, fetched in held), *self._gone}
        if self._gone:
            self.touched = None
        asked = 0
        for url in witnesses(conn, source, suspects, limit=2 * _ENOUGH):
            if there >= _ENOUGH:
                break
            asked += 1
            there += self.traffic.beside(self.site, url, now).record is not None
        if asked and not there:
            for _, fetched in held:
                del self.keys[fetched.url]
            return "nothing is there"
        again: list[Item] = []
        for _, fetched in held:
            reply = self.traffic.ask(self.site, fetched.url, None, now, again=True)
            if reply.record is not None and reply.fetched is not None:
                again.append((reply.record, reply.fetched))
        if again:
            save_articles(conn, self.crawl, again)
        for url in self._gone:
            self.traffic.ask(self.site, url, None, now, again=True)
            pages.gone(conn, source, url, 404, now, counts=False)
        return self._remove(there)

    def _remove(self, there: int | None) -> str | None:
        source, rule = self.site.site.id, self.rules.removal
        try:
            decide_removals(self.conn, source, self.crawl, rule=rule, now=self.now, witnesses=there)
        except MassRemoval as error:
            return str(error)
        return None
