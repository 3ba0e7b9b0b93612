"""A copy of a SQLite store while others write to it, and whether such a copy is good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.backup_files import MARK
from storage.errors import StoreError, store_errors

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes done and of all."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PAGES = 512  # at a time: 2 MB of SQLite's own pages


def copy_store(engine: Engine, target: Path, progress: Progress | None = None) -> None:
    """Copies a store, as it is at one moment, into an empty file, and marks that as a backup. Others write meanwhile: the copy is
    read in one transaction, which in WAL mode stops nobody, and which no writer makes begin again, as it would a copy in steps.

    Raises `StoreError`: not copied, or the copy has other rows than the store.
    """
    with store_errors(engine):
        raw = engine.raw_connection()
        try:
            source = raw.driver_connection
            assert isinstance(source, sqlite3.Connection)
            (size,) = source.execute("PRAGMA page_size").fetchone()
            source.execute("BEGIN")
            try:
                counts = rows_of(source)
                with closing(sqlite3.connect(target, isolation_level=None)) as copy:
                    told = (lambda _, left, all_: progress((all_ - left) * size, all_ * size)) if progress else None
                    _fill(copy, source, target, told)
                    found = rows_of(copy)
            finally:
                source.execute("ROLLBACK")
        finally:
            raw.close()
    if found != counts:
        differing = ", ".join(sorted(name for name in counts if counts[name] != found.get(name)))
        raise StoreError(f"the copy {target} has other rows than the store ({differing}); nothing was kept of it")


def _fill(copy: sqlite3.Connection, source: sqlite3.Connection, target: Path, told: Any) -> None:
    """One file without a log beside it, which can be moved anywhere; a store that is opened from it has its log again."""
    try:
        copy.execute("PRAGMA synchronous=OFF")  # it is synced as a whole
        source.backup(copy, pages=_PAGES, progress=told)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute(f"PRAGMA application_id={MARK}")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _DAMAGED:
            raise  # it is the source that cannot be read
        with store_errors(file_url(target)):
            raise


def file_url(path: Path) -> sa.engine.URL:
    """Of a SQLite file, whatever is in its name."""
    return sa.engine.URL.create("sqlite", database=str(path))


def read_only(path: Path) -> sa.engine.URL:
    """Of a SQLite file that is only read: one from a folder that nobody may write too, where there is no log beside it."""
    how = {"mode": "ro"} if path.with_name(path.name + "-wal").exists() else {"immutable": "1"}
    return sa.engine.URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query={**how, "uri": "true"})


def rows_of(store: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, but those in which SQLite keeps the search index."""
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'article_search%'"
    return {name: store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in store.execute(names).fetchall()}  # fmt: skip


def damage(path: Path) -> str | None:
    """What is wrong with a SQLite file, in a few words; None where its pages, indexes and references are right. Reads all of it,
    and changes nothing. Raises `StoreError` where it cannot be read.
    """
    url = read_only(path)
    name = f"{url.database}?{'&'.join(f'{key}={value}' for key, value in url.query.items() if key != 'uri')}"
    with store_errors(file_url(path)), closing(sqlite3.connect(name, uri=True)) as file:
        return damage_of(file)


def damage_of(store: sqlite3.Connection) -> str | None:
    """As `damage`, of an open one."""
    try:
        (answer,) = store.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            return " ".join(answer.split())
        lost = store.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _DAMAGED:
            return str(error)
        raise
    return f"a row of {lost[0]} refers to a row of {lost[2]} that is not there" if lost is not None else None
