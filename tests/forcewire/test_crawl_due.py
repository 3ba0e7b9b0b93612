"""`forcewire crawl --due`: the pass of a cron job."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.entries import load_entry
from crawler.planning import planned
from forcewire.demo.faults import wall
from forcewire.demo.newsroom import Newsroom
from storage.database import open_store, reading, writing
from storage.owners import this_process
from storage.schedule import claim, plan

NAMES = ("marrowdale", "wexmoor")


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture
def words(newsroom: Newsroom, tmp_path: Path) -> list[object]:
    for path in newsroom.write_entries(tmp_path / "sources"):
        if path.stem not in NAMES:
            path.unlink()
    return [
        "--due",
        "--sources",
        tmp_path / "sources",
        "--allow-loopback",
        "--delay",
        0,
        "--database",
        tmp_path / "n.db",
    ]


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        store = open_store(f"sqlite:///{tmp_path / 'n.db'}")
        with reading(store) as conn:
            found = {row.source_id: row for row in conn.execute(sa.text("SELECT * FROM schedule"))}
        store.dispose()
        return found

    return read


def at_once(tmp_path: Path) -> None:
    """Everything is due now."""
    store = open_store(f"sqlite:///{tmp_path / 'n.db'}")
    with writing(store) as conn:
        conn.execute(sa.text("UPDATE schedule SET next_due_at = '2026-01-01 00:00:00'"))
    store.dispose()


def test_each_source_is_crawled_when_it_is_due_and_says_when_it_is_due_again(
    forcewire: Any, newsroom: Newsroom, words: list[object], rows: Any, tmp_path: Path
) -> None:
    first = forcewire("crawl", *words)
    assert (first.code, [line.split(":")[0] for line in first.out.splitlines()]) == (0, ["marrowdale"]), (
        "spread at first"
    )
    at_once(tmp_path)
    assert [row["source"] for row in forcewire("crawl", *words, "--json", "--most", 1).json] == ["marrowdale"]
    assert [row["source"] for row in forcewire("crawl", *words, "--json").json] == ["wexmoor"]
    before = newsroom.log.total
    nothing = forcewire("crawl", *words)
    assert (nothing.code, nothing.err) == (0, "")
    assert re.fullmatch(r"nothing is due; next is (marrowdale|wexmoor) at \d\d:\d\d UTC( on [-\d]+)?\n", nothing.out)
    assert forcewire("crawl", *words, "--json").json == []
    assert newsroom.log.total == before
    now = datetime.now(UTC)
    for row in rows().values():
        assert row.claimed_at is None
        due = datetime.fromisoformat(row.next_due_at).replace(tzinfo=UTC)
        assert now + timedelta(minutes=12) < due < now + timedelta(minutes=31)


def test_what_another_process_has_claimed_is_left_to_it_and_by_hand_refused(
    forcewire: Any, words: list[object], tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'n.db'}")
    entries = [load_entry(path) for path in sorted((tmp_path / "sources").glob("*.toml"))]
    # A service on another machine, which renews its claim for as long as it lives.
    other = type(this_process())(4711, "1", "elsewhere")
    with writing(store) as conn:
        plan(conn, planned(entries), datetime.now(UTC))
        [mine] = claim(conn, datetime.now(UTC), limit=1, owner=other)
    store.dispose()
    assert mine.source_id == "marrowdale"
    at_once(tmp_path)
    assert [row["source"] for row in forcewire("crawl", *words, "--json").json] == ["wexmoor"]
    by_hand = forcewire("crawl", "marrowdale", *words[1:])
    assert by_hand.code == 1
    assert "process 4711 on elsewhere reads it since" in by_hand.out


def test_a_blocked_source_is_exit_code_1_and_waits(
    forcewire: Any, newsroom: Newsroom, words: list[object], rows: Any, tmp_path: Path
) -> None:
    newsroom.fault("marrowdale", wall())
    ran = forcewire("crawl", "marrowdale", *words)
    assert (ran.code, ran.out.split(":")[1]) == (1, " failed")
    row = rows()["marrowdale"]
    waits = datetime.fromisoformat(row.next_due_at) - datetime.fromisoformat(row.armed_at)
    assert waits > timedelta(minutes=55), "blocked: an hour at least"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--most", 3], 2, "--most is for --due"),
        (["--due", "--most", 0], 2, "0 is not in the range"),
        (["--due", "wexmore"], 1, "no source is called 'wexmore'"),
        (["--due", "bedfordshire"], 1, "FORCEWIRE_CONTACT"),
    ],
)
def test_wrong_words_are_one_line(forcewire: Any, tmp_path: Path, more: list[object], code: int, said: str) -> None:
    ran = forcewire("crawl", *more, "--database", tmp_path / "n.db")
    assert ran.code == code
    assert said in ran.err


def test_a_source_that_is_switched_off_is_never_due(forcewire: Any, words: list[object], tmp_path: Path) -> None:
    path = tmp_path / "sources" / "marrowdale.toml"
    path.write_text("enabled = false\n" + path.read_text("utf-8"), "utf-8")
    ran = forcewire("crawl", "marrowdale", *words)
    assert (ran.code, ran.out.startswith("nothing is due, and nothing is next")) == (0, True)
    assert forcewire("crawl", "marrowdale", *words[1:]).code == 0, "by hand it is crawled all the same"
