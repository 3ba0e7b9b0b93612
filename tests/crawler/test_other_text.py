"""A page that tells nothing of its story any more is believed after a day; a notice in a story's place is never its edit."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.telling import tells_another_story
from storage.changes import Words
from tests.crawler.test_confirming import Pages, issues, stored_text, text, told
from tests.crawler.test_crawl import rows

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
APPEAL = Words(
    "Appeal to find missing Zebedia Quillfeather from Marlham",
    None,
    "Zebedia, 14, was last seen on Mill Lane on Monday at 4pm. She is 5ft tall and wore a red coat with a hood.",
)
NOTICE = ["Fenwold Constabulary", "Our press team chose to take this one back. Have a look at what else we did."]


@pytest.fixture
def pages(site: Any) -> Pages:
    found = Pages(site, 8)
    found.stories[2] = [APPEAL.title, APPEAL.body]
    return found


def crawl_at(crawl: Any, hours: float) -> Any:
    return crawl(clock=lambda: NOW + timedelta(hours=hours))


def test_text_of_another_story_is_told_when_it_lasted_for_a_day(pages: Pages, crawl: Any, database: str) -> None:
    crawl_at(crawl, 0)
    pages.stories[2] = list(NOTICE)
    for hours in (1, 3, 24):
        assert crawl_at(crawl, hours).counts.edited == 0
    assert set(issues(database)) == {"other text"}
    assert "Zebedia" in stored_text(database, 2)
    assert crawl_at(crawl, 26).counts.edited == 1
    assert told(database) == [("edited", "2")]


def test_text_of_another_story_that_goes_within_a_day_leaves_no_trace(pages: Pages, crawl: Any, database: str) -> None:
    crawl_at(crawl, 0)
    pages.stories[2] = list(NOTICE)
    crawl_at(crawl, 1)
    pages.stories[2] = [APPEAL.title, APPEAL.body]
    crawl_at(crawl, 3)
    pages.stories[2] = list(NOTICE)
    assert crawl_at(crawl, 26).counts.edited == 0
    assert told(database) == []


def test_text_of_another_story_with_a_number_that_moves_is_no_edit(pages: Pages, crawl: Any, database: str) -> None:
    crawl_at(crawl, 0)
    ticket = itertools.count(1000)
    lines = [
        "Nothing of this is here and nobody will say why it is so today",
        "Have a look at the rest of what there is",
    ]
    pages.draw = lambda n, old: [NOTICE[0], *lines, f"Ticket {next(ticket)}"] if n == 2 else old
    crawl_at(crawl, 1)
    assert told(database) == []
    assert issues(database) == ["other text"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Missing Marlham girl found safe", "Thank you to all who shared this. She is back with her family."),
        ("UPDATE: teenager found safe", "Ms Quillfeather is back with her family, who thank all who looked."),
    ],
)
def test_rewrite_that_keeps_the_name_or_the_place_is_told_at_once(
    pages: Pages, crawl: Any, database: str, title: str, body: str
) -> None:
    crawl_at(crawl, 0)
    pages.stories[2] = [title, body]
    assert crawl_at(crawl, 1).counts.edited == 1
    assert told(database) == [("edited", "2")]


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("One more step", "Please complete the security check to access fenwold.example", "blocked"),
        (APPEAL.title, "Something went wrong. Please try again later.", "http"),
    ],
)
def test_guard_or_error_on_one_page_is_an_issue_and_neither_an_edit_nor_a_removal(
    pages: Pages, crawl: Any, database: str, title: str, body: str, kind: str
) -> None:
    crawl_at(crawl, 0)
    pages.stories[2] = [title, body]
    for hours in (1, 3, 30, 60):
        assert crawl_at(crawl, hours).counts.failed == 1
    assert told(database) == []
    assert set(issues(database)) == {kind}


def test_notice_below_the_headline_of_a_sensitive_story_is_a_removal_and_hides_it(
    pages: Pages, crawl: Any, database: str
) -> None:
    crawl_at(crawl, 0)
    pages.stories[2] = [APPEAL.title, "This news story has been removed."]
    crawl_at(crawl, 1)
    crawl_at(crawl, 3)
    assert rows(database, "select change from change where change != 'new'") == [("removed",)]
    assert rows(database, "select sensitive from article where removed_at is not null") == [(1,)]


@pytest.mark.parametrize(
    ("new", "other"),
    [
        (Words("Zebedia Quillfeather found", None, "Thank you."), False),
        (Words("Teenager found", None, "The girl from Marlham is safe."), False),
        (Words("Fenwold Police", None, "Fenwold Police asks you to come back."), True),
        (Words("Appeal", None, "Police appeal for help from people who have seen something."), True),
        (Words("Something else", None, APPEAL.body), False),
    ],
)
def test_words_by_which_a_story_is_known(new: Words, other: bool) -> None:
    assert tells_another_story(APPEAL, new, "Fenwold Police Fenwold") is other


def test_mutated_place_is_the_same_place() -> None:
    old = Words("Dyn wedi'i arestio yng Nghaerfelin", None, "Mae dyn wedi'i arestio ar ôl lladrad mewn siop yno ddoe.")
    assert not tells_another_story(old, Words("Lladrad", None, "Cyhuddwyd rhywun o Gaerfelin."), "")


def test_headline_that_tells_nothing_is_known_by_the_names_below_it() -> None:
    old = Words("Police appeal for witnesses", None, "A man was hurt in Marlham on Monday.")
    assert not tells_another_story(old, Words("Man charged", None, "He is from Marlham, and was charged today."), "")
    assert tells_another_story(old, Words("Hello", None, "Come back another day, we are not in."), "")


def test_erased_story_has_nothing_to_be_held_against() -> None:
    assert not tells_another_story(Words("", None, ""), Words("Hello", None, text(3)), "")
