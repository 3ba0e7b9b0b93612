"""The same pages as files."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import html

from feeds.build import document_names
from feeds.site.context import Site
from feeds.site.pages import page_paths, render
from storage.database import reading

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_all_pages_can_be_files_that_ask_no_server(site: Site, ids: dict[str, int]) -> None:
    with reading(site.engine) as conn:
        paths = list(page_paths(conn, site, NOW))
        pages = {path: render(conn, site, path, NOW) for path in paths}
        assert pages == {path: render(conn, site, path, NOW) for path in paths}
        names = set(document_names(conn))
    assert len(set(paths)) == len(paths)
    assert {f"/articles/{number}" for number in ids.values()} <= set(paths)
    assert f"/articles/{ids['plain']}/diff/2/3" in paths
    for path, data in pages.items():
        if path.endswith((".xml", ".css", ".svg", ".txt")):
            continue
        root = html.document_fromstring(data.decode())
        assert not root.xpath("//form"), path
        links = {
            link.partition("#")[0].partition("?")[0].removeprefix("/police")
            for link in root.xpath("//body//a/@href | //link/@href | //img/@src")
            if link.startswith("/police")
        }
        feeds = {link for link in links if link.startswith("/feeds")}
        assert {link or "/" for link in links if link[:1] in ("", "/")} - feeds <= set(paths), path
        assert {feed.removeprefix("/feeds/") for feed in feeds - {"/feeds.opml"}} <= names, path


def test_a_host_of_files_says_in_its_place_that_a_page_is_not_there(site: Site, ids: dict[str, int]) -> None:
    with reading(site.engine) as conn:
        root = html.document_fromstring(render(conn, site, "/404.html", NOW).decode())
    assert root.xpath("//h1")[0].text == "Not here"
    assert root.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not root.xpath("//link[@rel='canonical']")
    assert all(link.startswith("/police/") for link in root.xpath("//a/@href[not(starts-with(., '#'))]"))
