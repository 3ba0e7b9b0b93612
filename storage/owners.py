"""Which process holds a claim, and whether it lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.processes import is_running, process_began

LEASE = timedelta(minutes=15)
"""A claim of another machine counts as lost when it was not renewed for so long."""
CLOCKS_DIFFER = timedelta(hours=1)
"""Two machines' clocks differ by less; what is further ahead was written before a clock was set back."""


@dataclass(slots=True, frozen=True)
class Owner:
    """A process: its number, when it began (`process_began`) and its machine's name."""

    pid: int
    began: str | None
    host: str


def this_process() -> Owner:
    """The process that asks."""
    return owner_of(os.getpid(), socket.gethostname())


def owner_of(pid: int, host: str) -> Owner:
    """The process of that number on this machine, which is called `host`."""
    return Owner(pid, process_began(pid), host)


def holder(row: Any) -> Owner:
    """Who holds a claimed row of the schedule."""
    return Owner(row.claimed_pid, row.claimed_began, row.claimed_host)


def holds(row: Any, now: datetime, host: str) -> bool:
    """Whether a claim's process lives, as far as the machine `host` can tell: one of its own is looked up, one of another
    machine must have renewed its claim. A claim that reaches further than any ever does was made before a clock was set back.
    """
    if row.claimed_at is None:
        return False
    if row.claimed_host == host:
        return row.claimed_pid is not None and is_running(row.claimed_pid, row.claimed_began)
    return bool(now < row.claimed_until <= now + LEASE + CLOCKS_DIFFER)
