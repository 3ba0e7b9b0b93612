"""What trying a source live came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from scrapy.http import Response

from crawler.readers.base import Listing
from storage.records import Link, Record


@dataclass(slots=True)
class ListingCheck:
    """How one listing of the entry answers. `trouble`: what is wrong with it, None where it works."""

    kind: str
    url: str
    links: int = 0
    dated: int = 0
    used: bool = False
    trouble: str | None = None


@dataclass(slots=True)
class ArticleCheck:
    """One article: what was read the first time, what is wrong with it, and in what the second read differs."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SourceCheck:
    """What trying a source came to. `wrong`: what must be mended before it can be relied on; `notes`: what a person should know."""

    source: str
    verdict: Literal["ok", "wrong"] = "ok"
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listings: list[ListingCheck] = field(default_factory=list)
    articles: list[ArticleCheck] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0
    kept: list[tuple[Response, Record, Link]] = field(default_factory=list, repr=False)
    kept_listing: tuple[Response, str, Listing] | None = field(default=None, repr=False)
