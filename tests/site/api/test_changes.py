"""/changes: what happened, and that whoever asks again with `after` misses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import writing
from storage.models import Change
from tests.site.api.newsroom import BASE_URL, FIRST, Api, News

DAY = timedelta(days=1)
FIXED = ("id", "change", "minor", "source", "area", "url", "title", "fields", "version", "at")


@pytest.fixture
def edited(news: News) -> int:
    article = news.article(kind="appeal", title="Appeal after a lamp was taken")
    news.again(article, FIRST + DAY, kind="arrest", title="Man held after a lamp was taken")
    return article


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One change of each sort but a move and a return; the last of them is our own doing."""
    news = News(tmp_path_factory.mktemp("changes") / "forcewire.db")
    article = news.article(kind="appeal")
    news.again(article, FIRST + DAY, kind="arrest", title="Man held after a lamp was taken")
    news.article("eastmere", kind="court")
    news.remove(article, FIRST + 2 * DAY)
    with writing(news.engine) as conn:
        row: dict[str, Any] = {"article_id": article, "change": "reparsed", "version": 2, "fields": ["body"]}
        conn.execute(sa.insert(Change).values(row | {"minor": False, "at": FIRST + 3 * DAY}))
    yield Api(news.engine)
    news.engine.dispose()


def test_an_edit_has_the_fixed_names_and_where_to_see_it(edited: int, api: Api) -> None:
    newest, first = api.get("/changes")["items"]
    assert {name: newest[name] for name in FIXED} == {
        "id": 2,
        "change": "edited",
        "minor": False,
        "source": "northmarch",
        "area": "Northmarch",
        "url": "https://www.northmarch.example/news/1",
        "title": "Man held after a lamp was taken",
        "fields": ["title"],
        "version": 2,
        "at": "2026-03-02T08:00:00Z",
    }
    assert newest["step"] == "Appeal → Arrest"
    assert newest["diff"] == f"{BASE_URL}/api/v1/articles/{edited}/diff?from=1&to=2"
    assert api.get(newest["diff"])["segments"].keys() == {"title"}
    assert (first["change"], first["title"], first["diff"]) == ("new", "Appeal after a lamp was taken", None)


def test_after_gives_what_was_stored_since_in_that_order_and_where_to_go_on(news: News, api: Api) -> None:
    seen: list[int] = []
    after = api.get("/changes")["after"]
    assert after == 0
    for n in range(5):
        news.article(seen_at=FIRST - n * DAY)  # an import brings what is older and older
        news.article(seen_at=FIRST + n * DAY)
        page = api.get("/changes", after=after, limit=1)
        while True:
            seen += [each["id"] for each in page["items"]]
            after = page["after"]
            if not page["next"]:
                break
            page = api.get(page["next"])
    assert seen == list(range(1, 11))
    assert api.get("/changes", after=after) == {"items": [], "next": None, "after": after}


def test_the_first_page_says_after_what_to_ask_when_the_walk_is_done(news: News, api: Api) -> None:
    """What comes in during a walk back in time is had by asking on from where it began: each change once."""
    for _ in range(5):
        news.article()
    page = api.get("/changes", limit=2)
    marks, walked = [page["after"]], [each["id"] for each in page["items"]]
    while page["next"]:
        news.article()
        page = api.get(page["next"])
        marks.append(page["after"])
        walked += [each["id"] for each in page["items"]]
    assert set(marks) == {5}
    assert walked == [5, 4, 3, 2, 1]
    assert [each["id"] for each in api.get("/changes", after=marks[0])["items"]] == [6, 7]


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ({}, ["removed", "edited", "new", "new"]),
        ({"change": "edited,removed"}, ["removed", "edited"]),
        ({"change": "reparsed"}, ["reparsed"]),
        ({"kind": "arrest"}, ["removed", "edited"]),
        ({"kind": "appeal"}, ["edited", "new"]),
        ({"field": "title"}, ["edited"]),
        ({"field": "body"}, []),
        ({"area": "eastmere-and-wold"}, ["new"]),
        ({"area": "Northmarch", "source": "eastmere"}, []),
        ({"source": "eastmere,northmarch"}, ["removed", "edited", "new", "new"]),
        ({"since": "2026-03-02"}, ["removed", "edited"]),
        ({"since": "2026-03-02T08:00:00.000001Z"}, ["removed"]),
        ({"until": "2026-03-02"}, ["edited", "new", "new"]),
        ({"until": "2026-03-02T08:00:00Z"}, ["new", "new"]),
        ({"minor": "true"}, []),
    ],
)
def test_filters_choose(told: Api, query: dict[str, str], changes: list[str]) -> None:
    assert [each["change"] for each in told.get("/changes", **query)["items"]] == changes
    stored = told.get("/changes", **query, after=0)["items"]
    assert sorted(each["change"] for each in stored) == sorted(changes)
    assert [each["id"] for each in stored] == sorted(each["id"] for each in stored)


def test_two_places_at_once_are_refused(news: News, api: Api) -> None:
    news.bulk(2)
    following = api.get("/changes", limit=1)["next"]
    assert "give one of them" in api.get(f"{following}&after=1", 400)["detail"]
    cursor = api.get("/articles", limit=1)["next"].rpartition("cursor=")[2]
    assert api.get("/changes", 400, cursor=cursor)["parameter"] == "cursor"
