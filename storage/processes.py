"""Whether the process that began a crawl still runs."""

from __future__ import annotations

import os
from pathlib import Path


def process_began(pid: int) -> str | None:
    """When a process of this machine began, in the kernel's ticks since boot (proc(5), stat, field 22). None where the
    system has no /proc, or the process is gone or dead and waits only for its parent.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    # The second field is the program's name in brackets, and may hold blanks and brackets.
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else fields[18]


def is_running(pid: int, began: str | None) -> bool:
    """Whether this machine's process `pid` is the one that began then. Without `began` any process of that number counts."""
    if Path("/proc/self/stat").exists():
        now = process_began(pid)
        return now is not None and (began is None or now == began)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
