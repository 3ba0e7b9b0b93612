"""A crawl and a look ask a site with the same manners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from crawler.asking import AskingSpider
from crawler.entries import BUNDLED, SourceEntry, load_entry
from crawler.options import CrawlOptions
from crawler.politeness import Gates
from crawler.probing.session import LookSpider
from crawler.spiders.news import NewsSpider

CONTACT = "desk@example.org"


@pytest.mark.parametrize("spider", [NewsSpider, LookSpider])
def test_every_spider_takes_its_manners_from_one_place(spider: type[AskingSpider]) -> None:
    assert issubclass(spider, AskingSpider)
    assert not {"update_settings", "set_manners"} & set(vars(spider))
    settings = Settings({"FORCEWIRE_CONTACT": CONTACT})
    spider.update_settings(settings)
    assert settings["USER_AGENT"].endswith(f"(+{CONTACT})")


@pytest.mark.parametrize(
    ("options", "live", "here"),
    [
        ({}, (2.5, False), (2.5, False)),
        ({"delay": 0.0, "allow_loopback": True}, (2.5, False), (0.0, True)),
        ({"delay": 9.0}, (9.0, False), (9.0, False)),
    ],
)
def test_an_option_may_ask_a_live_site_only_for_more_patience(
    options: dict[str, Any],
    live: tuple[float, bool],
    here: tuple[float, bool],
    make_entry: Callable[..., SourceEntry],
) -> None:
    crawler = get_crawler(LookSpider, {"DOWNLOAD_DELAY": 2.5})
    gates = Gates()
    for entry, wanted in ((load_entry(BUNDLED / "bedfordshire.toml"), live), (make_entry(), here)):
        spider = AskingSpider.from_crawler(crawler, name="asking")
        spider.set_manners(entry, CrawlOptions(**options), gates)
        assert (spider.delay, spider.loopback) == wanted
        assert spider.gates is gates
