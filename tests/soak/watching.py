"""What a process and the schedule are looked at for during a soak run."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at a moment. `memory`: resident, in bytes; `descriptors`: open ones, `sockets` of them; `share`: of the run so far."""

    share: float
    memory: int
    descriptors: int
    sockets: int
    threads: int


def sample(pid: int, share: float) -> Sample:
    """By proc(5). Raises `OSError` for a process that is gone."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    links = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(entry.readlink()))
        except FileNotFoundError:  # closed meanwhile
            continue
    sockets = sum(link.startswith("socket:") for link in links)
    return Sample(share, int(status["VmRSS"].split()[0]) * 1024, len(links), sockets, int(status["Threads"]))


@dataclass(slots=True)
class Course:
    """The samples of one process."""

    name: str
    samples: list[Sample] = field(default_factory=list)

    def between(self, start: float, end: float, what: str) -> float:
        """The median of a part of the run."""
        return median(getattr(each, what) for each in self.samples if start <= each.share < end)

    def growth(self, what: str) -> float:
        """The last tenth of the run beside the second fifth; the first one is its warm-up."""
        return self.between(0.9, 1.01, what) / max(self.between(0.2, 0.4, what), 1)


def lateness(store: Path, now: datetime) -> tuple[float, str]:
    """Of the source that waits longest beyond its due time: how long, in its own intervals, and its id."""
    conn = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        rows = conn.execute(
            "SELECT source_id, next_due_at, interval_seconds FROM schedule WHERE claimed_at IS NULL AND next_due_at IS NOT NULL"
        ).fetchall()
    finally:
        conn.close()
    late = [
        ((now - datetime.fromisoformat(due).replace(tzinfo=UTC)).total_seconds() / interval, source)
        for source, due, interval in rows
    ]
    return max(late, default=(0.0, ""))
