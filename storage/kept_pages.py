"""Pages as they were served: the one behind each version, and each that could not be read. So a better reader can read them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.errors import DamagedError
from storage.outcomes import Outcome
from storage.records import Fetched, Link, Record, Served
from storage.tables import ARTICLE, KEPT_PAGE, PAGE, VERSION
from storage.text import storable
from storage.withheld import is_withheld

_LEVEL = 1  # higher ones save a sixth of the space at most, and take up to three times as long
_KEPT = (
    Outcome.NEW,
    Outcome.EDITED,
    Outcome.RESTORED,
    Outcome.REPARSED,
)  # the words that are stored now are this page's


@dataclass(slots=True, frozen=True, kw_only=True)
class Kept:
    """A kept page that may be read again. `version`: of `article_id`, and its current one; both None where it could not be read.
    `link`: as its listing showed it. `withheld`: nothing of its article may be shown.
    """

    id: int
    link: Link
    page: Served
    fetched_at: datetime
    article_id: int | None
    version: int | None
    record_hash: str | None
    withheld: bool


@dataclass(slots=True, frozen=True)
class Saved:
    """An article that was saved, what that did, and the page it was read from."""

    record: Record
    fetched: Fetched
    outcome: Outcome
    page: Served


def keep(conn: Connection, source_id: str, saved: Iterable[Saved]) -> None:
    """Keeps the pages behind new words, in the transaction that saved them. A version has one page, the last that its words were
    read from. A page that could not be read before, and can now, is forgotten as such.
    """
    kept = [each for each in saved if each.outcome in _KEPT]
    for part in chunks(kept):
        owners = _owners(conn, source_id, part)
        rows = [_values(source_id, each) | owners[n] for n, each in enumerate(part) if n in owners]
        if not rows:
            continue
        urls = [row["url"] for row in rows]
        unread = (KEPT_PAGE.c.source_id == source_id) & KEPT_PAGE.c.url.in_(urls) & KEPT_PAGE.c.article_id.is_(None)
        conn.execute(KEPT_PAGE.delete().where(unread))
        if again := [owners[n] for n, each in enumerate(part) if n in owners and each.outcome is not Outcome.NEW]:
            conn.execute(_OF_VERSION, [{"article": row["article_id"], "number": row["version"]} for row in again])
        conn.execute(KEPT_PAGE.insert(), rows)


def keep_unread(conn: Connection, source_id: str, url: str, page: Served, error: str, now: datetime) -> None:
    """Keeps a page that no article was read from: the last of its URL, and nothing where that is the one that is kept."""
    this = (KEPT_PAGE.c.source_id == source_id) & (KEPT_PAGE.c.url == storable(url)) & KEPT_PAGE.c.article_id.is_(None)
    values = {**_page_values(page), "error": storable(error)}
    known = conn.execute(sa.select(KEPT_PAGE.c.id, KEPT_PAGE.c.body, KEPT_PAGE.c.error).where(this)).first()
    if known is None:
        key = {"source_id": source_id, "url": storable(url), "fetched_at": now}
        conn.execute(KEPT_PAGE.insert().values(**key, **values))
    elif (known.body, known.error) != (values["body"], values["error"]):
        conn.execute(KEPT_PAGE.update().where(KEPT_PAGE.c.id == known.id).values(fetched_at=now, **values))


_TO_READ = (
    sa.select(KEPT_PAGE, PAGE.c.listed_title, PAGE.c.listed_date, is_withheld().label("withheld"))
    .outerjoin(ARTICLE, (ARTICLE.c.id == KEPT_PAGE.c.article_id) & (ARTICLE.c.version == KEPT_PAGE.c.version))
    .outerjoin(PAGE, (PAGE.c.source_id == KEPT_PAGE.c.source_id) & (PAGE.c.url == KEPT_PAGE.c.url))
    .where(
        ARTICLE.c.erased_at.is_(None) & ARTICLE.c.id.is_not(None)
        | KEPT_PAGE.c.article_id.is_(None) & PAGE.c.id.is_not(None) & PAGE.c.article_id.is_(None)
    )
    .order_by(KEPT_PAGE.c.id)
)


def to_read(conn: Connection, source_id: str) -> list[int]:
    """The ids of a source's kept pages behind current versions, and of those that no article was ever read from."""
    return list(conn.scalars(_TO_READ.with_only_columns(KEPT_PAGE.c.id).where(KEPT_PAGE.c.source_id == source_id)))


def pages_to_read(conn: Connection, ids: Sequence[int]) -> list[Kept]:
    """The pages of some of these ids, in their order; without those of articles that changed meanwhile."""
    return [
        Kept(
            id=row.id,
            link=Link(url=row.url, title=row.listed_title, published_raw=row.listed_date),
            page=Served(url=row.served_url, status=row.status, content_type=row.content_type, body=unpacked(row.body)),
            fetched_at=row.fetched_at,
            article_id=row.article_id,
            version=row.version,
            record_hash=row.record_hash,
            withheld=bool(row.withheld),
        )
        for row in conn.execute(_TO_READ.where(KEPT_PAGE.c.id.in_(ids)))
    ]


def sources_with_pages(conn: Connection) -> list[str]:
    """The sources that have kept pages."""
    return list(conn.scalars(sa.select(KEPT_PAGE.c.source_id).distinct().order_by(KEPT_PAGE.c.source_id)))


def prune(conn: Connection, *, keep_for: timedelta | None, now: datetime) -> None:
    """Deletes pages that were fetched so long ago, of all sources, those behind current versions too. None: keeps them all."""
    if keep_for is None:
        return
    old = KEPT_PAGE.c.fetched_at <= now - keep_for
    if conn.scalar(sa.select(KEPT_PAGE.c.id).where(old).limit(1)) is not None:
        conn.execute(KEPT_PAGE.delete().where(old))


def packed(body: bytes) -> bytes:
    """A body as `kept_page.body` holds it."""
    return zlib.compress(body, _LEVEL)


def unpacked(body: bytes) -> bytes:
    """The other way round."""
    try:
        return zlib.decompress(body)
    except zlib.error as error:
        raise DamagedError("a kept page that cannot be unpacked") from error


def _page_values(page: Served) -> dict[str, Any]:
    return {
        "served_url": storable(page.url),
        "status": page.status,
        "content_type": storable(page.content_type),
        "body": packed(page.body),
    }


def _values(source_id: str, each: Saved) -> dict[str, Any]:
    fetched = {"source_id": source_id, "url": storable(each.fetched.url), "fetched_at": each.fetched.at}
    return {**fetched, **_page_values(each.page), "error": None}


_OF_VERSION = KEPT_PAGE.delete().where(
    KEPT_PAGE.c.article_id == sa.bindparam("article"), KEPT_PAGE.c.version == sa.bindparam("number")
)
_OWNER = (
    sa.select(
        ARTICLE.c.url, ARTICLE.c.address, ARTICLE.c.id.label("article_id"), ARTICLE.c.version, VERSION.c.record_hash
    )
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    .where(ARTICLE.c.source_id == sa.bindparam("source"))
)
_OF_PAGES = (
    _OWNER.add_columns(PAGE.c.url.label("asked"))
    .join(PAGE, PAGE.c.article_id == ARTICLE.c.id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url.in_(sa.bindparam("urls", expanding=True)))
)
_AT = _OWNER.where(ARTICLE.c.url.in_(sa.bindparam("urls", expanding=True))).order_by(ARTICLE.c.reuse)


def _owners(conn: Connection, source_id: str, saved: Sequence[Saved]) -> dict[int, dict[str, Any]]:
    """By place: the article and version that were read from the page. Its URL leads to them, unless it led to another story."""
    asked = [storable(each.fetched.url) for each in saved]
    read = [storable(each.record.url) for each in saved]
    rows = {row.asked: row for row in conn.execute(_OF_PAGES, {"source": source_id, "urls": asked})}
    found: dict[int, Any] = {}
    for n in range(len(saved)):
        row = rows.get(asked[n])
        if row is not None and read[n] in (row.url, row.address):
            found[n] = row
    if missing := [n for n in range(len(saved)) if n not in found]:
        at = {row.url: row for row in conn.execute(_AT, {"source": source_id, "urls": [read[n] for n in missing]})}
        found |= {n: at[read[n]] for n in missing if read[n] in at}
    names = ("article_id", "version", "record_hash")
    return {n: {name: getattr(row, name) for name in names} for n, row in found.items()}
