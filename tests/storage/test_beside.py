"""Which changes of a body are of lines beside the story, and which are of the story."""

from __future__ import annotations

import pytest

from storage.beside import differ_beside, weighed
from storage.changes import Words
from tests.growth import grows_no_faster

STORY = "A bicycle was taken from Mill Lane in Norchester.\n\nCall 101 with information."
MINOR = {
    "a picture's title goes": (f"CCTV 2\n\n{STORY}", STORY),
    "one comes amid the story": (STORY, STORY.replace("\n\n", "\n\nSam Lee\n\n")),
    "another picture": (f"Appeal 03\n\n{STORY}", f"Montage\n\n{STORY}"),
    "another of the site's own pictures": (f"Appeal 03\n\n{STORY}", f"Appeal 01\n\n{STORY}"),
    "a gallery's list": (f"{STORY}\n\n* Rural team 1\n* Rural team 2", STORY),
    "a heading": (STORY, f"{STORY}\n\n## Advice"),
    "bold": (f"**LIVES:** Tarnbridge\n\n{STORY}", STORY),
    "a picture in a gallery": (f"Team 11\n\nTeam 12\n\n{STORY}", f"Team 12\n\nTeam 14\n\n{STORY}"),
    "a day moves": (f"## Friday 12 June\n\n{STORY}", f"## Saturday 13 June\n\n{STORY}"),
    "another person's picture": (f"Sam Lee\n\n{STORY}", f"Sam Poe\n\n{STORY}"),
    "a date's spelling": (f"### Satuday 13 June: 8.30am\n\n{STORY}", f"### Saturday 13 June: 8.30am\n\n{STORY}"),
}
EDIT = {
    "a figure of a short line": (f"{STORY}\n\nAged 34", f"{STORY}\n\nAged 43"),
    "a reference on its own line": (f"{STORY}\n\nCrime number 52/1/21", f"{STORY}\n\nCrime number 52/2/21"),
    "a word of a short line": (f"## Two men were arrested\n\n{STORY}", f"## Two men were charged\n\n{STORY}"),
    "a line of six words": (f"A man and a grey dog\n\n{STORY}", STORY),
    "a short sentence": (f"{STORY}\n\nHe is tall.", STORY),
    "a short question": (f"{STORY}\n\nCan you help?", STORY),
    "an item that a colon announces": (
        "These were taken:\n\n* a ring\n* a watch",
        "These were taken:\n\n* a ring\n* a watch\n* a gold cup",
    ),
    "a missing person is found": (STORY, f"Found safe and well\n\n{STORY}"),
    "an appeal ends": (STORY, f"{STORY}\n\nThis appeal is closed"),
    "story and caption": (f"CCTV 2\n\n{STORY}", STORY.replace("Mill", "Mull")),
    "all there is": ("aged 34", "aged 43"),
    "all there was": (STORY, "Nothing to see"),
}


@pytest.mark.parametrize("name", MINOR)
def test_lines_that_come_and_go_beside_a_story_are_a_minor_change(name: str) -> None:
    old, new = MINOR[name]
    assert differ_beside(old, new)
    assert differ_beside(new, old)
    assert weighed(Words("t", None, old), Words("t", None, new)) == (["body"], True)


@pytest.mark.parametrize("name", EDIT)
def test_what_the_story_says_is_an_edit_however_short(name: str) -> None:
    old, new = EDIT[name]
    assert weighed(Words("t", None, old), Words("t", None, new)) == (["body"], False)
    assert weighed(Words("t", None, new), Words("t", None, old)) == (["body"], False)


def test_an_edit_of_the_title_is_not_said_to_be_one_of_the_body_for_a_caption() -> None:
    old, new = MINOR["a picture's title goes"]
    assert weighed(Words("Man sought", "d", old), Words("Man found", "d", new)) == (["title"], False)
    assert weighed(Words("t", "one", old), Words("t", "two", new)) == (["description"], False)


def test_equal_texts_differ_in_nothing() -> None:
    assert weighed(Words("t", None, STORY), Words("t", "", STORY)) == ([], False)


@pytest.mark.parametrize("unit", ["1", "a ", "1 may ", ".)", "Team 1\n", "a b c\n", "* x:\n", "\n"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def weigh(text: str) -> None:
        differ_beside(f"{STORY}\n\n{text}", f"{STORY}\n\n1{text}")

    grows_no_faster(lambda n: (unit * n)[:n], weigh, 100_000)
