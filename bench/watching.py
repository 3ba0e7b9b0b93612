"""The watched newsroom as its watchers' bench sees it, and what a watcher's round costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Watched:
    """The newsroom's process, while the `with` block runs. `pages`: the addresses of its articles."""

    def __init__(self, folder: Path, *, sites: int, articles: int, page_bytes: int) -> None:
        sizes = ["--sites", str(sites), "--articles", str(articles), "--bytes", str(page_bytes)]
        self._command = [sys.executable, "-m", "bench.watched", str(folder), *sizes]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pages: list[str] = self._answer()["pages"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def tell(self, do: str, **what: Any) -> dict[str, Any]:
        """Lets the newsroom do something; its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the newsroom did not answer")
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass(slots=True)
class Round:
    """A watcher's round: processor and clock seconds from its process's start to its end, and the URLs it reported."""

    cpu: float
    seconds: float
    reported: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    requests: int = 0
    bytes: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    failed: int = 0

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"reported": sorted(self.reported), "new": sorted(self.new)}


def run(command: Sequence[str], *, folder: Path, environment: dict[str, str] | None = None) -> tuple[Round, str]:
    """Runs a watcher to its end in a folder: what it cost, and what it printed. Its children are counted with it."""
    began = time.perf_counter()
    with (folder / "output.txt").open("w+") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | (environment or {}), stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read()
    return Round(usage.ru_utime + usage.ru_stime, seconds), text
