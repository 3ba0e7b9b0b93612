"""What Scrapy holds between the spider and the store."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Fetched, Record


@dataclass(slots=True)
class ArticleItem:
    """A record that a reader made, and how its page was fetched. `confirmed`: what differs from the stored text was seen twice,
    and is the story's.
    """

    record: Record
    fetched: Fetched
    confirmed: bool = False
