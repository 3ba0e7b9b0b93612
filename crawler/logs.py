"""What Scrapy writes to its log: not a line for each page and item, which cost time and hide what matters."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter


class QuietFormatter(LogFormatter):
    """Pages and items are counted by the crawl and told as events."""

    def crawled(self, *args: Any) -> None:  # type: ignore[override]
        """Nothing."""

    def scraped(self, *args: Any) -> None:  # type: ignore[override]
        """Nothing."""
