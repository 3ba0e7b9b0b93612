"""The same pages as files: which there are, and the bytes of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from starlette.routing import compile_path

from feeds.site.context import Site
from feeds.site.pages import about, area, routing, sitemap
from feeds.site.pages.areas import areas
from feeds.site.pages.asking import Ask, Refused
from feeds.site.pages.templating import static_bytes
from feeds.site.pictures.figures import UnknownFigure, figure, figure_names
from storage.areas import area_slug
from storage.days import day_of
from storage.tables import ARTICLE, CHANGE, SOURCE
from storage.withheld import may_be_shown

NOT_FOUND = "/404.html"
_SINGLE = (
    "/",
    "/changes",
    "/status",
    "/subscribe",
    "/about",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/pages.xml",
    NOT_FOUND,
)


def page_paths(conn: sa.Connection, site: Site, now: datetime) -> Iterator[str]:
    """The paths of all pages that can be files: no search, and of comparisons those that are an edit."""
    yield from _SINGLE
    yield from (f"/static/{name}" for name in routing.STATIC)
    yield from (f"/pictures/{name}.svg" for name in figure_names(conn))
    ask = Ask(conn, site, now)
    for each in areas(conn):
        yield f"/areas/{each.slug}"
        for month in area.months_of(ask, each):
            yield from (f"/areas/{each.slug}/{period}" for period in area.parts_of(ask, each, month))
    last = conn.scalar(sa.select(sa.func.max(ARTICLE.c.id))) or 0
    for number in range(last // sitemap.MOST_URLS + 1):
        if sitemap.part_exists(conn, number):
            yield f"/sitemap/{number}.xml"
    for number in conn.scalars(sa.select(ARTICLE.c.id).order_by(ARTICLE.c.id)):
        yield f"/articles/{number}"
    yield from _edits(conn)


def render(conn: sa.Connection, site: Site, path: str, now: datetime) -> bytes:
    """A page's bytes. Raises `Refused` for a path that has none."""
    if path == NOT_FOUND:
        return about.not_found_file(site).html.encode()
    if path.startswith("/static/"):
        return static_bytes(path.removeprefix("/static/"))
    if picture := compile_path("/pictures/{name}.svg")[0].fullmatch(path):
        try:
            return figure(conn, picture["name"], day_of(now)).svg()
        except UnknownFigure:
            raise Refused(404, "There is no such picture.") from None
    for template, view in routing.VIEWS.items():
        if template != "/search" and (found := compile_path(template)[0].fullmatch(path)):
            return view(Ask(conn, site, now, as_file=True), **found.groupdict()).html.encode()
    if found := compile_path("/sitemap/{name}.xml")[0].fullmatch(path):
        return b"".join(sitemap.part(conn, site, sitemap.number_of(found["name"])))
    raise Refused(404, "There is no such page.")


def article_areas(conn: sa.Connection) -> dict[str, str]:
    """The area (its name in URLs) of each story, by its number as a path has it."""
    query = sa.select(ARTICLE.c.id, SOURCE.c.area).join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    return {str(row.id): area_slug(row.area) for row in conn.execute(query)}


def _edits(conn: sa.Connection) -> Iterator[str]:
    query = (
        sa.select(CHANGE.c.article_id, CHANGE.c.version_before, CHANGE.c.version)
        .join(ARTICLE, ARTICLE.c.id == CHANGE.c.article_id)
        .where(
            CHANGE.c.change == "edited", sa.not_(CHANGE.c.minor), CHANGE.c.version_before.is_not(None), may_be_shown()
        )
        .where(sa.not_(ARTICLE.c.sensitive) | (CHANGE.c.version == ARTICLE.c.version))
        .distinct()
        .order_by(CHANGE.c.article_id, CHANGE.c.version)
    )
    for row in conn.execute(query):
        yield f"/articles/{row.article_id}/diff/{row.version_before}/{row.version}"
