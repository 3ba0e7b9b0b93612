"""How pages answered well: their validators, and when they are looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.plans import WHEN_NEWS, plan_of, plans_of
from storage.records import Fetched
from storage.revisits import Plan, news_at, next_look
from storage.tables import ARTICLE, PAGE, SOURCE
from storage.text import storable

GOOD: dict[str, Any] = {
    "failures": 0, "rejections": 0, "error": None, "next_at": None, "gone_since": None, "gone_answers": 0,
    "unconfirmed_hash": None, "unconfirmed_since": None,
}  # fmt: skip


@dataclass(slots=True, frozen=True)
class Validators:
    """What to send as If-None-Match and If-Modified-Since, as the server wrote it. At least one is set."""

    etag: str | None
    last_modified: str | None


def keep_answer(conn: Connection, role: str, rows: Sequence[tuple[str, int | None, Fetched]]) -> None:
    """Keeps how pages answered: (source, article, answer), and when an article's is to be looked at again. What their listing
    showed stays, and when they were found.
    """
    due = _next_looks(conn, rows)
    conn.execute(
        _upsert(conn.dialect.name, role),
        [
            {
                "source_id": source,
                "url": storable(fetched.url),
                "article_id": article_id,
                "etag": storable(fetched.etag),
                "last_modified": storable(fetched.last_modified),
                "reader": fetched.reader,
                "reader_version": fetched.reader_version,
                "entry": fetched.entry,
                "status": fetched.status,
                "checked_at": fetched.at,
                "due_at": due.get((article_id, fetched.at)),
                "found_at": fetched.at,
            }
            for source, article_id, fetched in rows
        ],
    )


def is_kept(conn: Connection, role: str, source_id: str, fetched: Fetched) -> bool:
    """Whether a page answered before just as it did now, so that there is nothing to keep but the moment."""
    now: dict[str, Any] = {
        "role": role,
        "etag": storable(fetched.etag),
        "last_modified": storable(fetched.last_modified),
        "reader": fetched.reader,
        "reader_version": fetched.reader_version,
        "entry": fetched.entry,
        "status": fetched.status,
        **GOOD,
    }
    query = sa.select(*(PAGE.c[name] for name in now)).where(*_this(source_id, fetched.url))
    row = conn.execute(query).one_or_none()
    return row is not None and row._asdict() == now


_RESTLESS_WAIT, _LONGEST_RESTLESS_WAIT = timedelta(minutes=10), timedelta(days=1)
_ANSWER = ("article_id", "etag", "last_modified", "reader", "reader_version", "entry", "status", "checked_at", "due_at")


@cache
def _upsert(dialect: str, role: str) -> sa.Insert:
    """Built once for each database; what is equal in all rows is written into the statement."""
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(PAGE)
    counts: dict[str, sa.ColumnElement[Any]] = {
        "failures": sa.literal_column("0"),
        "rejections": sa.literal_column("0"),
        "gone_answers": sa.literal_column("0"),
        "wavering": sa.literal_column("0"),
    }
    not_listed = {"listed": sa.false()}
    names = ("source_id", "url", "found_at", *_ANSWER)
    insert = insert.values(
        {name: sa.bindparam(name) for name in names} | {"role": sa.literal_column(f"'{role}'"), **counts, **not_listed}
    )
    good = {name: counts.get(name, sa.null()) for name in GOOD}
    answer = {name: insert.excluded[name] for name in (*_ANSWER, "role")}
    return insert.on_conflict_do_update(index_elements=["source_id", "url"], set_=answer | good)


def _next_looks(
    conn: Connection, rows: Sequence[tuple[str, int | None, Fetched]]
) -> dict[tuple[int | None, datetime], datetime | None]:
    """When the articles of pages that answered at these moments are to be looked at again."""
    answered = {article_id: (source, fetched.at) for source, article_id, fetched in rows if article_id is not None}
    if not answered:
        return {}
    plans = plans_of(conn, {source for source, _ in answered.values()})
    found: dict[tuple[int | None, datetime], datetime | None] = {}
    for part in chunks(list(answered)):
        for row in conn.execute(sa.select(ARTICLE.c.id, *WHEN_NEWS).where(ARTICLE.c.id.in_(part))):
            source, at = answered[row.id]
            found[row.id, at] = _next_look(row, at, plans[source])
    return found


def stored(conn: Connection, saved: Sequence[tuple[str, set[str], int, Fetched]]) -> None:
    """Keeps the validators of stored articles: (source, the addresses the article has, its id, how its page answered)."""
    keep_answer(conn, "article", [(source, article_id, fetched) for source, _, article_id, fetched in saved])
    # A listing may also have shown the canonical URL of a page that was asked for by another one: it is not pending.
    aliases = [
        {"source": source, "address": url, "article": article_id, "at": fetched.at}
        for source, addresses, article_id, fetched in saved
        for url in addresses
        if url != fetched.url
    ]
    if aliases:
        pending = (PAGE.c.source_id == sa.bindparam("source")) & (PAGE.c.url == sa.bindparam("address"))
        conn.execute(
            PAGE.update()
            .where(pending, PAGE.c.article_id.is_(None), PAGE.c.role == "article")
            .values(article_id=sa.bindparam("article"), due_at=sa.bindparam("at")),
            aliases,
        )


def held(conn: Connection, pages: Sequence[tuple[str, Fetched, str]]) -> None:
    """The texts of these pages differ from the stored ones, which nobody confirmed yet: (source, answer, content_hash). They
    are asked for again soon, and in full.
    """
    good = {name: GOOD[name] for name in ("failures", "rejections", "next_at")}
    conn.execute(
        PAGE.update()
        .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url == sa.bindparam("page_url"))
        .values(
            unconfirmed_hash=sa.bindparam("text"),
            unconfirmed_since=sa.case(
                (PAGE.c.unconfirmed_hash == sa.bindparam("text"), PAGE.c.unconfirmed_since), else_=sa.bindparam("at")
            ),
            status=sa.bindparam("answered"),
            checked_at=sa.bindparam("at"),
            due_at=sa.bindparam("at"),
            etag=None,
            last_modified=None,
            error="its text differs from the stored one, and is not confirmed yet",
            **good,
        ),
        [
            {"source": source, "page_url": storable(f.url), "text": text, "answered": f.status, "at": f.at}
            for source, f, text in pages
        ],
    )


def wavered(conn: Connection, source_id: str, url: str, times: int, now: datetime) -> None:
    """A page gave another text each time it was asked, at so many looks by now: it is asked for ever rarer, once a day at least."""
    wait = min(_RESTLESS_WAIT * 2 ** min(times, 20), _LONGEST_RESTLESS_WAIT)
    there = {"gone_since": None, "gone_answers": 0}
    conn.execute(PAGE.update().where(*_this(source_id, url)).values(wavering=times, due_at=now + wait, **there))


def calmed(conn: Connection, source_id: str, url: str) -> None:
    """A page that had wavered has one text again."""
    conn.execute(PAGE.update().where(*_this(source_id, url)).values(wavering=0))


def validators(
    conn: Connection, source_id: str, url: str, *, reader: str, reader_version: int, entry: str = ""
) -> Validators | None:
    """What a page's last good answer gave to ask with. None means: ask for it in full.

    That is so for a page read by another reader version or under another entry (`entry` is a digest of it), for a listing
    while a walk through its pages is open (its first page is needed to find the second), and for a removed article (a 304
    could not tell that it is back).
    """
    asked = {"source": source_id, "page_url": storable(url), "by": reader, "by_version": reader_version, "told": entry}
    row = conn.execute(_VALIDATORS, asked).one_or_none()
    return Validators(row.etag, row.last_modified) if row and (row.etag or row.last_modified) else None


_VALIDATORS = (
    sa.select(PAGE.c.etag, PAGE.c.last_modified)
    .join(SOURCE, SOURCE.c.id == PAGE.c.source_id)
    .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(
        PAGE.c.source_id == sa.bindparam("source"),
        PAGE.c.url == sa.bindparam("page_url"),
        PAGE.c.reader == sa.bindparam("by"),
        PAGE.c.reader_version == sa.bindparam("by_version"),
        PAGE.c.entry == sa.bindparam("told"),
        ARTICLE.c.removed_at.is_(None),
        sa.not_(sa.and_(PAGE.c.role == "listing", SOURCE.c.walk_open)),
    )
)


def not_modified(conn: Connection, source_id: str, urls: Sequence[str], now: datetime) -> None:
    """These pages answered 304: they and their articles are there."""
    not_modified_at(conn, source_id, dict.fromkeys(urls, now))


def not_modified_at(conn: Connection, source_id: str, moments: Mapping[str, datetime]) -> None:
    """The same of pages that answered so at moments of their own."""
    plan = plan_of(conn, source_id)
    at = {storable(url): moment for url, moment in moments.items()}
    for part in chunks(list(at)):
        rows = conn.execute(_OF_PAGES, {"source": source_id, "urls": part}).all()
        looks = [{"page": row.id, "at": at[row.url], "due": _next_look(row, at[row.url], plan)} for row in rows]
        if looks:
            conn.execute(_NOT_MODIFIED, looks)
        seen = [{"article": row.article_id, "at": at[row.url]} for row in rows if row.article_id is not None]
        if seen:
            conn.execute(_SEEN, seen)


_OF_PAGES = (
    sa.select(PAGE.c.id, PAGE.c.url, PAGE.c.article_id, *WHEN_NEWS)
    .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url.in_(sa.bindparam("urls", expanding=True)))
)
_NOT_MODIFIED = (
    PAGE.update()
    .where(PAGE.c.id == sa.bindparam("page"))
    .values(checked_at=sa.bindparam("at"), due_at=sa.bindparam("due"), status=304, **GOOD)
)
_SEEN = ARTICLE.update().where(ARTICLE.c.id == sa.bindparam("article")).values(last_seen_at=sa.bindparam("at"))


def _next_look(row: Any, at: datetime, plan: Plan) -> datetime | None:
    """When the article of a page that answered then is to be looked at again; None for a page without one."""
    if row.changed_at is None:
        return None
    return next_look(news_at(row.published_at, row.first_seen_at, row.changed_at), row.changed_at, at, plan)


def _this(source_id: str, url: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return PAGE.c.source_id == source_id, PAGE.c.url == storable(url)
