"""Scrapy's downloader with host gates in place of its slots."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from crawler.politeness import Gates, HostGate, retry_after

if TYPE_CHECKING:
    from crawler.sites import Sites

ASKS_TO_WAIT = (429, 503)


class PoliteDownloader(Downloader):
    """Slots belong to one crawler, so that two crawls of one host would ask it at the same time; gates belong to the
    process. They also know pauses and longer delays, and leave out a task, a Deferred and three signals for each page.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider = crawler.spider
        self._gates: Gates = getattr(spider, "gates", None) or Gates()
        self._least_delay: float = getattr(spider, "delay", self.settings.getfloat("DOWNLOAD_DELAY"))
        self._spread: float = self.settings.getfloat("DOWNLOAD_DELAY_JITTER")
        self._sites: Sites | None = getattr(spider, "sites", None)
        self._known: dict[str, HostGate] = {}
        self.requests = 0
        self.bytes = 0

    def gate(self, url: str) -> HostGate:
        """The gate of a URL's host and port. It stays shut while the host wants to be left alone since an earlier crawl."""
        host = urlsplit(url).netloc.lower()
        if host not in self._known:
            self._known[host] = self._gates.gate(host, delay=self._least_delay, jitter=self._spread)
            if self._sites is not None and (left := self._sites.wait_left(url)):
                self._known[host].pause(left)
        return self._known[host]

    def fetch(self, request: Request, spider: Any = None) -> Deferred[Response | Request]:
        """Through the middlewares, then the host's gate."""
        return deferred_from_coro(self._fetch(request))

    async def _fetch(self, request: Request) -> Response | Request:
        self.active.add(request)
        try:
            return await self.middleware.download_async(self._through_gate, request)
        finally:
            self.active.discard(request)

    async def _through_gate(self, request: Request) -> Response:
        gate = self.gate(request.url)
        async with gate:
            self.requests += 1
            response = await self.handlers.download_request_async(request)
            self.bytes += len(response.body)
            # Here and not where the answer is judged: whoever waits at the gate would be through by then.
            if response.status in ASKS_TO_WAIT and (wait := wished_wait(response)):
                gate.pause(wait)
                if self._sites is not None:
                    self._sites.asked_to_wait(request.url, wait)
            return response


def wished_wait(response: Response) -> float | None:
    """The seconds that an answer asks us to wait before we ask again, or None when it does not say."""
    header = response.headers.get("Retry-After")
    return retry_after(header.decode("latin-1"), datetime.now(UTC)) if header else None
