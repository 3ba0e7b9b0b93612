"""The search page."""

from __future__ import annotations

import pytest

from tests.site.pages.conftest import NAME, Get

Ids = dict[str, int]


def test_what_is_found_has_its_words_marked(get: Get, ids: Ids) -> None:
    page = get("/search?q=two+arrested")
    assert page.words("//ul[@class='stories']//p[@class='headline']") == ["Two arrested over a gate"]
    assert page.words("//mark")[:2] == ["Two", "arrested"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (
            "q=gate&kind=arrest&area=northmarch&since=2024-05-01&until=2024-05-01",
            ["Arrest over a gate", "Two arrested over a gate"],
        ),
        ("area=tarn", ["Apêl am dystion"]),
        ("until=2024-04-30", ["Old report"]),
        ("q=market", ["Market closed"]),
        ("q=nothing-of-this", []),
    ],
)
def test_filters_hold(get: Get, ids: Ids, query: str, titles: list[str]) -> None:
    page = get(f"/search?{query}")
    assert page.status == 200
    assert page.words("//ul[@class='stories']//p[@class='headline']") == titles
    assert bool(page.words("//div[@class='empty']")) == (not titles)


def test_result_has_its_own_feeds(get: Get, ids: Ids) -> None:
    page = get("/search?q=two+gate&kind=arrest&area=northmarch")
    links = page.root.xpath("//p[@class='subscribe']//a/@href")
    assert links == [f"/police/feeds/northmarch.{f}?q=two+gate&kind=arrest" for f in ("rss", "atom", "json")]
    assert page.root.xpath("//link[@rel='alternate']/@href") == links


def test_what_is_withheld_is_never_found(get: Get, ids: Ids) -> None:
    for words in (NAME, "Ezra", "Mallow", "safe"):
        page = get(f"/search?q={words}")
        assert page.status == 200
        assert not page.words("//ul[@class='stories']/li"), words


@pytest.mark.parametrize(
    "query",
    [
        "q=%22%27%3B--",
        "q=NEAR(a+b)",
        "q=*",
        "q=a:b",
        "q=%F0%9F%98%80",
        "q=" + "%26" * 160,
        "before=",
        "q=&q=x",
    ],
)
def test_no_text_is_an_error(get: Get, query: str) -> None:
    assert get(f"/search?{query}").status == 200


@pytest.mark.parametrize(
    "query",
    ["since=x", "until=2024-13-01", "kind=murder", "before=x", "since=2024-05-02&until=2024-05-01", "q=" + "a" * 9000],
)
def test_nonsense_is_a_sentence(get: Get, query: str) -> None:
    page = get(f"/search?{query}")
    assert page.status == 400
    assert page.words("//main/p")[0].endswith((".", "Z."))
