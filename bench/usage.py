"""What a process and its children took: the most memory, and processor time."""

from __future__ import annotations

import os
import re
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def peak_mb(pid: int | str = "self") -> float:
    """Peak resident memory of a process in MB. Not ru_maxrss, which counts what the parent held before the exec."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        found = None
    if found:
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if pid == "self" else 0.0


def cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended, from their start."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def children_watched() -> Iterator[dict[str, float]]:
    """The peaks of this process's children by their id, looked at ten times a second while the block runs."""
    peaks: dict[str, float] = {}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            for task in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                try:
                    children = task.read_text().split()
                except OSError:
                    continue
                for child in children:
                    peaks[child] = max(peaks.get(child, 0.0), peak_mb(child))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()
