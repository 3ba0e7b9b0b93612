"""Headlines that stand in no heading, and what stands beside a headline and begins no story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse

from crawler.entries import SourceEntry
from crawler.readers.generic import GenericReader
from storage.records import Record

URL = "https://news.wexmoor.example/n/1"
HEAD = "<html><head><title>Barge stolen at Ottlesham | Wexmoor Constabulary</title></head><body>"
STORY = "<p>A barge was taken from its mooring at Ottlesham on Tuesday night.</p><p>It was found upstream.</p>"
SIDE = "<p>Bring your cycle and proof of purchase to any of the nine marking events that we hold in the county.</p>" * 3


def read(body: str) -> Record:
    entry = SourceEntry.model_validate(
        {
            "id": "wexmoor",
            "name": "Wexmoor Constabulary",
            "force": "Wexmoor Constabulary",
            "area": "Wexmoor",
            "reader": "generic",
            "hosts": ["news.wexmoor.example"],
            "listing": [{"kind": "html", "url": "https://news.wexmoor.example/n"}],
            "interval": "1h",
            "assertions": {"min": {"links": 1}, "fill": {}},
        }
    )
    return GenericReader(entry).article(HtmlResponse(URL, body=(HEAD + body).encode(), encoding="utf-8"))


@pytest.mark.parametrize(
    "title",
    [
        "<tr><td><font size=4><b>Barge stolen at Ottlesham</b></font></td></tr>",
        "<tr><td>Appeals<br><b>Barge stolen at Ottlesham</b></td></tr>",
    ],
    ids=["a cell of its own", "below a category word"],
)
def test_headline_in_bold_type_alone_bounds_the_story_of_a_table_layout(title: str) -> None:
    record = read(
        f"<table><tr><td>Menu</td><td><table>{title}<tr><td><i>3 June 2025</i></td></tr><tr><td>{STORY}</td></tr></table></td>"
        f"<td>{SIDE}</td></tr></table>"
    )
    assert record.title == "Barge stolen at Ottlesham"
    assert record.published_at == datetime(2025, 6, 3, tzinfo=UTC)
    assert (
        record.body == "A barge was taken from its mooring at Ottlesham on Tuesday night.\n\nIt was found upstream.\n"
    )


def test_list_of_names_and_values_beside_the_headline_begins_no_story() -> None:
    record = read(
        "<main><article><header><h1>Barge stolen at Ottlesham</h1><p><time>3 June 2025</time></p><dl><dt>From:</dt>"
        f"<dd>Wexmoor Police Authority and Wexmoor Constabulary</dd></dl></header>{STORY}</article></main>"
    )
    assert record.body.startswith("A barge was taken")
    assert "Authority" not in record.body


def test_story_of_one_short_sentence_is_found_below_a_long_date_line() -> None:
    record = read(
        "<main><article><header><h1>Barge stolen at Ottlesham</h1><p>Posted on 11:54:00 on 1st June 2025</p></header>"
        "<p>It has been found.</p><footer><p>Share this story</p></footer></article></main>"
    )
    assert record.body == "It has been found.\n"


def test_span_inside_a_headline_is_no_story() -> None:
    record = read(
        "<div><h1><span>Barge stolen at Ottlesham</span></h1></div><div><div><p><b>Monday 18 January, 2021</b></p>"
        "<p>The barge of an earlier appeal has been located</p></div></div>"
    )
    assert record.body == "The barge of an earlier appeal has been located\n"


def test_bare_day_right_below_the_story_is_its_own_and_another_storys_is_not() -> None:
    story = "<div>A barge was taken from its mooring at Ottlesham.<br><br>It was found upstream, by a walker, at noon.<br><br></div>"
    below = read(f"<div><h1>Barge stolen at Ottlesham</h1>{story}<div><small>3 June 2025</small></div></div>")
    assert below.published_at == datetime(2025, 6, 3, tzinfo=UTC)
    other = read(
        f"<div><h1>Barge stolen at Ottlesham</h1>{story}<div><a href='/n/2'>Lock reopens</a></div><div>3 June 2025</div></div>"
    )
    assert other.published_at is None


def test_story_all_in_bold_type_with_line_breaks_is_found() -> None:
    bold = (
        "<b>A barge was taken from its mooring at Ottlesham on Tuesday night.</b><br><br><b>It was found upstream.</b>"
    )
    record = read(
        f"<div><ul><li>{SIDE}</li></ul></div><div><h1>Barge stolen at Ottlesham</h1><div>{bold}</div><div>3 June 2025</div></div>"
        "<div><p>Comments are read before they appear. Please do not name anybody.</p></div>"
    )
    assert record.body == (
        "**A barge was taken from its mooring at Ottlesham on Tuesday night.**\n\n**It was found upstream.**\n"
    )
    assert record.published_at == datetime(2025, 6, 3, tzinfo=UTC)
