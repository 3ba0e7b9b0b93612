"""The pages that hang on little: how to subscribe, what this is, and pages that say that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from feeds.site.context import Site
from feeds.site.pages.areas import areas
from feeds.site.pages.asking import Ask, Page
from feeds.site.pages.subscribing import alternates, choices
from feeds.site.pages.templating import NAVIGATION, render
from feeds.text import web_address

_TITLES = {400: "That cannot be asked", 404: "Not here", 410: "Gone", 500: "Our mistake", 503: "Not just now"}
_PLACES = dict(NAVIGATION)


def subscribe(ask: Ask) -> Page:
    """`/subscribe`"""
    return Page(
        render(
            ask.site,
            "subscribe.html",
            path="/subscribe",
            as_file=ask.as_file,
            alternates=alternates(),
            country=choices(),
            areas=[(area, choices(area)) for area in areas(ask.conn)],
        )
    )


def about(ask: Ask) -> Page:
    """`/about`"""
    return Page(
        render(
            ask.site,
            "about.html",
            path="/about",
            as_file=ask.as_file,
            alternates=alternates(),
            contact=ask.site.contact,
            contact_url=_contact_url(ask.site.contact),
        )
    )


def not_found_file(site: Site) -> Page:
    """`404.html`, which web servers and static hosts show in place of a file that is not there."""
    sentence = "There is no page at this address. It may have been withdrawn, or the address may be mistyped."
    return error_page(site, 404, sentence, ["/#areas", "/changes", "/subscribe"], as_file=True)


def error_page(site: Site, status: int, sentence: str, near: Sequence[str] = (), *, as_file: bool = False) -> Page:
    """A page that says in one sentence why there is none. `near` are paths of pages that may be meant."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    return Page(
        render(
            site,
            "error.html",
            path=None,
            as_file=as_file,
            alternates=[],
            status=status,
            title=title,
            sentence=sentence,
            near=[(path, _PLACES.get(path, path)) for path in near],
        ),
        status=status,
    )


def _contact_url(contact: str | None) -> str | None:
    """A contact as a link: a web address, or a mail address; None for anything else."""
    if not contact:
        return None
    if "@" in contact and " " not in contact and ":" not in contact and "/" not in contact:
        return f"mailto:{contact}"
    return web_address(contact)
