"""When a backup is due, what systemd is told, how long is waited."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from forcewire.service import timetable
from forcewire.service.care import backup_is_due
from forcewire.service.children import Nursery
from forcewire.service.notifying import Systemd
from forcewire.service.pauses import Pauses
from tests.forcewire.service.playing import Told, until


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-01-10 12:00", True),
        ("2026-01-10 03:31", "2026-01-11 03:29", False),
        ("2026-01-10 03:31", "2026-01-11 03:30", True),
        ("2026-01-10 12:00", "2026-01-11 03:30", True),
        ("2026-01-11 03:30", "2026-01-11 03:30", False),
        ("2026-01-05 03:30", "2026-01-10 02:00", True),
        # In summer half past three in London is half past two in UTC.
        ("2026-07-10 02:31", "2026-07-11 02:29", False),
        ("2026-07-10 02:31", "2026-07-11 02:30", True),
        # The night in which the clocks go forward, and the one in which they go back.
        ("2026-03-28 03:31", "2026-03-29 02:29", False),
        ("2026-03-28 03:31", "2026-03-29 02:30", True),
        ("2026-10-24 02:31", "2026-10-25 03:30", True),
        # A copy of tomorrow says that a clock was wrong, and nothing else.
        ("2026-01-12 03:30", "2026-01-10 12:00", True),
    ],
)
def test_backup_is_due_each_night(last: str | None, now: str, due: bool) -> None:
    assert backup_is_due(_at(last) if last else None, time(3, 30), _at(now)) is due


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_systemd_hears_what_it_asked_for(systemd: socket.socket) -> None:
    told = Systemd({"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "30000000"})
    assert told.watchdog == 30.0
    told.ready("12 sources\nall well")
    assert systemd.recv(4096).decode() == f"READY=1\nSTATUS=12 sources all well\nMAINPID={os.getpid()}"
    told.reloading()
    kind, usec = systemd.recv(4096).decode().split("\n")
    assert kind == "RELOADING=1"
    assert int(usec.removeprefix("MONOTONIC_USEC=")) > 0
    told.status("one")
    told.status("one")
    told.alive()
    told.stopping()
    assert [systemd.recv(4096).decode() for _ in range(3)] == ["STATUS=one", "WATCHDOG=1", "STOPPING=1\nSTATUS=ending"]


def test_abstract_socket_is_understood() -> None:
    name = f"forcewire-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        listening.settimeout(5)
        Systemd({"NOTIFY_SOCKET": f"@{name}"}).alive()
        assert listening.recv(100) == b"WATCHDOG=1"


def test_nobody_asked_or_nobody_listens(tmp_path: Path) -> None:
    Systemd({}).ready("well")
    Systemd({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready("well")
    assert Systemd({"WATCHDOG_USEC": "1000000"}).watchdog is None
    asked = {"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "1000000"}
    assert Systemd(asked | {"WATCHDOG_PID": "1"}).watchdog is None
    assert Systemd(asked | {"WATCHDOG_PID": str(os.getpid())}).watchdog == 1.0
    assert Systemd(asked | {"WATCHDOG_USEC": "soon"}).watchdog is None


def test_pauses() -> None:
    usual = Pauses()
    assert [usual.after_failures(number) for number in (1, 2, 3, 7, 1000)] == [10, 20, 40, 600, 600]
    fast = usual.faster(60)
    assert (fast.look, fast.publish) == (0.5, 0.05)
    assert usual.faster(1) == usual
    assert timedelta(seconds=usual.longest_retry) == timedelta(minutes=10)


def test_an_end_that_is_told_in_one_breath_with_its_beginning_is_heard() -> None:
    async def told() -> None:
        nursery, loop = Nursery(), asyncio.get_running_loop()
        waiting = loop.create_future()
        nursery._waiting.append(waiting)
        nursery._told({"began": 4711})
        nursery._told({"ended": 4711, "code": -9})
        pid, ended = await waiting
        assert (pid, ended.done() and ended.result().code) == (4711, -9)

    asyncio.run(told())


def test_jobs_go_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    back = [timedelta(0)]

    class SetBack(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - back[0]

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, timetable):
        monkeypatch.setattr(module, "datetime", SetBack)
    monkeypatch.setattr(timetable, "_CLOCK_LOOK", 0.02)
    ran: list[int] = []

    async def job() -> None:
        ran.append(1)

    async def watched() -> None:
        times = timetable.Timetable(Told())
        times.every(0.05, "job", job)
        times.start()
        await until(lambda: ran)
        back[0] = timedelta(days=1)
        before = len(ran)
        await until(lambda: len(ran) > before + 3)
        times.stop()

    asyncio.run(watched())
