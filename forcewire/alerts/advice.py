"""What an operator does about it, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.troubles import KEPT_OUT, Trouble

_OF_TROUBLE: Mapping[str, str] = {
    Trouble.DNS: "see whether the site has another name now, and whether this machine's DNS works",
    Trouble.TLS: "look at the site in a browser; its certificate is its owner's to mend, this machine's clock and CA bundle are yours",
    Trouble.TIMEOUT: "look at the site in a browser; it passes by itself more often than not",
    Trouble.CONNECTION: "look at the site in a browser; see whether this machine's network works",
    Trouble.BAD_ANSWER: "look at the site in a browser; it passes by itself more often than not",
    Trouble.SITE_DOWN: "look at the site in a browser; it passes by itself more often than not",
    Trouble.GONE: "find where the force lists its news now, and mend the entry",
    Trouble.REDIRECTED: "find where the force lists its news now, and mend the entry",
    Trouble.LISTING_EMPTY: "look at the listing in a browser; where it has stories, its pages changed: mend the entry or the reader",
    Trouble.PAGE_CHANGED: "its pages changed: mend the entry or the reader",
    Trouble.DATE_UNREAD: "its dates are written otherwise now: mend the entry or the reader",
    Trouble.FIELD_UNREAD: "its pages changed: mend the entry or the reader",
    Trouble.WRONG_PAGE: "look at one of its stories in a browser",
    Trouble.MASS_REMOVAL: "look at the site in a browser: if its stories really went, nothing need be done",
    Trouble.CLOCK: "set this machine's clock",
    Trouble.TIME_LIMIT: "see the log; raise crawl_time, or ask for fewer pages at a time",
    Trouble.MEMORY_LIMIT: "see the log; raise crawl_memory",
    Trouble.STORE: "see whether the disk is full, and the log",
    Trouble.INTERNAL: "see the log, and report it",
}
_OF_SERVICE: Mapping[str, str] = {
    "disk": "free some space, or set keep_crawls and keep_pages lower",
    "backup": "see that the folder of the backups can be written and has room",
    "publish": "see that publish_dir can be written and has room",
    "schedule": "see that the service, or cron's crawl --due, runs, and its log",
}


def advice(subject: str, state: str, trouble: str | None, sources: Sequence[str]) -> str:
    """For people at a shell: what to look at first."""
    kind, _, what = subject.partition(":")
    if kind == "service":
        return f"{_OF_SERVICE.get(what, 'see the log')}. `forcewire doctor` looks at all of it."
    if kind == "network":
        return "see whether this machine's network and DNS work: sites of different makers hardly fail together."
    if state == "quiet":
        first = "look at the site in a browser: if it has no more stories than we, nothing need be done"
    elif trouble in KEPT_OUT:
        first = "write to the site's owner; there is no way around it"
    else:
        first = _OF_TROUBLE.get(trouble or "", "see the log")
    return f"{first}. `forcewire doctor {sources[0]}` shows more." if sources else f"{first}."
