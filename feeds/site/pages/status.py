"""How the sources are."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from feeds.site.pages.areas import areas
from feeds.site.pages.asking import Ask, Page
from feeds.site.pages.states import MEANING, ORDER
from feeds.site.pages.subscribing import alternates
from feeds.site.pages.templating import render
from feeds.site.pictures.figures import figure
from storage.days import day_of
from storage.health import health
from storage.incidents import incidents

_LATELY = timedelta(days=30)
_MOST_INCIDENTS = 20
_FIGURES = ("coverage", "kinds", "hours", "weekdays")


def status(ask: Ask) -> Page:
    """`/status`"""
    sources = health(ask.conn, ask.now)
    with_page = {area.slug for area in areas(ask.conn)}
    known = [each for each in incidents(ask.conn) if each.ended_at is None or each.ended_at > ask.now - _LATELY]
    return Page(
        render(
            ask.site,
            "status.html",
            path="/status",
            as_file=ask.as_file,
            alternates=alternates(),
            now=ask.now,
            sources=sorted(sources, key=lambda each: (-ORDER.index(each.state), each.area, each.source)),
            with_page=with_page,
            counts=Counter(each.state for each in sources),
            order=ORDER,
            meaning=MEANING,
            figures=[figure(ask.conn, name, day_of(ask.now)) for name in _FIGURES],
            incidents=sorted(known, key=lambda each: (each.ended_at is not None, -each.id))[:_MOST_INCIDENTS],
        )
    )
