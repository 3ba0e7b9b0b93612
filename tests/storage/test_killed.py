"""A crawl that is killed at any point loses and doubles nothing; crawls that write at once do not stop each other."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crawl_process.py")
ROOT = Path(__file__).parents[2]

# Each counts rows that must not be.
BROKEN = {
    "an article without its current version": """SELECT count(*) FROM article a WHERE NOT EXISTS
        (SELECT 1 FROM version v WHERE v.article_id = a.id AND v.number = a.version)""",
    "an article without its change": "SELECT count(*) FROM article WHERE id NOT IN (SELECT article_id FROM change)",
    "an article without its page": "SELECT count(*) FROM article WHERE id NOT IN (SELECT article_id FROM page WHERE etag = 'e')",
    "a validator without its article": """SELECT count(*) FROM page
        WHERE role = 'article' AND etag IS NOT NULL AND article_id IS NULL""",
    "a version doubled": "SELECT count(*) - count(DISTINCT article_id) FROM version",
    "a change doubled": "SELECT count(*) - count(DISTINCT article_id) FROM change",
    "a URL doubled": "SELECT count(*) - count(DISTINCT source_id || url) FROM article",
}


def begin(url: str, source: str = "norchester", count: int = 3000, size: int = 3) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), url, source, str(count), str(size)]
    return subprocess.Popen(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def check(file: Path) -> int:
    """The number of articles of a store in which nothing is broken."""
    raw = sqlite3.connect(file)
    try:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {name: raw.execute(sql).fetchone()[0] for name, sql in BROKEN.items()} == dict.fromkeys(BROKEN, 0)
        return int(raw.execute("SELECT count(*) FROM article").fetchone()[0])
    finally:
        raw.close()


def test_kill_9_in_the_middle_of_many_transactions_loses_and_doubles_nothing(url: str, file: Path) -> None:
    chance = random.Random(5)
    last = 0
    for _ in range(6):
        process = begin(url)
        assert process.stdout is not None
        told = process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.25))
        process.kill()
        rest, errors = process.communicate()
        committed = int([told, *rest.split("\n")[:-1]][-1])
        assert errors == ""
        stored = check(file)
        assert last + committed <= stored <= last + committed + 3, "what was told as committed is there"
        last = stored
    assert 0 < last < 3000, "no kill hit the middle"
    process = begin(url, size=200)
    assert process.communicate()[1] == ""
    assert check(file) == 3000
    raw = sqlite3.connect(file)
    assert raw.execute("SELECT verdict, reason, count(*) FROM crawl GROUP BY 1, 2 ORDER BY 1").fetchall() == [
        ("failed", "interrupted", 6),
        ("ok", None, 1),
    ]
    raw.close()


def test_kill_9_while_a_store_is_created_leaves_one_that_can_be_used(url: str, file: Path) -> None:
    chance = random.Random(7)
    for _ in range(3):
        file.unlink(missing_ok=True)
        process = begin(url, count=5)
        deadline = time.monotonic() + 30
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.15))
        process.kill()
        process.communicate()
        for rest in (f"{file}-wal", f"{file}-shm"):
            if not file.exists():
                Path(rest).unlink(missing_ok=True)
        again = begin(url, count=5)
        assert again.communicate()[1] == ""
        assert check(file) == 5


@pytest.mark.timeout(110)
def test_three_writers_at_once_never_meet_a_locked_database(url: str, file: Path) -> None:
    processes = [begin(url, source, count=300) for source in ("norchester", "eastmere", "wexholt")]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 3
    assert check(file) == 900
