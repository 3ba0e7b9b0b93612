"""From a URL to its answer: a few tries, redirects on the source's own hosts only, and every failure by its name."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from crawler.downloader import ASKS_TO_WAIT, PoliteDownloader, wished_wait
from crawler.entries import SourceEntry
from crawler.failures import Disallowed, FetchFailed, NoHttp, RobotsUnclear, StopCrawl, TlsRefused
from crawler.guard import AddressRefused
from crawler.politeness import LONGEST_PAUSE, HostGate
from crawler.urls import canonical

ROBOTS_FILE = "robots_file"  # request meta: this is robots.txt itself
TRIES = 3
MOST_REDIRECTS = 5
_MOST_TAGS = (
    1_000_000  # of a page; each is a hundred bytes of memory and more, and a sitemap of full length has half as many
)
_REDIRECTS = (301, 302, 303, 307, 308)
_TRY_AGAIN = (408, 429, 500, 502, 503, 504, 522, 524)
_BLOCKED = (401, 403, 451)
_ANSWERS = (200, 203, 304, 404, 410)
_FAILURES: Mapping[type[Exception], str] = {
    DownloadTimeoutError: "timeout",
    CannotResolveHostError: "dns",
    TlsRefused: "tls",
    NoHttp: "unreadable",
    DownloadConnectionRefusedError: "connection",
    DownloadFailedError: "connection",
    ResponseDataLossError: "cut short",
}


class Fetcher:
    """Asks for the pages of one source."""

    def __init__(self, crawler: Crawler, entry: SourceEntry) -> None:
        self._crawler = crawler
        self._entry = entry
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, tries: int = TRIES, robots: bool = False
    ) -> Response:
        """The answer: 200, 304, 404 or 410; its `url` is that of the last redirect. `headers` make the first request
        conditional. Raises `FetchFailed`, and `StopCrawl` when the host wants to be left alone.
        """
        seen = {url}
        while True:
            response = await self._tried(url, headers or {}, tries, robots)
            if response.status == 304 and not headers:
                raise FetchFailed("http", f"HTTP 304 to a request without validators from {url}", url, 304)
            if response.status not in _REDIRECTS:
                return _usable(response)
            url, headers = self._target(response), None
            if url in seen or len(seen) > MOST_REDIRECTS:
                raise FetchFailed("redirect", f"redirects do not end: {url}", url, response.status)
            seen.add(url)

    async def _tried(self, url: str, headers: Mapping[str, str], tries: int, robots: bool) -> Response:
        for left in range(tries - 1, -1, -1):
            gate = self._open_gate(url)
            try:
                response = await self._once(url, headers, robots)
                if response.status not in _TRY_AGAIN:
                    return response
                failure = FetchFailed("http", f"HTTP {response.status} from {url}", url, response.status)
            except FetchFailed as error:
                if error.kind not in _FAILURES.values():
                    raise
                failure, response = error, None
            if response is None or response.status not in ASKS_TO_WAIT or wished_wait(response) is None:
                gate.pause(min(LONGEST_PAUSE, 5 * (tries - left) * gate.delay))
            elif robots and gate.pause_left() > LONGEST_PAUSE:
                break
        raise failure

    def _open_gate(self, url: str) -> HostGate:
        downloader = self._crawler.engine.downloader
        assert isinstance(downloader, PoliteDownloader)
        gate = downloader.gate(url)
        if (left := gate.pause_left()) > LONGEST_PAUSE:
            host = urlsplit(url).netloc
            raise StopCrawl("degraded", "asked to wait", f"{host} asks to be left alone for {left:.0f} s more")
        return gate

    async def _once(self, url: str, headers: Mapping[str, str], robots: bool) -> Response:
        # Verbatim: aiohttp would write escapes its own way, and some servers know a page by one spelling alone.
        meta = {"download_timeout": self._timeout, ROBOTS_FILE: robots, "verbatim_url": True}
        try:
            request = Request(url, headers=dict(headers), meta=meta, callback=NO_CALLBACK)
            response = await self._crawler.engine.download_async(request)
        except RobotsUnclear as error:
            raise StopCrawl("failed", "robots", str(error), error.trouble) from error
        except Disallowed as error:
            raise FetchFailed("robots", str(error), url) from error
        except AddressRefused as error:
            raise FetchFailed("refused address", f"{error} ({url})", url) from error
        except (DownloadCancelledError, IgnoreRequest) as error:
            raise FetchFailed("too large", f"the page is larger than is read: {url}", url) from error
        except tuple(_FAILURES) as error:
            kind = next(kind for cls, kind in _FAILURES.items() if isinstance(error, cls))
            raise FetchFailed(kind, f"{kind} at {url}: {error}", url) from error
        except StopCrawl:
            raise
        except Exception as error:
            # Broken compression, an address that is none, headers that no client accepts: this page's trouble alone.
            raise FetchFailed("unreadable", f"{type(error).__name__} at {url}: {error}", url) from error
        if _is_cut_short(response):
            raise FetchFailed("cut short", f"the page ends in the middle: {url}", url, response.status)
        if not robots and isinstance(response, TextResponse) and response.body.count(b"<") > _MOST_TAGS:
            raise FetchFailed("too large", f"the page has more than {_MOST_TAGS:,} tags: {url}", url)
        return response

    def _target(self, response: Response) -> str:
        location = (response.headers.get("Location") or b"").decode("utf-8", errors="replace")
        target = canonical(location, self._entry, base=response.url) if location else None
        if target is None:
            where = location or "nowhere"
            raise FetchFailed("off site", f"{response.url} redirects to {where}", response.url, response.status)
        return target


def _usable(response: Response) -> Response:
    url, status = response.url, response.status
    if status in _BLOCKED:
        raise FetchFailed("blocked", f"HTTP {status} from {url}: the site does not let us in", url, status)
    if status not in _ANSWERS:
        raise FetchFailed("http", f"HTTP {status} from {url}", url, status)
    return response


def _is_cut_short(response: Response) -> bool:
    """Whether a page lacks its end. Only where HTTP cannot tell: with a length or chunks the transport does."""
    if response.status != 200 or not isinstance(response, HtmlResponse):
        return False
    if "Content-Length" in response.headers or "Transfer-Encoding" in response.headers:
        return False
    return b"<html" in response.body[:2048].lower() and b"</html" not in response.body[-4096:].lower()
