"""The store: can it be opened, is it sound, has it room, and is it on a disk that SQLite can work on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from forcewire.doctor.findings import Finding, ok, problem, unchecked, warning
from storage.database import file_of
from storage.disk import megabytes
from storage.errors import StoreError, place
from storage.soundness import flaws

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings.model import Settings

_CHECK = "store"
# SQLite's locks and the memory that its readers share do not work there (https://sqlite.org/wal.html, 8; useovernet.html).
_OVER_THE_NET = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.sshfs",
    "fuse.glusterfs",
}


def store_findings(engine: Engine, settings: Settings, *, thorough: bool) -> Iterator[Finding]:
    """`thorough`: every page of the file is read, however long that takes."""
    where = place(engine)
    try:
        wrong = flaws(engine, quickly=True) if thorough else []
    except StoreError as error:
        yield problem(_CHECK, str(error), where, "see the sentence")
        return
    for flaw in wrong:
        yield problem(_CHECK, flaw.what, where, flaw.do)
    if not wrong and thorough:
        yield ok(_CHECK, "it is sound, and of this version", where)
    elif not thorough:
        yield unchecked(_CHECK, "its pages were not read", where, "forcewire db check reads them all")
    file = file_of(make_url(engine.url))
    if file is not None:
        yield from _of_file(file.absolute(), settings)


def _of_file(file: Path, settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(file.parent).free
    if free < settings.disk_free:
        yield problem(
            _CHECK,
            f"{megabytes(free)} are free on its disk",
            str(file.parent),
            "free some space: forcewire db prune --shrink, old backups, other files",
        )
    elif free < 2 * file.stat().st_size:
        yield warning(
            _CHECK,
            f"{megabytes(free)} are free, and an upgrade with its backup needs twice the store",
            str(file.parent),
            "free some space before the next upgrade",
        )
    else:
        yield ok(_CHECK, f"{megabytes(free)} are free on its disk", str(file.parent))
    for path in (file, file.parent):
        if not os.access(path, os.W_OK):
            yield problem(
                _CHECK,
                "this user may not write it",
                str(path),
                "give the right to the user that runs crawls; SQLite writes files beside the store",
            )
    mode = file.stat().st_mode
    if mode & 0o002:
        yield warning(_CHECK, "everybody on this machine may write it", str(file), f"chmod o-w {file}")
    if (kind := file_system(file)) in _OVER_THE_NET:
        yield problem(
            _CHECK,
            f"it lies on a network file system ({kind}), where SQLite's locks do not hold",
            str(file),
            "move it to a disk of this machine, or use PostgreSQL",
        )
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size > max(256 * 2**20, file.stat().st_size):
        yield warning(
            _CHECK,
            f"its log of writes has {megabytes(log.stat().st_size)}: a reader that never ends keeps it from being cut",
            str(log),
            "end programs that keep the store open; see lsof",
        )


def file_system(file: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """The kind of file system a file lies on, as Linux tells it; None elsewhere."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    best, kind = "", None
    for _, point, name, *_ in (line.split() for line in lines if len(line.split()) > 3):
        there = point.encode().decode("unicode_escape")
        if file.resolve().is_relative_to(there) and len(there) >= len(best):
            best, kind = there, name
    return kind
