"""Backups: a checked copy of the store while it is in use, and those that a service keeps night by night."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, Engine, make_url

from storage.backup_files import (
    Backup,
    default_folder,
    give_to_owner,
    is_backup,
    kept,
    name_of,
    outlived,
    remove_left_overs,
    written_aside,
)
from storage.copying import Progress, copy_store, damage
from storage.database import file_of, open_as_it_is
from storage.dumps import dump_store
from storage.erasing import cut_log
from storage.errors import StoreError, place

__all__ = ["Backup", "backup", "default_folder", "kept", "make_folder", "nightly"]

_SPARE = 16 * 2**20  # bytes: a disk that is filled to the last one harms others


def nightly(url: str, folder: Path | None, keep: int, now: datetime) -> Path:
    """A copy of the store into the folder (None: `backups` beside a SQLite file), after which the last copies of `keep` days
    are left there. What a killed run left goes first. Raises `StoreError`, and deletes no copy then.
    """
    folder = folder or default_folder(url)
    if folder is None:
        raise StoreError("no folder for backups is named; set FORCEWIRE_BACKUP_DIR, or FORCEWIRE_BACKUP_AT to never")
    make_folder(folder, url)
    path = backup(url, folder, now)
    try:
        for each in outlived(kept(folder, url), keep):
            each.path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{error.filename}: an old backup cannot be deleted: {error.strerror}") from error
    return path


def backup(
    url: str, target: Path, now: datetime, *, before: str | None = None, progress: Progress | None = None
) -> Path:
    """Copies a store into a file, or into a folder under a name of its time, and returns where it is. It appears there only when it
    was checked and is on the disk. `before`: the revision that the store is brought to next, for the name.

    Raises `StoreError` where there is no store, no room, or something that is no backup of ours in the place of the file.
    """
    engine, _ = open_as_it_is(url)
    try:
        path = _place_for(engine.url, target, now, before)
        with written_aside(path) as aside:
            if engine.dialect.name == "sqlite":
                _copy(engine, aside, progress)
            else:
                dump_store(engine.url, aside)
        if engine.dialect.name == "sqlite":
            cut_log(engine)  # it grew while the copy was read
    finally:
        engine.dispose()
    return path


def make_folder(folder: Path, url: str) -> None:
    """Makes a folder for backups where it is not there, for who owns the store alone. Raises `StoreError`."""
    if folder.is_dir():
        return
    file = file_of(make_url(url))
    try:
        folder.mkdir(parents=True, mode=0o700)
        if file is not None:
            give_to_owner(folder, file)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be made for backups: {error.strerror}; make it, or name another one"
        ) from error


def _copy(engine: Engine, aside: Path, progress: Progress | None) -> None:
    _want_room(engine, aside.parent)
    copy_store(engine, aside, progress)
    if wrong := damage(aside):
        raise StoreError(
            f"{place(engine)} is damaged ({wrong}): no backup was made; restore an earlier one with: forcewire db restore"
        )
    if (file := file_of(engine.url)) is not None:
        give_to_owner(aside, file)


def _place_for(url: URL, target: Path, now: datetime, before: str | None) -> Path:
    """Where the copy goes, after a look at what is there."""
    file = file_of(url)
    try:
        if target.is_dir():
            remove_left_overs(target, now)
            return target / name_of(url, now, before=before)
        if not target.parent.is_dir():
            raise StoreError(f"{target}: its folder {target.parent} does not exist; create it first")
        remove_left_overs(target.parent, now)
        # In this order: a store's locks are gone when a process that has it open closes it once more (sqlite.org/howtocorrupt).
        if target.exists() and ((file is not None and target.samefile(file)) or not is_backup(target)):
            raise StoreError(f"{target} is there and is no backup of Forcewire's; name another file")
    except OSError as error:
        raise StoreError(f"{error.filename or target}: {error.strerror or error}; name another place") from error
    return target


def _want_room(engine: Engine, folder: Path) -> None:
    with engine.connect().execution_options(readonly=True) as conn, conn.begin():
        pages, size = (
            int(conn.exec_driver_sql(f"PRAGMA {name}").scalar() or 0) for name in ("page_count", "page_size")
        )
    free = shutil.disk_usage(folder).free
    if pages * size + _SPARE > free:
        raise StoreError(
            f"{folder}: the disk has {free // 2**20:,} MB free and a backup needs {(pages * size + _SPARE) // 2**20:,} MB;"
            " free some space, or name another place"
        )
