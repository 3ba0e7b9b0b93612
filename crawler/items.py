"""What Scrapy holds between the spider and the store."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Fetched, Record


@dataclass(slots=True)
class ArticleItem:
    """A record that a reader made, and how its page was fetched."""

    record: Record
    fetched: Fetched
