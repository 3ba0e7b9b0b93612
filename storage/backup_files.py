"""The files of backups: how they are named, marked and written aside, and which of them are kept."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from storage.errors import StoreError
from storage.processes import is_running

# In SQLite's header (https://sqlite.org/fileformat2.html, 1.3, offset 68), so that a copy is told from a store without opening it.
MARK = 0x46_57_42_4B
_MARK_AT, _HEADER, _MAGIC, _DUMP = 68, 100, b"SQLite format 3\0", b"PGDMP"
SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file, by the end of its name."""
_NAME = re.compile(r"(?P<store>.+)-(?P<at>\d{8}T\d{6}Z)(?P<before>-before-\w+)?\.(?:db|dump)")
_ASIDE = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)\.aside(?:-journal|-wal|-shm)?")
_LEFT_OVER_SECONDS = 24 * 3600  # a number of a process is given out again


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy in a folder. `store`: the name of what it is a copy of; `before`: of an upgrade; `bytes`: its size."""

    path: Path
    store: str
    at: datetime
    before: bool
    bytes: int


def default_folder(url: str) -> Path | None:
    """`backups` beside a SQLite file; None for another store."""
    from storage.database import file_of

    file = file_of(make_url(url))
    return file.absolute().parent / "backups" if file is not None else None


def name_of(url: URL, now: datetime, *, before: str | None = None) -> str:
    """forcewire-20261124T033000Z.db: names of one store sort by time. `before`: the revision that comes next."""
    end = "db" if url.get_backend_name() == "sqlite" else "dump"
    return f"{_store_of(url)}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{f'-before-{before}' if before else ''}.{end}"


def _store_of(url: URL) -> str:
    name = (url.database or "").partition("?")[0]
    return Path(name).stem.lstrip(".") or "store"


def kept(folder: Path, url: str | None = None) -> list[Backup]:
    """The copies in a folder, of one store or of all, oldest first; none where the folder is not there. What has another name
    is not looked at. Raises OSError where the folder cannot be read.
    """
    store = _store_of(make_url(url)) if url is not None else None
    found = []
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    for path in paths:
        named = _NAME.fullmatch(path.name)
        if named is None or (store is not None and named["store"] != store) or not is_backup(path):
            continue
        at = datetime.strptime(named["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        size = path.stat().st_size
        found.append(Backup(path=path, store=named["store"], at=at, before=bool(named["before"]), bytes=size))
    return sorted(found, key=lambda each: (each.at, each.path.name))


def is_backup(path: Path) -> bool:
    """Whether the file says of itself that it is a copy that Forcewire made; whether it can be read is another matter."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except OSError:
        return False
    marked = head.startswith(_MAGIC) and head[_MARK_AT : _MARK_AT + 4] == MARK.to_bytes(4, "big")
    return marked or head.startswith(_DUMP)


def outlived(copies: Collection[Backup], days: int) -> list[Backup]:
    """Those that go: of the newest `days` days with a copy the last of each day stays, and each from before an upgrade; of older
    days none. The newest copy always stays.
    """
    newest = sorted({each.at.date() for each in copies}, reverse=True)[: max(days, 1)]
    last = {each.at.date(): each for each in sorted(copies, key=lambda each: each.at) if not each.before}
    stays = [each for each in copies if each.at.date() in newest and (each.before or last[each.at.date()] is each)]
    return [each for each in copies if each not in stays]


def remove_left_overs(folder: Path, now: datetime) -> None:
    """Deletes what a killed run left in a folder: what is being written by a process that lives stays."""
    for path in folder.glob(".*.aside*"):
        named = _ASIDE.fullmatch(path.name)
        if named is None:
            continue
        try:
            old = now.timestamp() - path.stat().st_mtime > _LEFT_OVER_SECONDS
            if old or not is_running(int(named["pid"]), None):
                path.unlink()
        except FileNotFoundError:
            continue  # the run has ended meanwhile


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Where to write what appears under its name only when it is whole and on the disk; gone after an error. Raises `StoreError`."""
    with aside_of(path) as aside:
        yield aside
        sync(aside)
        aside.replace(path)
        sync(path.parent)


@contextmanager
def aside_of(path: Path) -> Iterator[Path]:
    """A new, empty file beside `path`; gone at the end. Errors of the disk become `StoreError`."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    try:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield aside
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}; give this user the right to, or name another place"
        ) from error
    finally:
        for end in ("", *SIDE_FILES):
            aside.with_name(aside.name + end).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Waits until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def give_to_owner(path: Path, like: Path, *, wholly: bool = False) -> None:
    """The rights of `like` (without others', but for `wholly`), and its owner where this user may give files away (root): the
    service goes on with it.
    """
    model = like.stat()
    mode = model.st_mode & 0o777 if wholly else (model.st_mode & 0o640) | 0o600
    path.chmod(mode | 0o700 if path.is_dir() else mode)
    if os.geteuid() == 0:
        os.chown(path, model.st_uid, model.st_gid)
