"""The answers, behind no cache and no queue of the site: a monitor that is sent away would call us dead."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
import sqlalchemy as sa
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from feeds.site.context import Site
from feeds.site.flights import Flights
from feeds.site.headers import with_security
from feeds.site.monitoring.metrics import Metrics
from feeds.site.monitoring.readiness import READY, readiness, unreadable
from feeds.site.watching import Watch
from storage.database import StoreError
from storage.errors import place

log = logging.getLogger("forcewire.site")

READY_SECONDS, METRICS_SECONDS = 4.0, 9.0
"""For the store to answer: less than monitors wait for us (Prometheus: 10 s)."""

_KEPT = {"ready": 1.0, "metrics": 5.0}  # seconds: however many ask, the store is read so often

Made = tuple[int, Any]


class Monitoring:
    """An application of its own beside the site's."""

    def __init__(self, site: Site, watch: Watch) -> None:
        self._site, self._watch = site, watch
        self._metrics = Metrics(site)
        self._views: dict[str, Callable[[], Awaitable[Response]]] = {
            "/health/live": _live,
            "/health/ready": self._ready,
            "/metrics": self._scraped,
        }
        self._flights: Flights[Made] = Flights()
        self._kept: dict[str, tuple[float, Made]] = {}
        self._lane = anyio.CapacityLimiter(2)  # one for each of the two: what hangs keeps none of the site's threads

    @property
    def http(self) -> Counter[int]:
        """For the site to count its answers in, by the first digit of their status."""
        return self._metrics.http

    def answers(self, path: str) -> bool:
        """Whether a path is one of these."""
        return path in self._views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method in ("GET", "HEAD"):
            response = await self._views[scope["path"]]()
        else:
            response = PlainTextResponse("This address can only be read (GET, HEAD).\n", 405, {"Allow": "GET, HEAD"})
        response.headers["Cache-Control"] = "no-store"
        response.raw_headers = with_security(response.raw_headers, scope["path"])
        if request.method == "HEAD":
            response.body = b""  # Content-Length stays: it is that of the answer to GET (RFC 9110, 9.3.2)
        await response(scope, receive, send)

    async def _ready(self) -> Response:
        try:
            status, answer = await self._made("ready", READY_SECONDS, self._look)
        except TimeoutError:
            status, answer = 503, unreadable(f"The store did not answer within {READY_SECONDS:.0f} seconds.")
        return JSONResponse(answer, status)

    async def _scraped(self) -> Response:
        try:
            _, text = await self._made("metrics", METRICS_SECONDS, self._scrape)
        except TimeoutError:
            return PlainTextResponse("The store did not answer in time.\n", 503)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _made(self, name: str, seconds: float, make: Callable[[], Awaitable[Made]]) -> Made:
        """Made once for all who ask meanwhile and some seconds after. Raises TimeoutError; what hangs is not begun again."""
        at, kept = self._kept.get(name, (float("-inf"), (0, None)))
        if time.monotonic() - at < _KEPT[name]:
            return kept
        async with asyncio.timeout(seconds):
            made = await self._flights.join(name, make)
        self._kept[name] = time.monotonic(), made
        return made

    async def _look(self) -> Made:
        try:
            await self._watch.look()  # which notices a file that was moved away or is of another revision
            _, answer = await self._on_thread(partial(readiness, self._site, datetime.now(UTC)))
        except StoreError as error:
            log.error("not ready: %s", error)
            where, said = place(self._site.engine), str(error)
            return 503, unreadable(f"The store cannot be used: {said.removeprefix(f'{where}: ').replace(where, 'it')}.")
        except sa.exc.SQLAlchemyError as error:
            log.error("not ready: %s", error)
            return 503, unreadable("The store cannot be used.")
        return 200 if answer["status"] == READY else 503, answer

    async def _scrape(self) -> Made:
        try:
            await self._watch.look()
            is_there = True
        except (StoreError, sa.exc.SQLAlchemyError):
            is_there = False
        return await self._on_thread(partial(self._metrics.text, is_there))

    async def _on_thread(self, call: Callable[[], Any]) -> Made:
        return 200, await anyio.to_thread.run_sync(call, limiter=self._lane)


async def _live() -> Response:
    """The loop answers: no more is asked, or a locked store would have a healthy process killed."""
    return JSONResponse({"status": "ok"})
