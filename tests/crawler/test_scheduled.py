"""What a crawl does to the schedule: it takes the claim of its source, and arms it again in the end."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.checks import Verdict
from crawler.closing import _ending
from crawler.due_pass import crawl_due, nothing_due
from crawler.options import CrawlOptions
from crawler.planning import host_groups, planned, sites_of
from storage.database import open_store, reading, writing
from storage.owners import Owner, this_process
from storage.schedule import Upcoming, claim, plan
from storage.tables import SCHEDULE
from storage.troubles import Trouble
from tests.crawler.conftest import Answer

M = timedelta(minutes=1)


@pytest.fixture
def store(database: str) -> Any:
    engine = open_store(database)
    yield engine
    engine.dispose()


def rows(store: Any) -> dict[str, Any]:
    with reading(store) as conn:
        return {row.source_id: row for row in conn.execute(sa.select(SCHEDULE))}


def schedule(store: Any, *entries: Any) -> None:
    with writing(store) as conn:
        plan(conn, planned(entries), datetime.now(UTC))


def test_a_crawl_arms_its_source_again(site: Any, make_entry: Any, crawl: Any, store: Any) -> None:
    site.stories(2)
    crawl()
    assert rows(store) == {}, "nobody scheduled it: nothing stays"
    schedule(store, make_entry())
    began = datetime.now(UTC)
    assert crawl().verdict == "ok"
    row = rows(store)["fenwold"]
    assert row.claimed_at is None
    assert 14 * M < row.next_due_at - began < 17 * M


def test_while_it_is_crawled_its_own_process_holds_the_claim(
    site: Any, make_entry: Any, crawl: Any, store: Any
) -> None:
    site.stories(2)
    seen = []

    def listing(_: Any) -> Answer:
        seen.extend(rows(store).values())
        return Answer("<html><body></body></html>")

    site.pages["/news/"] = listing
    schedule(store, make_entry())
    crawl()
    assert [(row.claimed_pid, row.claimed_host) for row in seen] == [(os.getpid(), socket.gethostname())]


def test_a_host_that_asks_for_an_hour_gets_it(site: Any, make_entry: Any, crawl: Any, store: Any) -> None:
    site.pages["/news/"] = Answer("", 503, {"Retry-After": "3600"})
    schedule(store, make_entry())
    began = datetime.now(UTC)
    assert crawl().verdict != "ok"
    assert rows(store)["fenwold"].next_due_at - began > 59 * M


def test_a_claim_of_somebody_else_refuses_a_crawl_unless_it_is_lent(
    site: Any, make_entry: Any, crawl: Any, store: Any
) -> None:
    site.stories(1)
    schedule(store, make_entry())
    service = Owner(4711, "1", "elsewhere")
    with writing(store) as conn:
        assert len(claim(conn, datetime.now(UTC), limit=1, owner=service)) == 1
    refused = crawl()
    assert (refused.verdict, refused.counts.requests) == ("failed", 0)
    assert "process 4711 on elsewhere reads it" in refused.reason
    assert crawl(claimed_by=service).verdict == "ok"


@pytest.mark.parametrize(
    ("verdict", "ending"),
    [
        (Verdict("ok", None), "ok"),
        (Verdict("degraded", "x", Trouble.BAD_ANSWER), "degraded"),
        (Verdict("degraded", "x", Trouble.BLOCKED), "degraded"),
        (Verdict("degraded", "x", Trouble.STOPPED), "cut off"),
        (Verdict("failed", "x", Trouble.SITE_DOWN), "failed"),
        (Verdict("failed", "x", Trouble.BLOCKED), "blocked"),
        (Verdict("failed", "x", Trouble.ROBOTS), "blocked"),
        (Verdict("failed", "x", Trouble.ROBOTS_UNREAD), "failed"),
    ],
)
def test_how_a_verdict_is_taken(verdict: Verdict, ending: str) -> None:
    assert _ending(verdict) == ending


def entry_of(make_entry: Any, name: str, *hosts: str, **more: Any) -> Any:
    listing = [{"kind": "html", "url": f"https://{hosts[0]}/"}]
    return make_entry(id=name, hosts=hosts, listing=listing, **more)


def test_a_site_is_all_that_is_reached_by_shared_hosts(make_entry: Any) -> None:
    def chain(*order: int) -> list[Any]:
        return [entry_of(make_entry, f"s{n:02}", f"h{n:02}.example", f"h{n + 1:02}.example") for n in order]

    alone = entry_of(make_entry, "alone", "www.example", "www.example/b", hours="06:00-07:00", interval=60)
    for order in (range(30), range(29, -1, -1), [*range(0, 30, 2), *range(1, 30, 2)]):
        entries = [*chain(*order), alone]
        assert {*sites_of(entries).values()} == {"h00.example", "www.example"}
        assert [len(group) for group in host_groups(entries)] == [30, 1]
    [plain] = [each for each in planned(entries) if each.source_id == "alone"]
    assert (plain.site, plain.interval, plain.hours) == ("www.example", M, ("06:00-07:00",))
    assert planned([entry_of(make_entry, "off", "x.example", enabled=False)]) == []


def test_a_pass_reads_two_sources_of_a_site_one_after_the_other(site: Any, make_entry: Any, store: Any) -> None:
    site.stories(2)
    entries = {name: make_entry(id=name) for name in ("one", "two")}
    options = CrawlOptions(database_url=str(store.url), allow_loopback=True, delay=0.0)
    schedule(store, *entries.values())
    at_once(store)
    done = crawl_due(entries, list(entries.values()), options)
    assert [(each.source, each.verdict) for each in done.summaries] == [("one", "ok"), ("two", "ok")]
    assert site.most_at_once == 1
    assert done.next_up is not None


def test_a_signal_ends_a_pass_and_gives_back_what_was_not_begun(site: Any, make_entry: Any, store: Any) -> None:
    entries = {name: make_entry(id=name) for name in ("one", "two")}
    site.stories(3)
    told = site.pages["/news/"]
    site.pages["/news/"] = lambda _: os.kill(os.getpid(), signal.SIGTERM) or told
    options = CrawlOptions(database_url=str(store.url), allow_loopback=True, delay=0.2)
    schedule(store, *entries.values())
    at_once(store)
    done = crawl_due(entries, list(entries.values()), options)
    assert done.interrupted
    assert len(done.summaries) == 1
    found = rows(store)
    assert [row.claimed_at for row in found.values()] == [None, None]
    assert [row.cut_off for row in found.values()] == [1, 0]
    assert all(row.next_due_at <= datetime.now(UTC) for row in found.values()), "due again at once"


def at_once(store: Any) -> None:
    with writing(store) as conn:
        conn.execute(SCHEDULE.update().values(next_due_at=datetime.now(UTC) - M))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 6, 16, 18, 5, tzinfo=UTC), "nothing is due; next is fenwold at 18:05 UTC"),
        (datetime(2026, 6, 17, 6, 0, tzinfo=UTC), "nothing is due; next is fenwold at 06:00 UTC on 2026-06-17"),
        (
            datetime(2026, 6, 16, 8, 0, tzinfo=UTC),
            "nothing is due but what waits for another source of its site: fenwold",
        ),
    ],
)
def test_what_is_said_when_nothing_is_due(at: datetime, said: str) -> None:
    make: Callable[..., Upcoming] = Upcoming
    up = make("fenwold", "fenwold.example", at, None, None, None)
    assert nothing_due(up, datetime(2026, 6, 16, 12, 0, tzinfo=UTC)) == said


def test_this_process_is_known_to_live() -> None:
    owner = this_process()
    assert (owner.pid, owner.host) == (os.getpid(), socket.gethostname())
    assert owner.began is not None
