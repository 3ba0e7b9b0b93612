"""The real edits of the archive, and invented ones of every area: each told once, by its fields, and nothing else told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.entries import load_entries
from tests.archive.edits import Edit, difference, history
from tests.archive.edits_crawled import crawled
from tests.archive.edits_invented import invented
from tests.archive.edits_replayed import WAYS, Replay, Steps, replay
from tests.archive.records import ArchiveRecord, sampled

_STORY = (
    "Officers were called to Mill Lane in Norchester at 9pm on Friday.\n\nSam Lee, 34, was seen there with a dog.\n"
)


def record(body: str = _STORY, title: str = "Man sought", **keys: str) -> ArchiveRecord:
    block = {"area": "Norchester", "title": title, "url": "https://www.norchester.example/news/1", **keys}
    return ArchiveRecord("Norchester", block, body)


RULE = {
    "a figure": (record(), record(_STORY.replace("34", "43")), ("body",), "story"),
    "a title": (record(), record(title="Man found"), ("title",), "story"),
    "a title escaped": (record(title="Sam&#39;s dog"), record(title="Sam’s dog"), (), "other keys"),
    "a caption": (record(), record(f"{_STORY}\nCCTV 2\n"), (), "picture titles"),
    "bold": (record(), record(_STORY.replace("Mill Lane", "**Mill Lane**")), (), "Markdown marks or spaces"),
    "a line's date": (record(f"**Friday 1 May 2020**\n\n{_STORY}"), record(f"Friday, 1st May, 2021\n\n{_STORY}"), (), "date line"),
    "a mask": (record(f"{_STORY}\n[email protected]\n"), record(f"{_STORY}\nSam[email protected]\n"), (), "masked e-mail"),
    "a flag": (record(), record(f"Updated News Post\n\n{_STORY}"), (), "flag line"),
    "no-break spaces": (record(), record(_STORY.replace("9pm on", "9pm\u00a0on")), (), "Markdown marks or spaces"),
}  # fmt: skip


@pytest.mark.parametrize("name", RULE)
def test_the_rule_sorts_a_change_into_its_class(name: str) -> None:
    before, after, fields, kind = RULE[name]
    assert difference(before, after) == (fields, kind)


@pytest.fixture(scope="module")
def steps(archive_path: Path) -> Steps:
    file = archive_path / "history.jsonl.gz"
    if not file.is_file():
        pytest.skip(f"no history of real edits at {file}")
    return history(file)


@pytest.fixture(scope="module")
def made(archive_path: Path) -> Steps:
    """Each made, and then taken back."""
    areas = {entry.area for entry in load_entries().values()}
    of = invented(sampled(archive_path, areas, 60, 20210404), 20210404)
    return {e.path: (e, replace(e, before=e.after, after=e.before, returns=True)) for _, e in of}


def wrong(found: Replay) -> list[str]:
    """Paths alone: what stands in a record must not be printed."""
    return [f"{each.verdict}: {each.edit.path} ({each.edit.kind})" for each in found.bad()]


def wanted(steps: Steps) -> list[Edit]:
    return [edit for of in steps.values() for edit in of if edit.wanted]


@pytest.mark.archive
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("way", WAYS)
def test_each_real_edit_is_told_once_by_its_fields_and_nothing_else_is(way: str, steps: Steps, tmp_path: Path) -> None:
    assert len(wanted(steps)) > 100
    assert wrong(replay(steps, WAYS[way], tmp_path / "store.db")) == []


@pytest.mark.archive
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("way", WAYS)
def test_invented_edits_of_every_area_are_told_once_and_not_again_when_taken_back(
    way: str, made: Steps, tmp_path: Path
) -> None:
    assert len(made) > 500
    assert wrong(replay(made, WAYS[way], tmp_path / "store.db")) == []


@pytest.mark.archive
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_each_real_edit_is_told_once_through_crawls_of_a_newsroom(
    archive_path: Path, steps: Steps, tmp_path: Path
) -> None:
    others = sampled(archive_path, {of[0].after.area for of in steps.values()}, 6, 20210404)
    assert wrong(crawled(steps, others, tmp_path, at_once=0)) == []
