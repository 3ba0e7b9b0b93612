"""What can go wrong between a URL and its answer. `kind` is the word that an issue is stored under, `trouble` its class."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy.exceptions import DownloadFailedError, IgnoreRequest

from storage.troubles import Trouble


class FetchFailed(Exception):  # noqa: N818  named as what it is
    """Raised when a URL gave no usable answer. `status` is that of the last answer, if there was one."""

    def __init__(self, kind: str, message: str, url: str, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.trouble = trouble_of(kind, status)
        self.url = url
        self.status = status


class StopCrawl(Exception):  # noqa: N818  named as what it is
    """Raised when a crawl must ask for nothing more. `verdict`: degraded or failed, the best that it can still get;
    `trouble`: the class of why, told by `kind` where it is not given.
    """

    def __init__(self, verdict: str, kind: str, reason: str, trouble: Trouble | None = None) -> None:
        super().__init__(reason)
        self.trouble = trouble or trouble_of(kind)
        self.verdict = verdict
        self.kind = kind
        self.reason = reason


class TlsRefused(DownloadFailedError):  # noqa: N818  named as what it is
    """Raised where a site's certificate is not accepted, or the two find no way to encrypt."""


class NoHttp(DownloadFailedError):  # noqa: N818
    """Raised for an answer that is no HTTP: a head that no client understands."""


class Disallowed(IgnoreRequest):
    """Raised for a URL that robots.txt does not allow."""


class RobotsUnclear(IgnoreRequest):
    """Raised when a host's wishes cannot be known (5xx, no answer) or met (a Crawl-delay beyond all measure). `trouble`: the class
    of why; a host that gives no answer at all would give none to another question either.
    """

    def __init__(self, reason: str, trouble: Trouble | None = None) -> None:
        super().__init__(reason)
        self.trouble = trouble or Trouble.ROBOTS_UNREAD


_KINDS: Mapping[str, Trouble] = {
    "cut short": Trouble.BAD_ANSWER,
    "unreadable": Trouble.BAD_ANSWER,
    "too large": Trouble.BAD_ANSWER,
    "redirect": Trouble.REDIRECTED,
    "off site": Trouble.REDIRECTED,
    "refused address": Trouble.DNS,
    "page gone": Trouble.GONE,
    "bad item": Trouble.PAGE_CHANGED,
    "reader error": Trouble.PAGE_CHANGED,
    "other texts": Trouble.WRONG_PAGE,
    "restless site": Trouble.WRONG_PAGE,
    "nothing is there": Trouble.MASS_REMOVAL,
    "listing moved": Trouble.REDIRECTED,
}
_TOO_LATE, _TOO_MANY, _GONE = 408, 429, (404, 410)


def trouble_of(kind: str, status: int | None = None) -> Trouble:
    """The class of what is stored as an issue of that kind. `status`: of the answer, where `kind` is http."""
    if kind in _KINDS:
        return _KINDS[kind]
    if kind in _NAMED:
        return _NAMED[kind]
    if status in _GONE:
        return Trouble.GONE
    if status == _TOO_MANY:
        return Trouble.BLOCKED
    if status == _TOO_LATE:
        return Trouble.TIMEOUT
    # A page that says with 200 that the site is out of order is as good as an answer of the server's that says it.
    return Trouble.SITE_DOWN if status is None or status >= 500 or status == 200 else Trouble.BAD_ANSWER


_NAMED = {str(trouble): trouble for trouble in Trouble}
