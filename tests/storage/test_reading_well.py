"""Which newest stories show that a field is not read any more, and which are only a busy day, a batch of old ones or a change of habits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from storage.database import open_store, writing
from storage.reading_well import lost_dates, lost_fields
from storage.tables import ARTICLE, CHANGE, CRAWL, VERSION
from storage.troubles import Trouble
from tests.storage.invented import Invented, Story, add_crawl, write

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = "A long body of words. " * 40


def told(conn: Connection, rows: list[dict[str, Any]]) -> Trouble | None:
    """What is said of a source with these stories, the oldest first."""
    for table in (CHANGE, VERSION, ARTICLE, CRAWL):
        conn.execute(table.delete())
    write(conn, Invented([Story("wexmoor", None, row["seen"]) for row in rows]), NOW - 400 * DAY)
    numbers = list(conn.scalars(ARTICLE.select().with_only_columns(ARTICLE.c.id).order_by(ARTICLE.c.id)))
    conn.execute(CHANGE.delete())
    for number, row in zip(numbers, rows, strict=True):
        crawl = add_crawl(conn, "wexmoor", row["seen"], "ok")
        dated = {
            "published_at": row["at"],
            "published_precision": row.get("precision", "minute" if row["at"] else "unknown"),
        }
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == number).values(first_seen_at=row["seen"], **dated))
        fields = {"title": row.get("title", f"Story {number}"), "body": row.get("body", LONG)}
        fields |= {
            "description": row.get("description", "So."),
            "image_url": row.get("image_url", "https://p.example/1"),
        }
        conn.execute(VERSION.update().where(VERSION.c.article_id == number).values(**dated, **fields))
        change = {
            "article_id": number,
            "version": 1,
            "change": "new",
            "fields": [],
            "at": row["seen"],
            "crawl_id": crawl,
        }
        conn.execute(CHANGE.insert(), change)
    lost = lost_fields(conn, "wexmoor")
    return lost.trouble if lost is not None else None


def usual(number: int = 40, until: datetime = NOW - 10 * DAY, **more: Any) -> list[dict[str, Any]]:
    """A story every six hours, each with everything."""
    times = [until - n * 6 * HOUR for n in range(number, 0, -1)]
    return [{"seen": at, "at": at - HOUR, **more} for at in times]


def lately(number: int, step: timedelta = 12 * HOUR, **more: Any) -> list[dict[str, Any]]:
    times = [NOW - n * step for n in range(number, 0, -1)]
    return [{"seen": at, "at": at - HOUR, **more} for at in times]


ONE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AT_ONCE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "newest", "trouble"),
    [
        pytest.param(usual(), lately(2, at=None), "date unread", id="dates lost"),
        pytest.param(usual(), lately(10, at=ONE), "date unread", id="one moment for days of stories"),
        pytest.param(usual(), lately(10, image_url=None), "field unread", id="pictures lost"),
        pytest.param(usual(), lately(5, title="News"), "field unread", id="one headline"),
        pytest.param(usual(), lately(5, body="Read more."), "field unread", id="short"),
        pytest.param([], lately(10, at=ONE), None, id="first crawl"),
        pytest.param(usual(at=ONE), lately(10, at=ONE), None, id="always one moment"),
        pytest.param(usual(), lately(40, AT_ONCE, at=ONE), None, id="old stories brought over with one moment"),
        pytest.param(usual(), lately(15, AT_ONCE, at=ONE, precision="day"), None, id="busy day, dated by the day"),
        pytest.param(usual(), lately(15, at=ONE, precision="day"), None, id="dated by the day"),
        pytest.param(
            usual(), lately(15, AT_ONCE, image_url=None, description=None), None, id="appeals without pictures"
        ),
        pytest.param(usual(), lately(15, AT_ONCE, body="Seen her? Call.", title="Appeal"), None, id="short appeals"),
        pytest.param(usual(at=None), lately(10, at=None), None, id="never dated"),
        pytest.param(usual(image_url=None), lately(10, image_url=None), None, id="never with pictures"),
        pytest.param(usual(body="Short."), lately(10, body="Shorter"), None, id="short by nature"),
    ],
)
def test_what_the_newest_stories_say(
    tmp_path: Path, before: list[dict[str, Any]], newest: list[dict[str, Any]], trouble: str | None
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    with writing(store) as conn:
        assert told(conn, before + newest) == trouble
    store.dispose()


def test_pages_that_showed_their_date_and_show_it_no_more() -> None:
    before = {f"/{n}": NOW - n * DAY for n in range(1, 7)}
    same = dict(before)
    assert lost_dates(before, same) is None
    assert lost_dates(before, {}) is None
    assert lost_dates(before, {**same, "/1": None}) is None
    lost = lost_dates(before, dict.fromkeys(before))
    assert lost is not None
    assert lost.trouble is Trouble.DATE_UNREAD
    one = lost_dates(before, dict.fromkeys(before, NOW + 9 * DAY))
    assert one is not None
    assert "one and the same" in one.reason
    assert lost_dates(before, {url: at + HOUR for url, at in before.items()}) is None
