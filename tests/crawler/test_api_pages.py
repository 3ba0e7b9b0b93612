"""A reader may ask an API in place of the page; the page itself is asked for when the API does not help."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scrapy.http import Response

from crawler.readers.base import Reader
from storage.records import Link, Record


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch) -> None:
    reader: Any = __import__("tiny_reader_of_the_tests").TinyReader
    plain = reader.article

    def article(self: Reader, response: Response, link: Link | None = None) -> Record:
        if not response.body.startswith(b"{"):
            return plain(self, response, link)
        told = json.loads(response.body)
        return Record(
            source=self.entry.id, area=self.entry.area, url=response.url, title=told["title"], body=told["body"],
            reader=self.name, reader_version=self.version,
        )  # fmt: skip

    monkeypatch.setattr(reader, "article", article)
    monkeypatch.setattr(reader, "request_url", lambda self, url: url.replace("/news/", "/api/news/"))


def put_up_api(site: Any, path: str, **more: Any) -> str:
    place = path.replace("/news/", "/api/news/")
    answer = type(site.pages["/news/"])
    site.pages[place] = answer(json.dumps({"title": "From the API", "body": "Text."}), **more)
    return place


def test_article_read_from_an_api_is_known_by_its_page(site: Any, crawl: Any) -> None:
    (path,) = site.stories(1)
    place = put_up_api(site, path, headers={"Content-Type": "application/json", "ETag": '"7"'})
    assert crawl().counts.new == 1
    assert path not in site.paths()
    crawl()
    assert [asked.headers.get("if-none-match") for asked in site.asked if asked.path == place] == [None, '"7"']


@pytest.mark.parametrize("trouble", [{"status": 404}, {"status": 500}, {"status": 403}, {"body": "<html>Sorry</html>"}])
def test_page_itself_is_asked_when_the_api_does_not_help(site: Any, crawl: Any, trouble: dict[str, Any]) -> None:
    (path,) = site.stories(1)
    place = put_up_api(site, path)
    for name, value in trouble.items():
        setattr(site.pages[place], name, value)
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("ok", 1)
    assert site.paths().count(place) == 1
    crawl()
    # The page's validators say nothing about the API.
    assert all("if-none-match" not in asked.headers for asked in site.asked if asked.path == place)


def test_page_gone_from_both_is_removed(site: Any, crawl: Any) -> None:
    paths = site.stories(4)
    for path in paths:
        put_up_api(site, path)
    crawl()
    del site.pages[paths[0]], site.pages[put_up_api(site, paths[0])]
    site.listing(*paths[1:])
    assert crawl().counts.removed == 1
