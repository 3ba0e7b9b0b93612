"""What a command line, the environment and the file of settings come to, for the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from crawler.entries import SourceEntry, SourceError, load_entries
from crawler.options import CrawlRefused, check_options
from crawler.planning import sites_of
from feeds.press import PressError, press_of
from forcewire import options
from forcewire.service.orders import Orders, OrdersError
from forcewire.settings import SettingError, store_url
from forcewire.settings.model import Settings
from forcewire.settings.reading import Reading
from forcewire.settings.sources import with_settings
from storage.database import DEFAULT_DATABASE_URL

_SETTINGS = {
    "workers": "workers",
    "host": "host",
    "port": "port",
    "out": "publish_dir",
    "delay": "delay",
    "sources_dir": "sources",
}


def read_orders(ctx: click.Context, given: Mapping[str, Any], port: int | None) -> Orders:
    """The orders by the options `given` of the command `ctx`, on whatever thread. `port`: the one that is listened on. Raises
    `OrdersError`.
    """
    try:
        with ctx.scope(cleanup=False):
            reading = options.read_anew()
        said = {name: given[option] for option, name in _SETTINGS.items() if given[option] is not None}
        settings = reading.settings.model_copy(update=said)
        press = press_of(
            given["base_url"] or settings.base_url or f"http://localhost:{port or settings.port}",
            given["tagging_entity"] or settings.tagging_entity,
            given["hub"] or settings.hub,
        )
        entries = _entries(settings, reading, loopback=given["allow_loopback"])
        orders = Orders(
            settings=settings,
            entries=entries,
            sites=sites_of(entries.values()),
            database_url=store_url(given["database"])
            if given["database"]
            else settings.database_url or DEFAULT_DATABASE_URL,
            press=press,
            allow_loopback=given["allow_loopback"],
            serves=not given["no_serve"],
        )
        check_options(list(orders.entries.values()), orders.crawl_options())
    except (SettingError, SourceError, PressError, CrawlRefused, OSError) as error:
        raise OrdersError(" ".join(str(error).split())) from error
    return orders


def _entries(settings: Settings, reading: Reading, *, loopback: bool) -> dict[str, SourceEntry]:
    """As `forcewire crawl` chooses them when none is named."""
    entries, _ = with_settings(load_entries(settings.sources), reading)
    off = {source for source, said in settings.source.items() if not said.enabled}
    on = {source: entry for source, entry in entries.items() if source not in off}
    here = {source: entry for source, entry in on.items() if entry.loopback} if loopback else {}
    return here or on
