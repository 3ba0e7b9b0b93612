"""What Scrapy writes to its log: not a line for each page and item, which cost time and hide what matters."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult


class QuietFormatter(LogFormatter):
    """Pages and items are counted by the crawl and told as events."""

    def crawled(self, *args: Any) -> None:  # type: ignore[override]
        """Nothing."""

    def scraped(self, *args: Any) -> None:  # type: ignore[override]
        """Nothing."""

    def dropped(self, item: Any, exception: BaseException, *args: Any) -> LogFormatterResult:
        """Why, and nothing of what."""
        return {
            "level": logging.WARNING,
            "msg": "an item was dropped: %(why)s",
            "args": {"why": type(exception).__name__},
        }

    def item_error(self, item: Any, exception: BaseException, *args: Any) -> LogFormatterResult:
        """As `dropped`: the error itself is in the record."""
        return {"level": logging.ERROR, "msg": "an item could not be stored", "args": {}}
