"""The addresses of the pages, and how each is asked and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from feeds.site.context import Site
from feeds.site.pages import about, area, article, changes, difference, front, search, sitemap, status
from feeds.site.pages.asking import Ask, Page, Refused
from feeds.site.pages.templating import static_bytes, static_path
from storage.database import reading

View = Callable[..., Page]

VIEWS: dict[str, View] = {
    "/": front.front,
    "/areas/{slug}": area.area,
    "/areas/{slug}/{period}": area.area_month,
    "/articles/{number}": article.article,
    "/articles/{number}/diff/{old}/{new}": difference.difference,
    "/changes": changes.changes,
    "/search": search.search,
    "/status": status.status,
    "/subscribe": about.subscribe,
    "/about": about.about,
    "/sitemap.xml": sitemap.index,
    "/sitemap/pages.xml": sitemap.pages,
    "/robots.txt": sitemap.robots,
}
STATIC = {"site.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml"}
_FOR_EVER, _FOR_A_DAY = "public, max-age=31536000, immutable", "public, max-age=86400"


def routes(site: Site) -> list[BaseRoute]:
    """The routes of this part of the site."""
    return [
        *(Route(path, _endpoint(site, view)) for path, view in VIEWS.items()),
        Route("/articles/{number}/diff", partial(_compare, site)),
        Route("/sitemap/{name}.xml", partial(_sitemap_part, site)),
        Route("/static/{name}", partial(_static, site)),
        Route("/favicon.ico", partial(_static, site, name="favicon.svg")),
    ]


def error(site: Site, status: int, sentence: str, near: Sequence[str] = ()) -> Response:
    """A page that says in one sentence why there is none; `near` are paths of what may be meant ("/areas/wexmoor")."""
    return _response(about.error_page(site, status, sentence, near))


def _endpoint(site: Site, view: View) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return await _answer(site, request, partial(view, **request.path_params))

    return endpoint


async def _answer(site: Site, request: Request, view: View) -> Response:
    """A view's page, made on a worker thread from one state of the store."""
    query, now = dict(request.query_params), datetime.now(UTC)
    try:
        return _response(await site.read(lambda conn: view(Ask(conn, site, now, query))))
    except Refused as refused:
        return error(site, refused.status, refused.sentence, refused.near)


def _response(page: Page) -> Response:
    return Response(page.html, page.status, media_type=page.media_type)


async def _compare(site: Site, request: Request) -> Response:
    """What the form of a story asks for has an address of its own."""
    paths: list[str] = []

    def chosen(ask: Ask, number: str) -> Page:
        paths.append(difference.chosen(ask, number))
        return Page("")

    answer = await _answer(site, request, partial(chosen, **request.path_params))
    return RedirectResponse(site.url(paths[0]), 303) if paths else answer


async def _sitemap_part(site: Site, request: Request) -> Response:
    try:
        number = sitemap.number_of(request.path_params["name"])
    except Refused as refused:
        return error(site, refused.status, refused.sentence, refused.near)
    if not await site.read(lambda conn: sitemap.part_exists(conn, number)):
        return error(site, 404, "There is no such sitemap.", ["/sitemap.xml"])
    return StreamingResponse(_pieces(site, number), media_type="application/xml")


def _pieces(site: Site, number: int) -> Iterator[bytes]:
    with reading(site.engine) as conn:
        yield from sitemap.part(conn, site, number)


async def _static(site: Site, request: Request, name: str = "") -> Response:
    name = name or request.path_params["name"]
    if name not in STATIC:
        return error(site, 404, "There is no such file here.")
    marked = static_path(name).partition("?v=")[2] == request.query_params.get("v")
    kept = {"Cache-Control": _FOR_EVER if marked else _FOR_A_DAY}
    return Response(static_bytes(name), media_type=STATIC[name], headers=kept)
