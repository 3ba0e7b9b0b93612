"""A record as a row of `version`, and how the fields beside its text are compared."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from storage.changes import NORMALISATION, Words
from storage.records import Record
from storage.tables import VERSION
from storage.text import storable, storable_json

TEXT = ("title", "description", "body")
PUBLISHED = ("published_at", "published_precision", "published_raw", "published_from")
DETAILS = (
    *PUBLISHED, "modified_at", "language", "kind", "tags", "references", "operations", "sensitive", "image_url", "meta"
)  # fmt: skip
READING = ("reader", "reader_version", "entry", "content_hash", "record_hash", "normalisation")
COLUMNS = tuple(VERSION.c[name] for name in (*TEXT, *DETAILS, *READING))

# A minor change is told of these. Not of meta and modified_at: many sites make them anew at each request.
MINOR = (
    "published_at", "published_raw", "language", "kind", "tags", "references", "operations", "sensitive", "image_url"
)  # fmt: skip

# What feeds and pages show of a version. Not modified_at and meta: they are shown by no feed, and some sites make them anew each time.
SHOWN = (*TEXT, *(name for name in DETAILS if name not in ("modified_at", "meta")))

# Details that come from the page, or from a user's own reader.
_GIVEN = tuple(
    name for name in DETAILS if name not in ("published_at", "published_precision", "modified_at", "sensitive")
)
_ENCODER = json.JSONEncoder(separators=(",", ":"), sort_keys=True, allow_nan=False)
# What `storable` may take out, as JSON writes it; some good texts too (an emoji), which are then looked at one by one.
_SUSPECT = re.compile(r"\\(?:[bf]|u(?:00[0189]|007f|d[89a-f]|fff[ef]))|\x7f")


def version_values(record: Record, entry: str) -> dict[str, Any]:
    """The columns of a version that a record fills, with nothing in them that a database cannot hold; `content_hash` is
    left to those who find that anything differs at all. `entry` is that of `Fetched`.
    """
    values: dict[str, Any] = {
        "title": storable(record.title),
        "description": storable(record.description),
        "body": storable(record.body),
        "published_at": record.published_at,
        "published_precision": record.published_precision.value,
        "published_raw": record.published_raw,
        "published_from": record.published_from,
        "modified_at": record.modified_at,
        "language": record.language,
        "kind": record.kind,
        "tags": list(record.tags),
        "references": list(record.references),
        "operations": list(record.operations),
        "sensitive": record.sensitive,
        "image_url": record.image_url,
        "meta": record.meta,
        "reader": record.reader,
        "reader_version": record.reader_version,
        "entry": entry,
        "normalisation": NORMALISATION,
    }
    details = _storable_details(values)
    text = "\0".join((details, values["title"], values["description"] or "", values["body"]))
    values["record_hash"] = sha256(text.encode()).hexdigest()
    return values


def _storable_details(values: dict[str, Any]) -> str:
    """The details as JSON, once they can be stored. Their JSON tells it of all at once: a page has a hundred small texts."""
    try:
        details = _ENCODER.encode([_plain(values[name]) for name in DETAILS])
        if not _SUSPECT.search(details):
            return details
    except (TypeError, ValueError, RecursionError):
        pass
    values |= {name: storable_json(values[name]) for name in _GIVEN}
    return _ENCODER.encode([_plain(values[name]) for name in DETAILS])


def words_of(values: Mapping[str, Any]) -> Words:
    """Title, description and body of a version's columns."""
    return Words(values["title"], values["description"], values["body"])


def keep_published(old: Mapping[str, Any], new: dict[str, Any]) -> None:
    """A page that shows no date this time does not take away the date it showed before (some show it on the listing alone)."""
    if new["published_at"] is None and new["published_raw"] is None and old["published_at"] is not None:
        new.update({name: old[name] for name in PUBLISHED})


def changed_details(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Which of `MINOR` differ. A picture with another query string is the same picture."""
    return [name for name in MINOR if _comparable(name, old[name]) != _comparable(name, new[name])]


def minor_state(values: Mapping[str, Any]) -> str:
    """A short hash of what `changed_details` compares."""
    text = _ENCODER.encode([_plain(_comparable(name, values[name])) for name in MINOR])
    return sha256(text.encode()).hexdigest()[:16]


def _comparable(name: str, value: Any) -> Any:
    return value.partition("?")[0].partition("#")[0] if name == "image_url" and value else value


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
