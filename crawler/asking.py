"""How a spider of ours asks a site for anything: under its name, with a delay, one request at a time, and whom it may reach."""

from __future__ import annotations

import scrapy
from scrapy.settings import BaseSettings

from crawler.entries import SourceEntry
from crawler.options import CrawlOptions, delay_for, user_agent
from crawler.politeness import Gates


class AskingSpider(scrapy.Spider):
    """The downloader and the guard read these. `loopback`: an address on this machine may be asked, at `ports`; `delay`:
    the least seconds between two requests to a host; `gates`: the hosts that are being asked, shared by crawls that run
    together.
    """

    loopback: bool
    ports: frozenset[int]
    delay: float
    gates: Gates

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's hook: the User-Agent says who asks."""
        super().update_settings(settings)
        settings.set("USER_AGENT", user_agent(settings.get("FORCEWIRE_CONTACT")), priority="spider")

    def set_manners(self, entry: SourceEntry, options: CrawlOptions, gates: Gates | None) -> None:
        """How this source is asked with these options. `gates`: None where nothing else runs beside."""
        self.loopback = entry.loopback and options.allow_loopback
        self.ports = entry.ports
        self.delay = delay_for(entry, options, self.settings.getfloat("DOWNLOAD_DELAY"))
        self.gates = gates or Gates()
