"""The files of entries, the bundled ones and a user's, and whose a URL is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawler.entries.source import SourceEntry

LONGEST = 32 * 1024
"""Bytes of an entry's file; the longest bundled one has twelve hundred."""

# The time of Python's parser grows faster than with the square of a dotted key's parts: twelve seconds for one of 27 KB.
_MANY_PARTS = re.compile(rb"(?:\.[^.,=\n]{0,40}){40}")

BUNDLED = Path(__file__).parents[1] / "sources"


class SourceError(Exception):
    """An entry that cannot be used. Raised with file, key and reason in one line."""


def load_entry(path: Path) -> SourceEntry:
    """The entry in a file. Raises `SourceError` naming file, key and reason."""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise SourceError(f"{path}: more than {LONGEST:,} bytes, which is no entry")
        if _MANY_PARTS.search(text):
            raise SourceError(f"{path}: a key of more than forty parts")
        data = tomllib.loads(text.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"{path}: {error}") from error
    except RecursionError as error:
        raise SourceError(f"{path}: brackets within each other without an end") from error
    if "id" in data:
        raise SourceError(f"{path}: id: not a key; the file's name is the id")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", path.stem):
        raise SourceError(f"{path}: the file's name is the id: small letters, digits and hyphens only")
    try:
        return SourceEntry(id=path.stem, **data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "[key]")
        reason = {"missing": "is missing", "extra_forbidden": "is not a key of an entry"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        # What is wrong between two keys says by itself which of them is meant.
        raise SourceError(f"{path}: {key}: {reason}" if key else f"{path}: {reason}") from error


def load_entries(user_dir: Path | None = None) -> dict[str, SourceEntry]:
    """All entries by id, the bundled ones and those of the user's folder; a user's entry with the same id wins.

    Raises `SourceError` when the folder does not exist or an entry is wrong.
    """
    entries = {path.stem: load_entry(path) for path in sorted(BUNDLED.glob("*.toml"))}
    if user_dir is not None:
        if not user_dir.is_dir():
            raise SourceError(f"{user_dir}: no such folder of sources")
        entries |= {path.stem: load_entry(path) for path in sorted(user_dir.glob("*.toml"))}
    return dict(sorted(entries.items()))


def owner_of(url: str, entries: Iterable[SourceEntry]) -> SourceEntry | None:
    """The source that a URL belongs to, None when it belongs to none.

    Of several the one whose hosts name its place most closely, then one of whose articles it may be, then the first by
    id: two sources may share a host, and a URL alone cannot always tell whose it is.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    name = f"[{host}]" if ":" in host else host
    names = {name, f"{name}:{port or (443 if parts.scheme == 'https' else 80)}"}
    owners = [entry for entry in entries if not names.isdisjoint(entry.host_names) and entry.owns(url)]
    return min(owners, key=lambda one: (-one.closeness(url), not one.may_be_article(url), one.id), default=None)
