"""What can go wrong between a URL and its answer. `kind` is the word that an issue is stored under."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class FetchFailed(Exception):  # noqa: N818  named as what it is
    """Raised when a URL gave no usable answer. `status` is that of the last answer, if there was one."""

    def __init__(self, kind: str, message: str, url: str, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.url = url
        self.status = status


class StopCrawl(Exception):  # noqa: N818  named as what it is
    """Raised when a crawl must ask for nothing more. `verdict`: degraded or failed, the best that it can still get."""

    def __init__(self, verdict: str, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.kind = kind
        self.reason = reason


class Disallowed(IgnoreRequest):
    """Raised for a URL that robots.txt does not allow."""


class RobotsUnclear(IgnoreRequest):
    """Raised when a host's wishes cannot be known (5xx, no answer) or met (a Crawl-delay beyond all measure)."""
