"""`forcewire watch` as an operator runs it, against the demo newsroom."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from forcewire.demo.faults import Slow
from forcewire.demo.newsroom import Newsroom
from storage.processes import is_running
from tests.forcewire.service.program import Program, program


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """Three sources that are due each minute."""
    with Newsroom() as room:
        for path in room.write_entries(tmp_path / "sources")[3:]:
            path.unlink()
        for path in (tmp_path / "sources").iterdir():
            path.write_text(path.read_text("utf-8").replace('interval = "15m"', 'interval = "1m"'), "utf-8")
        yield room


def _children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text("ascii", "replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(path.parent.name))
    return [*found, *(grandchild for child in found for grandchild in _children(child))]


def _rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "news.db", timeout=30) as conn:
        return conn.execute(query).fetchall()


def _has_crawls(folder: Path, least: int) -> bool:
    try:
        return len(_rows(folder, "SELECT 1 FROM crawl WHERE verdict = 'ok'")) >= least
    except sqlite3.OperationalError:
        return False


def _under_way(folder: Path) -> bool:
    try:
        return bool(_rows(folder, "SELECT 1 FROM crawl WHERE verdict IS NULL"))
    except sqlite3.OperationalError:
        return False


@pytest.mark.slow
def test_it_crawls_publishes_serves_reloads_and_ends(newsroom: Newsroom, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        heard: list[bytes] = []
        threading.Thread(target=_hear, args=(systemd, heard), daemon=True).start()
        notify = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "2000000"}
        with program(tmp_path, "--out", tmp_path / "out", **notify) as running:
            running.wait_for(lambda: _has_crawls(tmp_path, 1) and (tmp_path / "out" / "feeds" / "all.rss").exists())
            assert [each for each in heard if each.startswith(b"READY=1")]
            with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/health/live", timeout=30) as answer:
                assert answer.status == 200
            broken = tmp_path / "sources" / "broken.toml"
            broken.write_text("name = 'no end", "utf-8")
            running.process.send_signal(signal.SIGHUP)
            running.wait_for(lambda: running.events("settings"))
            assert "broken.toml" in running.events("settings")[0]["error"]
            assert "those from before stay" in running.events("settings")[0]["error"]
            broken.unlink()
            running.process.send_signal(signal.SIGHUP)
            running.wait_for(lambda: running.events("reload"))
            newsroom.fault(newsroom.sites[1].id, Slow(seconds=1))
            running.wait_for(lambda: _under_way(tmp_path))
            children = _children(running.process.pid)
            began = time.monotonic()
            assert running.end() == 0
            assert time.monotonic() - began < 10, "what an operator is promised"
            assert not [pid for pid in children if is_running(pid, None)]
            assert heard[-1].startswith(b"STOPPING=1") or heard[-2].startswith(b"STOPPING=1")
            assert sum(each.startswith(b"RELOADING=1") for each in heard) == 2
            assert b"WATCHDOG=1" in heard
    _whole(tmp_path)
    assert _rows(tmp_path, "SELECT 1 FROM schedule WHERE claimed_pid IS NOT NULL") == []
    assert not [line for line in running.lines() if line["level"] == "critical"]


def _hear(listening: socket.socket, heard: list[bytes]) -> None:
    """The kernel keeps ten datagrams, and a service manager reads them at once."""
    with suppress(OSError):
        while True:
            heard.append(listening.recv(4096))


def _whole(folder: Path) -> None:
    assert _rows(folder, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(folder, "SELECT 1 FROM crawl WHERE verdict IS NULL") == []
    assert _rows(folder, "SELECT url, count(*) FROM article GROUP BY source_id, url HAVING count(*) > 1") == []


@pytest.mark.slow
def test_killed_service_leaves_no_crawl_behind_and_another_one_goes_on(newsroom: Newsroom, tmp_path: Path) -> None:
    for site in newsroom.sites[:3]:
        newsroom.fault(site.id, Slow(seconds=0.5))
    with program(tmp_path) as running:
        running.wait_for(lambda: _under_way(tmp_path))
        children = _children(running.process.pid)
        assert len(children) >= 2
        assert running.end(signal.SIGKILL) == -signal.SIGKILL
        end = time.monotonic() + 30
        while [pid for pid in children if is_running(pid, None)]:
            assert time.monotonic() < end
            time.sleep(0.05)
    newsroom.mend()
    # Two go on with it, and share what there is to do.
    with program(tmp_path) as one, program(tmp_path, "--no-serve") as other:
        both: tuple[Program, Program] = (one, other)
        one.wait_for(lambda: _has_crawls(tmp_path, 3))
        one.wait_for(
            lambda: (
                len({source for (source,) in _rows(tmp_path, "SELECT source_id FROM crawl WHERE verdict = 'ok'")}) == 3
            )
        )
        assert [each.end() for each in both] == [0, 0]
    _whole(tmp_path)
    spans: dict[object, list[tuple[str, str]]] = {}
    for source, began, ended in _rows(tmp_path, "SELECT source_id, started_at, finished_at FROM crawl ORDER BY id"):
        spans.setdefault(source, []).append((str(began), str(ended)))
    assert all(before[1] <= after[0] for each in spans.values() for before, after in pairwise(each))
    assert not [line for each in both for line in each.lines() if "already running" in json.dumps(line)]


@pytest.mark.slow
def test_it_refuses_what_it_cannot_do(newsroom: Newsroom, tmp_path: Path) -> None:
    with program(tmp_path, "--base-url", "no address") as running:
        assert running.process.wait(60) == 1
        assert running.log.read_text("utf-8").startswith("forcewire: ")
        assert len(running.log.read_text("utf-8").splitlines()) == 1
