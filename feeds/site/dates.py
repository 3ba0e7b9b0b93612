"""Since when a document has the bytes that it has."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta

_SECOND = timedelta(seconds=1)


class Dates:
    """Dates of documents for Last-Modified: of other bytes at least a second after what was said before, because newsboat looks
    at nothing else, and of the same bytes what was said before.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._said: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        # For what is not known here: readers who have bytes of an earlier process get the present ones.
        self._earliest = _now()

    def of(self, key: str, digest: str) -> datetime:
        """Since when a document has the bytes of a digest."""
        known, at = self._said.pop(key, (digest, self._earliest))
        if known != digest:
            at = max(_now(), at + _SECOND)
        self._said[key] = digest, at
        if len(self._said) > self.most:
            _, (_, forgotten) = self._said.popitem(last=False)
            self._earliest = max(self._earliest, _now(), forgotten + _SECOND)
        return at


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
