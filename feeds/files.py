"""Documents as files: written aside, read back, moved into place."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
ASIDE = ".new"
_LEFT_OVER_SECONDS = 3600
_FEEDS = ("rss", "atom", "json", "opml")


class PublishError(Exception):
    """The documents could not be written, or could not be read back. One line; those from before are still in place."""


def write_files(folder: Path, files: Iterable[tuple[str, bytes]], now: datetime) -> tuple[list[Path], int]:
    """Writes each document, by its path below the folder, whose bytes differ from its file's, and leaves the others untouched.
    Nothing is moved into place before all have been written and read back. Returns the files written, and how many were the
    same already.

    Raises `PublishError`, and whatever the making of a document raises.
    """
    aside: dict[Path, Path] = {}
    parents: set[Path] = set()
    unchanged = 0
    try:
        for name, data in files:
            path = folder / name
            if path.parent not in parents:
                path.parent.mkdir(parents=True, exist_ok=True)
                _sweep(path.parent, now)
                parents.add(path.parent)
            if _holds(path, data):
                unchanged += 1
                continue
            aside[path] = path.with_name(f".{path.name}.{secrets.token_hex(4)}{ASIDE}")
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
    return list(aside), unchanged


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except (FileNotFoundError, IsADirectoryError):
        return False


def _write(path: Path, data: bytes) -> None:
    # Not tempfile: its files are for their owner alone, and a web server is somebody else.
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read_back(path: Path, name: str) -> None:
    """Raises `PublishError` unless a feed's file is a whole document of the kind its name promises, with an id for each entry."""
    kind = name.rpartition(".")[2]
    if kind not in _FEEDS:
        return
    try:
        ids = _ids_of_json(path) if kind == "json" else _ids_of_xml(path, kind)
    except (etree.XMLSyntaxError, ValueError) as error:
        language = "JSON" if kind == "json" else "XML"
        raise PublishError(f"cannot publish {name}: what was written is no {language}: {error}") from error
    if ids is None or None in ids or len(set(ids)) != len(ids):
        raise PublishError(f"cannot publish {name}: what was written is no feed, or two of its entries have one id")


def _ids_of_json(path: Path) -> list[str | None] | None:
    """The ids of the entries of a JSON Feed. None for any other JSON. Raises ValueError for no JSON."""
    feed = json.loads(path.read_bytes())
    is_feed = isinstance(feed, dict) and str(feed.get("version")).startswith("https://jsonfeed.org/version/")
    return [item.get("id") for item in feed["items"]] if is_feed else None


def _ids_of_xml(path: Path, kind: str) -> list[str | None] | None:
    """The same of RSS and Atom; a list of feeds has no entries. Raises XMLSyntaxError."""
    root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    if kind == "atom":
        ids = [entry.findtext(f"{_ATOM}id") for entry in root.findall(f"{_ATOM}entry")]
        return ids if root.tag == f"{_ATOM}feed" else None
    if kind == "rss":
        return [item.findtext("guid") for item in root.findall("channel/item")] if root.tag == "rss" else None
    return [] if root.tag == kind else None


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
    for path in folder.glob(f".*{ASIDE}"):
        if now.timestamp() - path.stat().st_mtime > _LEFT_OVER_SECONDS:
            path.unlink(missing_ok=True)
