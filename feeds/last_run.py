"""What a run of `publish` leaves for the next one beside its files: where the store stood, and which files it left how."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

from feeds.build import Press
from feeds.freshness import Mark
from feeds.names import OPML, path_of
from storage.revisions import REVISIONS

FileState = tuple[int, int]  # bytes, and the time in ns

NAME = "feeds/.published.json"

_PACKAGES = ("feedgen", "lxml", "markdown-it-py", "nh3")


@dataclass(frozen=True, slots=True)
class LastRun:
    """`files` are the documents by name, with size and time (in ns) of each as it was left; `outlines` are digests of what feeds
    were made of (`feeds.outlines`), by name without the ending, as far as they are known.
    """

    press: Press
    mark: Mark
    files: Mapping[str, FileState] = field(default_factory=dict)
    outlines: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, out: Path, press: Press) -> Self | None:
        """The last run into a folder. None where there was none, or its record is damaged, or it would write other bytes than this
        program for this `press`: then everything has to be made.
        """
        try:
            plain = json.loads((out / NAME).read_bytes())
            if plain["made_by"] != made_by() or plain["press"] != asdict(press):
                return None
            files = {str(name): (int(size), int(at)) for name, (size, at) in plain["files"].items()}
            outlines = {str(stem): str(digest) for stem, digest in plain["outlines"].items()}
            return cls(press, Mark.of_plain(plain["mark"]), files, outlines)
        except (OSError, AttributeError, KeyError, TypeError, ValueError):
            return None

    def write(self, out: Path) -> None:
        """Keeps this as the last run. Raises OSError."""
        plain: dict[str, Any] = {"made_by": made_by(), "press": asdict(self.press), "mark": self.mark.plain()}
        plain |= {"files": self.files, "outlines": self.outlines}
        path = out / NAME
        aside = path.with_name(f"{path.name}.{os.getpid()}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_text(json.dumps(plain), "utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

    def damaged(self, there: Mapping[str, FileState]) -> set[str]:
        """Documents whose files are not as they were left."""
        return {name for name, left in self.files.items() if there.get(name) != left}


def files_there(out: Path) -> dict[str, FileState]:
    """The files in a folder that may be documents, by name; and others that lie among them."""
    found = {}
    for name, path in _visible(f"{out}", "", 1):
        if name == OPML:
            found[name] = _state(path)
    for name, path in _visible(f"{out}/feeds", "", 3):
        found[name] = _state(path)
    return found


def file_state(out: Path, name: str) -> FileState:
    """Of a document's file. Raises OSError."""
    return _state(out / path_of(name))


def _visible(folder: str, prefix: str, depth: int) -> Iterator[tuple[str, os.DirEntry[str]]]:
    # Not pathlib: of ten thousand files it makes a second.
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if depth > 1:
                        yield from _visible(entry.path, f"{prefix}{entry.name}/", depth - 1)
                elif entry.is_file():
                    yield prefix + entry.name, entry
    except (FileNotFoundError, NotADirectoryError):
        return


def _state(file: os.DirEntry[str] | Path) -> FileState:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


@cache
def made_by() -> str:
    """A digest of the program that makes the documents: its own code and what that writes and cleans them with. A number that
    somebody has to raise would be forgotten once.
    """
    digest = sha256(REVISIONS[-1].encode())
    here = Path(__file__).parent
    for path in (*sorted(here.glob("*.py")), *sorted((here.parent / "storage").glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _PACKAGES:
        try:
            digest.update(f"{name} {version(name)}".encode())
        except PackageNotFoundError:
            digest.update(name.encode())
    return digest.hexdigest()[:16]
