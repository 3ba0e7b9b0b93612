"""How a crawl is to be run, and what is told about it while it runs and at its end."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Literal

from crawler.entries import SourceEntry
from storage.crawls import Counts
from storage.database import DEFAULT_DATABASE_URL
from storage.owners import Owner
from storage.rules import RemovalRule, Rules


class CrawlRefused(Exception):  # noqa: N818  named as what it is
    """Raised before anything is asked for: the options do not allow this crawl. One line for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """`delay`: seconds between two requests to a host; None is the default. `revisit`: 'all' looks at every stored
    article again, 'due' at those that are due, and 'auto' is 'all' for a source on this machine, 'due' for another.
    `rules` are an operator's settings; `removal` is a rule in place of theirs. `clock` gives the time in place of the
    machine's. `processes`: at most so many. `claimed_by`: the process that claimed the sources for these crawls. `sites`: by id
    what is equal for sources that share a host (`crawler.planning.sites_of`), where it is known from more than those crawled.
    """

    database_url: str = DEFAULT_DATABASE_URL
    contact: str | None = None
    allow_loopback: bool = False
    delay: float | None = None
    revisit: Literal["auto", "all", "due"] = "auto"
    rules: Rules = field(default_factory=Rules)
    removal: RemovalRule | None = None
    clock: Callable[[], datetime] | None = None
    processes: int = 1
    claimed_by: Owner | None = None
    sites: Mapping[str, str] = field(default_factory=dict)
    log_level: str = "CRITICAL"


@dataclass(slots=True, kw_only=True)
class CrawlSummary:
    """What a crawl of one source came to. `verdict`: ok, degraded or failed; `trouble`: the class of why; `seconds`: how long it took."""

    source: str
    verdict: str
    reason: str | None
    counts: Counts
    seconds: float
    issues: list[str] = field(default_factory=list)
    trouble: str | None = None


@dataclass(slots=True, kw_only=True)
class CrawlEvent:
    """One step of one source's crawl. `expected`: how many pages it means to ask for, once that is known.
    `message` at its end: the verdict, and the reason where there is one.
    """

    source: str
    what: Literal["start", "listing", "page", "done"]
    counts: Counts
    expected: int | None = None
    message: str = ""


OnEvent = Callable[[CrawlEvent], None]


@cache  # the version is looked up in files, for each of fifty sources
def user_agent(contact: str | None) -> str:
    """Who asks: 'Forcewire/<version> (+<contact>)'."""
    try:
        version = metadata.version("forcewire")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"Forcewire/{version} (+{contact})" if contact else f"Forcewire/{version}"


def check_options(entries: Sequence[SourceEntry], options: CrawlOptions) -> None:
    """Raises `CrawlRefused` when these entries may not be crawled with these options."""
    live = [entry.id for entry in entries if not entry.loopback]
    contact = (options.contact or "").strip()
    if live and not contact:
        raise CrawlRefused(
            f"a crawl of {live[0]} needs a contact for the forces' web masters: "
            "set FORCEWIRE_CONTACT to a mail address or a web page"
        )
    if contact and not re.fullmatch(r"[\x21-\x7e][\x20-\x7e]{2,199}", contact):
        raise CrawlRefused(f"contact: {contact!r} is no mail address or web page")
    if options.delay is not None and not (math.isfinite(options.delay) and 0 <= options.delay <= 3600):
        raise CrawlRefused(f"delay: {options.delay} is no number of seconds between 0 and 3600")


def delay_for(entry: SourceEntry, options: CrawlOptions, default: float) -> float:
    """The seconds between two requests: an option may only raise it, except for a source on this machine."""
    if options.delay is None:
        return default
    return options.delay if entry.loopback else max(options.delay, default)
