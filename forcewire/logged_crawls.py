"""The one line of a crawl in the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import structlog

from forcewire.tamed import plain

if TYPE_CHECKING:
    from crawler.options import CrawlSummary

_COUNTS = ("links", "new", "edited", "removed", "restored", "unchanged", "not_modified", "failed", "requests", "bytes")


def crawl_fields(summary: CrawlSummary) -> dict[str, Any]:
    """What is logged of a crawl: its verdict and figures, and the reason without the words of a page that it may quote."""
    counts = {name: getattr(summary.counts, name) for name in _COUNTS}
    reason = plain(summary.reason) if summary.reason else None
    return {
        "source": summary.source,
        "verdict": summary.verdict,
        "trouble": str(summary.trouble) if summary.trouble else None,
        "reason": reason,
        **counts,
        "seconds": round(summary.seconds, 1),
    }


def say_crawl(summary: CrawlSummary) -> None:
    """One line for a crawl that ended."""
    level = logging.INFO if summary.verdict == "ok" else logging.WARNING
    structlog.stdlib.get_logger("forcewire.crawl").log(level, "crawl", **crawl_fields(summary))
