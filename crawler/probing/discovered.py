"""What was seen of a site that is to become a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scrapy.http import Response

from crawler.probing.platform import Guess
from crawler.readers.base import Listing
from crawler.readers.page import Page
from storage.records import Link, Record

Say = Callable[[str], None]


@dataclass(slots=True)
class FoundListing:
    """A listing that was fetched and shows links to stories."""

    kind: str
    url: str
    why: str
    response: Response
    listing: Listing
    page: Page | None = None

    @property
    def dated(self) -> int:
        return sum(1 for link in self.listing.links if link.published_raw)


@dataclass(slots=True)
class Sampled:
    """An article that was fetched and read."""

    link: Link
    response: Response
    page: Page
    record: Record


@dataclass(slots=True)
class Discovered:
    """All that was seen of a site."""

    platform: Guess
    reader: str
    listings: list[FoundListing]
    articles: list[Sampled]
    links: list[Link]
    notes: list[str] = field(default_factory=list)
    instead: str = ""  # what the address given is, where it is no listing, no story and no front page
