"""HTTP/1.1 on a connection: uvicorn's, with limits to what a client may send and how long it may take to."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from feeds.site.limits import Gate

_PIPELINED = 32  # requests that wait behind another one on a connection
_REASONS = {
    400: "The request cannot be understood.",
    408: "The request took too long to come.",
    414: "The address is too long.",
    431: "The head of the request is too long.",
}
_PHRASES = {408: "Request Timeout", 414: "URI Too Long", 431: "Request Header Fields Too Large"}


class _Refused(Exception):  # noqa: N818
    """What the parser is told when it should stop; the client gets `status`."""


class GuardedProtocol(HttpToolsProtocol):
    """A connection that keeps to the limits of its gate (RFC 9112)."""

    gate: ClassVar[Gate]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._status = 400
        self._head = self._unparsed = self._hosts = 0
        self._is_in_head = self._is_refused = False
        self._is_whole = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self.gate.enter(self, self.client[0] if self.client else "", self.loop.time()):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gate.leave(self)
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether the connection stays open to write: a client that says no more may still wait for what it asked for."""
        if self.is_waiting():
            return False
        self.cycle.keep_alive = False
        return True

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        super().data_received(data)
        self._unparsed = self._unparsed + len(data) if self._is_in_head else 0
        if self._unparsed > self.gate.limits.head + self.gate.limits.url and not self._is_refused:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._is_whole = True, False
        self._head = self._hosts = 0

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > self.gate.limits.url:
            self._stop(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self._head += len(name) + len(value)
        if self._head > self.gate.limits.head:
            self._stop(431)
        if name == b"host":
            self._hosts += 1
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        if self._hosts > 1 or (self._hosts == 0 and version == "1.1"):  # RFC 9112, 3.2
            self._stop(400)
        if version == "0.9" or len(self.pipeline) >= _PIPELINED:
            self._stop(400)
        if not self.url.startswith((b"/", b"*")):
            self.url = _origin_form(self.url)
        self._is_in_head = False
        self.gate.turn(self, self.loop.time())
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.gate.turn(self, self.loop.time())

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._status)

    def is_waiting(self) -> bool:
        """See `feeds.site.limits.Guarded`."""
        return self.cycle is None or self.cycle.response_complete

    def unread(self) -> int:
        """See `feeds.site.limits.Guarded`."""
        return self.transport.get_write_buffer_size()

    def turn_away(self) -> None:
        """See `feeds.site.limits.Guarded`."""
        if self._is_in_head and not self._is_refused and not self.transport.is_closing():
            self._refuse(408)
        else:
            self.transport.abort()

    def cut(self) -> None:
        """See `feeds.site.limits.Guarded`."""
        self.transport.abort()

    def _stop(self, status: int) -> None:
        self._status = status
        raise _Refused

    def _refuse(self, status: int) -> None:
        self._is_refused = True
        if not self.is_waiting():
            # What came before is answered first: a refusal in its place would be taken for its answer.
            self.cycle.keep_alive = False
            return
        sentence = f"{_REASONS[status]}\n".encode()
        head = f"HTTP/1.1 {status} {_PHRASES.get(status, 'Bad Request')}\r\n".encode()
        for name, value in self.server_state.default_headers:
            head += name + b": " + value + b"\r\n"
        head += b"content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\nconnection: close\r\n"
        self.transport.write(head + b"content-length: %d\r\n\r\n" % len(sentence) + sentence)
        # Not closed at once: a client that is still sending would be told of a reset, and never see the answer.
        self.transport.write_eof()


def _origin_form(target: bytes) -> bytes:
    """The path and query of a target that names a host, as one asks a proxy (RFC 9112, 3.2.2)."""
    parsed = httptools.parse_url(target)
    query = b"?" + parsed.query if parsed.query else b""
    return (parsed.path or b"/") + query
