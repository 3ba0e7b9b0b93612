"""Any order of claims, crawls, deaths, restarts, edits of entries and jumps of the clock, by workers on two machines: what must hold
after each step of it. The processes are invented: a set says which of them live.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from unittest.mock import patch

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.engine import Connection, Engine

from storage.crawls import Counts, CrawlRunning, finish_crawl, register_source, start_crawl
from storage.database import reading, writing
from storage.owners import LEASE, Owner
from storage.schedule import Claim, Ending, Planned, claim, next_due, plan, rearm, release, renew
from storage.tables import CRAWL, ISSUE, SCHEDULE

START = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)
YEAR, DAY, HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)
SOURCES = {
    "a1": Planned("a1", "a", timedelta(minutes=15)),
    "a2": Planned("a2", "a", timedelta(hours=1)),
    "b1": Planned("b1", "b", timedelta(minutes=15)),
    "b2": Planned("b2", "b", timedelta(hours=6), ("06:00-23:00",)),
    "c1": Planned("c1", "c", timedelta(days=1)),
}
LONGEST = 1.1 * DAY + 4 * DAY  # four intervals of the longest, or a day's patience with a site that keeps us out
NAMES, MACHINES = st.sampled_from(sorted(SOURCES)), st.sampled_from(["here", "there"])
ENDINGS: tuple[Ending, ...] = ("ok", "degraded", "failed", "blocked", "cut off")
VERDICTS: dict[Ending, Literal["ok", "degraded", "failed"]] = {
    "ok": "ok", "degraded": "degraded", "failed": "failed", "blocked": "failed", "cut off": "degraded",
}  # fmt: skip


class ScheduleMachine(RuleBasedStateMachine):
    """`engine` is set by whoever runs it: a store that is used again for each example."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.pids = itertools.count(100)
        self.alive: set[int] = set()
        self.workers: dict[str, Owner] = {}
        self.claims: dict[str, tuple[Owner, Claim]] = {}
        self.crawls: dict[str, tuple[Owner, int, datetime]] = {}
        self.planned = dict(SOURCES)
        self.killed: list[tuple[str, Owner, datetime]] = []

        def lives(pid: int, _: str | None) -> bool:
            return pid in self.alive

        self.patches = [
            patch("storage.owners.is_running", lives),
            patch("storage.running.is_running", lives),
            patch("storage.crawls.process_began", lambda pid: f"b{pid}"),
        ]
        for each in self.patches:
            each.start()

    def write(self, do: Callable[[Connection], Any]) -> Any:
        with writing(self.engine) as conn:
            return do(conn)

    def born(self, host: str) -> Owner:
        pid = next(self.pids)
        self.alive.add(pid)
        return Owner(pid, f"b{pid}", host)

    @initialize()
    def begin_anew(self) -> None:
        def clear(conn: Connection) -> None:
            for table in (SCHEDULE, ISSUE, CRAWL):
                conn.execute(table.delete())
            for name in SOURCES:
                about = {"name": name, "force": name, "area": name, "language": "en", "reader": "generic"}
                register_source(conn, id=name, **about, home_url=f"https://{name}.example/", now=START)
            plan(conn, list(self.planned.values()), self.now)

        self.write(clear)
        self.workers = {host: self.born(host) for host in ("here", "there")}

    @rule(host=MACHINES, limit=st.integers(1, 4))
    def claims_what_is_due(self, host: str, limit: int) -> None:
        owner = self.workers[host]
        before = {row.source_id: row for row in self.rows()}
        held = self.sites_held(host)
        found = self.write(lambda conn: claim(conn, self.now, limit=limit, owner=owner, among=set(self.planned)))
        assert len(found) <= limit
        assert len({each.site for each in found}) == len(found)
        for each in found:
            assert each.site not in held
            assert each.due_at <= self.now
            assert before[each.source_id].next_due_at is not None
            self.claims[each.source_id] = (owner, each)
        left = limit - len(found)
        taken = held | {each.site for each in found} | self.sites_in_doubt(host)
        waiting = {row.site for row in self.rows() if row.next_due_at and row.next_due_at <= self.now} - taken
        assert left == 0 or not waiting, "who has room leaves nothing that is due"

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def a_claimed_crawl_begins(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.claims)))
        owner, _ = self.claims.pop(name)
        self.start(name, self.born(owner.host), owner)

    @rule(name=NAMES, host=MACHINES)
    def a_crawl_by_hand(self, name: str, host: str) -> None:
        process, held, doubtful = self.born(host), self.sites_held(host), self.sites_in_doubt(host)
        try:
            self.start(name, process, None)
        except CrawlRunning:
            self.alive.discard(process.pid)
            assert SOURCES[name].site in held | doubtful
        else:
            assert SOURCES[name].site not in held, "two crawls of one site"

    def start(self, name: str, process: Owner, lent_by: Owner | None) -> None:
        number = self.write(
            lambda conn: start_crawl(
                conn, name, reader="generic", reader_version=1, now=self.now,
                pid=process.pid, host=process.host, planned=SOURCES[name], lent_by=lent_by,
            )
        )  # fmt: skip
        self.crawls[name] = (process, number, self.now)

    @precondition(lambda self: self.crawls)
    @rule(data=st.data(), ending=st.sampled_from(ENDINGS))
    def a_crawl_ends(self, data: st.DataObject, ending: Ending) -> None:
        name = data.draw(st.sampled_from(sorted(self.crawls)))
        process, number, began = self.crawls.pop(name)

        def finish(conn: Connection) -> None:
            verdict = VERDICTS[ending]
            finish_crawl(conn, number, verdict=verdict, reason=None, counts=Counts(), now=self.now)
            rearm(conn, name, ending, self.now, started_at=began, owner=process)

        self.write(finish)
        self.alive.discard(process.pid)
        row = self.row(name)
        if name not in self.planned:
            assert row is None, "what is not planned has a row for its crawl alone"
        else:
            assert row.claimed_at is None
            assert self.now <= row.next_due_at <= self.now + LONGEST

    @precondition(lambda self: self.crawls)
    @rule(data=st.data())
    def a_crawl_is_killed(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.crawls)))
        process, _, began = self.crawls.pop(name)
        self.alive.discard(process.pid)
        self.killed.append((name, process, began))

    @rule(host=MACHINES)
    def a_worker_is_killed_and_comes_back(self, host: str) -> None:
        """A restart moves nothing that is due."""
        lost = self.workers[host]
        self.alive.discard(lost.pid)
        self.claims = {name: held for name, held in self.claims.items() if held[0] != lost}
        self.workers[host] = self.born(host)
        before = {row.source_id: row.next_due_at for row in self.rows()}
        self.write(lambda conn: plan(conn, list(self.planned.values()), self.now))
        for row in self.rows():
            assert row.source_id in before
            assert row.next_due_at == before[row.source_id]

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), due_again=st.booleans())
    def a_claim_is_given_back(self, data: st.DataObject, due_again: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.claims)))
        owner, _ = self.claims.pop(name)
        self.write(lambda conn: release(conn, [name], self.now, owner, due_again=due_again))

    @rule(names=st.sets(NAMES, min_size=2), shorter=st.booleans())
    def entries_change(self, names: set[str], shorter: bool) -> None:
        part = 2 if shorter else 1
        self.planned = {
            name: Planned(name, each.site, each.interval / part, each.hours)
            for name, each in SOURCES.items()
            if name in names
        }
        self.claims = {name: held for name, held in self.claims.items() if name in names}
        for name in set(SOURCES) - names:  # a service gives back what it is not to crawl any more
            for owner in self.workers.values():
                self.write(lambda conn, name=name, owner=owner: release(conn, [name], self.now, owner, due_again=False))
        self.write(lambda conn: plan(conn, list(self.planned.values()), self.now))
        due = {row.source_id for row in self.rows() if row.next_due_at is not None}
        assert due == names

    @rule(minutes=st.sampled_from([1, 5, 14, 16, 61, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.move(timedelta(minutes=minutes))

    @rule(years=st.sampled_from([-1, 1]))
    def the_clock_jumps(self, years: int) -> None:
        self.move(years * YEAR)

    def move(self, by: timedelta) -> None:
        """Whoever lives shows that it does."""
        self.now += by

        def all_renew(conn: Connection) -> None:
            for name, (owner, _) in self.claims.items():
                renew(conn, [name], self.now, owner)
            for name, (process, _, _) in self.crawls.items():
                renew(conn, [name], self.now, process)
            plan(conn, list(self.planned.values()), self.now)

        self.write(all_renew)

    def rows(self) -> list[Any]:
        with reading(self.engine) as conn:
            return list(conn.execute(sa.select(SCHEDULE)).all())

    def row(self, name: str) -> Any:
        return next((row for row in self.rows() if row.source_id == name), None)

    def sites_held(self, host: str) -> set[str]:
        """By processes that live, or, for the machine `host`, may still live on the other one."""
        mine = {SOURCES[name].site for name in (*self.claims, *self.crawls)}
        return mine | {row.site for row in self.rows() if row.claimed_at and self.seems_alive(row, host)}

    def sites_in_doubt(self, host: str) -> set[str]:
        """Of crawls that died on the other machine a moment after they began, whose claim somebody has ended already."""
        return {
            SOURCES[name].site
            for name, process, began in self.killed
            if process.host != host and -HOUR <= self.now - began < LEASE
        }

    def seems_alive(self, row: Any, host: str) -> bool:
        if row.claimed_pid in self.alive:
            return True
        return row.claimed_host != host and self.now < row.claimed_until <= self.now + LEASE + HOUR

    @invariant()
    def one_crawl_a_site(self) -> None:
        sites = [SOURCES[name].site for name in self.crawls]
        assert len(sites) == len(set(sites))

    @invariant()
    def nothing_waits_for_ever(self) -> None:
        if not self.workers:
            return
        rows = {row.source_id: row for row in self.rows()}
        assert {name for name, row in rows.items() if row.next_due_at is not None} == set(self.planned)
        for row in rows.values():
            if row.next_due_at is not None and row.claimed_at is None:
                assert row.next_due_at <= self.now + LONGEST + HOUR

    def teardown(self) -> None:
        try:
            if self.workers:
                self.all_is_crawled_in_the_end()
        finally:
            for each in self.patches:
                each.stop()

    def all_is_crawled_in_the_end(self) -> None:
        """When everybody died, one new worker comes to all sources, each as soon as it is due."""
        self.alive.clear()
        self.claims, self.crawls = {}, {}
        worker = self.born("here")
        self.now += LEASE
        waiting = set(self.planned)
        for _ in range(3 * len(SOURCES)):
            for each in self.write(lambda conn: claim(conn, self.now, limit=9, owner=worker, among=waiting)):
                self.start(each.source_id, worker, worker)
                self.a_crawl_of_the_last_worker_ends(each.source_id)
                waiting.discard(each.source_id)
            if not waiting:
                return
            with reading(self.engine) as conn:
                due = next_due(conn, waiting)
            assert due is not None
            assert due <= self.now + LONGEST + HOUR
            self.now = max(self.now, due)
        raise AssertionError(f"never claimed: {waiting}")

    def a_crawl_of_the_last_worker_ends(self, name: str) -> None:
        process, number, began = self.crawls.pop(name)

        def finish(conn: Connection) -> None:
            finish_crawl(conn, number, verdict="ok", reason=None, counts=Counts(), now=self.now)
            rearm(conn, name, "ok", self.now, started_at=began, owner=process)

        self.write(finish)
