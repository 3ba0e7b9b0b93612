"""What the hosts of one crawl said in crawls before, and what is kept of what they say now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine

from crawler.crawl import Crawl
from crawler.politeness import LONGEST_PAUSE
from storage import sites
from storage.database import StoreError, reading
from storage.sites import LONGEST_WAIT, Site


def address_of(url: str) -> str:
    """Scheme and host of a URL, which is what a robots.txt is for (RFC 9309, 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


class Sites:
    """`robots_kept`: whether a robots.txt of an earlier crawl is used; one that is written anew is kept either way."""

    def __init__(self, store: Engine, crawl: Crawl, *, robots_kept: bool) -> None:
        self._store = store
        self._crawl = crawl
        self._robots_kept = robots_kept
        self._known: dict[str, Site] = {}

    def robots(self, address: str) -> Site | None:
        """What holds a robots.txt that is fresh, or the fresh knowledge that there is none; None: it is to be asked for."""
        known = self._site(address)
        return known if self._robots_kept and known.robots_hold(self._crawl.now()) else None

    def keep_robots(self, address: str, robots: bytes | None) -> None:
        """Keeps what a host answered just now."""
        now = self._crawl.now()
        self._write(lambda conn: sites.keep_robots(conn, address, robots, now))

    def wait_left(self, url: str) -> float:
        """The seconds for which the host of a URL asked an earlier crawl to be left alone."""
        return self._site(address_of(url)).wait_left(self._crawl.now()).total_seconds()

    def asked_to_wait(self, url: str, seconds: float) -> None:
        """A host asked for a pause: one that is longer than a crawl waits is kept for the next."""
        if seconds > LONGEST_PAUSE:
            now, wait = self._crawl.now(), timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
            self._write(lambda conn: sites.keep_wait(conn, address_of(url), wait, now))

    def _site(self, address: str) -> Site:
        if address not in self._known:
            with reading(self._store) as conn:
                self._known[address] = sites.site(conn, address)
        return self._known[address]

    def _write(self, write: Callable[[Connection], object]) -> None:
        try:
            self._crawl.batch.later(write)
        except StoreError as error:
            self._crawl.broke(error)
