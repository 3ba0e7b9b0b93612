"""A service in a process of its own, with real crawls."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WAIT = 60.0  # seconds: a bound for what comes in a moment


@dataclass
class Program:
    """`forcewire watch` in a process of its own; `lines` of its log so far."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int

    def lines(self) -> list[dict[str, Any]]:
        found = []
        for line in self.log.read_text("utf-8").splitlines():
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    def events(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line.get("event") == event]

    def wait_for(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + WAIT
        while not holds():
            assert time.monotonic() < end, self.log.read_text("utf-8")
            assert self.process.poll() is None, self.log.read_text("utf-8")
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(WAIT)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def program(folder: Path, *words: object, **environ: str) -> Iterator[Program]:
    """Runs `forcewire watch` on `folder`/news.db and the entries in `folder`/sources."""
    port, log = free_port(), folder / f"log-{time.monotonic_ns()}"
    given = [
        "--database",
        folder / "news.db",
        "--sources",
        folder / "sources",
        "--allow-loopback",
        "--delay",
        0,
        "--port",
        port,
    ]
    root = str(Path(__file__).parents[3])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FORCEWIRE_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "forcewire", "watch", *map(str, (*given, *words))],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
            env=clean | {"PYTHONPATH": root, "FORCEWIRE_LOG_FORMAT": "json", "FORCEWIRE_BACKUP_AT": "never", **environ},
        )  # fmt: skip
    try:
        yield Program(process, log, port)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
