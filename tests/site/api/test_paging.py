"""A walk along `next` gives each row once, whatever comes in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from feeds.site.api import walking
from storage.database import writing
from tests.site.api.newsroom import BASE_URL, FIRST, Api, News, insert_article

# Above, at and below the place where a walk stands, dated and not, and dated later than it was seen.
_BETWEEN: list[dict[str, Any]] = [
    {},
    {"published_at": FIRST - timedelta(days=1)},
    {"published_at": None, "first_seen_at": FIRST + timedelta(minutes=3)},
    {"published_at": FIRST + timedelta(days=900), "first_seen_at": FIRST + timedelta(minutes=90)},
    {"published_at": FIRST + timedelta(minutes=5), "source_id": "eastmere"},
]


def _more(news: News) -> Callable[[], None]:
    """Each of ten calls stores one more article of each sort."""
    left = iter(range(10))

    def call() -> None:
        if next(left, None) is None:
            return
        with writing(news.engine) as conn:
            for given in _BETWEEN:
                news.count += 1
                insert_article(conn, news.count, **given)

    return call


@pytest.mark.parametrize(("order", "limit"), [("published", 1), ("published", 5), ("first_seen", 3), ("changed", 4)])
def test_a_walk_has_each_article_that_was_there_once(news: News, api: Api, order: str, limit: int) -> None:
    more = _more(news)
    for _ in range(4):
        more()
    news.bulk(3, published_at=FIRST)  # of one moment: told apart by number alone
    there = [each["id"] for each in api.get("/articles", order=order, limit=500)["items"]]
    walked = [each["id"] for each in api.walk("/articles", more, order=order, limit=limit)]
    assert len(walked) == len(set(walked))
    assert [id for id in walked if id in set(there)] == there
    assert len(there) == 23


def test_the_lists_of_the_areas_together_are_the_list_of_all_in_its_order(news: News, api: Api) -> None:
    for _ in range(3):
        _more(news)()
    everything = [(each["id"], each["area_slug"]) for each in api.walk("/articles", limit=4)]
    for slug in ("northmarch", "eastmere-and-wold"):
        alone = [each["id"] for each in api.walk("/articles", area=slug, limit=4)]
        assert alone == [id for id, area in everything if area == slug]
    both = api.walk("/articles", area="northmarch,Eastmere and Wold", limit=4)
    assert [each["id"] for each in both] == [id for id, _ in everything]


def test_an_article_without_a_possible_date_stands_where_it_was_first_seen(news: News, api: Api) -> None:
    hour = timedelta(hours=1)
    first = news.article(published_at=FIRST + 1 * hour, seen_at=FIRST + 9 * hour)
    undated = news.article(published_at=None, seen_at=FIRST + 2 * hour)
    last = news.article(published_at=FIRST + 3 * hour, seen_at=FIRST + 9 * hour)
    ahead = news.article(published_at=FIRST + 1000 * hour, seen_at=FIRST + 4 * hour)
    assert [each["id"] for each in api.get("/articles")["items"]] == [ahead, last, undated, first]
    assert [each["id"] for each in api.walk("/articles", limit=1)] == [ahead, last, undated, first]


def test_a_page_that_looked_at_enough_is_short_and_says_where_to_go_on(
    news: News, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "MOST_LOOKED_AT", 4)
    monkeypatch.setattr(walking, "_AT_ONCE", 2)
    rare = [news.article(kind="wanted")]
    news.bulk(20)
    rare.append(news.article(kind="wanted"))
    news.bulk(9)
    page = api.get("/articles", kind="wanted", limit=2)
    assert page["items"] == []
    assert page["next"]
    assert [each["id"] for each in api.walk("/articles", kind="wanted", limit=2)] == rare[::-1]
    assert [each["article_id"] for each in api.walk("/changes", kind="wanted", limit=2)] == rare[::-1]
    assert [each["article_id"] for each in api.walk("/changes", kind="wanted", limit=2, after=0)] == rare


def test_next_is_also_a_link_header_and_keeps_what_was_asked(news: News, api: Api) -> None:
    news.bulk(3)
    response = api.client.get("/api/v1/articles", params={"kind": "appeal", "limit": "2", "include": "body,meta"})
    following = response.json()["next"]
    assert response.headers["link"] == f'<{following}>; rel="next"'
    assert following.startswith(f"{BASE_URL}/api/v1/articles?kind=appeal&limit=2&include=body%2Cmeta&cursor=")
    last = api.client.get(following.removeprefix(BASE_URL))
    assert len(last.json()["items"]) == 1
    assert last.json()["next"] is None
    assert "link" not in last.headers


def test_a_walk_through_search_has_each_hit_once(news: News, api: Api) -> None:
    ids = [news.article(title=f"A heron was seen, {n}") for n in range(5)]
    assert [each["article_id"] for each in api.walk("/search", q="heron", limit=2)] == ids[::-1]
    hit = api.get("/search", q="heron", limit=1)["items"][0]
    assert {"text": "heron", "hit": True} in hit["title_marked"]
    assert [each["id"] for each in api.walk("/articles", q="heron", limit=2)] == ids[::-1]
