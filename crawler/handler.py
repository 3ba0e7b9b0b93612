"""Scrapy's aiohttp download handler with a guard at its sockets."""

from __future__ import annotations

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError
from scrapy.http import Response

from crawler.failures import NoHttp, TlsRefused
from crawler.guard import REFUSED, AddressRefused, guarded_socket


class SafeHandler(AiohttpDownloadHandler):
    """Connects to public addresses only, or to loopback alone for a source that is on this machine (`loopback` of the
    spider), at the ports of its hosts (`ports`). aiohttp, because its connector hands over each socket's address before it is used; the Twisted handler has
    no such place. Proxies of the environment are not used: behind one the guard would see the proxy's address alone.
    """

    experimental = False
    lazy = True  # a crawl that is refused before its first request never closes what it opened

    def __init__(self, crawler: Crawler) -> None:
        # Not AiohttpDownloadHandler's own: its connector cannot be given a socket factory, and one that is set later
        # would be lost without a sound if aiohttp renamed it.
        super(AiohttpDownloadHandler, self).__init__(crawler)
        # aiohttp's own, which verifies: reading the machine's certificates once more takes 40 ms.
        self._ssl_context = True  # type: ignore[assignment]
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                socket_factory=guarded_socket(
                    loopback=bool(getattr(crawler.spider, "loopback", False)),
                    ports=getattr(crawler.spider, "ports", frozenset()),
                ),
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def download_request(self, request: Request) -> Response:
        """Raises `AddressRefused` for an address that no crawl may talk to, `TlsRefused` and `NoHttp`."""
        try:
            return await super().download_request(request)
        except DownloadConnectionRefusedError as error:
            if REFUSED in (text := str(error)):
                start = text.index(REFUSED)
                raise AddressRefused(text[start:].rstrip("]")) from error
            if isinstance(error.__cause__, aiohttp.ClientSSLError):
                raise TlsRefused(str(error)) from error
            raise
        except DownloadFailedError as error:
            if isinstance(error.__cause__, aiohttp.ClientResponseError):
                raise NoHttp(str(error)) from error
            raise
