"""One operation of the API: what it is asked, what it answers, and the ASGI application that does so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from feeds.site.api.parameters import LARGEST, Parameter, given, number
from feeds.site.api.problems import Refused, shown
from feeds.site.context import Site

ROOT = "/api/v1"
METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is understood: `query` has each parameter by name, `path` the numbers in the URL."""

    site: Site
    conn: sa.Connection
    now: datetime
    path: Mapping[str, int]
    query: Mapping[str, Any]
    url: str
    raw: Sequence[tuple[str, str]]

    def link(self, path: str) -> str:
        """The URL of a path of the site."""
        return f"{self.site.press.base_url}{path}"

    def with_(self, **changes: str) -> str:
        """This request's URL, with these parameters instead."""
        kept = [(name, text) for name, text in self.raw if name not in changes]
        return f"{self.url}?{urlencode([*kept, *changes.items()])}"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """GET of a path below `ROOT`, as '/articles/{id}'. `call` runs on a worker thread, `problems` says when it refuses."""

    path: str
    name: str
    summary: str
    answer: type[BaseModel]
    call: Callable[[Asked], BaseModel]
    description: str = ""
    parameters: Sequence[Parameter] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """An operation of a site as an ASGI application."""

    site: Site
    operation: Operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            response = await self._answer(request)
        except Refused as refused:
            response = refused.response()
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in METHODS:
            raise not_allowed(request.method)
        path = {name: _number(what, request.path_params[name]) for name, what in self.operation.numbers.items()}
        raw = request.query_params.multi_items()
        query = given(self.operation.parameters, raw)
        url = f"{self.site.press.base_url}{ROOT}{self.operation.path.format(**path)}"

        def call(conn: sa.Connection) -> tuple[bytes, str | None]:
            answer = self.operation.call(Asked(self.site, conn, datetime.now(UTC), path, query, url, raw))
            return answer.model_dump_json(exclude_unset=True, by_alias=True).encode(), getattr(answer, "next", None)

        body, following = await self.site.read(call)
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response(body, headers=headers, media_type="application/json")


def not_allowed(method: str) -> Refused:
    """405: the API only reads."""
    detail = f"{shown(method)} is not allowed here; the API is read with GET and HEAD."
    return Refused(405, detail, headers={"Allow": ", ".join(METHODS)})


def _number(what: str, text: str) -> int:
    try:
        return int(number(0, LARGEST)(text))
    except ValueError:
        raise Refused(404, f"There is no {what} {shown(text)}; it has a whole number.") from None
