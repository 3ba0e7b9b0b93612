"""A small HTTP/1.1 server on asyncio: keep-alive, one request after another on a connection, loopback only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

MOST_HEAD = 65_536
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Request:
    """The first line and the headers (names in lower case) of a request."""

    method: str
    target: str
    headers: dict[bytes, bytes]

    def header(self, name: bytes) -> str | None:
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


@dataclass(slots=True)
class Reply:
    """An answer. `raw` is the whole head, ready to send, where it is known beforehand; else it is made of `headers`.

    `stream` is sent piece by piece after `body`; `length` announces another size than the body's; `close` ends the
    connection after the last byte; `delay` is seconds before the first.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    raw: bytes | None = None
    delay: float = 0.0
    length: int | None = None
    close: bool = False
    stream: Callable[[], Iterator[bytes]] | None = None

    def head(self) -> bytes:
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.length is not None or self.stream is None:
            lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        if self.close or (self.stream is not None and self.length is None):
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


@dataclass(slots=True)
class Host:
    """What a connection needs to know of the site it belongs to, and how many of its requests are open."""

    answer: Callable[[Request], Reply]
    log: Callable[[Request, Reply, float, int], None]
    open_requests: int = 0
    connections: set[Connection] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """One client connection of one host."""

    __slots__ = ("_buffer", "_busy", "_host", "_loop", "_task", "_transport", "_writable")

    def __init__(self, host: Host) -> None:
        self._host = host
        self._buffer = b""
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._host.connections.discard(self)
        self._writable.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def close(self) -> None:
        """End the connection now."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self._busy and len(self._buffer) > MOST_HEAD:
            self._transport.abort()
        self._serve()

    def _serve(self) -> None:
        while not self._busy and self._buffer:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > MOST_HEAD:
                    self._transport.abort()
                return
            head, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            request = _parsed(head)
            if request is None:
                self._transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                self._transport.close()
                return
            host = self._host
            host.open_requests += 1
            reply = host.answer(request)
            host.log(request, reply, time.monotonic(), host.open_requests)
            if reply.delay or reply.stream is not None:
                self._busy = True
                self._task = self._loop.create_task(self._send_slowly(request, reply))
                return
            self._send(request, reply)
            host.open_requests -= 1

    def _send(self, request: Request, reply: Reply) -> None:
        head = reply.head()
        self._transport.write(head if request.method == "HEAD" or not reply.body else head + reply.body)
        if reply.close or request.headers.get(b"connection", b"").lower() == b"close":
            self._buffer = b""
            self._transport.close()

    async def _send_slowly(self, request: Request, reply: Reply) -> None:
        try:
            if reply.delay:
                await asyncio.sleep(reply.delay)
            if reply.stream is None or request.method == "HEAD":
                self._send(request, reply)
            else:
                self._transport.write(reply.head() + reply.body)
                for piece in reply.stream():
                    await self._writable.wait()
                    self._transport.write(piece)
                if reply.close or reply.length is None:
                    self._transport.close()
        finally:
            self._host.open_requests -= 1
            self._busy = False
        self._task = None
        self._serve()


def _parsed(head: bytes) -> Request | None:
    first, *lines = head.split(b"\r\n")
    parts = first.split(b" ")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
        return None
    headers = {}
    for line in lines:
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    target = parts[1].decode("latin-1")
    if target.startswith("http://"):
        target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
    return Request(parts[0].decode("latin-1"), target, headers)
