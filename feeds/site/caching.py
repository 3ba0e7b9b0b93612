"""Documents kept in memory: each as it is sent, in every coding, with its headers made beforehand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar

from feeds.site.compression import CODINGS, chosen_coding, packed
from feeds.site.conditional import http_date, is_known
from feeds.site.headers import FEED_HEADERS, FINISHED

_Message = dict[str, Any]


def digest_of(data: bytes) -> str:
    """What an ETag is made of."""
    return sha256(data).hexdigest()[:32]


class Kept:
    """A document ready to be sent. `digest` tells its bytes from others, `modified` is when they last became others."""

    def __init__(self, key: str, scope: str, media_type: str, data: bytes) -> None:
        self.key, self.scope = key, scope
        self.digest = digest_of(data)
        self.modified: datetime | None = None
        self.dressed_until = 0.0
        self._type = f"{media_type}; charset=utf-8".encode()
        self._bodies = {"": data, **{coding: packed(data, coding) for coding in CODINGS}}
        self._tags = {coding: f'"{self.digest}{f"-{coding}" if coding else ""}"'.encode() for coding in self._bodies}
        self._date = b""
        self._messages: dict[str, tuple[_Message, _Message, _Message]] = {}

    @property
    def data(self) -> bytes:
        """The document as `publish` writes it."""
        return self._bodies[""]

    @property
    def size(self) -> int:
        """Bytes in memory, near enough."""
        return sum(map(len, self._bodies.values()))

    def dress(self, modified: datetime, max_age: int, until: float) -> None:
        """Makes the headers, which hold until a moment of the monotonic clock. `max_age` is in seconds."""
        self.modified, self.dressed_until, self._date = modified, until, http_date(modified)
        for coding, body in self._bodies.items():
            shared = [
                (b"etag", self._tags[coding]),
                (b"last-modified", self._date),
                (b"cache-control", b"public, max-age=%d" % max_age),
                (b"vary", b"Accept-Encoding"),
                *FEED_HEADERS,
            ]
            full = [(b"content-type", self._type), (b"content-length", b"%d" % len(body)), *shared]
            if coding:
                full.append((b"content-encoding", coding.encode()))
            self._messages[coding] = (
                _start(200, full),
                {"type": "http.response.body", "body": body},
                _start(304, shared),
            )

    def answer(self, method: str, headers: list[tuple[bytes, bytes]]) -> tuple[_Message, _Message]:
        """The two ASGI messages for a request of this document by GET or HEAD. Names of headers are in small letters."""
        accepted, none_match, since = b"", None, None
        for name, value in headers:
            if name == b"accept-encoding":
                accepted = accepted + b"," + value if accepted else value
            elif name == b"if-none-match":
                none_match = none_match + b"," + value if none_match else value
            elif name == b"if-modified-since":
                since = value
        coding = chosen_coding(accepted)
        full, body, unchanged = self._messages[coding]
        if (none_match is not None or since is not None) and (
            none_match == self._tags[coding]
            or (none_match is None and since == self._date)
            or is_known(self._tags[coding], self.modified, none_match, since)
        ):
            return unchanged, _NOTHING
        return full, body if method != "HEAD" else _NOTHING


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> _Message:
    return {"type": "http.response.start", "status": status, "headers": headers, FINISHED: True}


_NOTHING: _Message = {"type": "http.response.body", "body": b""}


class Sized(Protocol):
    """What can be kept."""

    @property
    def key(self) -> str:
        """By what it is found."""

    @property
    def size(self) -> int:
        """Bytes in memory."""


T = TypeVar("T", bound=Sized)


class Shelf(Generic[T]):
    """The documents asked for last, as many as go into `room` bytes."""

    def __init__(self, room: int) -> None:
        self.room, self.filled = room, 0
        self._kept: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, key: str) -> T | None:
        """The document of a key, which is the last now to be given up."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, kept: T) -> None:
        """Keeps a document. One that would leave no room for others is not kept."""
        self.drop(kept.key)
        size = kept.size  # as it is now: it may grow by another coding, but not by more than as much again
        if size > self.room // 2:
            return
        self._kept[kept.key] = kept, size
        self.filled += size
        while self.filled > self.room:
            self.drop(next(iter(self._kept)))

    def drop(self, key: str) -> None:
        """Forgets a document."""
        if key in self._kept:
            self.filled -= self._kept.pop(key)[1]

    def __iter__(self) -> Iterator[T]:
        return iter([kept for kept, _ in self._kept.values()])

    def __len__(self) -> int:
        return len(self._kept)
