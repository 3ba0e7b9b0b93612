"""What a diff must be: true to the letter, readable, harmless in HTML, and bounded in time."""

from __future__ import annotations

import itertools
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.changes import Words, changed_fields
from storage.diff_shown import evened
from storage.diffs import differences, document, html, shown, unified
from storage.segments import DELETE, EQUAL, INSERT, Segment, segments
from tests.growth import grows_no_faster

PIECES = [
    "the",
    "aged",
    "34",
    "43",
    "10.30pm",
    "M1",
    "“",
    '"',
    "é",
    "\u200b",
    ".",
    "...",
    "**",
    " ",
    "  ",
    "\n",
    "\n\n",
]
ODD = [
    "\r",
    "\x0b",
    "\u2028",
    "\\ No newline at end of file",
    "--- a",
    "+++ b",
    "@@ -1 +1 @@",
    "-",
    "+",
    "<b>",
    "&amp;",
]
TEXTS = st.lists(st.sampled_from(PIECES + ODD), max_size=30).map("".join) | st.text(max_size=40)


def sides(pieces: list[Segment]) -> tuple[str, str]:
    return (
        "".join(piece.text for piece in pieces if piece.op != INSERT),
        "".join(piece.text for piece in pieces if piece.op != DELETE),
    )


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts_to_the_letter(old: str, new: str) -> None:
    pieces = segments(old, new)
    assert sides(pieces) == (old, new)
    assert all(piece.text for piece in pieces)
    for before, after in itertools.pairwise(pieces):
        assert (before.op, after.op) not in {(each, each) for each in (EQUAL, DELETE, INSERT)} | {(INSERT, DELETE)}


@given(TEXTS)
def test_equal_texts_have_one_equal_piece_and_no_unified_diff(text: str) -> None:
    assert segments(text, text) == ([Segment(EQUAL, text)] if text else [])
    assert unified(text, text) == ""


def applied(old: str, diff: str) -> str:
    """A unified diff applied by its definition."""
    lines, out, at = re.findall(r"[^\n]*\n|[^\n]+", old), [], 0
    for hunk in re.split(r"^(?=@@ )", diff, flags=re.MULTILINE)[1:]:
        for line in hunk_lines(hunk):
            if match := re.match(r"@@ -(\d+)(?:,(\d+))? ", line):
                start = int(match[1]) - (match[2] != "0")
                out += lines[at:start]
                at = start
                continue
            if line[0] in " -":
                assert lines[at] == line[1:]
                at += 1
            if line[0] in " +":
                out.append(line[1:])
    return "".join(out + lines[at:])


def hunk_lines(hunk: str) -> Iterator[str]:
    lines = re.findall(r"[^\n]*\n", hunk)
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if not line.startswith("\\"):
            yield line[:-1] if after.startswith("\\") else line


@given(TEXTS, TEXTS)
def test_the_unified_diff_applied_to_the_first_text_gives_the_second(old: str, new: str) -> None:
    old, new = (
        text.replace("@@ -1 +1 @@\n", "") for text in (old, new)
    )  # what the test's own parser cannot tell apart
    assert applied(old, unified(old, new)) == new


@pytest.mark.skipif(not shutil.which("patch"), reason="no patch on this machine")
def test_patch_turns_the_first_text_into_the_second(tmp_path: Path) -> None:
    draw = random.Random(5)
    for _ in range(60):
        old = "".join(draw.choices(PIECES + ODD, k=draw.randrange(120)))
        new = "".join(piece for piece in re.split(r"( )", old) if draw.random() > 0.1) + draw.choice(["", "x", "\n"])
        if old == new:
            continue
        for name, text in (("old", old), ("diff", unified(old, new))):
            (tmp_path / name).write_bytes(text.encode())
        subprocess.run(
            ["patch", "--binary", "--silent", "--output", "new", "old", "diff"], cwd=tmp_path, check=True, timeout=10
        )
        assert (tmp_path / "new").read_bytes().decode() == new


def test_a_unified_diff_of_far_lines_has_two_hunks_and_says_where_no_newline_is() -> None:
    old = "".join(f"{n}\n" for n in range(1, 21))
    assert unified(old, old.replace("2\n3", "x\n3", 1).removesuffix("\n"), before="1", after="2").splitlines() == (
        "--- 1|+++ 2|@@ -1,5 +1,5 @@| 1|-2|+x| 3| 4| 5|@@ -17,4 +17,4 @@| 17| 18| 19|-20|+20|\\ No newline at end of file"
    ).split("|")


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("a man aged 34 was", "a man aged 43 was", "a man aged [-34-]{+43+} was"),
        ("at 10.30pm on", "at 11.30pm on", "at [-10.30pm-]{+11.30pm+} on"),
        ("£1,200 taken", "£1,250 taken", "£[-1,200-]{+1,250+} taken"),
        ("One.\n\nTwo.", "One.\n\nNew here.\n\nTwo.", "One.\n\n{+New here.\n\n+}Two."),
        ("seen in Tarn", "last seen in Tarn", "{+last +}seen in Tarn"),
        ("Police seek a witness.", "Police arrested the thief.", "Police [-seek a witness-]{+arrested the thief+}."),
    ],
)
def test_words_and_numbers_stay_whole(old: str, new: str, pieces: str) -> None:
    marks = {EQUAL: "{}", DELETE: "[-{}-]", INSERT: "{{+{}+}}"}
    assert "".join(marks[piece.op].format(piece.text) for piece in segments(old, new)) == pieces


def test_a_rewritten_sentence_is_no_patchwork_but_its_number_stays() -> None:
    pieces = segments("Officers searched the whole estate. Call 101", "Everybody enjoyed the school parade. Call 101")
    assert [piece.op for piece in pieces] == [DELETE, INSERT, EQUAL]
    assert pieces[-1].text == ". Call 101"


@given(TEXTS, TEXTS)
def test_what_is_evened_out_says_the_same_and_no_digit_goes(old: str, new: str) -> None:
    pieces = list(evened(segments(old, new)))
    for words, side in zip((old, new), sides(pieces), strict=True):
        assert re.findall(r"\d", words) == re.findall(r"\d", side)
        assert changed_fields(Words(f"x{words}x", None, ""), Words(f"x{side}x", None, "")) == []


@given(TEXTS, TEXTS)
def test_a_change_that_counts_is_shown(old: str, new: str) -> None:
    before, after = Words(old, old, old), Words(new, new, new)
    assert set(changed_fields(before, after)) <= set(shown(before, after))


def test_only_marks_quotes_and_white_space_differ_so_nothing_is_shown() -> None:
    old = Words("“Lamp” taken", "It’s gone", "**Mill** [Lane](https://a.example)\n\nwas shut")
    new = Words('"Lamp" taken', "It's gone", "Mill [Lane](https://b.example) was  shut")
    assert shown(old, new) == {}
    assert html(old, new) == ""
    assert [piece.op for piece in differences(old, new)["body"]].count(EQUAL) > 1


def test_html_marks_words_leaves_out_what_stayed_and_escapes_everything() -> None:
    old = Words("Appeal <b>", None, "Aged 34 & <script>.\n\nStays.\n\nStays too.\n\nLast one")
    new = Words("Arrest <b>", None, "Aged 43 & <script>.\n\nStays.\n\nStays too.\n\nLast\none\n\nand more")
    assert html(old, new) == (
        "<p><strong><del>Appeal</del><ins>Arrest</ins> &lt;b&gt;</strong></p>"
        "<p>Aged <del>34</del><ins>43</ins> &amp; &lt;script&gt;.</p><p>[…]</p><p><ins>and more</ins></p>"
    )


@given(TEXTS, TEXTS)
def test_html_is_balanced_and_holds_no_tag_of_the_texts(old: str, new: str) -> None:
    made = html(Words(old, old, old), Words(new, None, new))
    tags = re.findall(r"<[^>]*>", made)
    assert set(tags) <= {f"<{end}{tag}>" for tag in ("p", "ins", "del", "strong", "em") for end in ("", "/")} | {
        "<br/>"
    }
    opened: list[str] = []
    for tag in tags:
        if tag.startswith("</"):
            assert opened.pop() == tag[2:-1]
        elif tag != "<br/>":
            opened.append(tag[1:-1])
    assert opened == []


def test_the_document_of_a_version_is_its_fields_in_order() -> None:
    assert document(Words("Title", None, "Body.\n")) == "Title\n\nBody.\n"
    assert document(Words("Title", "Lead", "Body.\n")) == "Title\n\nLead\n\nBody.\n"


def hostile(size: int) -> Iterator[tuple[str, str, str]]:
    draw = random.Random(3)
    numbers = [str(n) for n in range(3000)]
    for name, letters in (
        ("words", [f"{n} " for n in numbers]),
        ("marks", [*".;!?"]),
        ("lines", ["a\n", "b\n", "\n\n"]),
    ):
        yield name, "".join(draw.choices(letters, k=size))[:size], "".join(draw.choices(letters, k=size))[:size]
    yield "one word", "a" * size, "b" * size
    yield "white space", " " * size, " " * (size - 1) + "\n"
    yield "shifted", "a " * (size // 2), "b a " * (size // 4)
    yield "brackets", "[" * size, "](" * (size // 2)


@pytest.mark.parametrize("number", range(7), ids=[name for name, _, _ in hostile(100)])
def test_a_long_and_hostile_body_takes_linear_time(number: int) -> None:
    """difflib's SequenceMatcher takes minutes for some."""

    def compare(texts: tuple[str, str, str]) -> None:
        _, old, new = texts
        assert sides(segments(old, new)) == (old, new)
        unified(old, new)
        html(Words("", None, old), Words("", None, new))

    grows_no_faster(lambda size: [*hostile(size)][number], compare, 130_000)
