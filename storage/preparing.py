"""Making a backup ready to be a store again: of this revision, with what must not come back left out, and without haste."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.backup_files import aside_of, remove_left_overs
from storage.carrying import Carried, carry
from storage.copying import copy_store, damage, file_url, read_only
from storage.database import open_as_it_is, open_store, upgrade, writing
from storage.erasing import cut_log
from storage.errors import StoreError, place, store_errors
from storage.revisions import REVISIONS
from storage.tables import SCHEDULE

_SPARE = 16 * 2**20  # bytes
# Sources that were due while the store was away begin one after the other, and all of them within an hour.
_STEP, _WITHIN = timedelta(minutes=1), timedelta(hours=1)


def look_at(backup: Path, file: Path) -> str:
    """The revision of a backup that can take the place of a store at `file`. Raises `StoreError` for one that cannot."""
    if not backup.is_file():
        raise StoreError(f"{backup} is no file; name a backup, as forcewire db backup wrote it")
    if file.exists() and backup.samefile(file):
        raise StoreError(f"{backup} is the store itself; name a backup of it")
    with backup.open("rb") as head:
        if head.read(5) == b"PGDMP":
            raise StoreError(f"{backup} is a dump of a PostgreSQL store; docs/operating.md says how it is put back")
    engine, revision = open_as_it_is(read_only(backup))
    engine.dispose()
    if wrong := damage(backup):
        raise StoreError(f"{backup} is damaged ({wrong}); nothing was restored; name an earlier backup")
    return revision


def prepared(backup: Path, aside: Path, now: datetime) -> Engine:
    """A copy of a backup in an empty file, of this revision and open; no crawl of it is claimed, and not all are due at once."""
    remove_left_overs(aside.parent, now)
    need, free = 2 * backup.stat().st_size + _SPARE, shutil.disk_usage(aside.parent).free
    if need > free:
        raise StoreError(
            f"{aside.parent}: the disk has {free // 2**20:,} MB free and {need // 2**20:,} MB are needed; free some space"
        )
    engine, _ = open_as_it_is(read_only(backup))
    try:
        copy_store(engine, aside)
    finally:
        engine.dispose()
    with store_errors(file_url(aside)), closing(sqlite3.connect(aside, isolation_level=None)) as raw:
        raw.execute("PRAGMA application_id=0")
    url = file_url(aside).render_as_string(hide_password=False)
    upgrade(url)
    store = open_store(url)
    with writing(store) as conn:
        calm(conn, now)
    return store


def calm(conn: Connection, now: datetime) -> None:
    """Nothing is claimed, and what is overdue is due one after the other."""
    conn.execute(SCHEDULE.delete().where(SCHEDULE.c.next_due_at.is_(None)))  # there for its claim alone
    nobody = ("claimed_at", "claimed_until", "claimed_pid", "claimed_began", "claimed_host")
    conn.execute(SCHEDULE.update().values(dict.fromkeys(nobody)))
    overdue = sa.select(SCHEDULE.c.source_id).where(SCHEDULE.c.next_due_at <= now).order_by(SCHEDULE.c.next_due_at)
    sources = list(conn.scalars(overdue))
    for n, source in enumerate(sources):
        at = now + n * min(_STEP, _WITHIN / len(sources))
        conn.execute(SCHEDULE.update().where(SCHEDULE.c.source_id == source).values(next_due_at=at, armed_at=now))


def carry_present(file: Path, copy: Engine, now: datetime) -> tuple[Carried | None, str | None]:
    """Carries from the store that is there what must not come back; or why that cannot be. Neither where there is none."""
    if not file.exists():
        return None, None
    try:
        present, revision = open_as_it_is(file_url(file))
        try:
            if revision == REVISIONS[-1]:
                return carry(present, copy, now), None
            with aside_of(file.absolute().with_name(f"{file.name}.upgraded")) as newer:
                copy_store(present, newer)
                url = file_url(newer).render_as_string(hide_password=False)
                upgrade(url)
                upgraded = open_store(url)
                try:
                    return carry(upgraded, copy, now), None
                finally:
                    upgraded.dispose()
        finally:
            present.dispose()
    except StoreError as error:
        if place(copy) in str(error):
            raise
        return None, str(error)


def seal(engine: Engine, aside: Path) -> None:
    """Closes a store that was prepared; one good file is left. Raises `StoreError` where it is not good."""
    cut_log(engine)
    engine.dispose()
    with store_errors(file_url(aside)), closing(sqlite3.connect(aside, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    if wrong := damage(aside):
        raise StoreError(f"the restored store is damaged ({wrong}); nothing was put in place")
