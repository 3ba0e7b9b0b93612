"""An answer of a view, whole, as it goes out to one client and another."""

from __future__ import annotations

from functools import partial
from typing import Self

import anyio.to_thread
from starlette.types import Message, Scope, Send

from feeds.site.caching import digest_of
from feeds.site.compression import chosen_coding, is_worth_packing, packed
from feeds.site.conditional import is_known
from feeds.site.headers import with_security

_Headers = list[tuple[bytes, bytes]]

_PACKED_HERE = 64 << 10  # bytes: more is packed on a thread, so that others need not wait
# A 304 says nothing of them. It does say the view's own policy: a browser puts the headers of a 304 in place of those it kept.
_OF_A_BODY = {b"content-type", b"content-length", b"content-encoding", b"content-language", b"content-range"}
_MADE_HERE = {b"etag", b"content-length", b"accept-ranges"}


class Rendered:
    """Status, headers and bytes. `at` is when the view began, by the monotonic clock; `times` how often the store had changed."""

    def __init__(self, key: str, status: int, headers: _Headers, body: bytes = b"", at: float = 0.0) -> None:
        self.key, self.status, self.at, self.times = key, status, at, -1
        self._given = {name.lower(): value for name, value in headers}
        self._headers = [(name.lower(), value) for name, value in headers if name.lower() not in _MADE_HERE]
        if b"cache-control" not in self._given:
            self._headers.append((b"cache-control", b"no-cache" if status == 200 else b"no-store"))
        content_type = self._given.get(b"content-type", b"").decode("latin-1")
        self._may_be_packed = b"content-encoding" not in self._given and is_worth_packing(content_type, len(body))
        if self._may_be_packed:
            self._headers = _varying(self._headers)
        self._digest = digest_of(body)
        self._bodies = {"": body}

    @classmethod
    def of(cls, key: str, messages: list[Message], at: float = 0.0) -> Self:
        """From the messages of an application; those of its last answer, where it began another one."""
        start = max(number for number, each in enumerate(messages) if each["type"] == "http.response.start")
        body = b"".join(each.get("body", b"") for each in messages[start + 1 :])
        return cls(key, messages[start]["status"], list(messages[start]["headers"]), body, at)

    @property
    def size(self) -> int:
        """Bytes in memory, near enough."""
        return 1000 + sum(map(len, self._bodies.values()))

    @property
    def may_be_kept(self) -> bool:
        """Whether others who ask for the same address may have it too."""
        is_the_same_for_all = self._given.get(b"vary", b"Accept-Encoding").lower() == b"accept-encoding"
        return self.status == 200 and is_the_same_for_all and b"no-store" not in self._given.get(b"cache-control", b"")

    async def send(self, scope: Scope, send: Send) -> None:
        """Sends it to a client, in the coding that it likes best; 304 where it has it already."""
        coding = chosen_coding(_asked(scope, b"accept-encoding") or b"") if self._may_be_packed else ""
        headers, status, body = list(self._headers), self.status, await self._body(coding)
        if status == 200 and scope["method"] in ("GET", "HEAD"):
            tag = f'"{self._digest}{f"-{coding}" if coding else ""}"'.encode()
            headers.append((b"etag", tag))
            # By the ETag alone: a page's date would be that of the newest thing on it, and pages show more than that.
            none_match = _asked(scope, b"if-none-match")
            if none_match is not None and is_known(tag, None, none_match, None):
                headers, status, body = [each for each in headers if each[0] not in _OF_A_BODY], 304, b""
        if status != 304:
            headers += [(b"content-encoding", coding.encode())] if coding else []
            headers += [(b"content-length", b"%d" % len(body))] if status != 204 else []
        headers = with_security(headers, scope["path"])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})

    async def _body(self, coding: str) -> bytes:
        plain = self._bodies[""]
        if coding not in self._bodies:
            if len(plain) <= _PACKED_HERE:
                self._bodies[coding] = packed(plain, coding)
            else:
                self._bodies[coding] = await anyio.to_thread.run_sync(partial(packed, plain, coding))
        return self._bodies[coding]


def _asked(scope: Scope, name: bytes) -> bytes | None:
    values = [value for key, value in scope["headers"] if key == name]
    return b",".join(values) if values else None


def _varying(headers: _Headers) -> _Headers:
    others = [value for name, value in headers if name == b"vary"]
    kept = [each for each in headers if each[0] != b"vary"]
    return [*kept, (b"vary", b", ".join([*others, b"Accept-Encoding"]))]
