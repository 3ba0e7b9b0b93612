"""The same pages as files."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import html

from feeds.site.context import Site
from feeds.site.pages import page_paths, render
from storage.database import reading

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_all_pages_can_be_files_that_ask_no_server(site: Site, ids: dict[str, int]) -> None:
    with reading(site.engine) as conn:
        paths = list(page_paths(conn, site, NOW))
        pages = {path: render(conn, site, path, NOW) for path in paths}
        assert pages == {path: render(conn, site, path, NOW) for path in paths}
    assert len(set(paths)) == len(paths)
    assert {f"/articles/{number}" for number in ids.values()} <= set(paths)
    assert f"/articles/{ids['plain']}/diff/2/3" in paths
    for path, data in pages.items():
        if path.endswith((".xml", ".css", ".svg", ".txt")):
            continue
        root = html.document_fromstring(data.decode())
        assert not root.xpath("//form"), path
        links = {
            link.partition("#")[0].partition("?")[0].removeprefix("/police") for link in root.xpath("//main//a/@href")
        }
        inside = {link for link in links if link.startswith(("/a", "/c", "/s"))}
        assert inside <= set(paths), path
