"""Erasing: the stored text of articles that were withdrawn and must be spared, in old versions and in the file's free parts too.

What stays is that there was an article: its source, its address, its kind and its moments. The address is needed: by it the
article is known when its page answers again, and no feed tells the same story twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.chunks import chunks
from storage.database import reading, store_errors, writing
from storage.mentions import Look, looks, showing, traces_of
from storage.rules import RetentionRule
from storage.search_index import drop_left_words
from storage.tables import ARTICLE, CHANGE, FURNITURE, ISSUE, KEPT_PAGE, ORIGINAL, PAGE, REFERENCE, VERSION
from storage.untold import note_untold

_log = logging.getLogger(__name__)

# No hash of a text stays either: of a line such as "X has been found" anybody who guesses the name could tell that it is right.
# A normalisation of 0 is no number that any has: such a version compares to nothing.
_NO_TEXT: dict[str, Any] = {
    "title": "", "description": None, "body": "", "published_raw": None, "published_from": None, "tags": [],
    "references": [], "operations": [], "image_url": None, "meta": {}, "content_hash": "", "record_hash": "", "normalisation": 0,
}  # fmt: skip
_ERASED = "erased together with an article"
_OF_ARTICLES = (ORIGINAL, KEPT_PAGE, REFERENCE)  # whose rows go whole
_MOST_WAIT_MS = (
    2000  # for readers, before the log of writes can be cut; it is cut at the latest when nobody has the store open
)


def erase_due(engine: Engine, source_id: str | None, rule: RetentionRule, *, now: datetime) -> int:
    """Erases what is due of a source, or of all, and says of how many articles. Writes nothing where nothing is due.

    Due are withdrawn articles that are sensitive or suppressed, `rule.erase_after` after the removal, and the suppression.
    Raises `StoreError`.
    """
    if rule.erase_after is None:
        return 0
    until = now - rule.erase_after
    return _erase_chosen(engine, lambda conn: _due(conn, source_id, until), now)


def erase(engine: Engine, ids: Collection[int], *, now: datetime) -> int:
    """Erases these articles, as far as they are not erased yet, and says how many. Raises `StoreError`."""

    def chosen(conn: Connection) -> list[int]:
        query = sa.select(ARTICLE.c.id).where(ARTICLE.c.erased_at.is_(None)).order_by(ARTICLE.c.id)
        return [id for part in chunks(sorted(ids)) for id in conn.scalars(query.where(ARTICLE.c.id.in_(part)))]

    return _erase_chosen(engine, chosen, now)


def _erase_chosen(engine: Engine, chosen: Callable[[Connection], list[int]], now: datetime) -> int:
    with reading(engine) as conn:
        ids = chosen(conn)
        if not ids:
            return 0
        shown, looked = _mentioned(conn, ids, set())  # of many pages that takes long: nobody waits for it
    drop_left_words(engine)  # they left the index when they were withheld; a crash after this does it again
    with writing(engine) as conn:
        ids = chosen(conn)
        since, _ = _mentioned(conn, ids, looked)
        _erase(conn, ids, now)
        for part in chunks(shown + since):
            conn.execute(KEPT_PAGE.delete().where(KEPT_PAGE.c.id.in_(part)))
    cut_log(engine)
    return len(ids)


def _mentioned(conn: Connection, ids: list[int], looked: set[Look]) -> tuple[list[int], set[Look]]:
    """The kept pages of other articles, and of listings, that show these, without those that were looked at; and all that are."""
    shown: list[int] = []
    seen: set[Look] = set()
    for source, traces in traces_of(conn, ids).items():
        pages = [look for look in looks(conn, source) if look not in looked]
        shown += showing(conn, pages, traces)
        seen.update(pages)
    return shown, seen


def _due(conn: Connection, source_id: str | None, until: datetime) -> list[int]:
    spared = sa.or_(ARTICLE.c.sensitive, ARTICLE.c.suppressed_at <= until)
    query = sa.select(ARTICLE.c.id).where(ARTICLE.c.removed_at <= until, ARTICLE.c.erased_at.is_(None), spared)
    if source_id is not None:
        query = query.where(ARTICLE.c.source_id == source_id)
    return list(conn.scalars(query.order_by(ARTICLE.c.id)))


def _erase(conn: Connection, ids: list[int], now: datetime) -> None:
    for part in chunks(ids):
        conn.execute(VERSION.update().where(VERSION.c.article_id.in_(part)).values(_NO_TEXT))
        conn.execute(
            CHANGE.update().where(CHANGE.c.article_id.in_(part), CHANGE.c.state.is_not(None)).values(state=None)
        )
        _erase_pages(conn, PAGE.c.article_id.in_(part))
        for table in _OF_ARTICLES:
            conn.execute(table.delete().where(table.c.article_id.in_(part)))
        _erase_banners(conn, part)
        conn.execute(ARTICLE.update().where(ARTICLE.c.id.in_(part)).values(erased_at=now, body_hash=None))
    note_untold(conn, ids)


def _erase_pages(conn: Connection, these: sa.ColumnElement[bool]) -> None:
    """What a listing said of the pages, what crawls noticed on them, and pages kept because they could not be read."""

    def at(table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.exists().where(these, PAGE.c.source_id == table.c.source_id, PAGE.c.url == table.c.url)

    conn.execute(KEPT_PAGE.delete().where(at(KEPT_PAGE)))
    conn.execute(ISSUE.update().where(at(ISSUE)).values(message=_ERASED))
    said = ("listed_title", "listed_date", "error", "unconfirmed_hash", "etag", "last_modified")
    nothing = dict.fromkeys(said)
    conn.execute(PAGE.update().where(these).values(nothing))


def _erase_banners(conn: Connection, ids: Sequence[int]) -> None:
    """What stood on every page of these articles' sources may have been about them. A banner is known by its digest; its text was
    kept for people alone.
    """
    sources = set(conn.scalars(sa.select(ARTICLE.c.source_id).where(ARTICLE.c.id.in_(ids))))
    conn.execute(FURNITURE.update().where(FURNITURE.c.source_id.in_(sources), FURNITURE.c.text != "").values(text=""))
    told = (ISSUE.c.source_id.in_(sources), ISSUE.c.kind == "furniture", ISSUE.c.message != _ERASED)
    conn.execute(ISSUE.update().where(*told).values(message=_ERASED))


def cut_log(engine: Engine) -> bool:
    """Moves what SQLite's log of writes holds into the file and empties the log, which has what was overwritten. False where
    a reader kept that from being done.
    """
    if engine.dialect.name != "sqlite":
        return True  # what PostgreSQL keeps in its own logs is its operator's to let go
    with store_errors(engine):
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            (waits,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={_MOST_WAIT_MS}")
            (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={waits}")
        finally:
            raw.close()
    if busy:
        _log.info("a reader keeps the log of writes from being cut; erased text is in it until the next time")
    return not busy
