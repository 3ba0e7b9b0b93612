"""What differs between two versions."""

from __future__ import annotations

import pytest

from tests.site.pages.conftest import Get

Ids = dict[str, int]


def test_each_word_that_went_or_came_says_so_to_ear_and_eye(get: Get, ids: Ids) -> None:
    page = get(f"/articles/{ids['plain']}/diff/1/2")
    assert page.words("//div[starts-with(@class, 'diff')]//del") == ["removed: five-bar end of removed"]
    assert page.words("//div[starts-with(@class, 'diff')]//ins") == ["added: six-bar end of added"]


def test_any_two_versions_can_be_compared_by_a_form(get: Get, ids: Ids) -> None:
    answer = get(f"/articles/{ids['plain']}/diff?from=3&to=1")
    assert answer.status == 303
    assert answer.headers["location"] == f"/police/articles/{ids['plain']}/diff/1/3"
    page = get(f"/articles/{ids['plain']}/diff/1/3")
    assert "Appeal → Arrest" in page.said
    assert "Gate & post <b>taken</b>" in " ".join(page.words("//div[starts-with(@class, 'diff')]//p[1]"))


def test_edits_before_and_after_are_linked(get: Get, ids: Ids) -> None:
    story = f"/police/articles/{ids['plain']}"
    assert get(f"/articles/{ids['plain']}/diff/1/2").root.xpath("//a[@rel='next']/@href") == [f"{story}/diff/2/3"]
    assert get(f"/articles/{ids['plain']}/diff/2/3").root.xpath("//a[@rel='prev']/@href") == [f"{story}/diff/1/2"]


@pytest.mark.parametrize("pair", ["2/1", "1/1", "1/9", "0/1", "x/y", "1/99999999999999999999"])
def test_versions_that_cannot_be_compared_are_a_sentence(get: Get, ids: Ids, pair: str) -> None:
    assert get(f"/articles/{ids['plain']}/diff/{pair}").status == 404


@pytest.mark.parametrize("query", ["", "?from=1", "?from=1&to=x", "?from=-1&to=2"])
def test_form_without_two_versions_is_a_sentence(get: Get, ids: Ids, query: str) -> None:
    assert get(f"/articles/{ids['plain']}/diff{query}").status == 400
