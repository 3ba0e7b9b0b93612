"""The schedule, case by case: what is planned, claimed, lost, and due again."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.crawls import Counts, CrawlRunning, finish_crawl, start_crawl
from storage.database import reading, writing
from storage.owners import Owner, owner_of
from storage.schedule import Ending, Planned, claim, next_due, plan, rearm, release, renew, upcoming
from storage.sites import keep_wait
from storage.tables import CRAWL, SCHEDULE

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ME = owner_of(os.getpid(), "desk")
ELSEWHERE = Owner(1, "1", "elsewhere")
NORCHESTER = Planned("norchester", "norchester.example", 15 * M)
EASTMERE = Planned("eastmere", "eastmere.example", 15 * M)
BOTH = (EASTMERE, NORCHESTER)


class Desk:
    """A store with a clock, and what is done to its schedule."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine = engine
        self.now = now

    def do(self, what: Callable[[Connection], Any]) -> Any:
        with writing(self.engine) as conn:
            return what(conn)

    def plan(self, *sources: Planned) -> None:
        self.do(lambda conn: plan(conn, sources, self.now))

    def claim(self, owner: Owner = ME, *, limit: int = 9, among: Sequence[str] | None = None) -> list[str]:
        found = self.do(lambda conn: claim(conn, self.now, limit=limit, owner=owner, among=among))
        return [each.source_id for each in found]

    def start(self, source: Planned = NORCHESTER, owner: Owner = ME, lent_by: Owner | None = None) -> int:
        about = {"reader": "generic", "reader_version": 1, "now": self.now, "pid": owner.pid, "host": owner.host}
        return int(self.do(lambda conn: start_crawl(conn, source.source_id, planned=source, lent_by=lent_by, **about)))

    def end(self, number: int, ending: Ending = "ok", *, after: timedelta = M, **how: Any) -> timedelta:
        """The time until its source is due again."""
        with reading(self.engine) as conn:
            crawl = conn.execute(sa.select(CRAWL).where(CRAWL.c.id == number)).one()
        self.now += after
        verdict = {"blocked": "failed", "cut off": "degraded"}.get(ending, ending)

        def finish(conn: Connection) -> None:
            finish_crawl(conn, number, verdict=verdict, reason=None, counts=Counts(), now=self.now)
            owner = Owner(crawl.pid, crawl.process_began, crawl.host)
            rearm(conn, crawl.source_id, ending, self.now, started_at=crawl.started_at, owner=owner, **how)

        self.do(finish)
        return self.due(crawl.source_id) - self.now

    def rows(self) -> dict[str, Any]:
        with reading(self.engine) as conn:
            return {row.source_id: row for row in conn.execute(sa.select(SCHEDULE))}

    def due(self, source_id: str) -> datetime:
        due = self.rows()[source_id].next_due_at
        assert isinstance(due, datetime)
        return due


@pytest.fixture
def desk(engine: Engine, now: datetime) -> Desk:
    return Desk(engine, now)


@pytest.fixture
def gone() -> Owner:
    """A process of this machine that has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = owner_of(process.pid, "desk")
        process.communicate()
    return owner


def test_new_sources_are_spread_and_a_restart_moves_nothing(desk: Desk) -> None:
    sources = [Planned(f"s{n:02}", f"site{n}", 15 * M) for n in range(50)]
    desk.plan(*sources)
    due = sorted(desk.due(source.source_id) - desk.now for source in sources)
    assert due[0] == 0 * M
    assert all(later - sooner == 18 * timedelta(seconds=1) for sooner, later in itertools.pairwise(due))
    before = desk.rows()
    for _ in range(60):
        desk.now += M
        desk.plan(*reversed(sources))
    assert desk.rows() == before
    assert len(desk.claim(limit=99)) == 50


def test_nothing_is_written_where_nothing_differs(desk: Desk) -> None:
    desk.plan(*BOTH)
    written: list[str] = []
    listen = lambda *told: written.append(told[2])  # noqa: E731
    sa.event.listen(desk.engine, "before_cursor_execute", listen)
    desk.plan(*BOTH)
    sa.event.remove(desk.engine, "before_cursor_execute", listen)
    assert [statement.split()[0] for statement in written if not statement.startswith("BEGIN")] == ["SELECT"] * 2


def test_a_source_that_was_crawled_by_hand_is_due_an_interval_after_that(desk: Desk) -> None:
    number = desk.start()
    assert desk.rows()["norchester"].next_due_at is None, "for its claim alone"
    desk.do(lambda conn: finish_crawl(conn, number, verdict="ok", reason=None, counts=Counts(), now=desk.now))
    desk.do(lambda conn: rearm(conn, "norchester", "ok", desk.now, started_at=desk.now, owner=ME))
    assert desk.rows() == {}, "nobody scheduled it"
    desk.now += 5 * M
    desk.plan(*BOTH)
    assert desk.due("norchester") == desk.now + 10 * M
    assert desk.due("eastmere") == desk.now


def test_who_is_not_planned_any_more_is_not_due(desk: Desk) -> None:
    desk.plan(*BOTH)
    desk.now += H
    assert desk.claim(among=["norchester"]) == ["norchester"]
    desk.plan()
    assert {name: row.next_due_at for name, row in desk.rows().items()} == {"norchester": None}, "it is being crawled"
    number = desk.start(lent_by=ME)
    desk.do(lambda conn: finish_crawl(conn, number, verdict="ok", reason=None, counts=Counts(), now=desk.now))
    desk.do(lambda conn: rearm(conn, "norchester", "ok", desk.now, started_at=desk.now, owner=ME))
    assert desk.rows() == {}
    assert desk.claim() == []


def test_a_shorter_interval_counts_at_once_and_a_longer_one_from_the_next_crawl_on(desk: Desk) -> None:
    daily = replace(NORCHESTER, interval=D)
    desk.plan(daily)
    assert desk.claim() == ["norchester"]
    assert 0.85 * D < desk.end(desk.start(lent_by=ME)) <= D
    due = desk.due("norchester")
    desk.now += 5 * M
    desk.plan(NORCHESTER)
    assert desk.due("norchester") == desk.now + 9 * M
    desk.plan(daily)
    assert desk.due("norchester") == desk.now + 9 * M < due


def test_hours_that_become_wider_count_at_once_and_narrower_ones_too(desk: Desk) -> None:
    night = replace(NORCHESTER, hours=("22:00-23:00",))
    desk.plan(night)
    assert desk.now.hour == 12
    assert f"{desk.due('norchester'):%H}" == "22"
    desk.plan(NORCHESTER)
    assert desk.due("norchester") <= desk.now + 15 * M
    desk.plan(night)
    assert f"{desk.due('norchester'):%H}" == "22"


def test_what_came_due_and_was_missed_waits_for_its_hours(desk: Desk) -> None:
    desk.plan(replace(NORCHESTER, hours=("11:00-13:00",)))
    desk.now += 5 * H
    assert desk.claim() == []
    assert f"{desk.due('norchester'):%d %H}" == "02 11"
    desk.now = desk.due("norchester")
    assert desk.claim() == ["norchester"]


def test_one_of_a_site_the_longest_waiting_first(desk: Desk) -> None:
    desk.plan(*(Planned(name, site, 15 * M) for name, site in (("a", "x"), ("b", "x"), ("c", "y"))))
    desk.do(
        lambda conn: conn.execute(SCHEDULE.update().where(SCHEDULE.c.source_id == "b").values(next_due_at=desk.now - H))
    )
    desk.now += H
    assert desk.claim(limit=1) == ["b"]
    assert desk.claim() == ["c"], "a's site is being read"
    assert desk.claim(among=["a"]) == []
    assert next_due(desk.engine.connect()) == desk.due("a")
    with reading(desk.engine) as conn:
        assert [(each.source_id, each.pid) for each in upcoming(conn)] == [("b", ME.pid), ("a", None), ("c", ME.pid)]


def test_claims_and_crawls_by_hand_are_one_rule(desk: Desk) -> None:
    sibling = replace(EASTMERE, site=NORCHESTER.site)
    desk.plan(NORCHESTER, sibling)
    desk.now += H
    with subprocess.Popen(["sleep", "60"]) as other:
        service = owner_of(other.pid, "desk")
        assert desk.claim(service) == ["eastmere"]
        for source in (NORCHESTER, sibling):
            with pytest.raises(
                CrawlRunning, match=rf"process {other.pid} on desk reads (it|eastmere on the same site)"
            ):
                desk.start(source)
        child = desk.start(sibling, lent_by=service)  # the claim passes to the process that crawls
        other.kill()
    assert desk.rows()["eastmere"].claimed_pid == ME.pid
    assert desk.claim(ELSEWHERE) == []
    desk.end(child)
    by_hand = desk.start()
    assert desk.claim(ELSEWHERE) == [], "nothing of a site that is crawled by hand"
    desk.end(by_hand)


def test_a_crawl_that_took_no_claim_is_seen_all_the_same(desk: Desk) -> None:
    desk.plan(*BOTH)
    desk.now += H
    about = {"reader": "generic", "reader_version": 1, "now": desk.now, "pid": ME.pid, "host": "desk"}
    desk.do(lambda conn: start_crawl(conn, "norchester", **about))
    assert desk.claim() == ["eastmere"]


def test_the_claim_of_a_dead_process_is_taken_over_at_once_and_nothing_was_lost(desk: Desk, gone: Owner) -> None:
    desk.plan(NORCHESTER)
    due = desk.due("norchester")
    for _ in range(5):
        assert desk.claim(gone) == ["norchester"], "a service that dies before a crawl begins spoils nothing"
        assert (desk.due("norchester"), desk.rows()["norchester"].cut_off) == (due, 0)
    assert desk.claim() == ["norchester"]


def test_a_crawl_that_kills_its_process_each_time_does_not_spin(desk: Desk, gone: Owner) -> None:
    desk.plan(NORCHESTER)
    waits = []
    for _ in range(9):
        desk.now = max(desk.now, desk.due("norchester"))
        assert desk.claim(gone) == ["norchester"]
        desk.do(lambda conn: conn.execute(CRAWL.update().values(verdict="failed", finished_at=desk.now)))
        desk.start(owner=gone, lent_by=gone)
        desk.do(
            lambda conn: conn.execute(CRAWL.update().where(CRAWL.c.verdict.is_(None)).values(process_began=gone.began))
        )
        desk.do(lambda conn: conn.execute(SCHEDULE.update().values(claimed_began=gone.began)))
        desk.claim(ELSEWHERE, among=[])  # somebody on another machine cannot tell
        assert desk.rows()["norchester"].claimed_pid == gone.pid
        desk.claim(among=[])
        waits.append(round((desk.due("norchester") - desk.now) / M))
    assert waits[:4] == [0, 1, 2, 4]
    assert 60 <= waits[-1] <= 66
    desk.now = desk.due("norchester")
    assert desk.claim() == ["norchester"]
    desk.end(desk.start(lent_by=ME))
    assert desk.rows()["norchester"].cut_off == 0


def test_a_claim_of_another_machine_holds_while_it_is_renewed(desk: Desk) -> None:
    desk.plan(NORCHESTER)
    assert desk.claim(ELSEWHERE) == ["norchester"]
    for _ in range(4):
        desk.now += 14 * M
        assert desk.claim() == []
        desk.do(lambda conn: renew(conn, ["norchester"], desk.now, ELSEWHERE))
    desk.do(lambda conn: renew(conn, ["norchester"], desk.now + D, replace(ELSEWHERE, pid=2)))  # not its own
    desk.now += 16 * M
    assert desk.claim() == ["norchester"]


def test_a_crawl_of_another_machine_lives_by_its_claim_too(desk: Desk) -> None:
    desk.plan(NORCHESTER)
    desk.start(owner=ELSEWHERE)
    desk.do(lambda conn: conn.execute(SCHEDULE.update().values(claimed_began=None)))
    desk.now += 14 * M
    desk.do(lambda conn: renew(conn, ["norchester"], desk.now, replace(ELSEWHERE, began=None)))
    desk.now += 14 * M
    with pytest.raises(CrawlRunning, match="still running"):
        desk.start()
    desk.now += 2 * M
    desk.start()


def test_a_crawl_that_died_before_the_clock_was_set_back_does_not_live_for_a_year(desk: Desk) -> None:
    desk.plan(NORCHESTER)
    desk.start(owner=ELSEWHERE)
    desk.now -= 365 * D
    assert desk.claim() == ["norchester"]
    desk.start(lent_by=ME)


@pytest.mark.parametrize(("due_again", "cut_off"), [(True, 1), (False, 0)])
def test_a_claim_that_is_given_back(desk: Desk, due_again: bool, cut_off: int) -> None:
    desk.plan(NORCHESTER)
    assert desk.claim() == ["norchester"]
    desk.do(lambda conn: release(conn, ["norchester"], desk.now, ELSEWHERE, due_again=due_again))
    assert desk.rows()["norchester"].claimed_at is not None, "not theirs to give"
    desk.do(lambda conn: release(conn, ["norchester", "eastmere"], desk.now, ME, due_again=due_again))
    assert desk.rows()["norchester"].cut_off == cut_off
    assert desk.claim() == ["norchester"]


@pytest.mark.parametrize(
    ("endings", "least", "most"),
    [
        (["ok"], 12, 15), (["ok", "ok"], 14, 16), (["degraded"], 4, 5), (["degraded"] * 2, 13, 16), (["failed"] * 2, 28, 33),
        (["failed"] * 12, 350, 400), (["blocked"] * 2, 115, 133), (["cut off"], 0, 0), (["cut off"] * 3, 2, 3),
        (["failed"] * 5 + ["ok"], 14, 16), (["cut off"] * 5 + ["failed"], 14, 17),
    ],
)  # fmt: skip
def test_when_a_source_is_due_again(desk: Desk, endings: list[Ending], least: int, most: int) -> None:
    desk.plan(NORCHESTER)
    for ending in endings:
        desk.now = max(desk.now, desk.due("norchester"))
        assert desk.claim() == ["norchester"]
        wait = desk.end(desk.start(lent_by=ME), ending)
    assert least * M <= wait <= most * M


def test_a_host_that_wants_to_be_left_alone_is(desk: Desk) -> None:
    desk.plan(NORCHESTER)
    desk.do(lambda conn: keep_wait(conn, "https://norchester.example", 3 * H, desk.now))
    assert desk.claim() == ["norchester"]
    addresses = ["https://norchester.example", "https://other.example"]
    assert 3 * H - M <= desk.end(desk.start(lent_by=ME), "degraded", addresses=addresses) <= 3 * H + 5 * M


def test_a_crawl_whose_claim_was_lost_leaves_the_new_one_alone(desk: Desk) -> None:
    desk.plan(NORCHESTER)
    late = desk.start(owner=ELSEWHERE)
    desk.do(lambda conn: conn.execute(CRAWL.update().values(verdict="failed", finished_at=desk.now)))
    desk.now += 20 * M
    assert desk.claim() == ["norchester"]
    before = desk.rows()
    desk.end(late)
    assert desk.rows() == before


@pytest.mark.parametrize("years", [-1, 1])
def test_after_a_jump_of_the_clock_nothing_waits_and_sources_stay_apart(desk: Desk, years: int) -> None:
    sources = [Planned(f"s{n:02}", f"site{n}", H) for n in range(25)]
    desk.plan(*sources)
    desk.now += years * 365 * D
    for _ in range(3):  # and the service is started again and again
        desk.plan(*sources)
        desk.claim(limit=0)
    due = sorted(row.next_due_at for row in desk.rows().values())
    assert due[-1] <= desk.now + H
    if years < 0:
        assert due[-1] - due[0] > 50 * M, "those that were apart"
        return
    for name in desk.claim(limit=99):
        register(desk, name)
        desk.end(desk.start(next(each for each in sources if each.source_id == name), lent_by=ME), after=0 * M)
    due = sorted(row.next_due_at for row in desk.rows().values())
    assert due[-1] - due[0] > 40 * M, "all at once, and then apart"


def register(desk: Desk, name: str) -> None:
    from storage.crawls import register_source

    about = {"name": name, "force": name, "area": name, "language": "en", "reader": "generic"}
    desk.do(lambda conn: register_source(conn, id=name, **about, home_url=f"https://{name}.example/", now=desk.now))


def test_a_restart_each_minute_misses_nothing(desk: Desk, gone: Owner) -> None:
    """Each service dies right after it claimed; each second one had begun its crawls."""
    desk.plan(*BOTH)
    ended = {"norchester": 0, "eastmere": 0}
    for minute in range(60):
        desk.plan(*BOTH)
        if minute % 2:
            desk.claim(gone)
        else:
            for name in desk.claim():
                desk.end(desk.start(NORCHESTER if name == "norchester" else EASTMERE, lent_by=ME), after=0 * M)
                ended[name] += 1
        desk.now += M
    assert min(ended.values()) >= 3, ended
