"""What counts as a change of an article's text."""

from __future__ import annotations

import unicodedata

import pytest

from storage.changes import Words, changed_fields, content_hash
from tests.growth import grows_no_faster

SAME = {
    "white space": ("Call  101\nor 999.", "Call 101 or 999. "),
    "no-break space": ("10 am", "10\u00a0am"),
    "narrow no-break space": ("10 am", "10\u202fam"),
    "zero-width space": ("Mill Lane", "Mi\u200bll Lane\ufeff"),
    "soft hyphen": ("Norchester", "Nor\u00adchester"),
    "composed letters": ("café", unicodedata.normalize("NFD", "café")),
    "single quotes": ("it's Sam's", "it’s Sam‘s"),
    "double quotes": ('He said "no"', "He said “no”"),
    "masked mail, letters behind": ("[email protected]", "[email protected]chester.example"),
    "masked mail, letters before": ("Mail [email protected] now", "Mail Sam.[email\u00a0protected] now"),
    "masked mail, other letters": ("at [email protected]r.example.", "at [email protected]example."),
}
SAME_IN_BODY = {
    "a link's window": (
        "Use [our form](https://a.example) now",
        "Use [our form (opens in a new window)](https://a.example) now",
    ),
    "a link's tab, behind it": ("Use our form.", "Use our form (Opens in new tab)."),
    "masked mail, escaped": ("[email protected]", r"\[email protected\]"),
    "masked mail, linked": (
        r"[\[email protected\]](https://a.example/cdn-cgi/l/email-protection#aa1)",
        "[email protected](/cdn-cgi/l/email-protection)",
    ),
    "escapes": ("5 * 3 [sic] #tag", r"5 \* 3 \[sic\] \#tag"),
    "bold": ("**Mill Lane** was shut", "Mill Lane was shut"),
    "bold in italics": ("Call **_101_** now", "Call _**101**_ now"),
    "bold that begins elsewhere": ("**Mill Lane** was", "Mill **Lane was**"),
    "italics with stars": ("_Rovik_", "*Rovik*"),
    "link target": ("Use [the form](https://a.example/1)", "Use [the form](<https://a.example/2?x=(1)>)"),
    "link or none": ("Use [the form](https://a.example/1 'Form').", "Use the form."),
    "picture": ("![A lamp](https://a.example/lamp.jpg)\n\nText", "Text"),
    "heading level": ("## Appeal\n\nText", "### Appeal\n\nText"),
    "bullets": (" * one\n * two", "- one\n- two"),
    "quote mark": ("> Call us\n> now", "Call us now"),
    "rule": ("Text\n\n* * *\n\nMore", "Text\n\nMore"),
    "hard break": ("Text\\\nMore", "Text\nMore"),
}
OTHER = {
    "digit": ("aged 34", "aged 43"),
    "letter": ("Mill Lane", "Mull Lane"),
    "case": ("mill lane", "Mill Lane"),
    "stop": ("Call 101", "Call 101."),
    "comma": ("Sam, Kim and Lee", "Sam Kim and Lee"),
    "dash for hyphen": ("10-11", "10–11"),
    "accent": ("cafe", "café"),
    "words joined": ("the rapist", "therapist"),
    "pound": ("£10", "€10"),
    "stop behind masked mail": ("to [email protected]. Or", "to [email protected] Or"),
    "word behind masked mail": ("[email protected] now", "[email protected] soon"),
    "a window in the story": ("It opens in a new window", "It opens in a new shop"),
    "a window in brackets": ("He fled (through a new window)", "He fled"),
    "real mail": ("a@norchester.example", "b@norchester.example"),
}
OTHER_IN_BODY = {
    "link text": ("[here](https://a.example)", "[there](https://a.example)"),
    "number of a list": (" 1. one", " 2. one"),
    "stars that are letters": (r"said f\*\*\* it", r"said f\*\* it"),
    "lone stars": ("said f*** it", "said f** it"),
    "times": ("5 * 3", "5 3"),
    "underscore in a name": ("sam_lee@a.example", "samlee@a.example"),
    "marks in two paragraphs": ("a *b\n\nc* d", "a b\n\nc d"),
}


@pytest.mark.parametrize("name", SAME)
def test_what_does_not_count_is_no_change_in_any_field(name: str) -> None:
    old, new = SAME[name]
    assert changed_fields(Words(old, old, old), Words(new, new, new)) == []
    assert content_hash(Words(old, old, old)) == content_hash(Words(new, new, new))


@pytest.mark.parametrize("name", SAME_IN_BODY)
def test_marks_around_the_same_words_are_no_change_of_the_body(name: str) -> None:
    old, new = SAME_IN_BODY[name]
    assert changed_fields(Words("t", None, old), Words("t", None, new)) == []
    assert content_hash(Words("t", None, old)) == content_hash(Words("t", None, new))


@pytest.mark.parametrize("name", OTHER)
def test_every_digit_letter_and_mark_counts_in_every_field(name: str) -> None:
    old, new = OTHER[name]
    assert changed_fields(Words(old, old, old), Words(new, new, new)) == ["title", "description", "body"]
    assert (
        len({content_hash(Words(*text)) for text in [(old, "", ""), (new, "", ""), ("", old, ""), ("", new, "")]}) == 4
    )


@pytest.mark.parametrize("name", OTHER_IN_BODY)
def test_words_of_the_body_count_whatever_marks_surround_them(name: str) -> None:
    old, new = OTHER_IN_BODY[name]
    assert changed_fields(Words("t", None, old), Words("t", None, new)) == ["body"]
    assert content_hash(Words("t", None, old)) != content_hash(Words("t", None, new))


def test_stars_and_brackets_of_a_title_are_characters() -> None:
    assert changed_fields(Words("*Rovik*", "[a](b)", ""), Words("Rovik", "a", "")) == ["title", "description"]


def test_a_title_alone_is_a_change() -> None:
    old, new = Words("Man sought", "d", "b"), Words("Man found", "d", "b")
    assert changed_fields(old, new) == ["title"]
    assert content_hash(old) != content_hash(new)


def test_no_description_equals_an_empty_one_and_fields_do_not_run_together() -> None:
    assert content_hash(Words("a", None, "b")) == content_hash(Words("a", "", "b"))
    assert content_hash(Words("a b", None, "c")) != content_hash(Words("a", "b", "c"))


@pytest.mark.parametrize(
    "unit", ["*a ", "*a_ ", "*", "_a", "[", "[x](", "![a](", "[x](a(b", "\\", "> ", "- ", "#", "\n", '[a](b "', "a."]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    grows_no_faster(lambda n: Words("t", None, unit * n + "[email protected]"), content_hash, 400_000 // len(unit))
