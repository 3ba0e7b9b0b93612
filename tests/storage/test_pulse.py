"""Whether sources are read at all: by the newest crawls, and by what is overdue."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.crawls import Counts, finish_crawl, start_crawl
from storage.database import reading, writing
from storage.disk import folders, megabytes, rooms
from storage.pulse import Pulse, idle, late, pulse, watched
from storage.tables import SCHEDULE

HOUR = timedelta(hours=1)
AFTER = timedelta(hours=6)


def crawled(engine: Engine, verdict: str, ended: datetime, links: int = 9, source: str = "norchester") -> None:
    with writing(engine) as conn:
        crawl = start_crawl(conn, source, reader="generic", reader_version=1, now=ended, pid=os.getpid(), host="here")
        finish_crawl(conn, crawl, verdict=verdict, reason=None, counts=Counts(links=links), now=ended)


def due(engine: Engine, now: datetime, **sources: timedelta | None) -> None:
    rows = [
        {"source_id": name, "site": name, "interval_seconds": 900.0, "next_due_at": now + wait if wait is not None else None, "armed_at": now, "cut_off": 0}
        for name, wait in sources.items()
    ]  # fmt: skip
    with writing(engine) as conn:
        conn.execute(SCHEDULE.insert(), rows)


def look(engine: Engine, now: datetime) -> Pulse:
    with reading(engine) as conn:
        return pulse(conn, now)


def test_the_newest_good_crawl_is_one_that_reached_a_listing(engine: Engine, now: datetime) -> None:
    crawled(engine, "ok", now - 5 * HOUR)
    crawled(engine, "degraded", now - 4 * HOUR, source="eastmere")
    crawled(engine, "degraded", now - 3 * HOUR, links=0)
    crawled(engine, "failed", now - 2 * HOUR)
    found = look(engine, now)
    assert (found.good_at, found.ended_at) == (now - 4 * HOUR, now - 2 * HOUR)


def test_overdue_is_what_nobody_claimed(engine: Engine, now: datetime) -> None:
    due(engine, now, a=-HOUR, b=-2 * HOUR, c=HOUR, d=-timedelta(minutes=5), e=None, f=-3 * HOUR)
    with writing(engine) as conn:
        claimed = {"claimed_at": now, "claimed_until": now + HOUR}
        conn.execute(SCHEDULE.update().where(SCHEDULE.c.source_id == "f").values(claimed))
    found = look(engine, now)
    assert (found.scheduled, found.claimed, found.overdue, found.next_due_at) == (5, 1, 2, now - 2 * HOUR)
    assert found.lag(now) == 2 * HOUR
    assert look(engine, now + 2 * HOUR).overdue == 5  # whoever had the claim is gone
    with reading(engine) as conn:
        assert watched(conn) == set("abcdf")


def test_without_a_schedule_all_sources_are_watched(engine: Engine) -> None:
    with reading(engine) as conn:
        assert watched(conn) is None
        conn.execute(sa.text("SELECT 1"))


@pytest.mark.parametrize(
    ("good", "ended", "scheduled", "overdue", "said"),
    [
        (None, None, 0, 0, "the store is new"),
        (None, 1, 0, 0, "No crawl has gone well yet"),
        (1, 1, 0, 0, None),
        (7, 7, 0, 0, "7 hours ago (none since)"),
        (7, 7, 5, 0, None),
        (7, 7, 5, 2, "7 hours ago (2 sources overdue)"),
        (7, 1, 5, 0, "7 hours ago (those since failed)"),
        (6, 6, 5, 5, None),
    ],
)
def test_news_is_too_old(
    good: int | None, ended: int | None, scheduled: int, overdue: int, said: str | None, now: datetime
) -> None:
    found = Pulse(
        good_at=now - good * HOUR if good else None,
        ended_at=now - ended * HOUR if ended else None,
        scheduled=scheduled,
        claimed=0,
        overdue=overdue,
        next_due_at=None,
    )
    why = late(found, now, AFTER)
    assert said in why if said and why else why is said


@pytest.mark.parametrize(
    ("due_ago", "ended_ago", "is_idle"),
    [(2, 2, True), (2, None, True), (2, 0.5, False), (0.5, 9, False), (-1, 9, False)],
)
def test_the_schedule_is_idle(due_ago: float, ended_ago: float | None, is_idle: bool, now: datetime) -> None:
    ended = now - ended_ago * HOUR if ended_ago else None
    found = Pulse(good_at=None, ended_at=ended, scheduled=3, claimed=0, overdue=2, next_due_at=now - due_ago * HOUR)
    assert (idle(found, now) == "2 sources due and not crawled, the first for 2 hours.") is is_idle


def test_room_is_told_of_the_nearest_folder_that_is_there(engine: Engine, file: Path, tmp_path: Path) -> None:
    places = folders(engine.url, tmp_path / "not" / "yet")
    assert places == {"store": file.parent, "feeds": tmp_path / "not" / "yet"}
    found = rooms(places)
    assert [(each.what, each.folder) for each in found] == [("store", tmp_path), ("feeds", tmp_path)]
    assert all(0 < each.free <= each.size for each in found)
    assert (megabytes(480_000_000), megabytes(12_400_000_000)) == ("480 MB", "12.4 GB")
