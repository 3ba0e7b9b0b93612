"""A line that changes from visit to visit is no part of a story, and a line of a story is no such line."""

from __future__ import annotations

import pytest

from crawler.readers.furniture import is_furniture

VOLATILE = [
    "Posted 3 minutes ago", "Last updated: 4 days ago", "an hour ago", "2 hrs ago by Press Office", "Updated 1 hour, 5 minutes ago", "Just now",
    "Published yesterday at 10:32", "Today, 17:40", "Edited by Jo Sample 2 years ago",
    "1,234 views", "Page views: 1240", "Viewed 1,234 times", "This page has been viewed 1,234 times today", "Hits: 312", "12 shares", "3.2k likes",
    "You are visitor number 12,345", "231 people are reading this page", "14 guests online", "24 people found this helpful",
    "Rated 4.6 out of 5 (24 votes)", "3 min read", "Reading time: about 4 minutes",
    "Page generated in 0.201 seconds.", "Today is Tuesday 24 November 2026", "12:08:15", "Request ID: 91ab3c2e-22bb", "Build a81f3c9",
    "Version 4.2.1 (build b72e4d0)", "Sign in", "Log in or register", "Welcome back, guest!", "You are not logged in", "English | Cymraeg",
    "Was this article helpful?", "Thank you for your feedback", "Edit this page on GitHub", "Suggest an edit",
]  # fmt: skip
STORY = [
    "Aged 34", "34 years old", "Ten years ago", "20 years ago", "The attack happened three minutes ago, he told the operator.",
    "It was reported an hour ago that a boy was missing", "10:32", "4.15am", "24/00123456", "Crime reference: 24/00123456", "Incident 231 of 3 March",
    "Reference number: a81f3c9e", "12 people arrested", "231 people were on board", "5 votes were cast in the ballot", "3 minutes",
    "Views wanted on policing budget", "Two hits", "He shares a flat with two others", "Signing in sheets were stolen", "Log in the river",
    "Yesterday", "Today", "Released under investigation", "Version of events disputed", "Build: slim", "Medium build", "Aged 25 to 30, slim build",
    "£12 million", "12°C", "English, 5ft 10in", "No helpful witnesses", "Read 12 books", "Seen 3 times", "Hit: 3", "Session 4: 10am",
]  # fmt: skip


@pytest.mark.parametrize("line", VOLATILE)
def test_line_that_changes_with_each_visit_is_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", STORY)
def test_line_of_a_story_is_none(line: str) -> None:
    assert not is_furniture(line)
