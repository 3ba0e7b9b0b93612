"""A store as it is after weeks of rounds, made of one that has just read everything."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Rows = dict[str, dict[int, dict[str, Any]]]
_QUARTER = timedelta(minutes=15)
_WATCHED = "article_id IS NOT NULL AND due_at IS NOT NULL"
_FORM = "%Y-%m-%d %H:%M:%S.%f"


def settle(database: Path) -> None:
    """Spreads the articles' next looks as weeks of rounds would: right after a first crawl all were looked at just now. Each
    is then at a random point of its own wait.
    """
    chance, now = random.Random(3), datetime.now(UTC).replace(tzinfo=None)
    with closing(sqlite3.connect(database)) as store, store:
        moved = []
        for number, checked_at, due_at in store.execute(f"SELECT id, checked_at, due_at FROM page WHERE {_WATCHED}"):
            due = _time(due_at)
            back = (due - now) - chance.random() * (due - _time(checked_at))
            moved.append((_text(_time(checked_at) - back), _text(due - back), number))
        store.executemany("UPDATE page SET checked_at = ?, due_at = ? WHERE id = ?", moved)


def wait_a_quarter(database: Path) -> int:
    """A quarter of an hour passes. Returns how many articles are due now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    with closing(sqlite3.connect(database)) as store, store:
        rows = store.execute(f"SELECT id, checked_at, due_at FROM page WHERE {_WATCHED}").fetchall()
        moved = [(_text(_time(checked) - _QUARTER), _text(_time(due) - _QUARTER), row) for row, checked, due in rows]
        store.executemany("UPDATE page SET checked_at = ?, due_at = ? WHERE id = ?", moved)
    return sum(_time(due) - _QUARTER <= now for _, _, due in rows)


def due_by_now(pages: Mapping[int, Mapping[str, Any]]) -> int:
    """How many articles are due at this moment, of a store as it was before."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return sum(
        page["article_id"] is not None and bool(page["due_at"]) and _time(page["due_at"]) <= now
        for page in pages.values()
    )


def waits(database: Path, urls: Iterable[str]) -> list[float]:
    """The seconds until each of these articles is looked at again, the shortest first; nothing for one that never is."""
    now = datetime.now(UTC).replace(tzinfo=None)
    with closing(sqlite3.connect(database)) as store:
        found = dict(store.execute("SELECT url, due_at FROM page WHERE article_id IS NOT NULL"))
    times = [_time(found[url]) for url in urls if found.get(url)]
    return sorted(max((at - now).total_seconds(), 0.0) for at in times)


def rows(database: Path) -> Rows:
    """Every row of every table of the store by its number, without the full-text index, which follows the others."""
    with closing(sqlite3.connect(database)) as store:
        store.row_factory = sqlite3.Row
        named = store.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'")
        names = [name for (name,) in named if not name.startswith("sqlite_")]
        return {
            name: {row[0]: dict(row) for row in store.execute(f'SELECT rowid AS "its number", * FROM "{name}"')}
            for name in names
        }


def _time(text: str) -> datetime:
    return datetime.strptime(text, _FORM)  # noqa: DTZ007  as the store keeps it: UTC


def _text(time: datetime) -> str:
    return time.strftime(_FORM)
