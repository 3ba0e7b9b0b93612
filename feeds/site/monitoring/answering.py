"""The answers, behind no cache and no queue of the site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from feeds.site.context import Site
from feeds.site.headers import with_security

_View = Callable[[], Awaitable[Response]]


class Monitoring:
    """An application of its own beside the site's."""

    def __init__(self, site: Site) -> None:
        self._views: dict[str, _View] = {"/health/live": _live}

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


async def _live() -> Response:
    """The loop answers: no more is asked, or a locked store would have a healthy process killed."""
    return JSONResponse({"status": "ok"})
