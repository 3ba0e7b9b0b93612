"""Bringing a store to this version: backed up first, with room on the disk, and while nobody uses it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from storage.backups import backup, default_folder, make_folder
from storage.database import file_of, open_as_it_is, upgrade
from storage.errors import StoreError, place
from storage.in_use import refuse_in_use
from storage.revisions import REVISIONS

_SPARE = 16 * 2**20  # bytes


@dataclass(slots=True, frozen=True, kw_only=True)
class Upgraded:
    """The revisions before (None: there was no store) and after, and the backup from before, where one was made."""

    before: str | None
    after: str
    backup: Path | None


def upgrade_safely(url: str, folder: Path | None, now: datetime, *, backs_up: bool = True) -> Upgraded:
    """Backs a store of an older revision up into the folder (None: the usual one) and upgrades it, in one transaction: whatever
    happens, the old state is there or the new one. A store that is not there is made, and one of this revision left alone.

    Raises `StoreError`: somebody uses it, there is no room, or it cannot be backed up.
    """
    parsed = make_url(url)
    file = file_of(parsed)
    if file is not None and not file.exists():
        before, after = upgrade(url)
        return Upgraded(before=before, after=after, backup=None)
    found = _revision(url)
    if found is None or found == REVISIONS[-1]:
        before, after = upgrade(url)
        return Upgraded(before=before, after=after, backup=None)
    refuse_in_use(url, now)
    if file is not None:
        _want_room(file)
    copy = _copied(url, parsed, folder, now) if backs_up else None
    before, after = upgrade(url)
    return Upgraded(before=before, after=after, backup=copy)


def _revision(url: str) -> str | None:
    """None where there are no tables yet. Raises `StoreError` for another program's database and a newer store."""
    try:
        engine, found = open_as_it_is(url)
    except StoreError as error:
        if "holds no store yet" in str(error):
            return None
        raise
    engine.dispose()
    return found


def _copied(url: str, parsed: URL, folder: Path | None, now: datetime) -> Path:
    folder = folder or default_folder(url)
    if folder is None:
        raise StoreError(
            f"{place(parsed)} is backed up before an upgrade: set FORCEWIRE_BACKUP_DIR, or give --no-backup where you have a backup"
        )
    make_folder(folder, url)
    try:
        return backup(url, folder, now, before=REVISIONS[-1])
    except StoreError as error:
        raise StoreError(f"not upgraded: {error}; or give --no-backup where you have a backup") from error


def _want_room(file: Path) -> None:
    """A migration may write every row anew into the log of writes."""
    need, free = file.stat().st_size + _SPARE, shutil.disk_usage(file.absolute().parent).free
    if free < need:
        raise StoreError(
            f"{file}: the disk has {free // 2**20:,} MB free and an upgrade may need {need // 2**20:,} MB; free some space"
        )
