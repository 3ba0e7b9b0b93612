"""An operator changes an entry: what was read under the old one is read anew, and no difference is the force's."""

from __future__ import annotations

from typing import Any

from tests.crawler.conftest import Answer
from tests.crawler.test_crawl import changes, rows


def conditional(body: str) -> Any:
    """A page with validators: unchanged for whoever asks with them."""

    def answer(asked: Any) -> Answer:
        headers = {"ETag": '"x"'}
        return (
            Answer("", 304, headers) if asked.headers.get("if-none-match") == '"x"' else Answer(body, headers=headers)
        )

    return answer


def test_title_suffix_that_is_added_is_cut_off_although_nothing_changed_there(
    site: Any, crawl: Any, database: str, make_entry: Any
) -> None:
    links = ""
    for n in range(6):
        path, story = (
            f"/news/van-{n}-was-taken-from-the-market/",
            "A long story about a van in the market of Fenwold. " * 9,
        )
        site.pages[path] = conditional(
            f"<html><body><main><h1>Van {n} taken ~ Desk</h1><p>{story}</p></main></body></html>"
        )
        links += f'<article><h2><a href="{path}">Van {n} taken from the market</a></h2><p>1{n} May 2024</p></article>'
    site.pages["/news/"] = Answer(f"<html><body><main>{links}</main></body></html>")
    crawl(make_entry(reader="generic"))
    assert rows(database, "select count(*) from version where title like '%~ Desk'") == [(6,)]
    again = make_entry(reader="generic", title_suffixes=[" ~ Desk"])
    assert crawl(again).counts.edited == 0
    assert rows(database, "select title from version order by title") == [(f"Van {n} taken",) for n in range(6)]
    assert changes(database) == ["new"] * 6 + ["reparsed"] * 6
    assert crawl(again).counts.not_modified == 6


def test_host_that_is_added_is_found_on_an_unchanged_listing(
    site: Any, crawl: Any, database: str, make_entry: Any
) -> None:
    own, other = site.story(1), site.story(2)
    port = site.host.split(":")[1]
    site.listing(own, f"http://localhost:{port}{other}")
    body = site.pages["/news/"].body
    site.pages["/news/"] = conditional(body)
    assert crawl().counts.new == 1
    assert crawl(make_entry(hosts=[site.host, f"localhost:{port}"])).counts.new == 1
