"""200 visits to one story that nobody touches are one text, and a digit that somebody does touch is another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from storage.changes import Words, changed_fields, content_hash
from tests.crawler.readers.conftest import entry_for
from tests.crawler.readers.rendered import MAIL, STORY, TEMPLATES, TITLE, Visit

Template = Callable[[Visit, str, tuple[str, ...]], str]
POLLS = 200
in_each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)


def read(page: str) -> Words:
    response = HtmlResponse("https://www.ravenquay.example/news/marina", body=page.encode(), encoding="utf-8")
    record = GenericReader(entry_for("www.ravenquay.example")).article(response)
    return Words(record.title, record.description, record.body)


@in_each
def test_no_visit_to_an_unchanged_story_is_a_change(template: Template) -> None:
    pages = [template(Visit(number), TITLE, STORY) for number in range(POLLS)]
    texts = [read(page) for page in pages]
    assert len(set(pages)) == POLLS
    assert len({content_hash(text) for text in texts}) == 1
    assert [changed_fields(texts[0], text) for text in texts] == [[]] * POLLS
    assert texts[0].title == TITLE
    assert MAIL in texts[0].body


@in_each
@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("aged 34", "aged 43"),
        ("4.15am", "4.51am"),
        ("three minutes", "two minutes"),
        ("24/00123456", "24/00123457"),
        ("12 April", "13 April"),
    ],
)
def test_edit_is_seen_from_one_visit_to_the_next(template: Template, told: str, instead: str) -> None:
    edited = tuple(paragraph.replace(told, instead) for paragraph in STORY)
    assert edited != STORY
    before, after = read(template(Visit(1), TITLE, STORY)), read(template(Visit(2), TITLE, edited))
    assert changed_fields(before, after) == ["body"]


@in_each
def test_title_alone_is_seen(template: Template) -> None:
    before = read(template(Visit(1), TITLE, STORY))
    after = read(template(Visit(2), TITLE.replace("34", "43"), STORY))
    assert changed_fields(before, after) == ["title"]
