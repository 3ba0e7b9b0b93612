"""Feeds as files: written aside, read back, moved into place."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
_ASIDE = ".new"
_LEFT_OVER_SECONDS = 3600


class PublishError(Exception):
    """The feeds could not be written, or could not be read back. One line; the feeds from before are still in place."""


def write_feeds(folder: Path, feeds: Mapping[str, bytes], now: datetime) -> tuple[list[Path], int]:
    """Writes each feed whose bytes differ from its file's, and leaves the others untouched. Nothing is moved into place
    before all have been written and read back. Returns the files written, and how many were the same already.

    Raises `PublishError`.
    """
    aside: dict[Path, Path] = {}
    try:
        for parent in (folder, *sorted({(folder / name).parent for name in feeds} - {folder})):
            parent.mkdir(parents=True, exist_ok=True)
            _sweep(parent, now)
        for name, data in feeds.items():
            path = folder / name
            if path.is_file() and path.read_bytes() == data:
                continue
            aside[path] = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_ASIDE}")
            _write(aside[path], data)
            _read_back(aside[path], name)
            _date(aside[path], path, now)
        for path, new in aside.items():
            new.replace(path)
        for parent in sorted({path.parent for path in aside}):
            _sync_folder(parent)
    except OSError as error:
        where = error.filename or folder
        raise PublishError(f"cannot write feeds: {where}: {error.strerror or error}") from error
    finally:
        for new in aside.values():
            new.unlink(missing_ok=True)
    return list(aside), len(feeds) - len(aside)


def _write(path: Path, data: bytes) -> None:
    # Not tempfile: its files are for their owner alone, and a web server is somebody else.
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read_back(path: Path, name: str) -> None:
    """Raises `PublishError` unless the file is whole XML of the kind its name promises, with an id for each entry."""
    try:
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except etree.XMLSyntaxError as error:
        raise PublishError(f"cannot publish {name}: what was written is no XML: {error}") from error
    is_atom = name.endswith(".atom")
    entries = root.findall(f"{_ATOM}entry" if is_atom else "channel/item")
    ids = {entry.findtext(f"{_ATOM}id" if is_atom else "guid") for entry in entries}
    if root.tag != (f"{_ATOM}feed" if is_atom else "rss") or None in ids or len(ids) != len(entries):
        raise PublishError(f"cannot publish {name}: what was written is no feed, or two of its entries have one id")


def _date(new: Path, old: Path, now: datetime) -> None:
    """Sets the file's time, which web servers send as Last-Modified, to `now`, and to at least a second after the old
    file's: newsboat drops new bytes whose Last-Modified did not rise, and HTTP knows whole seconds only.
    """
    at = int(now.timestamp())
    if old.exists():
        at = max(at, int(old.stat().st_mtime) + 1)
    os.utime(new, (at, at))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path, now: datetime) -> None:
    """Removes what a run that was killed left aside. Younger ones may be another run's, still at work."""
    for path in folder.glob(f".*{_ASIDE}"):
        if now.timestamp() - path.stat().st_mtime > _LEFT_OVER_SECONDS:
            path.unlink(missing_ok=True)
