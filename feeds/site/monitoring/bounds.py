"""When this site counts as not ready, as an operator set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bounds:
    """`ready_after`: how old the newest good crawl may be; `disk_free`: bytes that must be free where the store and the feeds lie;
    `publish_dir`: where feeds are written to, `backups`: where copies of the store are; None where there are none.
    """

    ready_after: timedelta = timedelta(hours=6)
    disk_free: int = 500_000_000
    publish_dir: Path | None = None
    backups: Path | None = None
