"""What every reader offers: pure functions of a response. Nothing here fetches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scrapy.http import Response

from storage.records import Link, Record

if TYPE_CHECKING:
    from crawler.entries import SourceEntry


@dataclass(slots=True, frozen=True)
class Listing:
    """The articles an incoming page of links shows, in its order, and where its next page is.

    `guessed`: the next page is where such a site would have it, and none is announced; that it does not answer is the end.
    `parts`: an index shows no articles but other listings, the likeliest first.
    """

    links: tuple[Link, ...]
    next_url: str | None = None
    guessed: bool = False
    parts: tuple[str, ...] = ()


class Reader(ABC):
    """Reads the listings and articles of one website platform, for one source.

    `version` rises whenever the same page would be read differently: pages read by an older version are asked for in
    full again, and a difference that the reader made is never shown as an edit.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1

    def __init__(self, entry: SourceEntry) -> None:
        self.entry = entry

    @abstractmethod
    def listing(self, response: Response, kind: str) -> Listing:
        """The links of a listing of this kind (html, rss, atom, api, sitemap). Raises `PageChanged` when it is no
        listing at all; one without links is returned as such, for the crawl's assertions to judge.
        """

    @abstractmethod
    def article(self, response: Response, link: Link | None = None) -> Record:
        """The record of an article page; `link` is how the listing showed it. Raises `PageChanged` or `NotNews`."""

    def request_url(self, url: str) -> str:
        """Where an article is asked for, given its canonical URL (GOV.UK answers from an API)."""
        return url
