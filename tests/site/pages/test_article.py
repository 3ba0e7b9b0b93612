"""A story's page: what it says first, how it says when, and what it never says."""

from __future__ import annotations

import pytest

from tests.site.pages.conftest import NAME, Get

Ids = dict[str, int]


def test_its_source_is_the_first_link_of_the_story(get: Get, ids: Ids) -> None:
    page = get(f"/articles/{ids['plain']}")
    assert page.status == 200
    first = page.root.xpath("//article//a[not(ancestor::p[@class='crumbs'])]")[0]
    assert first.get("href") == "https://www.northmarch.example/news/1"
    assert page.words("//h1") == ["Two arrested over a gate"]


@pytest.mark.parametrize(
    ("which", "said", "machine"),
    [
        ("plain", "1 May 2024, 09:01 BST", "2024-05-01T08:01Z"),
        ("day", "1 May 2024", "2024-05-01"),
        ("month", "March 2024", "2024-03"),
        ("undated", "no date stated; seen 1 May 2024, 10:05 BST", "2024-05-01T09:05Z"),
        (
            "future",
            "not before it was seen: 1 May 2024, 10:06 BST (the site states 5 June 2025, 09:00 BST)",
            "2024-05-01T09:06Z",
        ),
    ],
)
def test_when_it_was_published_is_said_as_far_as_it_was_stated(
    get: Get, ids: Ids, which: str, said: str, machine: str
) -> None:
    page = get(f"/articles/{ids[which]}")
    assert page.words("//dt[.='Published']/following-sibling::dd") == [said]
    assert page.root.xpath("//dt[.='Published']/following-sibling::dd//time/@datetime")[0] == machine


def test_headings_of_its_text_follow_the_headline_without_a_gap(get: Get, ids: Ids) -> None:
    headings = get(f"/articles/{ids['plain']}").root.xpath("//article//*[self::h1 or self::h2 or self::h3 or self::h4]")
    assert [(each.tag, each.text_content()) for each in headings] == [
        ("h1", "Two arrested over a gate"),
        ("h2", "What happened"),
        ("h3", "Where"),
        ("h3", "What to do"),
    ]


def test_text_has_no_link_without_words_and_no_empty_head_of_a_table(get: Get, ids: Ids) -> None:
    root = get(f"/articles/{ids['plain']}").root
    assert root.xpath("//div[starts-with(@class, 'body')]//a/@href") == ["https://www.northmarch.example/mill"]
    assert [each.text_content() for each in root.xpath("//th")] == ["Colour"]


def test_course_and_edits_are_told_with_links_to_what_changed(get: Get, ids: Ids) -> None:
    page = get(f"/articles/{ids['plain']}")
    assert page.words("//p[@class='course']") == ["Appeal → Arrest"]
    links = page.root.xpath("//section[@aria-labelledby='timeline']//ol//a/@href")
    assert links == [f"/police/articles/{ids['plain']}/diff/{pair}" for pair in ("1/2", "2/3")]
    assert [each.get("value") for each in page.root.xpath("//select[@name='from']/option")] == ["1", "2", "3"]


def test_other_story_of_the_incident_is_linked(get: Get, ids: Ids) -> None:
    page = get(f"/articles/{ids['later']}")
    assert page.words("//section[@aria-labelledby='related']//p[@class='headline']") == ["Two arrested over a gate"]


def test_text_in_another_language_says_so(get: Get, ids: Ids) -> None:
    page = get(f"/articles/{ids['welsh']}")
    assert page.root.get("lang") == "en-GB"
    assert page.root.xpath("//h1/@lang") == ["cy"]
    assert page.root.xpath("//div[starts-with(@class, 'body')]/@lang") == ["cy"]
    assert get("/areas/tarn").root.xpath("//section[@aria-labelledby='latest']//p[@class='headline']/@lang") == ["cy"]


def test_withdrawn_story_says_so_first_and_asks_not_to_be_kept(get: Get, ids: Ids) -> None:
    page = get(f"/articles/{ids['gone']}")
    assert page.status == 200
    assert page.words("//article/p")[0].startswith(
        "Withdrawn. Northmarch Police took this story down; it was seen gone on 4 May 2024"
    )
    assert page.root.xpath("//meta[@name='robots']/@content") == ["noindex, noarchive"]


@pytest.mark.parametrize(
    ("which", "said"), [("withheld", "withdrew a story that stood here"), ("suppressed", "It is not shown any more")]
)
@pytest.mark.parametrize("path", ["", "/diff/1/2"])
def test_withheld_story_is_a_tombstone_without_a_word_of_it(
    get: Get, ids: Ids, which: str, said: str, path: str
) -> None:
    page = get(f"/articles/{ids[which]}{path}")
    assert page.status == 410
    assert said in page.said
    assert not any(word in page.text for word in (NAME, "Ezra", "Child found", "/news/", "missing", "found:"))


def test_sensitive_story_shows_its_present_words_alone(get: Get, ids: Ids) -> None:
    story = ids["spared"]
    for path in (
        f"/articles/{story}",
        f"/articles/{story}/diff/2/3",
        f"/articles/{story}/diff/1/3",
        "/changes",
        "/",
        "/areas/northmarch",
    ):
        page = get(path)
        assert page.status == 200, path
        assert NAME not in page.text, path
    assert get(f"/articles/{story}/diff/1/2").status == 404
    assert "Missing: a girl" in get(f"/articles/{story}").said
    assert not get(f"/articles/{story}").root.xpath("//select")


@pytest.mark.parametrize(
    "path",
    ["/articles/0", "/articles/x", "/articles/-1", "/articles/99999999999999999999", "/articles/４", "/articles/9999"],
)
def test_number_that_is_none_is_a_sentence(get: Get, path: str) -> None:
    page = get(path)
    assert page.status == 404
    assert page.words("//h1") == ["Not here"]
