"""Stored articles as files: the archive form, a tree of folders, and JSON lines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from forcewire.output import json_line

if TYPE_CHECKING:
    from storage.archive_files import ArchiveFile
    from storage.reads import StoredRecord

RECORD_FIELDS = (
    "source", "area", "url", "addresses", "title", "description", "body", "published_at", "published_precision", "published_raw",
    "published_from", "modified_at", "first_seen_at", "last_seen_at", "changed_at", "removed_at", "version", "language",
    "kind", "tags", "references", "operations", "sensitive", "image_url", "meta", "reader", "reader_version",
)  # fmt: skip


def export_archive(files: Iterable[ArchiveFile], folder: Path) -> int:
    """Writes the files below the folder; returns how many. A file that holds the same bytes already is not touched. A
    file's time is when its record was first seen: that is what an import of it takes it for.
    """
    count = 0
    for file in files:
        count += 1
        path = folder / file.path
        if path.is_file() and path.read_bytes() == file.content:
            continue
        with written_aside(path) as stream:
            stream.write(file.content)
        os.utime(path, (file.since.timestamp(),) * 2)
    return count


def take_out(paths: Iterable[str], folder: Path) -> int:
    """Deletes these files of an earlier export below the folder, and returns how many there were."""
    found = [path for each in paths if (path := folder / each).is_file()]
    for path in found:
        path.unlink()
    return len(found)


def export_jsonl(rows: Iterable[StoredRecord], path: Path) -> int:
    """Writes each article as one line of JSON; returns how many."""
    with written_aside(path) as file:
        return write_jsonl(rows, file)


def write_jsonl(rows: Iterable[StoredRecord], file: IO[bytes]) -> int:
    """Writes each article as one line of JSON with the record's fields in the order of the documentation."""
    count = 0
    for row in rows:
        count += 1
        file.write(json_line({name: getattr(row, name) for name in RECORD_FIELDS}).encode() + b"\n")
    return count


@contextmanager
def written_aside(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is complete: nobody ever reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
