"""The normalised record: what one page said, whatever site it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Precision(StrEnum):
    """How much of `Record.published_at` the page stated.

    A day is kept as 00:00 UTC of that day, a month as 00:00 UTC of its first day: both fall on the same
    calendar day in Europe/London, so that no reader on UK time sees a story on the wrong day.
    """

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"


@dataclass(slots=True, kw_only=True)
class Record:
    """One article as its page stated it at one moment.

    Times are aware and in UTC. `published_raw` is the date as printed and `published_from` the place it was found in
    (meta, json-ld, time, page, first line, last line, listing, url, api). What we saw ourselves (first_seen_at and
    so on) is never part of a record: the store adds it.
    """

    source: str
    area: str
    url: str
    title: str
    body: str
    description: str | None = None
    published_at: datetime | None = None
    published_precision: Precision = Precision.UNKNOWN
    published_raw: str | None = None
    published_from: str | None = None
    modified_at: datetime | None = None
    language: str = "en"
    kind: str = "other"
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    sensitive: bool = False
    image_url: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    reader: str
    reader_version: int


@dataclass(slots=True, kw_only=True, frozen=True)
class Fetched:
    """How a page answered: kept beside the article, in the same transaction, so that a page which was fetched but
    not stored leaves no validator behind and is asked for again in full. `entry` is a digest of what the reader was told
    of the source: another digest is another reading, as another reader version is.
    """

    url: str
    at: datetime
    status: int = 200
    etag: str | None = None
    last_modified: str | None = None
    reader: str
    reader_version: int
    entry: str = ""


@dataclass(slots=True, kw_only=True, frozen=True)
class Link:
    """An article as a listing shows it. `published_raw` is the date printed beside it, for pages that print none."""

    url: str
    title: str | None = None
    published_raw: str | None = None


@dataclass(slots=True, kw_only=True, frozen=True)
class Served:
    """A page as it was served: `body` without the compression it travelled in, `url` the address that answered."""

    url: str
    status: int = 200
    content_type: str | None = None
    body: bytes
