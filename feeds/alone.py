"""One run at a time writes a folder, so that what an older state of the store says never comes after what a newer one does, and what
lies aside is known to be left over.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.files import ASIDE, PublishError
from feeds.last_run import NAME
from feeds.names import OPML

_RECORD = NAME.rpartition("/")[2]
_DEPTH = 3  # feeds/<scope>/archive
# As `feeds.files` and `feeds.last_run` name what they write aside.
_LEFT_ASIDE = re.compile(rf"\..+\.[0-9a-f]{{8}}{re.escape(ASIDE)}|{re.escape(_RECORD)}\.\d+{re.escape(ASIDE)}")


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Waits until no other run writes there; one that was killed holds nothing. What such a run left aside is removed: it may tell of
    stories that are withheld by now. Raises `PublishError`.
    """
    handle = None
    try:
        handle = _taken(out)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _taken(out: Path) -> int:
    folder = out / "feeds"
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            if _locked(handle):
                lists = (path for path in _left_aside(out, 1) if path.name.startswith(f".{OPML}."))
                for path in (*lists, *_left_aside(folder, _DEPTH)):
                    path.unlink(missing_ok=True)
        except OSError:
            os.close(handle)
            raise
    except OSError as error:
        raise PublishError(f"cannot write feeds: {error.filename or folder}: {error.strerror or error}") from error
    return handle


def _locked(handle: int) -> bool:
    """False on a file system that knows no locks: what lies aside may be another run's there."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        return False
    return True


def _left_aside(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if depth > 1:
                    yield from _left_aside(Path(entry.path), depth - 1)
            elif _LEFT_ASIDE.fullmatch(entry.name):
                yield Path(entry.path)
