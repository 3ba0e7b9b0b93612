"""Real processes: what a crawl may take, and what is left of it when it, its nursery or its service dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.entries import load_entry
from crawler.planning import planned, sites_of
from feeds.press import press_of
from forcewire.demo.faults import Slow
from forcewire.demo.newsroom import Newsroom
from forcewire.service.orders import Orders
from forcewire.service.service import Service
from forcewire.settings.model import Settings
from storage.database import open_store, reading
from storage.processes import is_running
from storage.tables import CRAWL, ISSUE, SCHEDULE
from tests.forcewire.service.playing import WAIT, Told, until

pytestmark = pytest.mark.slow


def _orders(folder: Path, newsroom: Newsroom, **settings: object) -> Orders:
    (path, *_) = newsroom.write_entries(folder / "sources")
    entry = load_entry(path)
    said = {"backup_at": "never", "delay": 0, **settings}
    return Orders(
        settings=Settings(**said),  # type: ignore[arg-type]
        entries={entry.id: entry},
        database_url=f"sqlite:///{folder}/news.db",
        press=press_of("http://localhost:8000", None, None),
        allow_loopback=True,
        sites=sites_of([entry]),
    )


def _run(service: Service, meanwhile: Callable[[Service], Awaitable[None]]) -> None:
    async def both() -> None:
        running = asyncio.create_task(service.run())
        await meanwhile(service)
        service.stop.set()
        await running

    asyncio.run(both())


def _gone(pid: int) -> bool:
    return not is_running(pid, None)


def test_limits_of_time_and_memory_and_a_nursery_that_dies(tmp_path: Path) -> None:
    """One after the other in one service: its start is what takes long."""
    told = Told()
    with Newsroom() as newsroom:
        orders = _orders(tmp_path, newsroom)
        (source,) = orders.entries
        store = open_store(orders.database_url)
        slow = newsroom.fault(newsroom.sites[0].id, Slow(seconds=30))

        def rows() -> list[object]:
            with reading(store) as conn:
                return list(conn.execute(select(CRAWL).order_by(CRAWL.c.id)))

        def limit(service: Service, **settings: object) -> None:
            service._take(replace(orders, settings=orders.settings.model_copy(update=settings)))

        async def again(service: Service) -> None:
            """As if its time had come."""
            await service.store.write(
                lambda conn: conn.execute(SCHEDULE.update().values(next_due_at=service.now() - timedelta(minutes=1)))
            )
            service._look_soon()

        async def meanwhile(service: Service) -> None:
            limit(service, crawl_time=timedelta(seconds=1))
            await until(lambda: told.of("crawl"))
            (row,) = rows()
            assert (row.verdict, row.trouble) == ("failed", "time limit")  # type: ignore[attr-defined]
            assert "took longer" in row.reason  # type: ignore[attr-defined]

            # A nursery that is killed takes its children with it, and another one is started.
            limit(service, crawl_time=timedelta(minutes=5))
            nursery = service.nursery.pid
            assert nursery is not None
            await again(service)
            await until(lambda: service.crawls._running.get(source))
            child = service.crawls._running[source]
            assert child is not None
            await until(lambda: len(rows()) == 2)
            os.kill(nursery, signal.SIGKILL)
            await until(lambda: len(told.of("crawl")) == 2)
            await until(lambda: _gone(child.pid))
            assert (rows()[1].verdict, rows()[1].trouble) == ("failed", "interrupted")  # type: ignore[attr-defined]

            # Pages of nine megabytes, of which a crawl may not have what reading them takes.
            slow.times = 0
            newsroom.redraw(newsroom.sites[0].id, padding=9_000_000)
            limit(service, crawl_memory=150_000_000)
            await again(service)
            await until(lambda: len(told.of("crawl")) == 3)
            assert (rows()[2].verdict, rows()[2].trouble) == ("failed", "memory limit")  # type: ignore[attr-defined]
            assert told.of("crawl")[2].endswith("took more than 150 MB of memory, and was ended")
            newsroom.redraw(newsroom.sites[0].id, padding=0)
            limit(service)
            await again(service)
            await until(lambda: [text for text in told.of("crawl") if ": ok;" in text])
            assert service.nursery.pid not in (None, nursery)

        service = Service(lambda: orders, told, environ={})
        _run(service, meanwhile)
        assert rows()[-1].verdict == "ok"  # type: ignore[attr-defined]
        with reading(store) as conn:
            assert "time limit" in set(conn.scalars(select(ISSUE.c.kind)))
            assert conn.scalars(select(SCHEDULE.c.claimed_pid)).all() == [None]
            assert len(planned(orders.entries.values())) == 1


_EATER = """
import json, sys
from crawler.confining import limit_memory
limit_memory(200_000_000)
try:
    found = [bytearray(1_000_000) for _ in range(1000)]
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_the_kernel_refuses_memory_beyond_the_limit() -> None:
    ran = subprocess.run([sys.executable, "-c", _EATER], capture_output=True, text=True, timeout=WAIT, check=False)
    assert ran.stdout == "refused\n", ran.stderr
