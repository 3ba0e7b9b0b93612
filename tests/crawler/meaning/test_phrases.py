"""Lists of phrases mean what they look like."""

from __future__ import annotations

import pytest

from crawler.meaning.phrases import Phrases, folded


@pytest.mark.parametrize(
    ("listed", "text", "said"),
    [
        ("jailed", "Man Jailed!", True),
        ("jailed", "Man jailedly", False),
        ("jail*", "Man jailed", True),
        ("found safe", "Found: safe", True),
        ("found safe", "found and safe", False),
        ("missing + found", "Found: missing man", True),
        ("missing + found", "missing man", False),
        ("found - body", "body found", False),
        ("found - body", "man found", True),
        ("found - bod*", "bodies found", False),
        ("boy, boys, boy s", "the boys", True),
        ("child, child*", "childhood", True),
        ("a, ab, abc d", "abc e", False),
        ("café", "caf", False),
    ],
)
def test_a_phrase_is_said_or_not(listed: str, text: str, said: bool) -> None:
    assert Phrases(listed).said_in(folded(text)) is said
