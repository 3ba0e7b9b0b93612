"""What a visitor is told when there is no answer: one sentence, and never how it came about."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ExceptionHandler

from feeds.site import pages
from feeds.site.api.problems import problem_of
from feeds.site.context import Site
from feeds.site.lanes import Busy
from storage.database import StoreError

RETRY_AFTER = 30  # seconds: the store waits as long for another program
_SAID_AGAIN_AFTER = 60.0  # seconds: a store that is gone is a line a minute in the log, not one a request
_PLAIN = ("/feeds/", "/feeds.", "/api/", "/pictures/", "/static/")

_SENTENCES = {
    400: "The address cannot be understood.",
    404: "There is no such page.",
    405: "This address can only be read (GET, HEAD).",
    410: "This is gone.",
    413: "That is too much.",
    500: "Something went wrong here. It was written down.",
    503: "The store cannot be read at the moment. Try again in half a minute.",
}

log = logging.getLogger("forcewire.site")


def handlers(site: Site) -> dict[type[Exception], ExceptionHandler]:
    """The handlers of an application: for what views raise on purpose, and for a store that cannot be read."""
    said: dict[str, float] = {}

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        sentence = error.detail if error.detail != _phrase(error.status_code) else ""
        return await told(site, request, error.status_code, sentence, dict(error.headers or {}))

    async def unreadable(request: Request, error: Exception) -> Response:
        message = " ".join(str(error).split())
        if time.monotonic() - said.get(message, float("-inf")) > _SAID_AGAIN_AFTER:
            said.clear()
            said[message] = time.monotonic()
            log.error("%s", message)
        return await told(site, request, 503, "", {"Retry-After": str(RETRY_AFTER)})

    async def busy(request: Request, error: Exception) -> Response:
        return await told(
            site, request, 503, "Too much is asked at once. Try again in some seconds.", {"Retry-After": "5"}
        )

    return {HTTPException: refused, Busy: busy, StoreError: unreadable, sa.exc.TimeoutError: unreadable}


async def told(site: Site, request: Request, status: int, sentence: str, headers: dict[str, str]) -> Response:
    """A sentence: as a page where people look, as plain text where programs do."""
    sentence = sentence or _SENTENCES.get(status, "That did not work.")
    page: Callable[..., Response | Awaitable[Response]] | None = getattr(pages, "error", None)
    if page is None or status == 500 or request.url.path.startswith(_PLAIN):
        problem = problem_of(request.url.path, status, sentence, headers)
        return problem or PlainTextResponse(f"{sentence}\n", status, headers)
    made = page(site, status, sentence, [])
    response = made if isinstance(made, Response) else await made
    response.headers.update(headers)
    return response


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
