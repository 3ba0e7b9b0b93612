"""Which processes use a store now: crawls and claims as the store has them, and on Linux whoever has its file open."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import file_of, open_as_it_is, reading
from storage.errors import StoreError, place
from storage.owners import holds
from storage.running import is_alive
from storage.tables import CRAWL, SCHEDULE

_SIDE_FILES = ("", "-wal", "-shm", "-journal")


def refuse_in_use(url: str, now: datetime) -> None:
    """Raises `StoreError` with who it is where a process uses the store. One that cannot be read is used by nobody it tells of."""
    file = file_of(sa.make_url(url))
    users = holders(file) if file is not None else []
    try:
        engine, _ = open_as_it_is(url)
        try:
            with reading(engine) as conn:
                users += crawls_at_work(conn, now)
        finally:
            engine.dispose()
    except StoreError:
        pass
    if users:
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        raise StoreError(
            f"{place(sa.make_url(url))} is in use: {users[0]}{more}; stop the service and wait for crawls, then run again"
        )


def crawls_at_work(conn: Connection, now: datetime) -> list[str]:
    """A sentence's part for each crawl that runs and each source that a living process has claimed."""
    host = socket.gethostname()
    # By name: a store of an older revision is asked too.
    wanted = [CRAWL.c[name] for name in ("source_id", "started_at", "pid", "process_began", "host")]
    crawls = conn.execute(sa.select(*wanted).where(CRAWL.c.verdict.is_(None))).all()
    at_work = [
        f"process {crawl.pid} on {crawl.host} crawls {crawl.source_id}"
        for crawl in crawls
        if is_alive(conn, crawl, now=now, host=host)
    ]
    if SCHEDULE.name in sa.inspect(conn).get_table_names():
        claims = conn.execute(sa.select(SCHEDULE).where(SCHEDULE.c.claimed_at.is_not(None))).all()
        at_work += [
            f"process {claim.claimed_pid} on {claim.claimed_host} has claimed {claim.source_id}"
            for claim in claims
            if holds(claim, now, host) and (claim.claimed_host, claim.claimed_pid) != (host, os.getpid())
        ]
    return list(dict.fromkeys(at_work))


def holders(file: Path) -> list[str]:
    """A sentence's part for each other process of this machine that has a SQLite store open, as far as this user may see; none
    where the system has no /proc.
    """
    wanted = {(found.st_dev, found.st_ino) for found in _found(file)}
    return [f"process {pid} ({_called(pid)}) has it open" for pid in _pids() if wanted & _open_files(pid)]


def _found(file: Path) -> Iterator[os.stat_result]:
    for end in _SIDE_FILES:
        try:
            yield file.with_name(file.name + end).stat()
        except OSError:
            continue


def _pids() -> list[int]:
    try:
        names = os.listdir("/proc")  # noqa: PTH208  a Path for each process is for nothing
    except OSError:
        return []
    return sorted(int(name) for name in names if name.isdecimal() and int(name) != os.getpid())


def _open_files(pid: int) -> set[tuple[int, int]]:
    found = set()
    try:
        for path in Path(f"/proc/{pid}/fd").iterdir():
            try:
                stat = path.stat()
            except OSError:
                continue
            found.add((stat.st_dev, stat.st_ino))
    except OSError:
        pass  # of another user, or gone
    return found


def _called(pid: int) -> str:
    """A program's name and its first word, and no option: those may hold a password."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gone by now"
    names = [Path(word).name for word in words if word]
    if len(names) > 1 and names[0].startswith("python") and not names[1].startswith("-"):
        names = names[1:]
    return " ".join(name for name in names[:2] if not name.startswith("-") and "=" not in name) or "unnamed"
