"""What feeds ask of a store goes by an index of what is rare: it takes no longer in a store that is full. Counted in steps of SQLite's
machine, which no busy computer changes.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from feeds.archives import last_place
from feeds.change_selection import latest
from feeds.definitions import Feed, define_feeds
from feeds.selection import before
from feeds.tombstones import gone, last_removal, last_suppression
from storage.database import reading, writing
from storage.suppressions import articles_at, suppress
from storage.tables import ARTICLE, CHANGE, VERSION

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
GATE = "https://www.northmarch.example/news/gate"
FEW, MANY = 100, 3200

Ask = Callable[[sa.Connection, Feed], Any]


_Last = namedtuple("_Last", "published, id")
ASKED: list[Ask] = [
    lambda conn, feed: gone(conn, feed, "example.org,2026"),
    last_removal,
    last_suppression,
    lambda conn, feed: last_removal(conn, feed, FIRST),
    lambda conn, feed: last_suppression(conn, feed, FIRST),
    latest,
    lambda conn, feed: before(conn, feed, ["wanted"], _Last(FIRST, 1)),
    lambda conn, feed: last_place(conn, feed, feed.name, datetime.max.replace(tzinfo=UTC)),
]


def _more(conn: sa.Connection, table: sa.Table, row: Any, count: int, **other: Callable[[int], Any]) -> None:
    values = [row | {name: made(n) for name, made in other.items()} for n in range(1000, 1000 + count)]
    conn.execute(table.insert(), values)


def _fill(store: Any, count: int) -> None:
    """So many more of the first article, as a crawl would have left them."""
    with writing(store.engine) as conn:
        article, version, change = (
            dict(conn.execute(sa.select(table).order_by(table.c.id)).first()._mapping)  # type: ignore[union-attr]
            for table in (ARTICLE, VERSION, CHANGE)
        )
        urls = {
            name: lambda n: f"https://www.northmarch.example/news/{n}" for name in ("url", "address", "address_key")
        }
        at = {"published_at": lambda n: FIRST - timedelta(hours=n)}
        _more(conn, ARTICLE, article, count, id=lambda n: n, **urls, **at)
        _more(conn, VERSION, version, count, id=lambda n: n, article_id=lambda n: n)
        _more(conn, CHANGE, change, count, id=lambda n: n, article_id=lambda n: n)


def _steps(store: Any, ask: Ask, scope: str) -> int:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    with reading(store.engine) as conn:
        feed = next(feed for feed in define_feeds(conn)[0] if feed.name == scope)
        driver: Any = conn.connection.driver_connection
        driver.set_progress_handler(step, 10)
        try:
            ask(conn, feed)
        finally:
            driver.set_progress_handler(None, 0)
    return count


@pytest.mark.parametrize("ask", range(len(ASKED)))
def test_what_is_rare_is_found_as_fast_in_a_full_store(store: Any, ask: int) -> None:
    store.source()
    store.source("Sedge and Tarn")
    store.article()
    store.article(url=GATE)
    store.article("sedge-and-tarn")
    store.remove(3, FIRST + timedelta(days=1))
    with writing(store.engine) as conn:
        suppress(conn, articles_at(conn, GATE), why="asked for", who="a@b", now=FIRST)
    _fill(store, FEW)
    few = [_steps(store, ASKED[ask], scope) for scope in ("northmarch", "all")]
    _fill_again(store)
    many = [_steps(store, ASKED[ask], scope) for scope in ("northmarch", "all")]
    assert all(after <= 2 * before + 50 for before, after in zip(few, many, strict=True)), (few, many)


def _fill_again(store: Any) -> None:
    with writing(store.engine) as conn:
        for table in (CHANGE, VERSION, ARTICLE):
            conn.execute(table.delete().where(table.c.id >= 1000))
    _fill(store, MANY)
