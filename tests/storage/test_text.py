"""What a database cannot hold."""

from __future__ import annotations

import json
import math

import pytest

from storage.text import storable, storable_json


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\x9f", "\ud800", "\ufffe", "\uffff"])
def test_bad_characters_are_taken_out(bad: str) -> None:
    assert storable(f"La{bad}mp £5 \n") == "Lamp £5 \n"


def test_good_text_stays_as_it_is() -> None:
    text = "Tab\tline\nCR\r\u00a0£5 “it’s” \U0001f6a8 Llŷn \ufffd"
    assert storable(text) is text
    assert storable(None) is None


def test_a_break_between_words_stays_one() -> None:
    assert storable("Mill\x0bLane\x0cand\x85more") == "Mill Lane and more"


def test_nested_values_are_cleaned_and_fit_json() -> None:
    value = {"a\x00": ["b\ud800", ("c", {"d": math.nan, "e": math.inf})], 5: {"f\x01"}, "g": b"h", "i": None, "j": True}
    cleaned = storable_json(value)
    assert cleaned == {"a": ["b", ["c", {"d": None, "e": None}]], "5": ["f"], "g": "b'h'", "i": None, "j": True}
    json.dumps(cleaned, allow_nan=False)


def test_endless_nesting_is_cut() -> None:
    value: list[object] = []
    for _ in range(5000):
        value = [value]
    assert json.dumps(storable_json(value)).count("[") == 100
