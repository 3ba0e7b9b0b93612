"""Each thing that must not be in a store is found, and told with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.erasing import cut_log
from storage.soundness import flaws

Make = Callable[..., Any]


@pytest.fixture
def filled(engine: Engine, save: Make, page: Make) -> Engine:
    save(*(page(n) for n in range(20)))
    save(page(0, body="Another text altogether, which is read later.\n"))
    return engine


def test_a_store_that_is_well_has_no_flaw(filled: Engine) -> None:
    assert flaws(filled) == []
    assert flaws(filled, quickly=True) == []


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE article SET version = 9 WHERE id < 3", "2 articles of no version that is stored"),
        ("UPDATE version SET number = 3 WHERE number = 2", "1 articles whose versions are not numbered from 1"),
        ("UPDATE article SET version = 1", "1 articles that have a version after their present one"),
        ("UPDATE change SET version = 7 WHERE change = 'edited'", "1 changes that tell of a version that is not stored"),
        ("UPDATE change SET version_before = 7 WHERE change = 'edited'", "1 changes that refer to a version before"),
        ("DELETE FROM change WHERE change = 'new' AND article_id = 4", "1 articles without the change"),
        ("UPDATE article SET suppressed_at = first_seen_at WHERE id = 4", "1 articles that are withheld otherwise"),
        ("INSERT INTO suppression (article_id, action, why, who, at) VALUES (4, 'suppress', '', '', '2026-01-01')", "1 articles that are withheld otherwise"),
        ("DELETE FROM source WHERE id = 'norchester'", "the file is damaged: a row of"),
        ("DROP TRIGGER search_version_changed", "the store has lost search_version_changed"),
    ],
)  # fmt: skip
def test_each_flaw_is_found(filled: Engine, file: Path, sql: str, what: str) -> None:
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(sql)
        raw.commit()
    found = flaws(filled)
    assert any(what in flaw.what for flaw in found), found
    assert all("forcewire db " in flaw.do for flaw in found)


def test_a_damaged_file_is_one_flaw(filled: Engine, file: Path) -> None:
    cut_log(filled)
    filled.dispose()
    with file.open("r+b") as store:
        store.seek(file.stat().st_size // 3)
        store.write(b"\x5a" * 6000)
    [flaw] = flaws(filled)
    assert flaw.what.startswith("the file is damaged")
    assert "\n" not in flaw.what
    assert "restore a backup" in flaw.do


def test_a_store_that_lost_its_mode_is_told(filled: Engine, file: Path) -> None:
    filled.dispose()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    assert [flaw.what[:28] for flaw in flaws(filled)] == ["the file is in mode delete, "]
