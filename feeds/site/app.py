"""The application: the routes of every part of the site behind one middleware."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Router
from starlette.types import Message, Receive, Scope, Send

from feeds.site import api, errors, feeds, pages, pictures
from feeds.site.context import Site
from feeds.site.documents import Documents
from feeds.site.finishing import Finishing
from feeds.site.monitoring.answering import Monitoring
from feeds.site.watching import Watch

__all__ = ["Application", "create_app"]


def create_app(site: Site) -> Application:
    """The whole site of one store, as an ASGI application."""
    return Application(site)


class _Router(Router):
    """Looks first whether the store is still the one that connections are open to."""

    def __init__(self, watch: Watch, routes: list[BaseRoute], *, redirect_slashes: bool) -> None:
        super().__init__(routes, redirect_slashes=redirect_slashes)
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            await self._watch.look()
        await super().__call__(scope, receive, send)


class Application(Starlette):
    """Starlette with a way past it for what lies ready in memory."""

    def __init__(self, site: Site) -> None:
        self.documents = Documents(site)
        self._monitoring = Monitoring(site, self.documents.watch)
        parts = (pages.routes(site), pictures.routes(site), api.routes(site))
        super().__init__(
            middleware=[Middleware(Finishing, watch=self.documents.watch)],
            exception_handlers=dict(errors.handlers(site)),
        )
        routes = [*feeds.routes(site, self.documents), *(route for part in parts for route in part)]
        # Redirects would send visitors to the host that they say they ask, and to addresses that no page has.
        self.router = _Router(self.documents.watch, routes, redirect_slashes=False)
        self._prefix = site.prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if self._prefix and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            scope["path"] = path = path[len(self._prefix) :] or "/"  # a proxy in front may have taken it off or not
        if self._monitoring.answers(path):
            await self._monitoring(scope, receive, send)
            return
        http = self._monitoring.http

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                http[message["status"] // 100] += 1
            await send(message)

        if method in ("GET", "HEAD") and not scope["query_string"] and path.startswith("/feeds"):
            kept = self.documents.ready(path[1:])
            if kept is not None:
                for message in kept.answer(method, scope["headers"]):
                    await counted(message)
                return
        await super().__call__(scope, receive, counted)
