"""What is due is crawled, however often the service is restarted, and whoever shares the work."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from forcewire.service.service import Service
from storage.database import open_store, reading
from storage.schedule import Claim
from storage.tables import CRAWL, SCHEDULE
from tests.forcewire.service.playing import Played, until


async def _one_look(service: Service) -> None:
    """From start to end, with one look at the schedule at least and all crawls that came of it."""
    running = asyncio.create_task(service.run())
    await until(lambda: service.looking.looks and not service.crawls.under_way)
    service.stop.set()
    assert await running == 0


def test_restarts_every_four_minutes_of_an_hour_miss_no_due_crawl(played: Played) -> None:
    late: list[timedelta] = []
    due: dict[str, datetime] = {}
    store = open_store(played.url)
    for _ in range(15):
        before = len(played.nursery.crawled)
        asyncio.run(_one_look(played.service()))
        late += [at - due[source] for source, at in played.nursery.crawled[before:] if source in due]
        with reading(store) as conn:
            due = {row.source_id: row.next_due_at for row in conn.execute(select(SCHEDULE))}
            assert conn.scalars(select(SCHEDULE.c.claimed_pid)).all() == [None] * 5
        assert not [source for source, at in due.items() if at <= played.clock.now]
        played.clock.on(minutes=4)
    crawls = Counter(source for source, _ in played.nursery.crawled)
    assert len(crawls) == 5
    assert all(3 <= number <= 5 for number in crawls.values()), (
        crawls
    )  # each fifteen minutes, the first spread over them
    assert max(late) < timedelta(minutes=4)
    assert not [text for _, text, level in played.told.lines if level > 20]


def test_a_service_that_was_away_crawls_what_came_due_once(played: Played) -> None:
    _all_due(played)
    played.clock.on(days=7)
    asyncio.run(_one_look(played.service()))
    assert sorted(source for source, _ in played.nursery.crawled) == sorted(played.orders.entries)


def test_crawls_under_way_are_ended_by_force_and_begin_again(played: Played) -> None:
    _all_due(played)
    played.nursery.hangs = True

    async def cut_off() -> None:
        service = played.service()
        service.ends_within(cleanly=0.05, by_force=10.0)
        running = asyncio.create_task(service.run())
        await until(lambda: len(played.nursery.hanging) == 5)
        service.stop.set()
        assert await running == 0

    asyncio.run(cut_off())
    assert all(child.signals == ["end", "kill"] for child in played.nursery.hanging)
    with reading(open_store(played.url)) as conn:
        cut = conn.execute(select(CRAWL).where(CRAWL.c.verdict != "ok")).all()
        assert len(cut) == 5
        assert {(row.verdict, row.trouble, row.reason) for row in cut} == {("failed", "interrupted", "interrupted")}
        rows = conn.execute(select(SCHEDULE)).all()
        assert [row.cut_off for row in rows] == [1] * 5
        assert max(row.next_due_at for row in rows) - played.clock.now < timedelta(minutes=2)
    played.nursery.hangs = False
    played.nursery.crawled.clear()
    played.clock.on(minutes=2)
    asyncio.run(_one_look(played.service()))
    assert len(played.nursery.crawled) == 5


def test_no_more_crawls_at_once_than_workers(played: Played) -> None:
    _all_due(played)
    played.nursery.hangs = True
    played.set(workers=2)

    async def watched() -> None:
        service = played.service()
        service.ends_within(cleanly=0.0, by_force=10.0)
        running = asyncio.create_task(service.run())
        await until(lambda: len(played.nursery.hanging) == 2)
        await service.looking.look()
        assert len(played.nursery.hanging) == 2
        played.nursery.hanging[0].kill()
        await until(lambda: len(played.nursery.hanging) == 3)
        service.stop.set()
        await running

    asyncio.run(watched())


def _all_due(played: Played) -> None:
    """Sources whose first crawls are behind them, and that are all due again."""
    for _ in range(2):
        asyncio.run(_one_look(played.service()))
        played.clock.on(minutes=30)
    played.nursery.crawled.clear()


def test_a_fault_of_its_own_costs_a_crawl_and_not_the_claim(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a source that is taken out between its claim and its crawl, nor a debt that can never be paid."""

    async def broken(order: object) -> None:
        raise RuntimeError("a fault")

    def never(conn: object) -> None:
        raise ValueError("never")

    monkeypatch.setattr(played.nursery, "child", broken)

    async def watched() -> None:
        service = played.service()
        with pytest.raises(ValueError, match="never"):
            await service.owed.pay(never)
        assert await service.owed.pay_all()
        running = asyncio.create_task(service.run())
        await until(lambda: played.told.of("crawl") and not service.crawls.under_way)
        with reading(open_store(played.url)) as conn:
            assert set(conn.scalars(select(SCHEDULE.c.claimed_pid))) == {None}
        gone = replace(played.orders, entries={}, database_url="sqlite:///another.db")
        service._take(gone)
        assert service.crawls.orders.database_url == played.url
        service.crawls.begin(Claim("aldmoor", "aldmoor", played.clock.now))
        await until(lambda: not service.crawls.under_way)
        service.stop.set()
        await running

    asyncio.run(watched())
    assert played.told.of("crawl")[0].endswith("failed: RuntimeError: a fault")
    assert played.told.of("crawl")[-1] == "aldmoor: failed: is not among the sources any more"
    assert played.told.of("reload")[-1] == "database_url: another value holds from the next start on"
