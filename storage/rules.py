"""What an operator may set about watching: when a page is looked at again, when one counts as removed, what is kept how long.

Read from variables, FORCEWIRE_<NAME>, by whoever has them: the environment for `forcewire`, Scrapy's settings for `scrapy crawl`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")


class RuleError(ValueError):
    """A value that cannot be used. The message says what is wanted, and names the variable where it is read from one."""


@dataclass(slots=True, frozen=True, kw_only=True)
class RemovalRule:
    """Removed after so many gone answers in a row, the first of them at least `after` ago, the last in the crawl that
    decides, while `witnesses` other articles of the source answered in the same crawl that they are there. More than `most`
    articles and more than the `share` of the source's live ones within a day are likelier our mistake, or a site's bad day, and so
    are all of them; until their pages were gone at each look for `settled` (None: for good).

    A crawl asks twice for a page that is gone, at its turn and at the end, and counts that as one answer. Where `after` is
    zero, as on loopback, both count: a demo shows a withdrawal in one crawl.
    """

    answers: int = 2
    after: timedelta = timedelta(hours=1)
    most: int = 3
    share: float = 0.2
    witnesses: int = 2
    settled: timedelta | None = timedelta(days=7)


@dataclass(slots=True, frozen=True, kw_only=True)
class RevisitRule:
    """An article is watched until `watch` after it was last news (None: for good), with at most `budget` revisits of a live
    source in one crawl, so that new articles never wait behind old ones.
    """

    watch: timedelta | None = timedelta(days=90)
    budget: int = 100


@dataclass(slots=True, frozen=True, kw_only=True)
class RetentionRule:
    """The stored text of a removed sensitive article is erased `erase_after` after its removal (None: never, which keeps it
    in the store and publishes nothing of it). Pages as served are kept for `keep_pages` (None: for good, zero: not at all).
    """

    erase_after: timedelta | None = timedelta(days=7)
    keep_pages: timedelta | None = timedelta(days=90)


@dataclass(slots=True, frozen=True, kw_only=True)
class Rules:
    """All of them."""

    removal: RemovalRule = field(default_factory=RemovalRule)
    revisit: RevisitRule = field(default_factory=RevisitRule)
    retention: RetentionRule = field(default_factory=RetentionRule)


# The variable, the rule, its field, how its value is read, and what it means for a person.
VARIABLES: tuple[tuple[str, str, str, str, str], ...] = (
    ("REMOVAL_ANSWERS", "removal", "answers", "count from 1", "answers in a row that a page is gone before it counts as removed"),
    ("REMOVAL_AFTER", "removal", "after", "age", "and the least time between the first and the last of them: 1h"),
    ("REMOVAL_WITNESSES", "removal", "witnesses", "count", "articles that must be there while another one is gone"),
    ("REMOVAL_MOST", "removal", "most", "count", "articles that may go at once, whatever share of a source they are"),
    ("REMOVAL_SHARE", "removal", "share", "share", "of a source's articles that may go at once: 0.2"),
    ("REMOVAL_SETTLED", "removal", "settled", "age or never", "when more than these count as removed, gone at each look until then: 7d, or never"),
    ("WATCH", "revisit", "watch", "age or never", "how long an article is looked at again after it was news: 90d, or never for no end"),
    ("REVISITS", "revisit", "budget", "count from 1", "stored articles of a source that one crawl looks at again, at most"),
    ("ERASE_AFTER", "retention", "erase_after", "age or never", "when a withdrawn sensitive article's text is erased: 7d, or never"),
    ("KEEP_PAGES", "retention", "keep_pages", "age or never", "how long pages are kept as they were served: 90d, 0d or never"),
)  # fmt: skip


def rules_from(values: Mapping[str, Any]) -> Rules:
    """The rules that FORCEWIRE_* of `values` say; the defaults where they say nothing. Raises `RuleError`."""
    given: dict[str, dict[str, Any]] = {each.name: {} for each in fields(Rules)}
    for name, rule, part, kind, _ in VARIABLES:
        text = str(values.get(f"FORCEWIRE_{name}") or "").strip()
        if text:
            try:
                given[rule][part] = value_of(text, kind)
            except RuleError as error:
                raise RuleError(f"FORCEWIRE_{name}: {error}") from None
    return Rules(
        removal=RemovalRule(**given["removal"]),
        revisit=RevisitRule(**given["revisit"]),
        retention=RetentionRule(**given["retention"]),
    )


def value_of(text: str, kind: str) -> Any:
    """A value of one of the kinds of `VARIABLES`, as it is written. Raises `RuleError`, which says what is wanted."""
    if kind.startswith("count"):
        least = int(kind.endswith("from 1"))
        if text.isascii() and text.isdigit() and len(text) < 7 and int(text) >= least:
            return int(text)
        raise RuleError(f"{text!r} is no whole number" + (" of 1 or more" if least else ""))
    if kind == "share":
        try:
            share = float(text)
        except ValueError:
            share = -1.0
        if 0 <= share <= 1:
            return share
        raise RuleError(f"{text!r} is no share between 0 and 1")
    if kind == "age or never" and text.casefold() == "never":
        return None
    found = _AGE.fullmatch(text.casefold())
    if found is None or float(found[1]) > 1_000_000:
        raise RuleError(
            f"{text!r} is no time; write it as in 15m, 1h or 90d" + (", or never" if "never" in kind else "")
        )
    return timedelta(**{_UNITS[found[2]]: float(found[1])})
