"""What fails beside the crawls: told once, noted where others see it, tried again, and harmful to nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from forcewire.service import store as service_store
from forcewire.service.orders import OrdersError
from storage.conditions import Condition, conditions
from storage.database import open_store, reading
from tests.forcewire.service.playing import Played, entry, until


def _conditions(played: Played) -> list[Condition]:
    with reading(open_store(played.url)) as conn:
        return conditions(conn, datetime(2000, 1, 1, tzinfo=UTC))  # however long ago it was said


def test_a_job_that_raises_is_told_once_and_seen_until_it_is_well(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [True]

    def tell(engine: Engine, *_: Any) -> None:
        if wrong:
            raise RuntimeError("the mail server\nis on fire")

    monkeypatch.setattr("forcewire.alerts.running.tell", tell)

    async def watched() -> None:
        service = played.service()
        running = asyncio.create_task(service.run())
        await until(lambda: service.well.failures("alerts") and service.looking.looks)
        service.jobs.parts._not_before.clear()
        await service.jobs.alerts()
        (seen,) = _conditions(played)
        assert (seen.name, seen.message) == ("alerts", "RuntimeError: the mail server is on fire")
        assert "alerts: RuntimeError" in service._status()
        wrong.clear()
        await service.jobs.alerts()
        assert service.well.failures("alerts"), "it waits before it is tried again"
        service.jobs.parts._not_before.clear()
        await service.jobs.alerts()
        assert _conditions(played) == []
        service.stop.set()
        await running

    asyncio.run(watched())
    assert played.told.of("alerts") == ["alerts: RuntimeError: the mail server is on fire", "alerts: well again"]
    assert played.nursery.crawled


def test_a_condition_that_an_earlier_service_left_ends(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    async def watched(*, fails: bool) -> None:
        service = played.service()
        if fails:
            await service.well.failed("alerts", "no channel")
        else:
            await service.well.worked("alerts")
        service.store.close()

    asyncio.run(watched(fails=True))
    assert [each.name for each in _conditions(played)] == ["alerts"]
    asyncio.run(watched(fails=False))
    assert _conditions(played) == []


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.close()


def test_a_store_that_is_locked_is_one_line_and_comes_back(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_store, "_BUSY_MS", 300)
    asyncio.run(_first_crawls(played))
    played.nursery.crawled.clear()

    async def watched() -> None:
        service = played.service()
        debts: list[str] = []
        with _locked(Path(played.url.removeprefix("sqlite:///"))):
            running = asyncio.create_task(service.run())
            await until(lambda: service.store.failures >= 3)
            assert not await service.owed.pay(lambda _: debts.append("paid"))
            await service.jobs.alerts()
            assert not played.nursery.crawled
        await until(lambda: len(played.nursery.crawled) == 5 and not service.crawls.under_way)
        assert debts == ["paid"]
        service.stop.set()
        await running

    asyncio.run(watched())
    assert len(played.told.of("store")) == 2, played.told.lines
    first, last = played.told.of("store")
    assert "another program keeps it locked" in first
    assert "the store can be used again" in last
    assert not played.told.of("alerts")
    assert _conditions(played) == []


async def _first_crawls(played: Played) -> None:
    for _ in range(2):
        service = played.service()
        running = asyncio.create_task(service.run())
        await until(lambda service=service: service.looking.looks and not service.crawls.under_way)  # type: ignore[misc]
        service.stop.set()
        await running
        played.clock.on(minutes=30)


def test_settings_that_cannot_be_read_again_leave_those_from_before(played: Played) -> None:
    wrong = ["sources/aldmoor.toml: reader: no reader is called 'genric'"]
    added = entry("fenwick")
    before = played.orders

    def load() -> Any:
        from dataclasses import replace

        if not played.nursery.crawled:
            return before
        if wrong:
            raise OrdersError(wrong[0])
        return replace(before, entries={"fenwick": added}, sites={"fenwick": "fenwick"})

    played.load = load

    async def watched() -> None:
        service = played.service()
        running = asyncio.create_task(service.run())
        await until(lambda: played.nursery.crawled and not service.crawls.under_way)
        await service.reload()
        assert service.orders is before
        assert [each.name for each in _conditions(played)] == ["settings"]
        wrong.clear()
        await service.reload()
        await until(lambda: ("fenwick", played.clock.now) in played.nursery.crawled)
        assert _conditions(played) == []
        service.stop.set()
        await running

    asyncio.run(watched())
    assert played.told.of("settings")[0].endswith("'genric'; those from before stay")
    assert played.told.of("reload") == ["settings and 1 sources were read again"]


def test_a_look_that_hangs_is_no_sign_of_life(played: Played) -> None:
    async def watched() -> None:
        service = played.service()
        told: list[str] = []
        service.systemd.alive = lambda: told.append("alive")  # type: ignore[method-assign]
        service._looked_at = asyncio.get_running_loop().time()
        await service._sign_of_life()
        assert told == ["alive"]
        service._looked_at -= timedelta(minutes=6).total_seconds()
        await service._sign_of_life()
        assert told == ["alive"]
        service.store.close()

    asyncio.run(watched())
