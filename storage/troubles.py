"""What a crawl failed of, in words for a reader of the status page: no address, no code of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

# The kind of the issue that stopped a crawl, and what it means. `blocked` and `robots` are the site's own wish.
BLOCKED = ("blocked", "robots", "asked to wait")
_SAID = {
    "blocked": "the site does not let us in",
    "robots": "the site's robots.txt keeps us out, or cannot be read",
    "asked to wait": "the site asks to be left alone for a while",
    "site down": "the site does not answer properly",
    "no listing": "the page that lists its stories cannot be read",
    "mass removal": "very many stories seem to be gone at once, which is likelier a fault than a withdrawal",
    "nothing is there": "very many stories seem to be gone at once, which is likelier a fault than a withdrawal",
    "internal error": "Forcewire itself broke off",
    "store": "Forcewire could not write to its store",
}
_STATUS = re.compile(r"\bHTTP (\d{3})\b")
_ADDRESS = re.compile(r"(?:\s+(?:from|at|on|of|to|by))?\s*\(?\bhttps?://\S+", re.I)
_LONGEST = 160
_UNITS = (("week", timedelta(weeks=1)), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))  # fmt: skip


def kind_of_trouble(reason: str | None, issues: Iterable[tuple[str, str]]) -> str | None:
    """The kind of what a crawl failed of, from its reason and its issues (kind and message); None when neither tells it."""
    reason = reason or ""
    kind = next((kind for kind, message in issues if message == reason), None)
    if re.search(r"robots\.txt", reason):
        return "robots"
    if re.match(r"blocked\b", reason) or "does not let us in" in reason:
        return "blocked"
    if "asks to be left alone" in reason:
        return "asked to wait"
    return kind


def trouble_said(kind: str | None, reason: str | None) -> str:
    """The trouble as a part of a sentence, with the answer's status where there was one."""
    status = _STATUS.search(reason or "")
    if kind in _SAID:
        return _SAID[kind] + (f" (HTTP {status[1]})" if status else "")
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
