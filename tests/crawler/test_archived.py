"""An archive file is read by the same rules as a page, and what is no archive file is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.archive_block import ArchiveError
from crawler.archived import archived_record
from crawler.entries import SourceEntry
from storage.records import Precision

ENTRY = SourceEntry(
    id="ravenquay",
    name="Ravenquay Police",
    force="Ravenquay Police",
    area="Ravenquay",
    reader="generic",
    hosts=("www.ravenquay.police.example",),
    listing=({"kind": "html", "url": "https://www.ravenquay.police.example/news/"},),
    interval="1h",
    assertions={"min": {"links": 1}, "fill": {}},
    title_suffixes=(" | Ravenquay Police",),
)
URL = "https://www.ravenquay.police.example/news/2020/july/robbery/"
STORY = "A man was robbed of his watch on Quay Street.\n\nCall 101 quoting **log 0317 of 2 July**.\n\n  * a blue coat\n  * a hat\n"


def given(block: str = "", body: str = STORY, url: str = URL) -> str:
    return f"```yaml\narea: Ravenquay\n{block}url: {url}\n```\n\n{body}"


def test_keys_stand_for_the_head_of_a_page() -> None:
    block = "og:\n  description: A man was robbed &amp; hurt.\ntitle: Man robbed | Ravenquay Police\n"
    record = archived_record(given(block), ENTRY)
    assert (record.title, record.description, record.url) == ("Man robbed", "A man was robbed & hurt.", URL)
    assert record.meta["og:description"] == "A man was robbed &amp; hurt."
    assert record.body == STORY
    assert record.references


def test_a_printed_date_among_the_keys_is_london_time() -> None:
    record = archived_record(given("publish:\n  date: Posted at 09:48 on 12th August 2020\ntitle: Man robbed\n"), ENTRY)
    assert record.published_at == datetime(2020, 8, 12, 8, 48, tzinfo=UTC)
    assert record.published_raw == "Posted at 09:48 on 12th August 2020"


def test_a_date_line_of_the_body_is_the_date_and_no_story() -> None:
    record = archived_record(given("title: Man robbed\n", f"Appeal\n\n15:08 13/03/2020\n\n{STORY}"), ENTRY)
    assert record.published_at == datetime(2020, 3, 13, 15, 8, tzinfo=UTC)
    assert record.body == STORY
    assert record.tags == ("appeal",)


def test_a_date_in_parts_takes_its_year_from_the_address() -> None:
    record = archived_record(given("day: '18'\nmonth: Jul\ntime: '14:23'\ntitle: Man robbed\n"), ENTRY)
    assert record.published_at == datetime(2020, 7, 18, 13, 23, tzinfo=UTC)


def test_without_any_date_the_month_of_the_address_is_all_that_is_said() -> None:
    record = archived_record(given("title: Man robbed\n"), ENTRY)
    assert (record.published_at, record.published_precision) == (datetime(2020, 7, 1, tzinfo=UTC), Precision.MONTH)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cut"),
        (given("title: Man robbed\n")[:40], "cut"),
        ("```yaml\n[\n```\n\nBody\n", "YAML"),
        ("```yaml\n- a\n```\n\nBody\n", "block of keys"),
        ("```yaml\narea: Ravenquay\ntitle: T\n```\n\nBody\n", "no url"),
        (given("title: Man robbed\n", " \n"), "no body"),
        (given(""), "no title"),
        (given("title: Man robbed\n", url="https://www.wexmoor.police.example/news/x"), "no host of ravenquay"),
    ],
)
def test_what_is_no_record_says_why(text: str, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        archived_record(text, ENTRY)


def test_a_lead_that_says_when_it_was_written_is_story() -> None:
    lead = f"**Update at 5:30pm on Friday 3 July:**\n\n{STORY}"
    record = archived_record(given("publish:\n  date: 2 Jul 2020 10:59\ntitle: Man robbed\n", lead), ENTRY)
    assert record.body == lead
    assert record.published_raw == "2 Jul 2020 10:59"


@pytest.mark.parametrize("heading", ["**Terms and conditions**", "## Contact us"])
def test_a_footers_words_are_story_as_a_heading_above_sentences(heading: str) -> None:
    below = "Entries for the drawing competition must reach the police station at Ravenquay by Friday."
    record = archived_record(given("title: Draw a dog\n", f"{STORY}\n{heading}\n\n{below}\n"), ENTRY)
    assert record.body == f"{STORY}\n{heading}\n\n{below}\n"


@pytest.mark.parametrize("line", ["Terms and conditions", "**Contact us**", "Cookies"])
def test_a_footers_words_elsewhere_are_none(line: str) -> None:
    record = archived_record(given("title: Man robbed\n", f"{STORY}\n{line}\n\nPrivacy policy\n"), ENTRY)
    assert record.body == STORY
