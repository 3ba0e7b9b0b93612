"""How pages answered: validators of a good answer, and what a bad one means for asking again."""

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
from storage.plans import REMOVED_WATCHED, WHEN_NEWS, plan_of, plans_of
from storage.records import Fetched
from storage.revisits import Plan, news_at, next_look, while_watched
from storage.tables import ARTICLE, CRAWL, PAGE, SOURCE
from storage.text import storable

GOOD: dict[str, Any] = {
    "failures": 0, "rejections": 0, "error": None, "next_at": None, "gone_since": None, "gone_answers": 0,
    "unconfirmed_hash": None, "wavering": 0,
}  # fmt: skip
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
_GONE_WAIT, _LONGEST_GONE_WAIT = timedelta(minutes=15), timedelta(days=1)
_REJECTED_WAIT, _LONGEST_REJECTED_WAIT = timedelta(days=1), timedelta(days=64)


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
    good = {name: GOOD[name] for name in ("failures", "rejections", "error", "next_at")}
    conn.execute(
        PAGE.update()
        .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url == sa.bindparam("page_url"))
        .values(
            unconfirmed_hash=sa.bindparam("text"),
            status=sa.bindparam("answered"),
            checked_at=sa.bindparam("at"),
            due_at=sa.bindparam("at"),
            etag=None,
            last_modified=None,
            **good,
        ),
        [
            {"source": source, "page_url": storable(f.url), "text": text, "answered": f.status, "at": f.at}
            for source, f, text in pages
        ],
    )


def wavered(conn: Connection, source_id: str, url: str, times: int) -> None:
    """A page gave another text each time it was asked: so many looks in a row by now."""
    conn.execute(PAGE.update().where(*_this(source_id, url)).values(wavering=times))


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


def failed(conn: Connection, source_id: str, url: str, error: str, status: int | None, now: datetime) -> None:
    """A page could not be fetched or read: it waits 10 minutes, then twice as long each time, at most a day.

    Does nothing for a page that the store does not know: a listing that never answered well.
    """
    row = _known(conn, source_id, url)
    if row is None:
        return
    next_at = now + min(_FIRST_WAIT * 2 ** min(row.failures + 1, 20), _LONGEST_WAIT)
    values = {
        "failures": row.failures + 1,
        "error": storable(error),
        "status": status,
        "checked_at": now,
        "next_at": next_at,
        "due_at": _due_after(conn, source_id, row, next_at),
    }
    conn.execute(PAGE.update().where(PAGE.c.id == row.id).values(values))


def gone(conn: Connection, source_id: str, url: str, status: int, now: datetime, *, counts: bool = True) -> None:
    """A page answered 404, 410 or with a redirect to its listing. `decide_removals` draws the conclusion.

    `counts`: not so for a second look in one crawl, which only confirms the answer before it. A stored article's page
    waits as long as it has been gone, so twice as long each time: 15 minutes at least, a day at most, until its article was
    removed for 30 days. One that was never stored waits 10 minutes, then twice as long each time, at most 64 days.
    """
    row = _known(conn, source_id, url)
    if row is None:
        return
    answers = row.gone_answers + 1 if counts else max(row.gone_answers, 1)
    since = row.gone_since or now
    if row.article_id is not None:
        next_at = now + min(max(now - since, _GONE_WAIT), _LONGEST_GONE_WAIT)
    else:
        next_at = now + min(_FIRST_WAIT * 2 ** min(answers, 20), _LONGEST_REJECTED_WAIT)
    given_up = row.removed_at is not None and next_at - row.removed_at > REMOVED_WATCHED
    values = {
        "status": status,
        "checked_at": now,
        "gone_answers": answers,
        "gone_since": since,
        "next_at": next_at,
        "due_at": None if row.article_id is None or given_up else next_at,
        "failures": 0,
        "error": None,
    }
    conn.execute(PAGE.update().where(PAGE.c.id == row.id).values(values))


def rejected(conn: Connection, source_id: str, url: str, reason: str, now: datetime) -> None:
    """A page could be read and is no article: not asked for again for a day, then ever rarer (at most 64 days), or until
    another version of the source's reader comes, or another entry.
    """
    latest = sa.select(CRAWL.c.reader, CRAWL.c.reader_version, CRAWL.c.entry).where(CRAWL.c.source_id == source_id)
    crawl = conn.execute(latest.order_by(CRAWL.c.id.desc()).limit(1)).one_or_none()
    row = _known(conn, source_id, url)
    if row is None:
        return
    next_at = now + min(_REJECTED_WAIT * 2 ** min(row.rejections, 20), _LONGEST_REJECTED_WAIT)
    values = {
        "rejections": row.rejections + 1,
        "error": storable(reason),
        "checked_at": now,
        "next_at": next_at,
        "due_at": _due_after(conn, source_id, row, next_at),
        "failures": 0,
        "reader": crawl.reader if crawl else None,
        "reader_version": crawl.reader_version if crawl else None,
        "entry": crawl.entry if crawl else None,
        "etag": None,
        "last_modified": None,
    }
    conn.execute(PAGE.update().where(PAGE.c.id == row.id).values(values))


def _known(conn: Connection, source_id: str, url: str) -> Any:
    """What is known of a page, and when its article was news."""
    return conn.execute(_KNOWN, {"source": source_id, "page_url": storable(url)}).one_or_none()


_KNOWN = (
    sa.select(
        PAGE.c.id,
        PAGE.c.article_id,
        PAGE.c.failures,
        PAGE.c.rejections,
        PAGE.c.gone_answers,
        PAGE.c.gone_since,
        *WHEN_NEWS,
    )
    .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url == sa.bindparam("page_url"))
)


def _due_after(conn: Connection, source_id: str, row: Any, next_at: datetime) -> datetime | None:
    """When a stored article whose page is to wait until `next_at` is looked at again."""
    if row.article_id is None:
        return None
    return while_watched(next_at, row.changed_at, plan_of(conn, source_id))


def _this(source_id: str, url: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return PAGE.c.source_id == source_id, PAGE.c.url == storable(url)
