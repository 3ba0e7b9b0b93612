"""The measure itself, on a record of mere words: what it must notice, and what it must not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.records import Precision, Record
from tests.archive.compare import Tally, compared
from tests.archive.records import ArchiveRecord
from tests.archive.truth import truth_of

URL = "https://www.avonandsomerset.police.uk/news/2020/08/words/"
BODY = """There is 1 related update to this story

 * 02 Jul 2020: Other words

**Some words ** in _letters_ above \\- and below.

** **

If you can help, please call 101 and give the call handler the reference number ** 5220000001 **
"""
STORED = """**Some words** in *letters* above - and below.

If you can help, please call 101 and give the call handler the reference number **5220000001**
"""


@pytest.fixture
def record() -> ArchiveRecord:
    block = {
        "area": "Avon and Somerset",
        "og": {"description": "Words&#8230;"},
        "publish": {"date": "Posted at 09:48 on 12th August 2020"},
        "title": "Words &#039;above&#039; | Avon and Somerset Police",
        "url": URL,
    }
    return ArchiveRecord("Avon and Somerset", block, BODY)


@pytest.fixture
def stored() -> Record:
    return Record(
        source="a",
        area="Avon and Somerset",
        url=URL,
        title="Words 'above'",
        description="Words…",
        body=STORED,
        published_at=datetime(2020, 8, 12, 8, 48, tzinfo=UTC),
        published_precision=Precision.MINUTE,
        reader="wordpress",
        reader_version=1,
    )


def measured(record: ArchiveRecord, stored: Record | None) -> dict[str, Tally]:
    return compared([truth_of(record)], {"/news/2020/08/words/": stored} if stored else {})


def test_record_read_well_is_whole_in_every_field(record: ArchiveRecord, stored: Record) -> None:
    tallies = measured(record, stored)
    added = tallies.pop("words added")
    assert {name: tally.share for name, tally in tallies.items()} == dict.fromkeys(tallies, 1.0)
    assert added.good == 0
    assert tallies["furniture gone"].of == 4  # the date, the count of updates, the update, the emphasis around nothing


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("title", {"title": "Words &#039;above&#039;"}),
        ("title", {"title": "Words 'above' | Avon and Somerset Police"}),
        ("description", {"description": None}),
        ("day", {"published_at": datetime(2020, 12, 8, 8, 48, tzinfo=UTC)}),
        ("minute", {"published_at": datetime(2020, 8, 12, 9, 48, tzinfo=UTC)}),
        ("words kept", {"body": STORED.replace("above", "up")}),
        ("furniture gone", {"body": "There is 1 related update to this story\n\n" + STORED}),
        ("furniture gone", {"body": "* 02 Jul 2020: Other words\n\n" + STORED}),
        ("furniture gone", {"body": "Posted at 09:48 on 12th August 2020\n\n" + STORED}),
        ("furniture gone", {"body": STORED + "\n** **\n"}),
    ],
)
def test_each_fault_is_counted_in_its_own_field(
    record: ArchiveRecord, stored: Record, name: str, change: dict[str, object]
) -> None:
    tallies = measured(record, replace(stored, **change))  # type: ignore[arg-type]
    assert tallies[name].share < 1
    assert tallies[name].worst() == ["/news/2020/08/words/"]


def test_menu_in_the_body_counts_as_words_added(record: ArchiveRecord, stored: Record) -> None:
    tallies = measured(record, replace(stored, body="Report a crime\n\n" + STORED))
    assert tallies["words added"].good == 3


def test_page_that_is_not_in_the_store_is_counted(record: ArchiveRecord) -> None:
    assert measured(record, None)["url"].share == 0
