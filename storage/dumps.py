"""Backups of a PostgreSQL store, made and put back by PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import URL

from storage.errors import StoreError

_DEBIAN = Path("/usr/lib/postgresql")
_TABLES = ("alembic_version", "article", "version", "change")


def dump_store(url: URL, target: Path) -> None:
    """Writes a dump in PostgreSQL's custom format into a file, and reads its list back. Raises `StoreError`."""
    program = program_named("pg_dump")
    _run(url, [program, "--format=custom", "--no-password", f"--file={target}", f"--dbname={conninfo(url)}"])
    if missing := [name for name in _TABLES if name not in tables_in(target)]:
        raise StoreError(f"the dump has no table {missing[0]}; nothing was kept of it")


def tables_in(dump: Path) -> set[str]:
    """The tables whose rows are in a dump. Raises `StoreError` where it cannot be read."""
    listed = _run(None, [program_named("pg_restore"), "--list", str(dump)])
    lines = (line.split() for line in listed.splitlines() if " TABLE DATA " in line and not line.startswith(";"))
    return {words[-2] for words in lines}


def program_named(name: str) -> str:
    """Where a program of PostgreSQL's is. Raises `StoreError` with what to do where it is not installed."""
    found = shutil.which(name)
    if found is None:
        versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name))
        found = str(versions[-1]) if versions else None
    if found is None:
        raise StoreError(
            f"a PostgreSQL store is backed up by {name}, which is not on this machine; install PostgreSQL's client programs"
            " (Debian: postgresql-client), or back the database up where it runs"
        )
    return found


def conninfo(url: URL) -> str:
    """The URL as libpq reads it (its manual, 34.1.1), without the password: others see a program's words."""
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    parts |= {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    return " ".join(f"{name}='{_quoted(str(value))}'" for name, value in parts.items() if value is not None)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _run(url: URL | None, words: Sequence[str]) -> str:
    environ = {**os.environ, "LC_ALL": "C"}
    if url is not None and url.password is not None:
        environ["PGPASSWORD"] = str(url.password)
    done = subprocess.run(words, env=environ, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[0]
        raise StoreError(f"{Path(words[0]).name} answers: {said}; nothing was kept of the backup")
    return done.stdout
