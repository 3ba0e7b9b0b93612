"""What a cell of the matrix must come to, by fault and by what it hits. Written down before anything was run.

A site's word that it is well is no fault: RFC 9309 takes a robots.txt of 4xx, or one that holds no rule, for leave. Where every story of a
source is gone at once, our mistake, or a fault, is likelier than that they were withdrawn: nothing is removed, and a person is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Must(NamedTuple):
    """The class of the crawl's trouble and the source's state, once the fault lasts; None and ok where nothing is wrong."""

    trouble: str | None
    state: str


WELL = Must(None, "ok")


def _broken(trouble: str) -> Must:
    return Must(trouble, "broken")


def _blocked(trouble: str) -> Must:
    return Must(trouble, "blocked")


# Faults of the host as a whole: whatever is asked for first meets them.
HOST: Mapping[str, Must] = {
    "name gone": _broken("dns"),
    "connection refused": _broken("connection"),
    "certificate of nobody": _broken("tls"),
    "no TLS": _broken("tls"),
}
_ANY: Mapping[str, Must] = {
    "HTTP 500": _broken("site down"),
    "HTTP 503": _broken("site down"),
    "503 for an hour": _blocked("asked to wait"),
    "HTTP 429": _blocked("blocked"),
    "429 for an hour": _blocked("asked to wait"),
    "HTTP 403": _blocked("blocked"),
    "HTTP 401": _blocked("blocked"),
    "wall with 200": _blocked("blocked"),
    "login with 200": _blocked("blocked"),
    "out of order with 200": _broken("site down"),
    "script only": _broken("page changed"),
    "leads off the site": _broken("redirected"),
    "redirects without end": _broken("redirected"),
    "no answer in time": _broken("timeout"),
    "connection breaks": _broken("connection"),
    "no HTTP": _broken("bad answer"),
    "cut short": _broken("bad answer"),
    "broken gzip": _broken("bad answer"),
    "wrong charset": WELL,
    "nothing": _broken("page changed"),
}
LISTING: Mapping[str, Must] = {
    **_ANY,
    "HTTP 404": _broken("gone"),
    "HTTP 410": _broken("gone"),
    "not found with 200": _broken("gone"),
    "empty": _broken("listing empty"),
    "leads home": _broken("redirected"),
}
ARTICLE: Mapping[str, Must] = {
    **_ANY,
    "HTTP 404": _broken("mass removal"),
    "HTTP 410": _broken("mass removal"),
    "not found with 200": _broken("mass removal"),
    "leads home": _broken("mass removal"),
    "template without a story": _broken("page changed"),
    "strange dates": _broken("date unread"),
}
ROBOTS: Mapping[str, Must] = {
    "HTTP 500": _blocked("robots unread"),
    "HTTP 503": _blocked("robots unread"),
    "503 for an hour": _blocked("asked to wait"),
    "HTTP 429": _blocked("robots unread"),
    "429 for an hour": _blocked("asked to wait"),
    "HTTP 403": WELL,
    "HTTP 401": WELL,
    "HTTP 404": WELL,
    "HTTP 410": WELL,
    "wall with 200": WELL,
    "not found with 200": WELL,
    "nothing": WELL,
    "wrong charset": WELL,
    "disallow all": _blocked("robots"),
    "disallow stories": _blocked("robots"),
    "wants an hour between": _blocked("robots unread"),
    "leads off the site": _blocked("robots unread"),
    "redirects without end": _blocked("robots unread"),
    "no answer in time": _broken("timeout"),
    "connection breaks": _broken("connection"),
    "no HTTP": _blocked("robots unread"),
    "cut short": _blocked("robots unread"),
    "broken gzip": _blocked("robots unread"),
}
ROLES: Mapping[str, Mapping[str, Must]] = {"host": HOST, "listing": LISTING, "article": ARTICLE, "robots": ROBOTS}
CELLS = [(role, fault) for role, faults in ROLES.items() for fault in faults]
