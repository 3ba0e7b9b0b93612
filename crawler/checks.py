"""From what a crawl found to its verdict. An exit code of 0 from Scrapy proves nothing; this is what counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.entries import SourceEntry
from crawler.failures import StopCrawl
from storage.records import Record
from storage.troubles import Trouble

STOPPED = "stopped before its end; what was read is stored"
_FEWEST_FAILED = 3  # one broken page on a quiet day is no broken site
ENOUGH = 20  # articles to judge by how many of them have a field
FILL_FIELDS = ("published_at", "description", "title", "body", "image_url")


@dataclass(slots=True)
class Findings:
    """What the verdict is made of. `links`: on the listing, or known from before when it answered 304 (not modified).
    `read`: articles that were read, and the latest stored ones where few were; `filled`: how many of them had a field.
    `failures`, `rejections`: the classes of what failed and was rejected; `trouble`: the first thing that is not ok, and its class.
    `rejected`: pages that were no article or not allowed, without those that were rejected before. `unsettled`: stored
    articles' pages that gave another text at each request, or another story's. `complete`: the crawl came to its end.
    """

    requests: int = 0
    links: int = 0
    asked: int = 0
    failed: int = 0
    rejected: int = 0
    unsettled: int = 0
    read: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    failures: Counter[Trouble] = field(default_factory=Counter)
    rejections: Counter[Trouble] = field(default_factory=Counter)
    trouble: str | None = None
    trouble_class: Trouble | None = None
    stop: StopCrawl | None = None
    complete: bool = False

    def count_filled(self, values: Mapping[str, object]) -> None:
        """One more article, with the fields that it has."""
        self.read += 1
        self.filled.update(name for name in FILL_FIELDS if values[name])


class Verdict(NamedTuple):
    """`verdict`: ok, degraded or failed; `reason`: one line, and `trouble` its class, both None when ok."""

    verdict: str
    reason: str | None
    trouble: Trouble | None = None

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}" if self.reason else self.verdict


class BadItem(Exception):  # noqa: N818  named as what it is
    """Raised for a record that must not be stored; the message names the field."""


def judge(entry: SourceEntry, found: Findings) -> Verdict:
    """The verdict of a crawl: the worst thing that is true of it."""
    if found.stop is not None and found.stop.verdict == "failed":
        return Verdict("failed", found.stop.reason, found.stop.trouble)
    if found.requests == 0 and found.stop is None:
        return Verdict("failed", "no request was made", Trouble.INTERNAL)
    if found.complete and found.links < entry.assertions.min.links:
        least = entry.assertions.min.links
        reason = f"{found.links} links on the listing where at least {least} are expected"
        return Verdict("failed", reason, Trouble.LISTING_EMPTY)
    unread = f"{found.failed} of {found.asked} article pages could not be read"
    if found.failed >= _FEWEST_FAILED and found.failed * 2 > found.asked:
        return Verdict("failed", unread, commonest(found.failures))
    if found.rejected >= _FEWEST_FAILED and found.rejected * 2 >= found.asked:
        reason = f"{found.rejected} of {found.asked} article pages are no articles or not allowed"
        return Verdict("failed", reason, commonest(found.rejections))
    if found.unsettled >= _FEWEST_FAILED and found.unsettled * 3 > found.asked:
        reason = f"{found.unsettled} pages give another text at each request, or another story's"
        return Verdict("failed", reason, Trouble.WRONG_PAGE)
    if found.stop is not None:
        return Verdict("degraded", found.stop.reason, found.stop.trouble)
    if not found.complete:
        return Verdict("degraded", STOPPED, Trouble.STOPPED)
    if found.failed:
        return Verdict("degraded", unread, commonest(found.failures))
    if found.trouble:
        return Verdict("degraded", found.trouble, found.trouble_class)
    return _fill(entry, found) or Verdict("ok", None)


def _fill(entry: SourceEntry, found: Findings) -> Verdict | None:
    for name, share in entry.assertions.fill.items():
        # Rounded down: a single article without a picture on a quiet day proves nothing.
        if (have := found.filled[name]) < int(share * found.read):
            reason = f"{have} of {found.read} articles have {name} where {share:.0%} are expected"
            return Verdict("degraded", reason, Trouble.DATE_UNREAD if name == "published_at" else Trouble.FIELD_UNREAD)
    return None


def commonest(classes: Counter[Trouble], otherwise: Trouble = Trouble.PAGE_CHANGED) -> Trouble:
    """The class of most of the pages."""
    return classes.most_common(1)[0][0] if classes else otherwise


def check_record(record: Record, entry: SourceEntry, now: datetime) -> str | None:
    """Raises `BadItem` for a record without title or body, with a date that has no zone, or with a URL of another host.
    Returns what is odd about one that is stored all the same: forces do print dates in the future.
    """
    for name in ("title", "body"):
        if not str(getattr(record, name)).strip():
            raise BadItem(f"no {name} on {record.url}")
    if not entry.owns(record.url):
        raise BadItem(f"{record.url} is not on the hosts of {entry.id}")
    for name in ("published_at", "modified_at"):
        value = getattr(record, name)
        if value is not None and value.tzinfo is None:
            raise BadItem(f"{name} has no time zone on {record.url}")
    if record.published_at is not None and record.published_at > now + timedelta(hours=1):
        return f"published {record.published_at:%Y-%m-%d}, which is in the future: {record.url}"
    return None
