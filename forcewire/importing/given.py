"""What an archive holds: texts as they were given, and what had to be refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

# The longest real one has 133,000 characters. A file that is larger than this is no article.
MOST_TEXT = 4 * 2**20

_LONGEST_PATH = 1000
_NAME = re.compile(r"[0-9a-f]{40}\.md")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


class RefusedError(Exception):
    """A file or row that cannot be imported; the message says why, without its name."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not imported: a path, or a file and its row, and why in one line."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """One text of an archive. `where` names it for a person, `path` is the path it is recorded under. `latest`: the text
    is the latest of its record and `seen_at` the moment of the record's first text (a file, a row of articles); otherwise
    `seen_at` is the moment of this very text (a row of history).
    """

    where: str
    path: str
    text: bytes
    seen_at: datetime
    latest: bool


def given_row(row: Any, where: str, now: datetime) -> Given:
    """A row of articles {path, first_seen, text} or of history {seen, action, path, text}. Raises `RefusedError`."""
    if not isinstance(row, dict):
        raise RefusedError("no JSON object, so no row of an archive")
    latest = "first_seen" in row
    key = "first_seen" if latest else "seen"
    for name in ("path", key, "text"):
        if not isinstance(row.get(name), str):
            raise RefusedError(f"no text under {name!r}; an article's row has path, first_seen and text")
    if not latest and row.get("action") not in ("A", "M"):
        raise RefusedError(f"action {str(row.get('action'))[:20]!r} is neither A (first text) nor M (later text)")
    path = recorded_path(row["path"])
    try:
        text = row["text"].encode()
    except UnicodeEncodeError:
        raise RefusedError(f"{path}: half a character: the text has no UTF-8") from None
    try:
        return Given(f"{where}: {path}", path, checked_size(text), stated_moment(row[key], now), latest)
    except RefusedError as error:
        raise RefusedError(f"{path}: {error}") from None


def recorded_path(path: str) -> str:
    """The path, once it is one that can be written again below any folder. Raises `RefusedError`."""
    parts = path.split("/")
    if not _NAME.fullmatch(parts[-1]):
        raise RefusedError(f"{path[:200]!r}: the name is no SHA-1 in hex with .md")
    if len(parts) < 2 or len(path) > _LONGEST_PATH or any(not _is_folder(part) for part in parts[:-1]):
        raise RefusedError(f"{path[:200]!r} is no path below an archive, as in news/AREA/SHA-1.md")
    return path


def _is_folder(name: str) -> bool:
    if name in ("", ".", "..") or "\\" in name or not name.isprintable():
        return False
    return len(name.encode("utf-8", "replace")) <= 255


def record_name(path: str) -> str:
    """What a record is known by wherever its archive stands: the last folder and the file's name."""
    return "/".join(path.split("/")[-2:])


def stated_moment(text: str, now: datetime) -> datetime:
    """ISO 8601 with an offset, as UTC. Raises `RefusedError`."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise RefusedError(f"{text[:50]!r} has no time zone; write it as in 2021-03-27T00:39:04+00:00")
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RefusedError(f"{text[:50]!r} is no moment; write it as in 2021-03-27T00:39:04+00:00") from None
    if not is_likely(at, now):
        raise RefusedError(f"{text[:50]!r} is not between {_EARLIEST.year} and today")
    return at


def is_likely(at: datetime, now: datetime) -> bool:
    """Whether a page of news can have been seen then; clocks may differ by a day."""
    return _EARLIEST <= at <= now + timedelta(days=1)


def checked_size(text: bytes) -> bytes:
    """The text, unless it is absurdly long. Raises `RefusedError`."""
    if len(text) > MOST_TEXT:
        raise RefusedError(f"{len(text):,} bytes; no article is longer than {MOST_TEXT:,}")
    return text
