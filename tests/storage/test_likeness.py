"""Which texts tell a story that was stored, and which lines of all pages were corrected."""

from __future__ import annotations

import pytest

from storage.changes import Words
from storage.likeness import corrected, same_title, tells_story
from storage.pieces import differences

BODY = "A lamp was taken from Mill Lane on Tuesday night by two men in dark coats who left on foot."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Mail the desk or call 01632 960 001.", "Mail the desk or call 01632 960 999.", True),
        ("Call the press desk of Fenwold on 101.", "Call the press office of Fenwold on 101.", True),
        ("Open until 5 in the afternoon, call 01632 960 001.", "Roads are closed: do not travel.", False),
        ("Today is Monday 23 November 2026 in Fenwold", "Today is Tuesday 24 November 2026 in Fenwold", False),
        ("The desk answered 5 minutes ago", "The desk answered 12 minutes ago", False),
        ("Fenwold police, dydd Llun 30 Tachwedd", "Fenwold police, dydd Mawrth 1 Rhagfyr", False),
        ("", "Roads are closed: do not travel.", False),
        ("Roads are closed: do not travel.", "", False),
    ],
)
def test_line_of_all_pages_is_corrected_where_a_figure_or_a_word_of_it_was(old: str, new: str, expected: bool) -> None:
    found = differences(Words("Lamp", None, f"{BODY}\n\n{old}"), Words("Lamp", None, f"{BODY}\n\n{new}"))
    assert corrected(found, frozenset(piece.digest for piece in found.all)) is expected
    assert not corrected(found, frozenset(piece.masked.digest for piece in found.all)), "by its shape: a clock"
    assert not corrected(found, frozenset())


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Lamp is taken!", "This appeal is closed.", True),
        ("Man is charged", BODY + " A man was charged.", True),
        ("Fenwold news", "We are doing some work on these pages, please come back later.", False),
    ],
)
def test_story_is_told_by_its_headline_or_by_half_of_its_words(title: str, body: str, expected: bool) -> None:
    assert tells_story({"title": "Lamp is taken", "body": BODY}, {"title": title, "body": body}) is expected


def test_erased_story_is_told_by_nothing() -> None:
    assert not tells_story({"title": "", "body": ""}, {"title": "?", "body": BODY})
    assert not same_title("", "")
