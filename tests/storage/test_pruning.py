"""What is old goes; what something refers to, and what health is told by, stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage import pruning
from storage.database import reading, writing
from storage.health import health
from storage.pruning import prune
from storage.rules import RetentionRule, Rules
from storage.tables import CRAWL, INCIDENT, ISSUE, KEPT_PAGE

Rows = Callable[[str], list[tuple[Any, ...]]]
DAY = timedelta(days=1)
YEARS = 900  # days


@pytest.fixture
def old(engine: Engine, crawl: int, save: Callable[..., Any], page: Callable[..., Any], now: datetime) -> Engine:
    """A crawl a day for years, oldest first; the first of norchester's brought the stories. Eastmere's fail since half of them."""
    save(page(1), page(2))
    with writing(engine) as conn:
        conn.execute(
            CRAWL.update().values(started_at=now - YEARS * DAY, finished_at=now - YEARS * DAY, verdict="ok", links=20)
        )
        sample = conn.execute(sa.select(CRAWL)).one()._asdict()
        crawls, issues = [], []
        for n in range(YEARS):
            at = now - (YEARS - n) * DAY
            for source, bad in ("norchester", n in (50, 51)), ("eastmere", n > YEARS / 2):
                ended = ("failed", "no listing works", "listing empty") if bad else ("ok", None, None)
                said = dict(zip(("verdict", "reason", "trouble"), ended, strict=True))
                id = 2 + len(crawls)
                crawls.append(sample | said | {"id": id, "source_id": source, "started_at": at, "finished_at": at})
                if bad:
                    issue = {"source_id": source, "crawl_id": id, "at": at, "kind": "listing empty", "message": "m"}
                    issues.append(issue)
        conn.execute(CRAWL.insert(), crawls)
        conn.execute(ISSUE.insert(), issues)
    return engine


def test_old_crawls_go_and_health_says_what_it_said(old: Engine, now: datetime, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(pruning, "_ROWS", 50)
    with reading(old) as conn:
        before = health(conn, now)
    gone = prune(old, Rules(), now)
    with reading(old) as conn:
        assert health(conn, now) == before
    left = dict(rows("SELECT source_id, count(*) FROM crawl GROUP BY source_id"))
    assert gone.crawls > 500
    assert sum(left.values()) == 2 * YEARS + 1 - gone.crawls
    # Those of the year, and of norchester the one that its versions refer to, and those that say when it was last not well.
    assert 365 <= left["norchester"] <= 372
    assert left["eastmere"] > YEARS / 2 - 1  # all since it was last read well
    assert rows("SELECT count(*) FROM change WHERE crawl_id IS NULL") == [(0,)]
    assert rows("PRAGMA foreign_key_check") == []
    assert prune(old, Rules(), now) == pruning.Pruned()


def test_issues_go_with_their_year_but_the_last_crawl_keeps_its_own(old: Engine, now: datetime, rows: Rows) -> None:
    prune(old, Rules(), now, keep_crawls=10 * DAY)
    assert rows("SELECT count(*) FROM issue") == [(10,)]
    prune(old, Rules(), now + YEARS * DAY, keep_crawls=10 * DAY)
    assert rows("SELECT crawl_id = (SELECT max(id) FROM crawl WHERE source_id = 'eastmere') FROM issue") == [(1,)]


def test_never_keeps_all(old: Engine, now: datetime) -> None:
    assert prune(old, Rules(retention=RetentionRule(keep_pages=None)), now, keep_crawls=None) == pruning.Pruned()


def test_what_goes_on_stays_however_old(old: Engine, now: datetime, rows: Rows) -> None:
    began = now - YEARS * DAY
    with writing(old) as conn:
        what = {"kind": "blocked", "sources": [], "began_at": began, "last_at": began, "message": "m"}
        conn.execute(
            INCIDENT.insert(),
            [what | {"ended_at": None}, what | {"ended_at": began + DAY}, what | {"ended_at": now - DAY}],
        )
    assert prune(old, Rules(), now).incidents == 1
    assert rows("SELECT ended_at IS NULL FROM incident ORDER BY id") == [(1,), (0,)]


def test_pages_go_by_their_own_setting(old: Engine, now: datetime) -> None:
    page = {"source_id": "norchester", "url": "u", "served_url": "u", "status": 200, "body": b""}
    with writing(old) as conn:
        conn.execute(KEPT_PAGE.insert(), [page | {"fetched_at": now - n * DAY} for n in (1, 5, 100)])
    assert prune(old, Rules(), now, keep_crawls=None).pages == 1
    assert prune(old, Rules(retention=RetentionRule(keep_pages=2 * DAY)), now, keep_crawls=None).pages == 1


def test_killed_between_two_parts_has_deleted_less(old: Engine, now: datetime, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(pruning, "_ROWS", 100)
    seen = []

    @sa.event.listens_for(old, "commit")
    def _(conn: sa.Connection) -> None:
        seen.append(conn)
        if len(seen) > 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prune(old, Rules(), now)
    sa.event.remove(old, "commit", _)
    assert rows("PRAGMA foreign_key_check") == []
    first = rows("SELECT count(*) FROM crawl")[0][0]
    prune(old, Rules(), now)
    assert rows("SELECT count(*) FROM crawl")[0][0] <= first
