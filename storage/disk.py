"""Room on the disks that the store and the feeds lie on."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from storage.database import file_of


@dataclass(frozen=True, slots=True)
class Room:
    """`what` lies there: store or feeds; `free` (for this user) and `size` in bytes."""

    what: str
    folder: Path
    free: int
    size: int


def folders(url: URL, publish_dir: Path | None) -> dict[str, Path]:
    """Where the store's file and the feeds lie. A database on a server has disks of its own."""
    file = file_of(url)
    found = {"store": file.absolute().parent} if file is not None else {}
    return found | ({"feeds": publish_dir.absolute()} if publish_dir is not None else {})


def rooms(places: Mapping[str, Path]) -> list[Room]:
    """What is free there; in the nearest folder that exists, and nothing of one that cannot be looked at."""
    found = []
    for what, folder in places.items():
        there = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
        if there is None:
            continue
        try:
            usage = shutil.disk_usage(there)
        except OSError:
            continue
        found.append(Room(what, there, usage.free, usage.total))
    return found


def megabytes(size: int) -> str:
    """A size for people: 480 MB, 12.4 GB."""
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
