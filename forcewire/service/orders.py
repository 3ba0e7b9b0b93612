"""What the service is to do, as the operator said it: read at the start, and again when told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from crawler.children import order_out
from crawler.clock import FastClock
from crawler.entries import SourceEntry
from crawler.options import CrawlOptions
from feeds.build import Press
from forcewire.settings.model import Settings
from storage.owners import Owner


class OrdersError(Exception):
    """What the operator said cannot be used. One line: what, where, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """`entries`: the sources to be crawled, by id. `sites`: by id what is equal for sources that share a host
    (`crawler.planning.sites_of`). `serves`: whether the site is served.
    """

    settings: Settings
    entries: Mapping[str, SourceEntry]
    database_url: str
    press: Press
    allow_loopback: bool = False
    serves: bool = True
    revisit: Literal["auto", "all", "due"] = "auto"
    sites: Mapping[str, str] = field(default_factory=dict)

    def crawl_options(self) -> CrawlOptions:
        """How each source is crawled. `crawler.options.check_options` says whether that is allowed."""
        return CrawlOptions(
            database_url=self.database_url,
            contact=self.settings.contact,
            allow_loopback=self.allow_loopback,
            delay=self.settings.delay,
            revisit=self.revisit,
            rules=self.settings.rules,
            log_level="INFO" if self.settings.log_level == "debug" else "CRITICAL",
        )

    @property
    def log(self) -> list[str]:
        """How a child logs: `forcewire.logs.set_up`."""
        return [self.settings.log_format, self.settings.log_level]

    def crawl(self, source: str, clock: FastClock | None, claimed_by: Owner) -> dict[str, Any]:
        """The order to a child to crawl one source, which that process claimed for it."""
        memory = self.settings.crawl_memory
        order = {"do": "crawl", "events": False, "memory": memory + memory // 4}  # the service acts at `memory`
        order["log"] = self.log
        if clock is not None:
            order["clock"] = clock.out()
        return order | order_out(
            [self.entries[source]], replace(self.crawl_options(), claimed_by=claimed_by, sites=self.sites)
        )


Load: TypeAlias = Callable[[], Orders]
"""Reads everything anew. Raises `OrdersError`."""
