"""Opening the store: a SQLite file by default, or PostgreSQL. Nothing is opened at import."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from storage.errors import DamagedError, StoreError, place, store_errors
from storage.revisions import OTHER, REVISIONS, migrate, revision_of

__all__ = [
    "DEFAULT_DATABASE_URL", "StoreError", "file_of", "open_as_it_is", "open_store", "reading", "store_errors", "upgrade", "writing",
]  # fmt: skip

DEFAULT_DATABASE_URL = "sqlite:///forcewire.db"

_BUSY_SECONDS = 30  # a writer waits so long for another one before it gives up
_CACHE_KIB = 16 * 1024  # SQLite's own 2 MB read the indexes of 20,000 articles from the file again for each batch


def open_store(url: str, *, must_exist: bool = False) -> Engine:
    """The store at a SQLAlchemy URL, ready to use; a SQLite file that does not exist is created, unless it must exist.

    Raises `StoreError` when it cannot be opened, belongs to another program, or has another revision than this
    Forcewire's.
    """
    engine = _engine(url)
    try:
        found = _look(engine, must_exist)
        if found is None:
            found = _migrate(url)[1]
        if found != REVISIONS[-1]:
            raise StoreError(
                f"{place(engine)} was written by an older Forcewire (revision {found}); run: forcewire db upgrade"
            )
        _keep_wal(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


def open_as_it_is(url: str | URL) -> tuple[Engine, str]:
    """A store that is there, of this revision or an older one, and its revision: to copy it or to look at it. Raises `StoreError`."""
    engine = _engine(url)
    try:
        found = _look(engine, must_exist=True)
    except StoreError:
        engine.dispose()
        raise
    assert found is not None
    return engine, found


def upgrade(url: str) -> tuple[str | None, str]:
    """Brings a store to this Forcewire's revision, in one transaction: a crash leaves it as it was.

    Returns the revisions before (None for a store that was just created) and after. Raises `StoreError`.
    """
    engine = _engine(url)
    try:
        _look(engine, must_exist=False)
    finally:
        engine.dispose()
    return _migrate(url)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes, committed at the end or rolled back by an error. On SQLite it waits for its turn here,
    so that nothing later in it meets a locked database. Raises `StoreError`.
    """
    with store_errors(engine), engine.connect() as conn, conn.begin():
        yield conn


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads: a steady view of the store that keeps no writer waiting. Raises `StoreError`."""
    with store_errors(engine), engine.connect().execution_options(readonly=True) as conn, conn.begin():
        yield conn


def _engine(url: str | URL, *, foreign_keys: bool = True) -> Engine:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreError(f"{url!r} is no database URL; write it as in {DEFAULT_DATABASE_URL}") from None
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise StoreError(f"{backend}: no database for a store; use sqlite:///FILE or postgresql://...")
    try:
        engine = sa.create_engine(
            parsed,
            json_serializer=_to_json,
            json_deserializer=_from_json,
            connect_args={"timeout": _BUSY_SECONDS} if backend == "sqlite" else {},
            hide_parameters=True,  # what somebody searched for, and a withheld story's words, are no business of a log
        )
    except (ImportError, sa.exc.ArgumentError) as error:
        raise StoreError(f"{place(parsed)} cannot be used: {error}") from error
    if backend == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite if foreign_keys else _set_up_sqlite_unchecked)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _to_json(value: Any) -> str:
    return "[]" if value == [] else json.dumps(value)


def _from_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise DamagedError("a list or an object that is none") from error


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    _set_up_sqlite_unchecked(connection, record)
    connection.execute("PRAGMA foreign_keys=ON")


def _set_up_sqlite_unchecked(connection: sqlite3.Connection, _: Any) -> None:
    """The driver's own transactions begin late and as readers: two writers would fail at once instead of waiting."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=NORMAL")
    # Not only while something is erased: what an update left in a free part of the file could not be erased any more.
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def _begin_sqlite(conn: Connection) -> None:
    readonly = conn.get_execution_options().get("readonly")
    conn.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _look(engine: Engine, must_exist: bool) -> str | None:
    """The revision of the store, None for one to be created. Nothing is written, so that another program's file stays as it is."""
    file = file_of(engine.url)
    if file is not None:
        if file.is_dir():
            raise StoreError(f"{file} is a folder; name a file in it")
        if not file.parent.is_dir():
            raise StoreError(f"{file}: its folder {file.parent} does not exist; create it first")
        if not file.exists():
            if must_exist:
                raise StoreError(f"{file} does not exist; run a crawl first, or name the store with --database")
            return None
    with reading(engine) as conn:
        found = revision_of(conn)
    if found is OTHER:
        raise StoreError(f"{place(engine)} is the database of another program; name another one with --database")
    if found is None and must_exist:
        raise StoreError(f"{place(engine)} holds no store yet; run a crawl first, or name the store with --database")
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"{place(engine)} was written by a newer Forcewire (revision {found}; this one knows {REVISIONS[-1]});"
            " install the newer version"
        )
    return found


def _migrate(url: str) -> tuple[str | None, str]:
    engine = _engine(url, foreign_keys=False)
    try:
        with store_errors(engine):
            if engine.dialect.name == "sqlite":
                _use_wal(engine)
            with engine.connect() as conn, conn.begin():
                return migrate(conn)
    finally:
        engine.dispose()


def _keep_wal(engine: Engine) -> None:
    """A copy made by VACUUM INTO, or by the sqlite3 shell, has lost the mode: its readers would stop its writers."""
    if engine.dialect.name == "sqlite" and file_of(engine.url) is not None:
        with reading(engine) as conn:
            mode = conn.exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode != "wal":
            _use_wal(engine, needed=False)


def _use_wal(engine: Engine, *, needed: bool = True) -> None:
    """The journal's mode is kept in the file. SQLite does not wait for others when it is set, so this does. Where it is not
    `needed`, a store that this user may only read stays as it is: it can be read all the same.
    """
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            kind = error.sqlite_errorcode & 0xFF
            if kind == sqlite3.SQLITE_READONLY and not needed:
                return
            if kind not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > until:
                raise StoreError(f"{place(engine)} cannot be set up: {error}") from error
            time.sleep(0.05)
        finally:
            raw.close()


def file_of(url: URL) -> Path | None:
    """The file of a SQLite URL; None for one in memory, a file: URI or another database."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
        return None
    return Path(name)
