"""Why an address gave no page to read: every failure of a fetch as one line that a person can act on."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import aiohttp
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Response

from crawler.failures import FetchFailed, StopCrawl
from crawler.probing.walls import LOGIN_PATH, challenge

_BROKEN = ("connection", "network")  # what a fetch calls a connection that was refused or broke
BLOCK = "a block is an issue to show, not a puzzle to solve: ask the site's web master, with your contact"


class NoNews(Exception):  # noqa: N818  named as what it is
    """Raised when an address holds no news that could be read. `kind` is one short name, for programs; the message is one
    line that says what it is instead.
    """

    def __init__(self, kind: str, message: str, url: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.url = url


def explained(error: FetchFailed | StopCrawl, trail: Sequence[Response] = ()) -> NoNews:
    """What a failed fetch means. `trail`: the answers so far, for what a wall says of itself."""
    causes = list(_causes(error))
    fetch = next((e for e in causes if isinstance(e, FetchFailed)), None)
    url = fetch.url if fetch else ""
    host = urlsplit(url).netloc
    robots = urlsplit(url).path == "/robots.txt"
    if any(isinstance(e, CannotResolveHostError) for e in causes):
        return NoNews("no such host", f"no such host: the name {host} could not be resolved (DNS)", url)
    if certificate := next(
        (e for e in causes if isinstance(e, ssl.SSLError | aiohttp.ClientConnectorCertificateError)), None
    ):
        return NoNews("certificate", f"the certificate of {host} cannot be trusted: {_certificate(certificate)}", url)
    if any(isinstance(e, DownloadTimeoutError) for e in causes):
        return NoNews("no answer", f"{host} did not answer in time: {url}", url)
    if fetch is not None and fetch.kind == "blocked":
        return _blocked(fetch, trail)
    if isinstance(error, StopCrawl):
        return _stopped(error, fetch, robots=robots)
    assert fetch is not None
    return _failed(fetch, trail)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        if isinstance(inner := getattr(now, "certificate_error", None), BaseException):
            yield inner
        now = now.__cause__ or now.__context__


def _certificate(error: BaseException) -> str:
    inner = getattr(error, "certificate_error", None) or error
    return str(getattr(inner, "verify_message", "") or inner)


def _blocked(fetch: FetchFailed, trail: Sequence[Response]) -> NoNews:
    if fetch.status == 401:
        return NoNews("login", f"a login wall: HTTP 401 from {fetch.url}", fetch.url)
    last = trail[-1] if trail else None
    guard = next((name for name, sign in _GUARDS if last is not None and _shows(last, sign)), "")
    by = f" ({guard})" if guard else ""
    return NoNews("blocked", f"blocked: HTTP {fetch.status}{by} from {fetch.url}; {BLOCK}", fetch.url)


_GUARDS = (("Cloudflare", "cf-ray"), ("Akamai", "akamaighost"), ("Imperva", "x-iinfo"), ("Sucuri", "x-sucuri-id"))


def _shows(response: Response, sign: str) -> bool:
    headers = {name.decode("latin-1").lower() for name in response.headers}
    server = (response.headers.get("Server") or b"").decode("latin-1").lower()
    return sign in headers or sign in server


def _stopped(stop: StopCrawl, fetch: FetchFailed | None, *, robots: bool) -> NoNews:
    if stop.kind != "robots":
        return NoNews(stop.kind, stop.reason)
    if fetch is not None and fetch.kind == "refused address":
        return NoNews("refused address", str(fetch), fetch.url)
    if fetch is not None and fetch.kind in _BROKEN and robots:
        host = urlsplit(fetch.url).netloc
        return NoNews("no answer", f"no connection to {host}: {_plain(fetch)}", fetch.url)
    return NoNews("robots", stop.reason, fetch.url if fetch else "")


def _failed(fetch: FetchFailed, trail: Sequence[Response]) -> NoNews:
    message, url = str(fetch), fetch.url
    if fetch.kind == "robots":
        return NoNews("robots", f"robots.txt forbids it: {url} is not asked for", url)
    if fetch.kind == "off site":
        where = message.partition(" redirects to ")[2]
        if LOGIN_PATH.search(where) or re.match(r"https?://(?:login|auth|sso|signin|accounts?|id)\.", where, re.I):
            return NoNews("login", f"a login wall: it redirects to {where}", url)
        return NoNews("redirect", f"redirects to another host: {where}; probe that address if the site moved", url)
    if fetch.kind == "redirect":
        return NoNews("redirect", f"its redirects do not end: {url}", url)
    if fetch.kind in _BROKEN:
        return NoNews("no answer", f"no connection to {urlsplit(url).netloc}: {_plain(fetch)}", url)
    if fetch.kind == "http" and fetch.status == 429:
        return NoNews(
            "asked to wait", f"asked to wait: HTTP 429 from {url}; try again later, with a longer --delay", url
        )
    if fetch.kind == "http" and trail and fetch.status == 503 and (words := challenge(trail[-1])):
        return NoNews("challenge", f"a wall that checks browsers ({words!r}, HTTP 503): {url}; {BLOCK}", url)
    return NoNews(fetch.kind, message, url)


def _plain(fetch: FetchFailed) -> str:
    """The system's words for a broken connection, without the object that aiohttp prints into its message."""
    text = str(fetch.__cause__ or fetch)
    return text.rsplit("[", 1)[-1].rstrip("]") if "ssl:" in text and "[" in text else text
