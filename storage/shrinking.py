"""Giving back to the disk what a SQLite file does not use any more."""

from __future__ import annotations

import shutil

from sqlalchemy.engine import Engine

from storage.database import file_of
from storage.erasing import cut_log
from storage.errors import StoreError, store_errors


def shrink(engine: Engine) -> tuple[int, int]:
    """Writes the file anew without its free parts; its size in bytes before and after. Others wait meanwhile. Raises `StoreError`,
    also where the disk has no room for it twice: then nothing was done.
    """
    file = file_of(engine.url)
    assert file is not None
    cut_log(engine)
    before = file.stat().st_size
    free = shutil.disk_usage(file.absolute().parent).free
    if free < 2 * before:  # once for SQLite's temporary file, once for the log of writes
        raise StoreError(
            f"{file}: the disk has {free // 2**20:,} MB free and {2 * before // 2**20:,} MB are needed; free some space"
        )
    with store_errors(engine):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM")
        finally:
            raw.close()
    cut_log(engine)
    return before, file.stat().st_size
