"""The routes of the feeds."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from feeds.build import BadQuery, FeedQuery, UnknownFeed
from feeds.names import OPML, path_of
from feeds.site.caching import Kept
from feeds.site.context import Site
from feeds.site.documents import Documents


class KeptResponse(Response):
    """A document as it lies in memory."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for message in self.kept.answer(scope["method"], scope["headers"]):
            await send(message)


def routes(site: Site, documents: Documents) -> list[BaseRoute]:
    """The list of all feeds, and each of them."""

    async def answer(request: Request) -> Response:
        name = request.path_params.get("name", OPML)
        try:
            if path_of(name) != request.url.path[1:]:
                raise UnknownFeed(name)  # the list of all lies beside the folder of the others, not in it
            # An empty query is none: a reader that adds a question mark means the same feed.
            query = FeedQuery.parse(request.query_params.multi_items()) if request.url.query else None
            return KeptResponse(await documents.get(name, query))
        except BadQuery as error:
            return _sentence(str(error), 400)
        except UnknownFeed as error:
            near = [f"{site.press.base_url}/{path_of(each)}" for each in error.near]
            return _sentence(str(error).partition(";")[0], 404, near)

    return [Route("/feeds.opml", answer), Route("/feeds/{name:path}", answer)]


def _sentence(sentence: str, status: int, near: list[str] | None = None) -> PlainTextResponse:
    lines = [sentence[:1].upper() + sentence[1:].rstrip(".") + "."]
    if near:
        lines += ["Did you mean one of these?", *near]
    return PlainTextResponse("\n".join(lines) + "\n", status)
