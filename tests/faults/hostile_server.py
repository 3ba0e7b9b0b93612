"""A site that speaks no more HTTP than a case wants it to: what it sends is written to the socket as it stands."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable

Piece = bytes | float  # bytes to send, or seconds to wait
Script = Callable[[str, int], Iterable[Piece]]  # of a path and how many requests there were for it before
_LONGEST = 60.0  # seconds of one answer: no case may keep a thread for ever
STORIES = 6


def page(body: str | bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """A whole and honest answer."""
    raw = body.encode() if isinstance(body, str) else body
    lines = "".join(f"{line}\r\n" for line in headers)
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n{lines}\r\n"
    )
    return head.encode() + raw


def story(number: int) -> str:
    """The page of one story: a few sentences of its own."""
    told = "".join(
        f"<p>Officers in Fenwold are appealing for witnesses to theft {number}, and this is part {n} of it.</p>"
        for n in range(8)
    )
    return f"<html><head><title>Van {number} stolen</title></head><body><main><article><h1>Van {number} stolen in Fenwold</h1><time datetime='2026-11-20T10:00:00Z'>20 November 2026</time>{told}</article></main></body></html>"


def listing(more: str = "") -> str:
    """The page of links to all stories."""
    links = "".join(
        f"<li><h3><a href='/news/van-{n}-stolen'>Van {n} stolen in Fenwold</a></h3></li>" for n in range(STORIES)
    )
    return f"<html><body><h1>News</h1><main><ul>{links}{more}</ul></main></body></html>"


def honest(path: str) -> bytes:
    """What the site answers when nothing is wrong with it."""
    if path == "/robots.txt":
        return page("User-agent: *\nAllow: /\n", kind="text/plain")
    if path == "/news/":
        return page(listing())
    for number in range(STORIES):
        if path == f"/news/van-{number}-stolen":
            return page(story(number))
    return page("<h1>Not found</h1>", status="404 Not Found")


class HostileServer:
    """`script` answers the paths of `at` in place of what is honest. `asked`: every path; `sent`: bytes that were taken."""

    def __init__(self) -> None:
        self.script: Script | None = None
        self.at: Callable[[str], bool] = lambda path: False
        self.asked: list[str] = []
        self.sent = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def play(self, script: Script | None, at: Callable[[str], bool]) -> None:
        """From now on. What was counted is forgotten."""
        self.script, self.at, self.asked, self.sent = script, at, [], 0

    def close(self) -> None:
        self._listener.close()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(_LONGEST)
            asked = b""
            while b"\r\n\r\n" not in asked:
                if not (more := connection.recv(65536)):
                    return
                asked += more
            path = asked.split(b" ")[1].decode("latin-1")
            before = self.asked.count(path)
            self.asked.append(path)
            if self.script is None or not self.at(path):
                connection.sendall(honest(path))
                return
            self._play(connection, self.script(path, before))

    def _play(self, connection: socket.socket, pieces: Iterable[Piece]) -> None:
        ends = time.monotonic() + _LONGEST
        for piece in pieces:
            if time.monotonic() > ends:
                return
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                connection.sendall(piece)
                self.sent += len(piece)
        with contextlib.suppress(OSError):  # what is unread must not turn the end into a reset
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            connection.recv(1)
