"""The application: the routes of every part of the site behind one middleware."""

from __future__ import annotations

from starlette.applications import Starlette

from feeds.site import api, pages, pictures
from feeds.site.context import Site

__all__ = ["create_app"]


def create_app(site: Site) -> Starlette:
    """The whole site of one store, as an ASGI application."""
    return Starlette(routes=[*pages.routes(site), *pictures.routes(site), *api.routes(site)])
