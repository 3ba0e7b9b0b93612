"""Every area's records are right in every field: from their own text, and from pages drawn of them."""

from __future__ import annotations

import pytest
import yaml

from bench.quality import Answers, drawn, from_pages, from_text
from bench.scores import Score
from crawler.archive_block import plain_block
from crawler.entries import load_entries
from tests.archive.records import archive_folder, parsed, texts
from tests.archive.stated import stated

FOLDER, THERE = archive_folder()
pytestmark = [
    pytest.mark.archive,
    pytest.mark.slow,
    pytest.mark.skipif(not THERE, reason=f"no archive at {FOLDER}: set FORCEWIRE_ARCHIVE"),
]
COUNT, SEED = 25, 20210405


@pytest.fixture(scope="module")
def answers() -> dict[str, Answers]:
    entries = load_entries().values()
    found = texts(FOLDER, [entry.area for entry in entries], COUNT, SEED)
    return {
        area: [(record, text, stated(record)) for text in of for record in [parsed(text)]] for area, of in found.items()
    }


def total(scores: list[Score]) -> Score:
    score = Score()
    for each in scores:
        score.add(each)
    return score


def bounded(score: Score) -> None:
    assert score.failed == 0
    assert score.day_right >= 0.995 * score.known
    assert score.day_wrong < 0.001 * score.known
    assert score.minute_right >= 0.99 * score.timed
    assert score.title_clean >= 0.99 * score.records
    assert score.furniture_left <= 0.01 * score.records
    assert score.story_lost <= 0.02 * score.records
    assert score.f1 > 0.995


def test_all_46_areas_are_there(answers: dict[str, Answers]) -> None:
    assert len(answers) == 46


def test_the_archives_own_text(answers: dict[str, Answers]) -> None:
    entries = {entry.area: entry for entry in load_entries().values()}
    bounded(total([from_text(of, entries[area]) for area, of in answers.items()]))


@pytest.mark.parametrize("generic", [False, True])
def test_pages_drawn_of_the_records(answers: dict[str, Answers], generic: bool) -> None:
    entries = {entry.area: entry for entry in load_entries().values()}
    bounded(total([from_pages(of, entries[area], generic=generic) for area, of in answers.items()]))


def test_no_two_templates_draw_the_same_page(answers: dict[str, Answers]) -> None:
    record, _, answer = answers["Kent"][0]
    assert len({drawn(number, record, answer) for number in range(4)}) == 4


def test_simple_blocks_are_read_as_yaml_reads_them(answers: dict[str, Answers]) -> None:
    simple = 0
    for of in answers.values():
        for _, text, _ in of:
            head = text.partition("\n```\n\n")[0].removeprefix("```yaml\n")
            if (block := plain_block(head)) is not None:
                simple += 1
                assert block == yaml.safe_load(head)
    assert simple > 800
