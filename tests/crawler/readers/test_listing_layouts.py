"""Listings laid out in ways that no reader was told of: exactly the articles, their headlines, and the dates beside them."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.readers import make_reader
from crawler.readers.base import Listing
from tests.crawler.readers.conftest import entry_for
from tests.crawler.readers.listing_layouts import HOST, LAYOUTS, Layout


def read(layout: Layout) -> Listing:
    url = HOST + layout.url
    entry = entry_for("www.ravenquay.example", listing=[{"kind": "html", "url": url}])
    return make_reader(entry).listing(HtmlResponse(url, body=layout.page().encode(), encoding="utf-8"), "html")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_listing_of_any_layout_gives_exactly_its_articles(name: str) -> None:
    layout = LAYOUTS[name]
    assert [link.url for link in read(layout).links] == [layout.address(item) for item in layout.items]


@pytest.mark.parametrize("name", LAYOUTS)
def test_their_headlines_are_those_that_stand_beside_the_links(name: str) -> None:
    layout = LAYOUTS[name]
    titles = {layout.address(item): item.title for item in layout.items}
    assert {link.url: link.title for link in read(layout).links if link.url in titles} == titles


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_date_of_each_card_is_kept_as_printed(name: str) -> None:
    layout = LAYOUTS[name]
    dates = {layout.address(item): layout.date(item) for item in layout.items}
    assert {link.url: link.published_raw for link in read(layout).links if link.url in dates} == dates


@pytest.mark.parametrize("name", [name for name, layout in LAYOUTS.items() if layout.following])
def test_the_next_page_is_where_people_would_click(name: str) -> None:
    layout = LAYOUTS[name]
    assert read(layout).next_url == HOST + (layout.following or "")
