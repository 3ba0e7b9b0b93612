"""Kept pages are read again with today's readers and entries. Nothing is asked of the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from sqlalchemy import Connection, Engine

from crawler.checks import BadItem, check_record
from crawler.entries import SourceEntry
from crawler.meaning import describe
from crawler.notices import is_notice
from crawler.readers import make_reader
from crawler.readers.base import Reader
from crawler.selectors import ReadError
from crawler.urls import canonical
from storage.changes import Words
from storage.crawls import add_issue, refuse_while_running
from storage.database import reading, writing
from storage.kept_pages import Kept, pages_to_read, to_read
from storage.records import Record
from storage.reparsed import Difference, Reread, reparse

_AT_ONCE = 20  # pages of a transaction
_MOST_ISSUES = 50
UNREADABLE = "unreadable"
LEFT = "left"


@dataclass(slots=True, kw_only=True)
class Reparsed:
    """What reading a kept page again came to. `outcome`: unchanged, reparsed, new, unreadable, or left where the article changed
    meanwhile or is stored under another address. `article`: None where the page could not be read before. `withheld`: nothing of
    its article may be shown, its address neither.
    """

    source: str
    url: str
    article: int | None
    outcome: str
    fields: list[str] = field(default_factory=list)
    error: str | None = None
    before: Words | None = None
    after: Words | None = None
    withheld: bool = False

    @property
    def lost(self) -> bool:
        """Whether a page that was read once cannot be read any more."""
        return self.outcome == UNREADABLE and self.article is not None


def reparse_source(
    store: Engine, entry: SourceEntry, *, now: datetime, host: str, dry_run: bool = False
) -> Iterator[Reparsed]:
    """Reads a source's kept pages again, and yields what each came to once it is stored, or would be with `dry_run`. What an
    interruption leaves is done by the next call. An article whose page cannot be read any more loses nothing: that is an issue.

    Raises `CrawlRunning` while a crawl of the source is running, and `StoreError`.
    """
    reader = make_reader(entry)
    issues = 0
    with reading(store) as conn:
        ids = to_read(conn, entry.id)
    for at in range(0, len(ids), _AT_ONCE):
        with reading(store) as conn:
            refuse_while_running(conn, entry.id, now=now, host=host)
            pages = pages_to_read(conn, ids[at : at + _AT_ONCE])
        read = [(page, _read(reader, page, now)) for page in pages]
        if dry_run:
            with reading(store) as conn:
                found = _store(conn, entry, read, now, dry_run=True)
        else:
            with writing(store) as conn:
                found = _store(conn, entry, read, now, dry_run=False)
                lost = [each for each in found if each.lost]
                for each in lost[: max(0, _MOST_ISSUES - issues)]:
                    _add_issue(conn, each, now)
                issues += len(lost)
        yield from found


def _store(
    conn: Connection, entry: SourceEntry, read: list[tuple[Kept, Record | str]], now: datetime, *, dry_run: bool
) -> list[Reparsed]:
    rereads = [Reread(page, record, entry.digest) for page, record in read if not isinstance(record, str)]
    differences = iter(reparse(conn, rereads, at=now, dry_run=dry_run))
    return [
        _unreadable(entry, page, record) if isinstance(record, str) else _told(entry, page, next(differences))
        for page, record in read
    ]


def _unreadable(entry: SourceEntry, page: Kept, error: str) -> Reparsed:
    return replace(_told(entry, page, Difference(None)), outcome=UNREADABLE, error=None if page.withheld else error)


def _told(entry: SourceEntry, page: Kept, found: Difference) -> Reparsed:
    return Reparsed(
        source=entry.id,
        url="" if page.withheld else page.link.url,
        article=page.article_id,
        outcome=str(found.outcome or LEFT),
        fields=found.fields,
        before=None if page.withheld else found.before,
        after=None if page.withheld else found.after,
        withheld=page.withheld,
    )


def _add_issue(conn: Connection, lost: Reparsed, now: datetime) -> None:
    where = f"article {lost.article}" if lost.withheld else lost.url
    message = f"today's reader cannot read a kept page that was read before: {lost.error or where}"
    add_issue(
        conn, source_id=lost.source, crawl_id=None, kind="reparse", message=message, url=lost.url or None, now=now
    )


def _read(reader: Reader, kept: Kept, now: datetime) -> Record | str:
    """The record of a kept page, or why there is none."""
    entry, asked, page = reader.entry, kept.link.url, kept.page
    api = reader.request_url(asked) != asked and page.body.lstrip()[:1] in (b"{", b"[")
    final = asked if api else canonical(page.url, entry)
    if final is None:
        return f"{page.url} is not on the hosts of {entry.id} any more"
    try:
        record = describe(reader.article(_response(kept), replace(kept.link, url=final)))
        record.url = final
        check_record(record, entry, now)
    except (ReadError, BadItem) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  a reader's own fault at one page must not end the others' reading
        return f"{type(error).__name__} in the reader: {error} on {asked}"
    notice = is_notice(record)
    return f"a notice in place of a story: {notice.words}" if notice is not None else record


def _response(kept: Kept) -> Response:
    """A kept page as it came to the crawl: its kind told, and its letters decoded, by the same header."""
    page = kept.page
    headers = Headers({"Content-Type": page.content_type} if page.content_type else {})
    kind = responsetypes.from_args(headers=headers, url=page.url, body=page.body)
    return kind(url=page.url, status=page.status, headers=headers, body=page.body)
