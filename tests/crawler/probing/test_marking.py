"""The day of a live check is set in an entry, and nothing else in the file changes."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from crawler.entries import BUNDLED, SourceError, load_entry
from crawler.probing.marking import mark_checked, marked

ON = date(2026, 6, 20)
PLAIN = 'name = "x"\n[assertions.min]\nlinks = 3  # few\n'
TABLE = 'name = "x"\n[known]\nplatform = "page"\n[assertions.min]\nlinks = 3\n'


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        TABLE,
        TABLE.replace("[known]\n", "[known]\nchecked = 2025-01-02\n"),
        TABLE.replace("[known]\n", "[known]  # how well\nchecked = '2025-01-02'  # by hand\n"),
        'name = "x"\nknown = { platform = "page" }\n',
        'name = "x"\nknown = { platform = "page", checked = 2025-01-02 }\n',
        'name = "x"\nknown = { checked = "2025-01-02", platform = "page" }\n',
        'name = "x"\nknown = {}\n',
        'name = "x"\n[known]',
        'name = "[known]"\n',
    ],
)
def test_the_day_is_set_and_all_else_stays(text: str) -> None:
    before, after = tomllib.loads(text), tomllib.loads(marked(text, ON))
    assert after["known"].pop("checked") == ON
    before.setdefault("known", {}).pop("checked", None)
    assert after == before
    assert [line for line in text.splitlines() if "#" in line and "checked" not in line] == [
        line for line in marked(text, ON).splitlines() if "#" in line and "checked" not in line
    ]


def test_marking_twice_is_marking_once() -> None:
    assert marked(marked(TABLE, ON), ON) == marked(TABLE, ON)


@pytest.mark.parametrize("path", sorted(BUNDLED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_entry_can_be_marked_in_a_copy(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    made = mark_checked(tmp_path, path.stem, ON)
    written = made.path
    assert (written, made.copied) == (tmp_path / path.name, True)
    assert load_entry(written).known.checked == ON
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [written]


def test_a_copy_of_ones_own_is_marked_and_not_the_bundled_one(tmp_path: Path) -> None:
    own = tmp_path / "bedfordshire.toml"
    own.write_text(
        (BUNDLED / "bedfordshire.toml").read_text("utf-8").replace('interval = "15m"', 'interval = "2h"'), "utf-8"
    )
    assert not mark_checked(tmp_path, "bedfordshire", ON).copied
    assert load_entry(own).interval.total_seconds() == 7200


def test_a_source_that_is_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.toml"):
        mark_checked(tmp_path, "nowhere", ON)


def test_a_spelling_that_cannot_be_marked_is_left_as_it_is_and_says_what_to_write(tmp_path: Path) -> None:
    own = tmp_path / "bedfordshire.toml"
    text = re.sub(r"^\[known\]\n[^\[]*", "", (BUNDLED / "bedfordshire.toml").read_text("utf-8"), flags=re.M)
    own.write_text(f'known.platform = "page"\n{text}', "utf-8")
    before = own.read_bytes()
    with pytest.raises(
        SourceError, match=rf"^{re.escape(str(own.parent))}/bedfordshire\.toml: known.checked .* 2026-06-20 by hand"
    ):
        mark_checked(tmp_path, "bedfordshire", ON)
    assert own.read_bytes() == before
    assert list(tmp_path.iterdir()) == [own]
