"""An import that is ended at any moment goes on when it is run again: nothing doubled, no record lost, no process left."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.forcewire.importing.conftest import FIRST, LATER, story, write_rows

ROOT = Path(__file__).parents[3]
COUNT = 1500

BROKEN = {
    "an article without its current version": """SELECT count(*) FROM article a WHERE NOT EXISTS
        (SELECT 1 FROM version v WHERE v.article_id = a.id AND v.number = a.version)""",
    "an article without its text": "SELECT count(*) FROM article WHERE id NOT IN (SELECT article_id FROM original)",
    "an article without its change": "SELECT count(*) FROM article WHERE id NOT IN (SELECT article_id FROM change)",
    "a text doubled": "SELECT count(*) - count(DISTINCT digest) FROM original",
    "an address doubled": "SELECT count(*) - count(DISTINCT source_id || url) FROM article",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = [story(n).row(FIRST) for n in range(COUNT)]
    given += [
        story(n, body="A lamp came back, and a letter of thanks with it.\n").history(LATER, "M") for n in range(40)
    ]
    return write_rows(tmp_path_factory.mktemp("rows") / "rows.jsonl.gz", given)


def begin(rows: Path, sources: Path, store: Path) -> subprocess.Popen[str]:
    words = ["import", "archive", str(rows), "--sources", str(sources), "--database", str(store)]
    return subprocess.Popen(
        [sys.executable, "-m", "forcewire", *words],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def texts_in(store: Path) -> int:
    if not store.exists():
        return 0
    conn = sqlite3.connect(store)
    try:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'original'").fetchall():
            return 0
        assert {name: conn.execute(sql).fetchone()[0] for name, sql in BROKEN.items()} == dict.fromkeys(BROKEN, 0)
        return int(conn.execute("SELECT count(*) FROM original").fetchone()[0])
    finally:
        conn.close()


def wait_for_texts(store: Path, at_least: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            conn = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
            if conn.execute("SELECT count(*) FROM original").fetchone()[0] >= at_least:
                return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.01)


def left_of_group(leader: int) -> list[int]:
    """Processes that still run in the session of an import that was ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group, session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if state != "Z" and leader in (int(group), int(session)):
            found.append(int(stat.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kill_9_at_any_moment_loses_and_doubles_nothing(rows: Path, sources: Path, tmp_path: Path) -> None:
    store, chance, stored, hit = tmp_path / "news.db", random.Random(3), 0, False
    for _ in range(4):
        process = begin(rows, sources, store)
        wait_for_texts(store, stored + 1)
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.communicate()
        now = texts_in(store)
        assert now >= stored
        stored, hit = now, hit or 0 < now < COUNT
    assert hit, "no kill hit the middle"
    process = begin(rows, sources, store)
    errors = process.communicate()[1]
    assert (process.returncode, errors) == (0, "")
    assert texts_in(store) == COUNT + 40
    other = tmp_path / "other.db"
    process = begin(rows, sources, other)
    process.communicate()
    assert _content(store) == _content(other)


def _content(store: Path) -> list[list[tuple[object, ...]]]:
    conn = sqlite3.connect(store)
    try:
        return [
            sorted(conn.execute(sql).fetchall())
            for sql in (
                "SELECT url, version, first_seen_at, changed_at FROM article",
                "SELECT url, number, seen_at, record_hash FROM version v JOIN article a ON a.id = article_id",
                "SELECT url, c.version, change, fields, at FROM change c JOIN article a ON a.id = article_id",
                "SELECT url, o.version, path, seen_at, latest, digest FROM original o JOIN article a ON a.id = article_id",
            )
        ]
    finally:
        conn.close()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look for processes in")
def test_no_process_outlives_an_import_that_is_ended(rows, sources, tmp_path, how) -> None:
    store = tmp_path / "news.db"
    process = begin(rows, sources, store)
    wait_for_texts(store, 1)
    os.killpg(process.pid, how) if how is signal.SIGINT else process.send_signal(how)
    _, errors = process.communicate()
    until = time.monotonic() + 10
    while left_of_group(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert left_of_group(process.pid) == []
    assert "Traceback" not in errors
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "interrupted" in errors
        assert "run it again" in errors
    texts_in(store)
