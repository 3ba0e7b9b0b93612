"""One story: where it is published, what it says, and what became of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from feeds.html import excerpt
from feeds.site.pages.areas import Area, areas
from feeds.site.pages.asking import Ask, Page, Refused, number_in_path
from feeds.site.pages.bodies import body_html
from feeds.site.pages.course import Event, events
from feeds.site.pages.stories import headline
from feeds.site.pages.subscribing import alternates
from feeds.site.pages.templating import render
from feeds.text import one_line, shortened, web_address
from storage.areas import area_slug
from storage.tables import ARTICLE, SOURCE, VERSION
from storage.timeline import course, related, steps
from storage.withheld import is_withheld

_MOST_DESCRIPTION = 200  # characters of what other sites show of a link
_MOST_RELATED = 20
_MOST_SHOWN = 500  # of the versions that a form lets choose from

_QUERY = (
    sa.select(
        *(ARTICLE.c.id, ARTICLE.c.address, ARTICLE.c.published_at, ARTICLE.c.published_precision),
        *(ARTICLE.c.first_seen_at, ARTICLE.c.changed_at, ARTICLE.c.removed_at, ARTICLE.c.sensitive),
        *(ARTICLE.c.version.label("current"), is_withheld().label("withheld")),
        *(VERSION.c.title, VERSION.c.description, VERSION.c.body, VERSION.c.kind, VERSION.c.language),
        *(VERSION.c.references, VERSION.c.operations, VERSION.c.modified_at),
        *(SOURCE.c.force, SOURCE.c.area, SOURCE.c.home_url),
    )
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
)


def article(ask: Ask, number: str) -> Page:
    """`/articles/<id>`"""
    row = stored(ask.conn, number)
    path = f"/articles/{row.id}"
    area = area_of(ask.conn, row.area)
    if row.withheld:
        return tombstone(ask, row, area)
    url = web_address(row.address)
    text = body_html(row.body, url or "")
    told = events(ask.conn, row)
    standfirst = one_line(row.description or "")
    return Page(
        render(
            ask.site,
            "article.html",
            path=path,
            as_file=ask.as_file,
            now=ask.now,
            alternates=alternates(area),
            article=row,
            area=area,
            area_name=one_line(row.area),
            force=one_line(row.force),
            url_at_source=url,
            title=headline(row.title),
            standfirst=standfirst if not excerpt(text).startswith(standfirst[:200]) else "",
            description=shortened(standfirst or excerpt(text), _MOST_DESCRIPTION),
            dated=row.published_at is not None and row.published_at <= row.first_seen_at,
            text=text,
            course="" if row.sensitive else course(steps(ask.conn, row.id)),
            events=told,
            edited=any(each.change == "edited" for each in told),
            versions=comparable(told) if not row.sensitive else [],
            related=related(ask.conn, row.id)[:_MOST_RELATED],
        )
    )


def tombstone(ask: Ask, row: Any, area: Area | None) -> Page:
    """What is said of a story of which nothing may be shown."""
    html = render(
        ask.site,
        "tombstone.html",
        path=f"/articles/{row.id}",
        as_file=ask.as_file,
        alternates=alternates(area),
        area=area,
        area_name=one_line(row.area),
        force=one_line(row.force),
        removed_at=row.removed_at,
    )
    return Page(html, status=410)


def stored(conn: sa.Connection, number: str) -> Any:
    """An article's row by the number in a path. Raises `Refused`."""
    row = conn.execute(_QUERY.where(ARTICLE.c.id == number_in_path(number, "story"))).first()
    if row is None:
        raise Refused(404, "There is no story of that number here.", ["/search", "/changes"])
    return row


def area_of(conn: sa.Connection, name: str) -> Area | None:
    """The area of this name; None for one that has no page."""
    slug = area_slug(name)
    return next((area for area in areas(conn) if area.slug == slug), None)


def comparable(told: list[Event]) -> list[Event]:
    """The events that led to another text, of which any two may be compared."""
    texts = [each for each in told if each.text_kept]
    return texts[-_MOST_SHOWN:] if len(texts) > 1 else []
