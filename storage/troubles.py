"""What a crawl was not ok of: its class, as the store keeps it, and in words for a reader of the status page."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum


class Trouble(StrEnum):
    """The class of what went wrong, decided where it happens. Each asks something else of an operator (docs/operating.md)."""

    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    BAD_ANSWER = "bad answer"
    SITE_DOWN = "site down"
    BLOCKED = "blocked"
    ASKED_TO_WAIT = "asked to wait"
    ROBOTS = "robots"
    ROBOTS_UNREAD = "robots unread"
    GONE = "gone"
    REDIRECTED = "redirected"
    LISTING_EMPTY = "listing empty"
    PAGE_CHANGED = "page changed"
    DATE_UNREAD = "date unread"
    FIELD_UNREAD = "field unread"
    WRONG_PAGE = "wrong page"
    MASS_REMOVAL = "mass removal"
    PAGING = "paging"
    CLOCK = "clock"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    TIME_LIMIT = "time limit"
    MEMORY_LIMIT = "memory limit"
    STORE = "store"
    INTERNAL = "internal error"


# The site's own wish: a person may ask the force, and nobody gets round it.
KEPT_OUT = (Trouble.BLOCKED, Trouble.ASKED_TO_WAIT, Trouble.ROBOTS, Trouble.ROBOTS_UNREAD)
# Nothing came back that a site could have said: what our own side's network would do to all of them.
UNREACHED = (Trouble.DNS, Trouble.TLS, Trouble.TIMEOUT, Trouble.CONNECTION)
# The crawl came to its end, and what it read lacks something that the source always had.
LOST = (Trouble.DATE_UNREAD, Trouble.FIELD_UNREAD)
# What passes by itself more often than not.
PASSING = (
    Trouble.DNS, Trouble.TIMEOUT, Trouble.CONNECTION, Trouble.BAD_ANSWER, Trouble.SITE_DOWN, Trouble.ASKED_TO_WAIT,
    Trouble.BLOCKED, Trouble.GONE, Trouble.ROBOTS_UNREAD, Trouble.MASS_REMOVAL, Trouble.WRONG_PAGE,
)  # fmt: skip
# Nothing of the source's: what goes wrong here goes wrong for all of them.
OURS = (
    Trouble.CLOCK, Trouble.STOPPED, Trouble.INTERRUPTED, Trouble.TIME_LIMIT, Trouble.MEMORY_LIMIT, Trouble.STORE, Trouble.INTERNAL,
)  # fmt: skip

_SAID = {
    Trouble.DNS: "the site's name leads nowhere",
    Trouble.TLS: "the site's certificate is not accepted",
    Trouble.TIMEOUT: "the site does not answer in time",
    Trouble.CONNECTION: "no connection to the site comes about, or it breaks off",
    Trouble.BAD_ANSWER: "the site's answers break off or cannot be decoded",
    Trouble.SITE_DOWN: "the site does not answer properly",
    Trouble.BLOCKED: "the site does not let us in",
    Trouble.ASKED_TO_WAIT: "the site asks to be left alone for a while",
    Trouble.ROBOTS: "the site's robots.txt keeps us out",
    Trouble.ROBOTS_UNREAD: "the site's robots.txt cannot be read, so it is left alone",
    Trouble.GONE: "what the site lists, or its list, is not there any more",
    Trouble.REDIRECTED: "the page that lists its stories leads somewhere else",
    Trouble.LISTING_EMPTY: "the page that lists its stories lists none",
    Trouble.PAGE_CHANGED: "the site's pages are built otherwise than they were, and cannot be read",
    Trouble.DATE_UNREAD: "the dates of its stories cannot be read any more",
    Trouble.FIELD_UNREAD: "a part of its stories cannot be read any more",
    Trouble.WRONG_PAGE: "its pages show something else than their stories",
    Trouble.MASS_REMOVAL: "very many stories seem to be gone at once, which is likelier a fault than a withdrawal",
    Trouble.STOPPED: "the crawl was stopped",
    Trouble.INTERRUPTED: "the crawl was cut off",
    Trouble.TIME_LIMIT: "the crawl took too long",
    Trouble.MEMORY_LIMIT: "the crawl took too much memory",
    Trouble.INTERNAL: "Forcewire itself broke off",
    Trouble.STORE: "Forcewire could not write to its store",
}
_STATUS = re.compile(r"\bHTTP (\d{3})\b")
_ADDRESS = re.compile(r"(?:\s+(?:from|at|on|of|to|by))?\s*\(?\bhttps?://\S+", re.I)
_LONGEST = 160
_UNITS = (("week", timedelta(weeks=1)), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))  # fmt: skip


def trouble_said(trouble: Trouble | None, reason: str | None) -> str:
    """The trouble as a part of a sentence, with the answer's status where there was one: no address, no code of ours."""
    if trouble in _SAID:
        status = _STATUS.search(reason or "")
        return _SAID[trouble] + (f" (HTTP {status[1]})" if status else "")
    said = " ".join(_ADDRESS.sub("", reason or "").split()).rstrip(" .:;,")
    return (said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…") or "no reason is known"


def span_said(span: timedelta) -> str:
    """A length of time as people say it: 3 weeks, 2 days, 5 hours, 10 minutes."""
    for name, unit in _UNITS:
        if span >= unit * (2 if name in ("week", "day") else 1):
            number = int(span / unit)
            return f"{number} {name}{'s' if number != 1 else ''}"
    return "a moment"


def number_said(number: int, what: str) -> str:
    """'no story', '1 story', '2 stories': the number of things whose name is regular."""
    plural = what[:-1] + "ies" if what.endswith("y") else what + "s"
    return f"{number or 'no'} {what if number < 2 else plural}"
