"""What is done to every answer that is not a kept document: security headers, ETag and 304, compression, HEAD."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import anyio.to_thread
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.site.api.problems import problem_of
from feeds.site.caching import digest_of
from feeds.site.compression import chosen_coding, is_worth_packing, packed
from feeds.site.conditional import is_known
from feeds.site.headers import FINISHED, PREFLIGHT, is_shared, with_security

_Headers = list[tuple[bytes, bytes]]

log = logging.getLogger("forcewire.site")

_WHOLE = 4 << 20  # bytes: a longer answer is sent on piece by piece, without an ETag
_PACKED_HERE = 64 << 10  # bytes: more is packed on a thread, so that others need not wait
# Views answer in full; what of it a client needs is decided here, by what is really sent.
_DECIDED_HERE = {b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"if-range", b"range"}
# A 304 says nothing of them. It does say the view's own policy: a browser puts the headers of a 304 in place of those it kept.
_OF_A_BODY = {b"content-type", b"content-length", b"content-encoding", b"content-language", b"content-range"}
_MADE_HERE = {b"etag", b"content-length", b"accept-ranges"}


class Finishing:
    """Middleware around all views. They return plain responses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        answer = _Answer(scope, send)
        asked: _Headers = scope["headers"]
        if _is_preflight(scope, asked):
            return await _send(send, 204, [*PREFLIGHT, (b"content-length", b"0")], b"")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            # No story, area or word has one, and PostgreSQL takes none.
            return await _sentence(scope["path"], "The address holds a NUL character.", 400)(
                scope, receive, answer.take
            )
        for_view = scope
        if not scope["path"].startswith("/feeds"):  # those look at their conditions themselves
            for_view = {**scope, "headers": [each for each in asked if each[0] not in _DECIDED_HERE]}
        try:
            return await self.app(for_view, receive, answer.take)
        except Exception:  # the outermost edge: a visitor gets one line, and the log the rest
            log.exception("%s %s could not be answered", scope["method"], scope["path"])
            if answer.is_sent:
                raise
            sentence = "Something went wrong here. It was written down."
            return await _sentence(scope["path"], sentence, 500)(scope, receive, answer.take)


def _sentence(path: str, sentence: str, status: int) -> Response:
    return problem_of(path, status, sentence) or PlainTextResponse(f"{sentence}\n", status)


class _Answer:
    """An answer on its way out. It is held back until it is whole."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self._send = scope, send
        self._start: Message | None = None
        self._held: list[bytes] = []
        self._size = 0
        self.is_sent = False

    async def take(self, message: Message) -> None:
        """Instead of the server's own `send`."""
        if message["type"] == "http.response.start" and not message.get(FINISHED):
            self._start, self._held, self._size = message, [], 0
        elif message["type"] != "http.response.body" or self._start is None:
            self.is_sent = True
            await self._send(message)
        else:
            self._held.append(message.get("body", b""))
            self._size += len(self._held[-1])
            if not message.get("more_body", False):
                await self._finish(self._start, b"".join(self._held))
            elif self._size > _WHOLE:
                await self._send_on(self._start)

    async def _send_on(self, start: Message) -> None:
        self.is_sent = True
        headers = with_security(list(start["headers"]), self.scope["path"])
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"".join(self._held), "more_body": True})
        self._start, self._held = None, []

    async def _finish(self, start: Message, body: bytes) -> None:
        given: dict[bytes, bytes] = {name.lower(): value for name, value in start["headers"]}
        headers = [each for each in start["headers"] if each[0].lower() not in _MADE_HERE]
        status = start["status"]
        if b"cache-control" not in given:
            headers.append((b"cache-control", b"no-cache" if status == 200 else b"no-store"))
        content_type = given.get(b"content-type", b"").decode("latin-1")
        coding = ""
        if b"content-encoding" not in given and is_worth_packing(content_type, len(body)):
            headers = _varying(headers)
            coding = chosen_coding(_asked(self.scope, b"accept-encoding") or b"")
        if status == 200 and self.scope["method"] in ("GET", "HEAD"):
            tag = f'"{digest_of(body)}{f"-{coding}" if coding else ""}"'.encode()
            headers.append((b"etag", tag))
            if self._is_known(tag):
                return await self._out(304, [each for each in headers if each[0].lower() not in _OF_A_BODY])
        if coding:
            headers.append((b"content-encoding", coding.encode()))
            body = await _packed(body, coding)
        if status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(body)))
        return await self._out(status, headers, body)

    def _is_known(self, tag: bytes) -> bool:
        # By the ETag alone: a page's date would be that of the newest thing on it, and pages show more than that.
        none_match = _asked(self.scope, b"if-none-match")
        return none_match is not None and is_known(tag, None, none_match, None)

    async def _out(self, status: int, headers: _Headers, body: bytes = b"") -> None:
        self.is_sent = True
        headers = with_security(headers, self.scope["path"])
        await _send(self._send, status, headers, body if self.scope["method"] != "HEAD" else b"")


async def _packed(body: bytes, coding: str) -> bytes:
    if len(body) <= _PACKED_HERE:
        return packed(body, coding)
    return await anyio.to_thread.run_sync(partial(packed, body, coding))


def _asked(scope: Scope, name: bytes) -> bytes | None:
    values = [value for key, value in scope["headers"] if key == name]
    return b",".join(values) if values else None


def _varying(headers: _Headers) -> _Headers:
    others = [value for name, value in headers if name.lower() == b"vary"]
    kept = [each for each in headers if each[0].lower() != b"vary"]
    return [*kept, (b"vary", b", ".join([*others, b"Accept-Encoding"]))]


def _is_preflight(scope: Scope, asked: _Headers) -> bool:
    is_options = scope["method"] == "OPTIONS" and is_shared(scope["path"])
    return is_options and any(name == b"access-control-request-method" for name, _ in asked)


async def _send(send: Send, status: int, headers: _Headers, body: bytes) -> None:
    start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
