"""The pages of a source: what its listings showed, what is still to be read, and what is due to be looked at again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.answers import Validators, is_kept, keep_answer, not_modified, validators
from storage.chunks import chunks
from storage.due import due, listed, pending
from storage.records import Fetched, Link
from storage.tables import ARTICLE, PAGE, SOURCE
from storage.text import storable
from storage.waits import failed, gone, rejected

__all__ = [
    "Validators", "close_walk", "due", "failed", "gone", "listed", "not_modified", "pending", "rejected",
    "remember_listing", "validators", "walk_is_open",
]  # fmt: skip

_MOST_RETITLED = 3  # more, and more than half of what a listing shows: it prints its titles in another way


def remember_listing(
    conn: Connection, source_id: str, links: Sequence[Link], fetched: Fetched, *, more: bool, first: bool, now: datetime
) -> list[Link]:
    """Makes a listing's unknown links pending pages, keeps the listing's validators, and returns the unknown links.

    `more`: another page of the listing follows. The walk is open from the first unknown link that has more behind it
    until `close_walk`, so that a crawl killed between two pages walks on next time. `first` pages alone keep validators:
    a later page of a listing shows other links tomorrow. A link of a removed article makes it due again, and so does
    another title: the listing tells of an edit.
    """
    by_url: dict[str, Link] = {}
    for link in links:
        by_url.setdefault(storable(link.url), link)
    rows: list[Any] = []
    for part in chunks(list(by_url)):
        rows += conn.execute(_LISTED, {"source": source_id, "urls": part})
    known = {row.url for row in rows}
    for part in chunks([row.id for row in rows if row.removed_at is not None]):
        conn.execute(PAGE.update().where(PAGE.c.id.in_(part)).values(checked_at=None, due_at=now))
    _look_at_titles(conn, rows, by_url, now)
    unknown = [link for url, link in by_url.items() if url not in known and url != fetched.url]
    if unknown:
        conn.execute(PAGE.insert(), [_pending_values(source_id, link, now) for link in unknown])
    if first and not is_kept(conn, "listing", source_id, fetched):
        keep_answer(conn, "listing", [(source_id, None, fetched)])
    if unknown and more:
        conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(walk_open=True))
    return unknown


_LISTED = (
    sa.select(PAGE.c.id, PAGE.c.url, PAGE.c.article_id, PAGE.c.listed_title, ARTICLE.c.removed_at, ARTICLE.c.erased_at)
    .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url.in_(sa.bindparam("urls", expanding=True)))
)


def _look_at_titles(conn: Connection, rows: Sequence[Any], links: Mapping[str, Link], now: datetime) -> None:
    """Keeps titles that the listing shows in place of others, and makes their articles due. Of an erased one nothing is kept."""
    kept = [row for row in rows if row.erased_at is None]
    titles = {row.id: title for row in kept if (title := storable(links[row.url].title)) and title != row.listed_title}
    for page, title in titles.items():
        conn.execute(PAGE.update().where(PAGE.c.id == page).values(listed_title=title))
    retitled = [row.id for row in rows if row.id in titles and row.listed_title and row.article_id is not None]
    if len(retitled) <= max(_MOST_RETITLED, len(rows) // 2):
        for part in chunks(retitled):
            waits = PAGE.c.next_at.is_not(None) & (PAGE.c.next_at > now)
            conn.execute(PAGE.update().where(PAGE.c.id.in_(part), sa.not_(waits)).values(due_at=now))


def _pending_values(source_id: str, link: Link, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "url": storable(link.url),
        "role": "article",
        "found_at": now,
        "listed_title": storable(link.title),
        "listed_date": storable(link.published_raw),
    }


def walk_is_open(conn: Connection, source_id: str, *, max_pages: int = 0) -> bool:
    """Whether an earlier walk through the listing's pages left stories behind that this one can reach: it was broken off,
    or cut by a lower bound than `max_pages`. The same bound would only cut it again, and each time a little earlier.
    """
    cut_before = SOURCE.c.walk_cut_at.is_not(None) & (SOURCE.c.walk_cut_at < max_pages)
    return bool(conn.scalar(sa.select(SOURCE.c.walk_open | cut_before).where(SOURCE.c.id == source_id)))


def close_walk(
    conn: Connection,
    source_id: str,
    *,
    cut_at: int | None = None,
    whole: bool = False,
    shown: Collection[str] | None = None,
) -> None:
    """The walk reached its end: the listing's last page, or a page without unknown links, or its bound of `cut_at` pages.

    `whole`: it did not stop at known links, so that nothing is left behind a bound that cut an earlier one. `shown`: the
    links that it met; None where the listing shows what it showed before.
    """
    if shown is not None:
        _keep_shown(conn, source_id, {storable(url) for url in shown})
    closed = {"walk_open": False} | ({"walk_cut_at": cut_at} if cut_at is not None or whole else {})
    known = conn.execute(sa.select(*(SOURCE.c[name] for name in closed)).where(SOURCE.c.id == source_id)).one()
    if known._asdict() != closed:
        conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(closed))


def _keep_shown(conn: Connection, source_id: str, shown: set[str]) -> None:
    before = set(conn.scalars(_SHOWN, {"source": source_id}))
    for urls, is_shown in ((before - shown, False), (shown - before, True)):
        if urls:
            conn.execute(_SHOW, [{"source": source_id, "page_url": url, "shown": is_shown} for url in sorted(urls)])


_SHOWN = sa.select(PAGE.c.url).where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.listed)
_SHOW = (
    PAGE.update()
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url == sa.bindparam("page_url"))
    .values(listed=sa.bindparam("shown"))
)
