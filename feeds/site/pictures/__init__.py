"""Pictures of figures as SVG, drawn on the server: no script in them, and nothing from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from feeds.site.context import Site
from feeds.site.pictures.drawing import STYLE_SOURCE
from feeds.site.pictures.figures import Figure, UnknownFigure, figure, figure_names
from feeds.site.pictures.kept import Pictures
from storage.days import day_of

__all__ = ["MEDIA_TYPE", "POLICY", "Figure", "UnknownFigure", "figure", "figure_names", "routes"]

MEDIA_TYPE = "image/svg+xml"
POLICY = f"default-src 'none'; style-src {STYLE_SOURCE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of a picture that is opened by itself: its own style and nothing else."""


def routes(site: Site) -> list[BaseRoute]:
    """The routes of this part of the site."""
    pictures = Pictures()

    async def picture(request: Request) -> Response:
        name, today = request.path_params["name"], day_of(datetime.now(UTC))
        try:
            data = await site.read(lambda conn: pictures.get(conn, name, today))
        except UnknownFigure:
            raise HTTPException(404, "There is no such picture.") from None
        return Response(data, media_type=MEDIA_TYPE, headers={"Content-Security-Policy": POLICY})

    return [Route("/pictures/{name}.svg", picture, name="picture")]
