from __future__ import annotations

from datetime import UTC, datetime

from crawler.meaning import describe
from storage.records import Precision, Record


def test_a_record_is_filled_with_what_its_words_tell() -> None:
    record = Record(
        source="fenwold",
        area="Fenwold",
        url="https://www.fenwold.example/news/a",
        title="Have you seen missing Bram Tollerdyke, aged 15?",
        body="Bram was last seen in Upper Fenwold. Officers of Operation Gorsewing ask anyone who has seen him to call 101"
        " quoting incident number 214 of today.\n",
        published_at=datetime(2026, 3, 12, tzinfo=UTC),
        published_precision=Precision.DAY,
        reader="generic",
        reader_version=1,
    )
    assert describe(record) is record
    assert (record.kind, record.sensitive) == ("missing", True)
    assert record.references == ("214 of 12 March 2026",)
    assert record.operations == ("Operation Gorsewing",)
