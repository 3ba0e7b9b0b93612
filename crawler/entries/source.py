"""One source as its file says it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from crawler.entries.hosts import closeness, host_name, host_pattern, is_loopback
from crawler.entries.known import Known
from crawler.entries.news_paths import may_be_news
from crawler.entries.parts import Assertions, ListingEntry, Strict
from crawler.readers import READERS, canonical_reader_name
from storage.hours import windows
from storage.regions import Region

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class SourceEntry(Strict):
    """One place we read. `interval` is the least time between two crawls, `hours` are those of the week in which it is crawled
    when it is due (`storage.hours`), None for all; one that is not `enabled` is crawled when it is named, and never due.

    A host may carry a path ("www.example.org/newsroom"): then only what lies below it is the source's own.
    """

    id: str
    name: str = Field(min_length=1)
    force: str = Field(min_length=1)
    area: str = Field(min_length=1)
    region: Region | None = None
    reader: str
    hosts: tuple[str, ...] = Field(min_length=1)
    listing: tuple[ListingEntry, ...] = Field(min_length=1)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")
    interval: timedelta
    hours: tuple[str, ...] | None = None
    enabled: bool = True
    assertions: Assertions
    max_pages: int = Field(default=50, ge=1, le=1000)
    title_prefixes: tuple[str, ...] = ()
    title_suffixes: tuple[str, ...] = ()
    furniture: tuple[str, ...] = Field(default=(), description="regular expressions of whole lines that are no story")
    refused_hosts: tuple[str, ...] = Field(
        default=(), description="hosts whose copies of the pages are not for readers"
    )
    articles: tuple[str, ...] = Field(default=(), description="regular expressions searched in the path of a URL")
    known: Known = Known()

    @field_validator("reader")
    @classmethod
    def _known_reader(cls, value: str) -> str:
        name = canonical_reader_name(value)
        if name not in READERS:
            raise ValueError(f"no reader is called {value!r}; there are {', '.join(sorted(READERS))}")
        return name

    @field_validator("interval", mode="before")
    @classmethod
    def _interval(cls, value: Any) -> timedelta:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value)
        elif isinstance(value, str) and (
            found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])[a-z]*\s*", value.lower())
        ):
            seconds = float(found[1]) * _UNITS[found[2]]
        else:
            raise ValueError(f"{value!r} is no time; write seconds, or '15m', '1h', '1d'")
        if not 0 < seconds <= 31 * 86400:
            raise ValueError(f"{value!r} is not between a second and a month")
        return timedelta(seconds=seconds)

    @field_validator("hours", mode="before")
    @classmethod
    def _one_window(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None:
            windows(value)
        return value

    @field_validator("furniture", "articles")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return value

    @field_validator("hosts", "refused_hosts")
    @classmethod
    def _plain_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(host_pattern(host) for host in hosts)

    @model_validator(mode="after")
    def _own_listing(self) -> SourceEntry:
        if both := set(self.hosts) & set(self.refused_hosts):
            raise ValueError(f"refused_hosts: {min(both)} is among hosts too")
        for listing in self.listing:
            try:
                parts = urlsplit(listing.url)
            except ValueError as error:
                raise ValueError(f"listing: {listing.url!r}: {error}") from error
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"listing: {listing.url!r} is no http address")
            if not self.owns(listing.url):
                raise ValueError(
                    f"listing: {parts.netloc} of {listing.url} is not among hosts ({', '.join(self.hosts)})"
                )
            if parts.scheme == "http" and not is_loopback(parts.hostname):
                raise ValueError(f"listing: {listing.url} must be https")
        return self

    def owns(self, url: str) -> bool:
        """Whether a URL is on one of the source's hosts, and below its path where it has one."""
        return self.closeness(url) > 0

    def closeness(self, url: str) -> int:
        """How closely the source's hosts name a URL's place; 0 when it is not the source's own. Of two sources on one
        host that of the longer path is the closer one.
        """
        if self.refuses(url):
            return 0
        return max(closeness(host, url) for host in self.hosts)

    def refuses(self, url: str) -> bool:
        """Whether a URL is on a host that shows the source's pages, and not to readers: a staging site, a vendor's own."""
        return any(closeness(host, url) for host in self.refused_hosts)

    def may_be_article(self, url: str) -> bool:
        """Whether a link of a listing may lead to an article: on a host of the source, and at an address that can be one.
        Only the page itself tells whether it is.
        """
        return self.owns(url) and may_be_news(url, self.articles, self.listing)

    @property
    def host_names(self) -> frozenset[str]:
        """The hosts without their paths: sources that share one are asked one after the other."""
        return frozenset(host_name(host) for host in self.hosts)

    @property
    def ports(self) -> frozenset[int]:
        """The ports that its hosts name; those of the web for a host that names none."""
        named = (re.search(r":(\d+)$", host) for host in self.host_names)
        return frozenset(port for one in named for port in ((int(one[1]),) if one else (80, 443)))

    @property
    def digest(self) -> str:
        """A short hash of the keys on which a reading depends: what was read under another digest is read anew, and a
        difference is ours.
        """
        told: tuple[Any, ...] = (
            self.reader,
            sorted(self.hosts),
            self.title_prefixes,
            self.title_suffixes,
            self.furniture,
            self.language,
        )
        # Keys that came later tell only where they are used, so that what was read with an older entry still counts.
        if self.articles or self.refused_hosts:
            told = (*told, self.articles, sorted(self.refused_hosts))
        return sha256(json.dumps(told).encode()).hexdigest()[:16]

    @property
    def loopback(self) -> bool:
        """Whether all hosts are this machine: a test or the demo, where delays may be shorter than on a live site."""
        return all(is_loopback(re.sub(r":\d+$", "", host)) for host in self.host_names)
