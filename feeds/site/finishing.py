"""What is done to every answer that is no feed: made once for all who ask at the same time and some seconds after, then security
headers, ETag and 304, compression, HEAD.
"""

from __future__ import annotations

import logging
import time

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.site.api.problems import problem_of
from feeds.site.caching import Shelf
from feeds.site.flights import Flights
from feeds.site.headers import FINISHED, PREFLIGHT, is_shared
from feeds.site.rendered import Rendered
from feeds.site.watching import Watch
from storage.database import StoreError

log = logging.getLogger("forcewire.site")

# Views answer in full; what of it a client needs is decided here, by what is really sent.
_DECIDED_HERE = {b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"if-range", b"range"}
_ROOM, _ROOM_OF_SEARCHES = 16 << 20, 4 << 20  # bytes
_KEPT_FOR = 15.0  # seconds: pages tell how late a source is, which changes without the store


class Finishing:
    """Middleware around all views. They return plain responses."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self.app, self._watch = app, watch
        self._flights: Flights[Rendered] = Flights()
        self._pages: Shelf[Rendered] = Shelf(_ROOM)
        self._searches: Shelf[Rendered] = Shelf(_ROOM_OF_SEARCHES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if _is_preflight(scope):
            answer = Rendered("", 204, [*PREFLIGHT])
        elif scope["method"] not in ("GET", "HEAD"):
            answer = await self._render("", scope, receive)
        elif scope["path"].startswith(("/feeds/", "/feeds.")):
            return await self._feed(scope, receive, send)
        else:
            answer = await self._page(scope, receive)
        return await answer.send(scope, send)

    async def _feed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A kept document passes as it is; a refusal is finished as any other answer."""
        held: list[Message] = []

        async def take(message: Message) -> None:
            if held or (message["type"] == "http.response.start" and not message.get(FINISHED)):
                held.append(message)
            else:
                await send(message)

        if refused := _refused(scope):
            await refused(scope, receive, take)
        else:
            await self._guarded(scope, receive, take)
        if held:
            await Rendered.of("", held).send(scope, send)

    async def _page(self, scope: Scope, receive: Receive) -> Rendered:
        """A page that was made in the last seconds from the store as it is now, or a new one."""
        # A path may hold a question mark that was encoded; a NUL is in no address that is answered.
        key = f"{scope['path']}\0{scope['query_string'].decode('latin-1')}"
        shelf = self._searches if scope["query_string"] else self._pages
        try:
            await self._watch.look()
        except StoreError:
            return await self._render("", scope, receive)  # which will tell
        kept = shelf.get(key)
        if kept is not None and kept.times == self._watch.times and time.monotonic() - kept.at < _KEPT_FOR:
            return kept
        times = self._watch.times
        made = await self._flights.join(f"{times} {key}", lambda: self._render(key, scope, receive))
        made.times = times
        if made.may_be_kept:
            shelf.put(made)
        return made

    async def _render(self, key: str, scope: Scope, receive: Receive) -> Rendered:
        held: list[Message] = []

        async def take(message: Message) -> None:
            held.append(message)

        began = time.monotonic()
        asked = [each for each in scope["headers"] if each[0] not in _DECIDED_HERE]
        await (_refused(scope) or self._guarded)({**scope, "headers": asked}, receive, take)
        return Rendered.of(key, held, began)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The outermost edge: whatever goes wrong behind it, a visitor gets one line, and the log the rest."""
        try:
            await self.app(scope, receive, send)
        except Exception:
            log.exception("%s %s could not be answered", scope["method"], scope["path"])
            sentence = "Something went wrong here. It was written down."
            await _sentence(scope["path"], sentence, 500)(scope, receive, send)


def _refused(scope: Scope) -> Response | None:
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        # No story, area or word has one, and PostgreSQL takes none.
        return _sentence(scope["path"], "The address holds a NUL character.", 400)
    return None


def _sentence(path: str, sentence: str, status: int) -> Response:
    return problem_of(path, status, sentence) or PlainTextResponse(f"{sentence}\n", status)


def _is_preflight(scope: Scope) -> bool:
    is_options = scope["method"] == "OPTIONS" and is_shared(scope["path"])
    return is_options and any(name == b"access-control-request-method" for name, _ in scope["headers"])
