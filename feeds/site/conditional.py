"""Conditional requests (RFC 9110, 13): whether a client has already what it would be sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_TAG = re.compile(rb'(?:W/)?"([^"]*)"')


def is_known(etag: bytes, modified: datetime | None, none_match: bytes | None, modified_since: bytes | None) -> bool:
    """Whether 304 is the answer: by If-None-Match where it is given, else by If-Modified-Since. `etag` comes with its quotes.
    Tags are compared weakly, for a proxy that compresses makes weak ones of ours. A date that cannot be read does not count.
    """
    if none_match is not None:
        return none_match.strip() == b"*" or etag[1:-1] in _TAG.findall(none_match)
    if modified_since is None or modified is None:
        return False
    since = read_date(modified_since)
    return since is not None and modified <= since


def read_date(value: bytes) -> datetime | None:
    """An HTTP date in one of its three forms (RFC 9110, 5.6.7); None for anything else."""
    try:
        at = parsedate_to_datetime(value.decode("ascii"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def http_date(at: datetime) -> bytes:
    """A moment as Last-Modified says it."""
    return format_datetime(at.astimezone(UTC), usegmt=True).encode("ascii")
