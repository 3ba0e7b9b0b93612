"""Crawls, their processes, verdicts and issues."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.crawls import Counts, CrawlRunning, add_issue, finish_crawl, register_source, start_crawl
from storage.database import reading, writing
from storage.processes import is_running, process_began
from storage.running import UNFINISHED
from storage.status import SourceStatus, issues, status
from storage.tables import CRAWL

MINUTE = timedelta(minutes=1)


@pytest.fixture
def start(engine: Engine, now: datetime) -> Callable[..., int]:
    def started(source: str = "norchester", *, pid: int = os.getpid(), host: str = "desk", at: datetime = now) -> int:
        with writing(engine) as conn:
            return start_crawl(conn, source, reader="generic", reader_version=1, now=at, pid=pid, host=host)

    return started


@pytest.fixture
def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def state(engine: Engine, now: datetime, host: str = "desk") -> SourceStatus:
    with reading(engine) as conn:
        return {row.source: row for row in status(conn, now=now, host=host)}["norchester"]


def test_a_second_crawl_of_a_source_is_refused_while_the_first_lives(start: Callable[..., int]) -> None:
    first = start()
    with pytest.raises(
        CrawlRunning, match=rf"norchester: a crawl of 2026-03-01 12:00 UTC .*process {os.getpid()} on desk"
    ):
        start()
    assert start("eastmere") > first


def test_a_second_process_on_the_same_site_is_refused_and_one_on_another_site_is_not(
    engine: Engine, start: Callable[..., int], now: datetime
) -> None:
    with writing(engine) as conn:
        for name in ("norchester-appeals", "norchester-wanted"):
            register_source(
                conn,
                id=name,
                name="Norchester Police",
                force="Norchester Police",
                area="Norchester",
                language="en",
                reader="generic",
                home_url=f"https://www.norchester.example/{name}/",
                now=now,
            )
    with subprocess.Popen(["sleep", "30"]) as other:
        start("norchester-appeals", pid=other.pid)
        with pytest.raises(
            CrawlRunning, match=r"norchester: process \d+ on desk reads norchester-appeals on the same site"
        ):
            start("norchester")
        start("eastmere")
        start("norchester-wanted", pid=other.pid)  # one process keeps its own requests apart
        other.kill()
    start("norchester")


def test_a_crawl_whose_process_is_gone_is_closed_as_interrupted(
    engine: Engine, start: Callable[..., int], ended: int, now: datetime, rows: Callable[[str], list[Any]]
) -> None:
    first = start(pid=ended)
    assert state(engine, now).verdict == "interrupted"
    start(at=now + MINUTE)
    assert rows(f"SELECT verdict, reason, finished_at IS NOT NULL FROM crawl WHERE id = {first}") == [
        ("failed", "interrupted", 1)
    ]
    assert state(engine, now).verdict == "running"


def test_a_process_number_that_is_used_again_is_not_the_crawl(engine: Engine, start: Callable[..., int]) -> None:
    start()
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE crawl SET process_began = '1'"))
    assert start() == 2


def test_a_crawl_on_another_host_lives_while_it_stores_pages(
    start: Callable[..., int], save: Callable[..., list[str]], page: Callable[..., Any], now: datetime
) -> None:
    with pytest.raises(CrawlRunning):
        start(host="other", at=now + MINUTE)
    save(page(at=now + 10 * MINUTE))
    with pytest.raises(CrawlRunning):
        start(host="other", at=now + 24 * MINUTE)
    assert start(host="other", at=now + 25 * MINUTE) == 2


def test_a_dead_child_that_nobody_waited_for_does_not_run() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = process_began(process.pid)
    assert is_running(process.pid, began)
    assert not is_running(process.pid, "1")
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(process.pid, began)
    process.communicate()


def test_status_tells_the_last_crawl_and_its_issues(
    engine: Engine, start: Callable[..., int], now: datetime, save: Callable[..., list[str]], page: Callable[..., Any]
) -> None:
    save(page(1), page(2))
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE crawl SET finished_at = started_at, verdict = 'ok'"))
    for n in range(2):
        crawl = start(at=now + n * MINUTE)
        with writing(engine) as conn:
            add_issue(
                conn, source_id="norchester", crawl_id=crawl, kind="listing empty", message=f"no link {n}\x00", now=now
            )
            counts = Counts(requests=3, links=0, failed=1)
            finish_crawl(conn, crawl, verdict="failed", reason="no links", counts=counts, now=now + n * MINUTE)
    found = state(engine, now)
    assert (found.crawl, found.verdict, found.reason, found.failures) == (crawl, "failed", "no links", 2)
    assert (found.articles, found.last_new_at, found.counts.requests) == (2, now, 3)
    assert [issue.message for issue in found.issues] == ["no link 1"]
    with reading(engine) as conn:
        assert [issue.message for issue in issues(conn, source="norchester")] == ["no link 1", "no link 0"]
        assert issues(conn, since=now + MINUTE) == issues(conn, source="eastmere") == []
        assert len(issues(conn, limit=1)) == 1


def test_status_takes_no_more_steps_when_there_are_more_crawls(engine: Engine, now: datetime) -> None:
    def add(count: int) -> None:
        values = {
            "started_at": now,
            "finished_at": now,
            "reader": "generic",
            "reader_version": 1,
            "entry": "",
            **asdict(Counts()),
        }
        with writing(engine) as conn:
            rows = [
                {"source_id": source, "verdict": verdict, **values}
                for _ in range(count)
                for source in ("norchester", "eastmere")
                for verdict in ("ok", "degraded", "failed")
            ]
            conn.execute(CRAWL.insert(), rows)

    def steps() -> int:
        """Hundreds of steps of the database's machine."""
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        with reading(engine) as conn:
            file = conn.connection.driver_connection
            assert file is not None
            file.set_progress_handler(count, 100)
            found = status(conn, now=now, host="desk")
            file.set_progress_handler(None, 100)
        assert [(row.verdict, row.failures) for row in found] == [("failed", 1)] * 2
        return taken

    add(20)
    few = steps()
    add(1000)
    assert steps() <= few + 1


def test_a_source_that_was_never_crawled_has_a_status(engine: Engine, now: datetime) -> None:
    found = state(engine, now)
    assert (found.crawl, found.verdict, found.articles, found.failures, found.issues) == (None, None, 0, 0, [])


def test_an_unknown_verdict_is_refused(engine: Engine, start: Callable[..., int], now: datetime) -> None:
    crawl = start()
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as conn:
        finish_crawl(conn, crawl, verdict="fine", reason=None, counts=Counts(), now=now)


def test_a_crawl_that_begins_reads_none_of_the_years_before_it(
    engine: Engine, rows: Callable[[str], list[Any]]
) -> None:
    asked = UNFINISHED.params(sources=["norchester"])
    query = asked.compile(engine, compile_kwargs={"literal_binds": True, "render_postcompile": True})
    plan = " ".join(str(row[-1]) for row in rows(f"EXPLAIN QUERY PLAN {query}"))
    assert "(source_id=? AND verdict=?)" in plan


def test_what_an_entry_says_of_its_region_now_is_stored_once_it_says_something_else(
    engine: Engine, now: datetime, rows: Callable[[str], list[Any]]
) -> None:
    about = {"id": "eastmere", "name": "Eastmere Police", "force": "Eastmere Police", "area": "Eastmere"}
    more = {"language": "en", "reader": "generic", "home_url": "https://www.eastmere.example/news/"}
    told = "SELECT region FROM source WHERE id = 'eastmere'"
    assert rows(told) == [(None,)]
    for region in ("North East", "Wales", None):
        with writing(engine) as conn:
            register_source(conn, **about, **more, region=region, now=now)
        assert rows(told) == [(region,)]
