"""What was edited, withdrawn or put back across the country."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from feeds.site.pages import changed
from feeds.site.pages.areas import area_named, areas
from feeds.site.pages.asking import Ask, Page, Refused
from feeds.site.pages.subscribing import choice
from feeds.site.pages.templating import render, with_query
from storage.days import start_of
from storage.tables import CHANGE

_ON_A_PAGE = 30


def changes(ask: Ask) -> Page:
    """`/changes?area=&change=&kind=&since=&before=`"""
    asked = {
        "area": ask.text("area"),
        "change": ask.one_of("change", changed.CHANGES),
        "kind": ask.kind(),
        "since": ask.day("since"),
    }
    area = area_named(ask.conn, ask.text("area")) if asked["area"] else None
    where = list(_conditions(ask, asked, area))
    found = changed.latest(ask.conn, _ON_A_PAGE + 1, *where, with_differences=True)
    shown = found[:_ON_A_PAGE]
    feed = choice(area.name if area else "UK", "Changes", f"{area.slug if area else 'all'}/changes")
    return Page(
        render(
            ask.site,
            "changes.html",
            path=with_query("/changes", **asked, before=ask.number("before")),
            as_file=ask.as_file,
            alternates=list(feed.links),
            now=ask.now,
            area=area,
            area_pairs=[(each.slug, each.name) for each in areas(ask.conn)],
            asked=asked,
            sorts=changed.CHANGES,
            days=changed.by_day(shown),
            feed=feed,
            older=with_query("/changes", **asked, before=shown[-1].id) if len(found) > _ON_A_PAGE else None,
            newest=with_query("/changes", **asked) if ask.number("before") else None,
        )
    )


def _conditions(ask: Ask, asked: dict[str, Any], area: Any) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if area is not None:
        where.append(changed.of_sources(area.source_ids))
    if asked["change"]:
        where.append(CHANGE.c.change == asked["change"])
    if asked["kind"]:
        where.append(changed.of_kind(asked["kind"]))
    if asked["since"]:
        where.append(changed.since(start_of(asked["since"])))
    if (number := ask.number("before")) is not None:
        behind = changed.before(ask.conn, number)
        if behind is None:
            raise Refused(404, "There is no change of that number to go back from.", ["/changes"])
        where.append(behind)
    return where
