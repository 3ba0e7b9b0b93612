"""What Scrapy holds between the spider and the store."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Response

from storage.changes import Words
from storage.records import Fetched, Record, Served


@dataclass(slots=True)
class ArticleItem:
    """A record that a reader made, and how its page was fetched. `confirmed`: what differs from the stored text was seen twice,
    and is the story's; `ours`: it is the story's, and no edit of it. `page`: as it was served, where it is to be kept.
    """

    record: Record
    fetched: Fetched
    confirmed: bool = False
    ours: bool = False
    page: Served | None = None


def served_from(response: Response) -> Served:
    """A response as it is kept."""
    kind = response.headers.get("Content-Type")
    return Served(
        url=response.url,
        status=response.status,
        content_type=kind.decode("latin-1") if kind else None,
        body=response.body,
    )


def words_of_item(item: ArticleItem) -> Words:
    """Its text, as texts are compared."""
    return Words(item.record.title, item.record.description, item.record.body)
