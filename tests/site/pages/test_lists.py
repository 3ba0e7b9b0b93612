"""The front page, areas, changes and the pages around them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.site.app import create_app
from feeds.site.context import Site
from tests.feeds.conftest import NewsStore
from tests.site.pages.conftest import BASE_URL, NAME, Get

Ids = dict[str, int]
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_front_lists_areas_by_region_with_count_and_state(get: Get) -> None:
    page = get("/")
    assert page.words("//section[@aria-labelledby='areas']//h3") == ["Wales", "Elsewhere"]
    tiles = page.words("//ul[@class='tiles']/li")
    assert [re.sub(r"\s+", " ", tile) for tile in tiles] == ["Tarn0 todaystale", "Northmarch0 todaystale"]
    assert all(
        state.xpath(".//*[local-name()='path']")
        for state in page.root.xpath("//ul[@class='tiles']//span[contains(@class, 'state')]")
    )


def test_lists_hold_what_may_be_shown_the_newest_first(get: Get, ids: Ids) -> None:
    titles = get("/areas/northmarch").words("//section[@aria-labelledby='latest']//p[@class='headline']")
    assert titles == [
        "Of tomorrow",
        "No day",
        "Missing: a girl",
        "Arrest over a gate",
        "Two arrested over a gate",
        "Dog show",
        "Old report",
    ]


def test_day_without_a_time_shows_none(get: Get, ids: Ids) -> None:
    items = get("/areas/northmarch").root.xpath(f"//li[.//a[@href='/police/articles/{ids['day']}']]")
    assert not items[0].xpath(".//time")
    assert items[0].xpath("ancestor::section[@class='day']/h3/time/@datetime") == ["2024-05-01"]


def test_months_lead_back_to_the_first_story_by_plain_links(get: Get) -> None:
    found, path = [], "/police/areas/northmarch/2024-05"
    while path:
        page = get(path.removeprefix("/police"))
        assert page.status == 200
        found += page.words("//p[@class='headline']")
        older = page.root.xpath("//nav[@aria-label='Months']/a[@rel='next']/@href")
        path = older[0] if older else ""
    assert len(found) == 7
    assert found[-1] == "Old report"
    assert "These are the first stories" in page.said


@pytest.mark.parametrize(
    "period", ["2024-13", "2024-5", "2023-01", "2030-01", "2024-05_2", "2024-05_1", "0000-01", "x"]
)
def test_month_that_is_none_is_a_sentence(get: Get, period: str) -> None:
    page = get(f"/areas/northmarch/{period}")
    assert page.status == 404
    assert page.root.xpath("//main//a/@href")[0].startswith("/police/areas/northmarch")


def test_unknown_area_names_near_ones(get: Get) -> None:
    page = get("/areas/nortmarch")
    assert page.status == 404
    assert "/police/areas/northmarch" in page.root.xpath("//main//a/@href")


def test_changes_are_told_with_their_words_and_without_those_that_are_spared(get: Get, ids: Ids) -> None:
    page = get("/changes")
    told = page.words("//ul[@class='told']/li")
    assert len(told) == 6
    assert told[0].startswith("Withdrawn")
    assert "A story of Northmarch Police was withdrawn" in " ".join(told[:2])
    assert NAME not in page.text
    assert any("six-bar" in each for each in told)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?area=northmarch", 6),
        ("?area=tarn", 0),
        ("?change=edited", 4),
        ("?change=removed", 2),
        ("?kind=arrest", 1),
        ("?kind=found", 0),
        ("?since=2024-05-04", 2),
        ("?area=&change=&kind=&since=", 6),
    ],
)
def test_changes_can_be_filtered(get: Get, query: str, count: int) -> None:
    page = get(f"/changes{query}")
    assert page.status == 200
    assert len(page.root.xpath("//ul[@class='told']/li")) == count


@pytest.mark.parametrize(
    "query",
    [
        "since=x",
        "since=2024-02-30",
        "since=99999-01-01",
        "change=new",
        "kind=K",
        "before=x",
        "before=-1",
        f"kind={'a' * 9000}",
    ],
)
@pytest.mark.parametrize("path", ["/changes", "/search"])
def test_nonsense_is_a_sentence(get: Get, path: str, query: str) -> None:
    if path == "/search" and query == "change=new":
        return
    page = get(f"{path}?{query}")
    assert page.status in (400, 404)
    assert page.words("//h1")[0] in ("That cannot be asked", "Not here")
    assert len(page.text) < 5000


@pytest.mark.parametrize(
    "path",
    ["/", "/areas/northmarch", "/areas/northmarch/2024-05", "/changes", "/search", "/status", "/subscribe", "/about"],
)
def test_every_page_has_its_address_its_feeds_and_one_heading(get: Get, path: str) -> None:
    root = get(path).root
    assert root.xpath("//link[@rel='canonical']/@href") == [BASE_URL + path]
    assert root.xpath("//meta[@property='og:url']/@content") == [BASE_URL + path]
    assert len(root.xpath("//h1")) == 1
    feeds = root.xpath("//link[@rel='alternate']/@href")
    assert {each.rpartition(".")[2].partition("?")[0] for each in feeds} == {"rss", "atom", "json"}
    assert all(each.startswith("/police/feeds/") for each in feeds)
    assert not root.xpath(
        "//script | //@style | //style | //link[@rel='stylesheet'][not(starts-with(@href, '/police/static/'))]"
    )


def test_every_link_within_the_site_leads_somewhere(get: Get) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        page = get(path)
        assert page.status in (200, 410), path
        for link in page.root.xpath("//a/@href"):
            to = link.partition("#")[0].removeprefix("/police")
            inside = link.startswith("/police/") and not to.startswith(("/feeds", "/search?"))
            if inside and to not in seen and to not in waiting:
                waiting.append(to)
    assert {
        "/areas/tarn",
        "/areas/northmarch/2024-03",
        "/changes",
        "/search",
        "/status",
        "/subscribe",
        "/about",
    } <= seen
    assert sum(path.startswith("/articles/") and "/diff/" not in path for path in seen) == 9
    assert sum("/diff/" in path for path in seen) == 3


def test_sitemap_holds_what_may_be_listed(get: Get, ids: Ids) -> None:
    index = etree.fromstring(get("/sitemap.xml").text.encode())
    parts = index.xpath("//s:loc/text()", namespaces=SPACE)
    assert parts == [f"{BASE_URL}/sitemap/pages.xml", f"{BASE_URL}/sitemap/0.xml"]
    found = etree.fromstring(get("/sitemap/0.xml").text.encode()).xpath("//s:loc/text()", namespaces=SPACE)
    listed = {name for name, number in ids.items() if f"{BASE_URL}/articles/{number}" in found}
    assert listed == set(ids) - {"gone", "spared", "withheld", "suppressed"}
    assert get("/sitemap/1.xml").status == 404
    assert f"Sitemap: {BASE_URL}/sitemap.xml" in get("/robots.txt").text


def test_contact_is_named_and_its_lack_is_said(get: Get) -> None:
    assert "mailto:desk@news.example.org" in get("/about").root.xpath("//a/@href")


def test_store_that_cannot_be_read_is_a_page_too(tmp_path: Path) -> None:
    store = NewsStore(tmp_path / "forcewire.db")
    client = TestClient(create_app(Site(store.engine, Press("https://news.example.org"))))
    with store.engine.connect() as conn:
        conn.exec_driver_sql("ALTER TABLE source RENAME TO gone")
        conn.commit()
    answer = client.get("/status")
    store.engine.dispose()
    assert answer.status_code == 503
    assert "<h1>Not just now</h1>" in answer.text
    assert answer.headers["retry-after"] == "30"
