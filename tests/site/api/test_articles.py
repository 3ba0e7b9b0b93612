"""/articles, one of them, its versions and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.site.api.newsroom import BASE_URL, FIRST, Api, News

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[News]:
    made = News(tmp_path_factory.mktemp("articles") / "forcewire.db")
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def filled(shop: News) -> Api:
    return Api(shop.engine)


@pytest.fixture(scope="module")
def stories(shop: News) -> dict[str, int]:
    """Numbers by what is peculiar to each; published in this order."""
    found = {
        "appeal": shop.article(kind="appeal", references=("40/12345/26",)),
        "court": shop.article("eastmere", kind="court"),
        "withdrawn": shop.article(kind="court"),
        "edited": shop.article(kind="wanted"),
    }
    shop.remove(found["withdrawn"], FIRST + 2 * DAY)
    shop.again(found["edited"], FIRST + DAY, body="The six-bar gate was found in a wood, and its owner is glad.\n")
    return found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["edited", "withdrawn", "court", "appeal"]),
        ({"area": "northmarch"}, ["edited", "withdrawn", "appeal"]),
        ({"area": "Eastmere and Wold"}, ["court"]),
        ({"source": "eastmere,northmarch", "kind": "court"}, ["withdrawn", "court"]),
        ({"withdrawn": "false", "kind": "court,appeal"}, ["court", "appeal"]),
        ({"withdrawn": "true"}, ["withdrawn"]),
        ({"reference": "40-12345-26"}, ["appeal"]),
        ({"reference": "4012345"}, []),
        ({"q": "owner glad"}, ["edited"]),
        ({"changed_since": "2026-03-02"}, ["edited"]),
        ({"since": "2026-03-01T08:03:00Z"}, ["edited", "withdrawn"]),
        ({"since": "2026-03-01T09:03:00+01:00", "until": "2026-03-01T08:04:00Z"}, ["withdrawn"]),
        ({"until": "2026-02-28"}, []),
        ({"order": "first_seen", "since": "2026-03-01T09:04:00Z"}, ["edited"]),
        ({"order": "changed", "source": "northmarch"}, ["edited", "withdrawn", "appeal"]),
    ],
)
def test_filters_choose(stories: dict[str, int], filled: Api, query: dict[str, str], names: list[str]) -> None:
    assert [each["id"] for each in filled.get("/articles", **query)["items"]] == [stories[name] for name in names]


def test_what_changed_since_comes_in_the_order_of_its_changes(news: News, api: Api) -> None:
    first, second = news.article(), news.article()
    news.again(first, FIRST + 2 * DAY, body="Other words about the gate, all of them written anew today.\n")
    news.again(second, FIRST + DAY, body="Still other words about the gate, which nobody had written before.\n")
    assert [each["id"] for each in api.get("/articles", changed_since="2026-03-02")["items"]] == [first, second]
    published = api.get("/articles", changed_since="2026-03-02", order="published")["items"]
    assert [each["id"] for each in published] == [second, first]


def test_a_list_leaves_out_what_is_long_unless_it_is_asked_for(stories: dict[str, int], filled: Api) -> None:
    (plain,) = filled.get("/articles", limit=1)["items"]
    assert {"body", "body_html", "meta"}.isdisjoint(plain)
    (more,) = filled.get("/articles", limit=1, include="body_html,meta")["items"]
    assert more["body_html"] == "<p>The six-bar gate was found in a wood, and its owner is glad.</p>"
    assert "meta" in more
    assert "body" not in more
    whole = filled.get(f"/articles/{stories['edited']}")
    assert whole["body"] == "The six-bar gate was found in a wood, and its owner is glad.\n"
    assert whole | plain == whole


def test_versions_are_listed_and_given_whole(stories: dict[str, int], filled: Api) -> None:
    article = stories["edited"]
    listed = filled.get(f"/articles/{article}/versions")["items"]
    assert [(each["number"], each["current"]) for each in listed] == [(1, False), (2, True)]
    old = filled.get(listed[0]["self"])
    assert (old["number"], old["article_id"], old["kind"]) == (1, article, "wanted")
    assert old["body"].startswith("A **five-bar gate**")
    assert "<strong>five-bar gate</strong>" in old["body_html"]
    assert len(filled.walk(f"/articles/{article}/versions", limit=1)) == 2


def test_segments_of_a_difference_are_both_texts_to_the_letter(stories: dict[str, int], filled: Api) -> None:
    here = f"/articles/{stories['edited']}"
    found = filled.get(f"{here}/diff")
    assert (found["from"], found["to"]) == (1, 2)
    assert found["segments"].keys() == {"body"}
    old, new = (filled.get(f"{here}/versions/{n}")["body"] for n in (1, 2))
    pieces = found["segments"]["body"]
    assert "".join(piece["text"] for piece in pieces if piece["op"] != "insert") == old
    assert "".join(piece["text"] for piece in pieces if piece["op"] != "delete") == new
    assert "five-bar gate of farm 4 went missing.</del>" in found["html"]
    back = filled.get(f"{here}/diff", from_=2, to=1)
    assert "five-bar gate of farm 4 went missing.</ins>" in back["html"]
    assert filled.get(f"{here}/diff", from_=2, to=2) == {
        "article_id": stories["edited"],
        "from": 2,
        "to": 2,
        "segments": {},
        "html": "",
    }


def test_what_is_not_there_is_404_with_a_sentence(stories: dict[str, int], filled: Api) -> None:
    for path, said in (
        ("/articles/999", "no article 999"),
        ("/articles/2147483648", "no article '2147483648'"),
        ("/articles/x", "no article 'x'"),
        ("/articles/1/versions/9", "Article 1 has no version 9"),
        ("/articles/1/diff?to=9", "Article 1 has no version 9"),
        ("/articles/1/diff?from=9", "Article 1 has no version 9"),
        ("/articles?area=northmarsh", "did you mean northmarch?"),
        ("/articles?source=estmere", "did you mean eastmere?"),
        ("/artikels", "did you mean /api/v1/articles"),
    ):
        assert said in filled.get(path, 404)["detail"]


def test_words_of_a_hostile_page_are_text_and_its_links_are_none(news: News, api: Api) -> None:
    article = news.article()
    words = {
        "title": "<script>x()</script>\ufffe",
        "image_url": "javascript:x()",
        "meta": {"a": ["\udfff\0", float("inf")]},
    }
    news.rewrite(article, body="<img src=x onerror=x()> [a](javascript:x())", **words)
    found = api.get(f"/articles/{article}")
    assert found["title"] == "<script>x()</script>"
    assert found["image_url"] is None
    assert found["meta"] == {"a": ["", None]}
    assert "<img" not in found["body_html"]
    assert "href" not in found["body_html"]


def test_sources_and_areas_tell_of_each_other(news: News, api: Api) -> None:
    news.source("Northmarch", region="Wales")
    areas = api.get("/areas")
    assert [(each["slug"], each["sources"]) for each in areas["items"]] == [
        ("eastmere-and-wold", ["eastmere"]),
        ("northmarch", ["northmarch"]),
    ]
    feeds = areas["items"][0]["feeds"]
    assert feeds["changes"]["atom"] == f"{BASE_URL}/feeds/eastmere-and-wold/changes.atom"
    assert feeds["kinds"]["missing"]["json"] == f"{BASE_URL}/feeds/eastmere-and-wold/missing.json"
    (source,) = api.get("/sources", area="northmarch")["items"]
    assert (source["id"], source["region"]) == ("northmarch", "Wales")
    assert source["health"]["state"] == "stale"
    assert api.get("/sources", state="ok")["items"] == []


def test_the_index_leads_to_all_of_it(api: Api) -> None:
    index = api.get("")
    assert api.get("/") == index
    assert set(index["operations"].values()) == {BASE_URL + path for path in api.get("/openapi.json")["paths"]}
