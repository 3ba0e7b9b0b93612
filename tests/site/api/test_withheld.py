"""Nothing of what is withheld is in any answer, and of a story about somebody who is spared no word that its page lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from feeds.site.api.operations import ROOT
from tests.site.api.newsroom import BASE_URL, FIRST, Api, News

SUPPRESSED, WITHDRAWN, ERASED, FORMER = "zzsuppressed", "zzwithdrawn", "zzerased", "zzformer"
PRESENT = "zzpresent"


def words(marker: str) -> dict[str, Any]:
    """A marker in every field."""
    return {
        "title": f"Have you seen {marker}",
        "description": f"Officers look for {marker}.",
        "body": f"The {marker} was last seen at the mill.\n\nThey ask for witnesses, who may call at any time of the day.\n",
        "published_raw": f"{marker} day",
        "tags": (marker,),
        "references": (f"{marker}/1/26",),
        "operations": (f"Operation {marker}",),
        "image_url": f"https://www.northmarch.example/{marker}.jpg",
        "meta": {f"og:{marker}": marker},
    }


class Leaky:
    """A store with one story of each sort, and the numbers of the articles."""

    def __init__(self, news: News) -> None:
        self.news, day = news, timedelta(days=1)

        def story(marker: str, **more: Any) -> int:
            url = f"https://www.northmarch.example/{marker}"
            return news.article(**({"url": url} | words(marker) | more))

        self.suppressed = story(SUPPRESSED, kind="court")
        self.withdrawn = story(WITHDRAWN, kind="missing", sensitive=True)
        self.erased = story(ERASED, kind="wanted", sensitive=True)
        self.spared = story(FORMER, url="https://www.northmarch.example/spared", kind="missing", sensitive=True)
        news.again(self.withdrawn, FIRST + day, body=f"The {WITHDRAWN} was last seen in the wood, by a farmer.\n")
        news.again(self.spared, FIRST + day, **words(PRESENT))
        news.suppress(self.suppressed, FIRST + 2 * day)
        for article in (self.withdrawn, self.erased):
            news.remove(article, FIRST + 2 * day)
        news.change(self.erased, erased_at=FIRST + 3 * day)
        self.withheld = (self.suppressed, self.withdrawn, self.erased)


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leaky]:
    news = News(tmp_path_factory.mktemp("withheld") / "forcewire.db")
    yield Leaky(news)
    news.engine.dispose()


@pytest.fixture(scope="module")
def asked(leaky: Leaky) -> dict[str, tuple[int, str]]:
    """Status and text of every answer that a curious client can get, by URL."""
    api, found = Api(leaky.news.engine), {}
    filters: dict[str, tuple[str, ...]] = {
        "/articles": (
            "",
            "q=last+seen",
            f"q={FORMER}",
            f"q={WITHDRAWN}",
            f"reference={FORMER}126",
            "include=body,body_html,meta",
        ),
        "/changes": (
            "",
            "after=0",
            "kind=missing,wanted,court",
            "field=body",
            "change=new,edited,removed",
            "minor=false",
        ),
    }
    lists = [
        f"{path}?{query}&limit={limit}" for path, queries in filters.items() for query in queries for limit in (1, 500)
    ]
    lists += [
        f"/search?q={word}"
        for word in (SUPPRESSED, WITHDRAWN, ERASED, FORMER, PRESENT, "last+seen", "", "kind:missing")
    ]
    ids = range(1, leaky.news.count + 2)
    numbers = [f"/articles/{id}/versions/{n}" for id, n in product(ids, (1, 2, 3))]
    diffs = [f"/articles/{id}/diff?from={a}&to={b}" for id, a, b in product(ids, (1, 2), (1, 2))]
    wholes = [f"/articles/{id}{rest}" for id in ids for rest in ("", "/versions", "/diff")]
    open_ = [f"{ROOT}{path}" for path in (*lists, *numbers, *diffs, *wholes, "", "/sources", "/areas", "/openapi.json")]
    while open_:
        url = open_.pop()
        response = api.client.get(url)
        found[url] = response.status_code, response.text
        following = response.json().get("next")
        if following and (path := following.removeprefix(BASE_URL)) not in found:
            open_.append(path)
    return found


def test_no_answer_has_a_word_or_an_address_of_what_is_withheld(asked: dict[str, tuple[int, str]]) -> None:
    for url, (_, text) in asked.items():
        said = json.dumps({**json.loads(text), "next": None}).lower()
        for marker in (SUPPRESSED, WITHDRAWN, ERASED, FORMER):
            assert marker not in said, url


def test_what_is_not_withheld_is_answered(asked: dict[str, tuple[int, str]], leaky: Leaky) -> None:
    """Or the test above would hold for an API that answers nothing."""
    status, text = asked[f"{ROOT}/articles/{leaky.spared}"]
    assert status == 200
    assert all(f'"{name}"' in text for name in words(PRESENT))
    assert text.count(PRESENT) >= len(words(PRESENT))
    assert {status for status, _ in asked.values()} == {200, 403, 404, 410}


def test_a_withheld_article_is_gone_with_its_number_force_and_time(
    asked: dict[str, tuple[int, str]], leaky: Leaky
) -> None:
    for article in leaky.withheld:
        for rest in ("", "/versions", "/versions/1", "/diff"):
            status, text = asked[f"{ROOT}/articles/{article}{rest}"]
            assert status == 410
            problem = json.loads(text)
            assert problem["id"] == article
            assert problem["force"] == "Northmarch Police"
            assert problem["at"] == "2026-03-03T08:00:00Z"
            assert set(problem) == {"type", "title", "status", "detail", "id", "force", "at"}


def test_that_a_story_was_withdrawn_is_told_without_its_kind(leaky: Leaky) -> None:
    api = Api(leaky.news.engine)
    gone = api.get("/changes", change="removed")["items"]
    assert sorted(each["article_id"] for each in gone) == sorted((leaky.withdrawn, leaky.erased))
    for each in gone:
        assert each["withheld"]
        assert {each[name] for name in ("url", "address", "title", "kind", "step", "article", "diff")} == {None}
        assert each["fields"] == []
    assert api.get("/changes", kind="missing", change="removed")["items"] == []
    told = {each["article_id"] for each in api.get("/changes")["items"] if each["change"] != "removed"}
    assert told == {leaky.spared}


def test_old_words_of_somebody_spared_are_refused_with_a_reason(
    asked: dict[str, tuple[int, str]], leaky: Leaky
) -> None:
    here = f"{ROOT}/articles/{leaky.spared}"
    for url in (f"{here}/versions/1", f"{here}/diff?from=2&to=1", f"{here}/diff?from=1&to=1"):
        status, text = asked[url]
        assert status == 403
        assert "must be spared" in json.loads(text)["detail"]
    assert asked[f"{here}/versions/2"][0] == 200
    listed = json.loads(asked[f"{here}/versions"][1])["items"]
    assert [each["title"] for each in listed] == [None, f"Have you seen {PRESENT}"]


def test_a_difference_of_somebody_spared_has_only_present_words(
    asked: dict[str, tuple[int, str]], leaky: Leaky
) -> None:
    status, text = asked[f"{ROOT}/articles/{leaky.spared}/diff?from=1&to=2"]
    assert status == 200
    found = json.loads(text)
    assert f"<ins>{PRESENT}</ins>" in found["html"]
    assert "<del>[…]</del>" in found["html"]
    gone = [piece["text"] for pieces in found["segments"].values() for piece in pieces if piece["op"] == "delete"]
    assert gone
    assert set(gone) == {"[…]"}


def test_a_dropped_reference_of_somebody_spared_finds_nothing(leaky: Leaky) -> None:
    api = Api(leaky.news.engine)
    assert api.get("/articles", reference=f"{FORMER}/1/26")["items"] == []
    assert [each["id"] for each in api.get("/articles", reference=f"{PRESENT}126")["items"]] == [leaky.spared]


def test_a_suppression_that_ended_shows_the_article_again(leaky: Leaky) -> None:
    leaky.news.change(leaky.suppressed, suppressed_at=None)
    try:
        assert SUPPRESSED in Api(leaky.news.engine).get(f"/articles/{leaky.suppressed}")["title"]
    finally:
        leaky.news.change(leaky.suppressed, suppressed_at=FIRST + timedelta(days=2))
