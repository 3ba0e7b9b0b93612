"""Putting a backup in the place of a SQLite store. The store that was there is kept beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from storage.backup_files import SIDE_FILES, aside_of, give_to_owner, sync
from storage.carrying import Carried
from storage.copying import file_url
from storage.database import file_of, reading
from storage.errors import StoreError, store_errors
from storage.in_use import refuse_in_use
from storage.preparing import carry_present, look_at, prepared, seal
from storage.tables import CRAWL

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@dataclass(slots=True, frozen=True, kw_only=True)
class Restored:
    """`until`: when the last crawl in the backup began; `revision`: the backup's own; `aside`: where the store that was there is
    now, None where none was; `carried`: what was carried from it, None where it could not be read, and `why` not.
    """

    until: datetime | None
    revision: str
    aside: Path | None
    carried: Carried | None
    why: str | None


def restore(url: str, backup: Path, now: datetime) -> Restored:
    """Puts a backup in the place of the store at a SQLite URL: checked, of this revision, without what must not come back. Until the
    last step the store is as it was; a crash leaves the one or the other.

    Raises `StoreError`: the backup cannot be used, somebody uses the store, or the disk is full.
    """
    file = file_of(make_url(url))
    if file is None:
        raise StoreError("only a SQLite file is restored so; docs/operating.md says how a PostgreSQL store is put back")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: its folder {file.parent} does not exist; create it first")
    revision = look_at(backup, file)
    refuse_in_use(url, now)
    with aside_of(file.absolute()) as aside:
        engine = prepared(backup, aside, now)
        try:
            carried, why = carry_present(file, engine, now)
            with reading(engine) as conn:
                until = conn.scalar(sa.select(sa.func.max(CRAWL.c.started_at)))
            seal(engine, aside)
        finally:
            engine.dispose()
        was_there = file.exists()
        give_to_owner(aside, file if was_there else backup, wholly=was_there)
        sync(aside)
        kept = _put_in_place(aside, file, now)
    return Restored(until=until, revision=revision, aside=kept, carried=carried, why=why)


def _put_in_place(aside: Path, file: Path, now: datetime) -> Path | None:
    """Where the old store is now. It is locked while the new one takes its name: whoever waits for that lock meets a file that was
    moved, which SQLite refuses to write, and no store whose last words are lost.
    """
    kept = _free(file.with_name(f"{file.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"))
    if not file.exists():
        _swap(aside, file, kept)
        return None
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as old:
            # Only who is alone can take the mode from it. What its log holds goes into the file then: left beside the new one it
            # would be played into that.
            old.execute("PRAGMA journal_mode=DELETE")
            old.execute("BEGIN EXCLUSIVE")
            _swap(aside, file, kept)
            return kept
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _BUSY:
            raise StoreError(
                f"{file} is in use: another program has it open; end that program, then run again"
            ) from error
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
            with store_errors(file_url(file)):
                raise
    _swap(aside, file, kept)
    return kept


def _free(path: Path) -> Path:
    """This name, or the next one that nothing has: of a run that was killed something may have it."""
    names = (path.with_name(f"{path.name}{f'-{n}' if n else ''}") for n in count())
    return next(
        each for each in names if not any(each.with_name(each.name + end).exists() for end in ("", *SIDE_FILES))
    )


def _swap(aside: Path, file: Path, kept: Path) -> None:
    for end in SIDE_FILES:
        side = file.with_name(file.name + end)
        if side.exists():
            side.replace(kept.with_name(kept.name + end))
    if file.exists():
        try:
            os.link(file, kept)
        except OSError:  # a file system without links
            shutil.copy2(file, kept)
    aside.replace(file)
    sync(file.absolute().parent)
