"""The JSON API."""

from __future__ import annotations

from starlette.routing import BaseRoute

from feeds.site.context import Site


def routes(site: Site) -> list[BaseRoute]:
    """The routes of this part of the site."""
    return []
