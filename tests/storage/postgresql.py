"""A PostgreSQL of the machine's own programs for one test module, on a socket in a folder that goes away with it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_QUICK = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


def _programs() -> Path | None:
    """The folder of the newest server that is installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(_DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), default=None)


def _user() -> dict[str, Any]:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def server() -> Iterator[str]:
    """The URL of a new, empty database. Skips the test where no server is installed."""
    pytest.importorskip("psycopg", reason="needs psycopg: pip install 'psycopg[binary]'")
    programs = _programs()
    if programs is None:
        pytest.skip("needs a PostgreSQL server on this machine: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="forcewire-pg-"))
    user = _user()
    if user:
        os.chown(folder, user["user"], user["group"])
    where: dict[str, Any] = {
        "cwd": folder,
        "env": {"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        **user,
    }
    data = str(folder / "data")
    made = (programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    subprocess.run(made, check=True, **where)
    options = [word for option in _QUICK for word in ("-c", option)]
    process = subprocess.Popen((programs / "postgres", "-D", data, "-k", str(folder), *options), **where)
    try:
        for _ in range(400):
            if subprocess.run((programs / "pg_isready", "-h", str(folder), "-q"), check=False, **where).returncode == 0:
                break
            assert process.poll() is None, "PostgreSQL did not start"
            time.sleep(0.05)
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)  # a fast end: SIGTERM waits for clients
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
