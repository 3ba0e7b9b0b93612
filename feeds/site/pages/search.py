"""Search: the words, the filters, what was found, and its feeds."""

from __future__ import annotations

from feeds.published import EARLIEST
from feeds.queries import BadQuery, FeedQuery
from feeds.site.pages import stories
from feeds.site.pages.areas import area_named, areas
from feeds.site.pages.asking import Ask, Page, Refused
from feeds.site.pages.subscribing import choice
from feeds.site.pages.templating import render, with_query
from storage import search as stored
from storage.kinds import kind_name

_ON_A_PAGE = 30
_ASKED = ("q", "kind", "since", "until")


def search(ask: Ask) -> Page:
    """`/search?q=&area=&kind=&since=&until=&before=`"""
    asked = {name: ask.text(name) for name in (*_ASKED, "area")}
    area = area_named(ask.conn, asked["area"]) if asked["area"] else None
    query, before = _query(asked), ask.text("before")
    found = _found(ask, query, area.slug if area else None, before)
    feed = choice(area.name if area else "UK", _named(query), area.slug if area else "all", **_for_feed(asked))
    return Page(
        render(
            ask.site,
            "search.html",
            path=with_query("/search", **asked, before=before),
            as_file=ask.as_file,
            alternates=list(feed.links),
            area_pairs=[(each.slug, each.name) for each in areas(ask.conn)],
            asked=asked | {"area": area.slug if area else ""},
            found=found.found,
            stories=stories.by_id(ask.conn, [each.article_id for each in found.found]),
            said=found.problem or found.note,
            feed=feed,
            older=with_query("/search", **asked, before=found.next) if found.next else None,
            newest=with_query("/search", **asked) if before else None,
        )
    )


def _query(asked: dict[str, str]) -> FeedQuery:
    """What is asked, by the same rules as a feed's. Raises `Refused`."""
    try:
        return FeedQuery.parse(_for_feed(asked))
    except BadQuery as error:
        raise Refused(400, str(error), ["/search"]) from None


def _found(ask: Ask, query: FeedQuery, area: str | None, before: str) -> stored.Page:
    """What is found; without a question all stories. Raises `Refused`."""
    try:
        return stored.search(
            ask.conn,
            query.q,
            areas=[area] if area else None,
            kinds=query.kinds,
            since=query.since or EARLIEST,
            until=query.until,
            limit=_ON_A_PAGE,
            before=before or None,
        )
    except stored.BadCursor:
        raise Refused(
            400, "The address of this page of the search is cut or changed; begin again.", ["/search"]
        ) from None


def _for_feed(asked: dict[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in _ASKED if asked[name]}


def _named(query: FeedQuery) -> str:
    """A search in words, for the title of its feed."""
    said = [f"“{query.q}”" if query.q else "", " or ".join(map(kind_name, query.kinds))]
    return ", ".join(each for each in said if each)
