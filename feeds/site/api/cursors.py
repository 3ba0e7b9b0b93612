"""Where a walk through a list goes on: the key and number of the last row, which rows that come in between do not move."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import NamedTuple

from feeds.site.api.parameters import LARGEST

_WRITTEN = re.compile(r"([a-z_]{1,20})\|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\|(\d{1,10})(?:\|(\d{1,10}))?", re.ASCII)


class Cursor(NamedTuple):
    """`order` names the list that it is of, so that it is not taken for a place in another one. `mark`: a number to be
    carried through the walk.
    """

    order: str
    at: datetime
    id: int
    mark: int = 0

    def __str__(self) -> str:
        text = f"{self.order}|{self.at.replace(tzinfo=None).isoformat(timespec='microseconds')}|{self.id}"
        return urlsafe_b64encode(f"{text}|{self.mark}".encode()).decode().rstrip("=")


def cursor(value: str) -> Cursor:
    """Reads one. Raises ValueError for what is none."""
    try:
        if not value.isascii() or len(value) > 200:
            raise ValueError
        text = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("ascii")
        if (found := _WRITTEN.fullmatch(text)) is None:
            raise ValueError
        read = Cursor(found[1], datetime.fromisoformat(found[2]).replace(tzinfo=UTC), int(found[3]), int(found[4] or 0))
        if max(read.id, read.mark) > LARGEST or str(read) != value:
            raise ValueError
    except ValueError:
        raise ValueError("is none that was given out; take it from next, to the letter") from None
    return read
