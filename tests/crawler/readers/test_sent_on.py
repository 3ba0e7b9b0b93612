"""A page that sends its visitors on at once is no story, and one that does not is one."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from crawler.selectors import PageChanged, SentOn
from storage.records import Record
from tests.crawler.readers.conftest import entry_for

URL = "https://www.ravenquay.example/news/boats"
STORY = (
    "Officers in Ottlesham have seen nine burglaries of boats since the beginning of March, all of them by night. " * 5
)


def read(head: str, text: str) -> Record:
    page = f"<html><head><title>Boats burgled in Ottlesham</title>{head}</head><body>{text}</body></html>"
    return GenericReader(entry_for("www.ravenquay.example")).article(HtmlResponse(URL, body=page.encode()))


@pytest.mark.parametrize(
    "text", ["<p>You should be there in a moment, or <a href='/new'>go on</a>.</p>", "", "<h1>Moved</h1>"]
)
@pytest.mark.parametrize("refresh", ["0; url=/news/2026/boats", "1;URL='https://www.ravenquay.example/news/'"])
def test_page_that_sends_on_is_no_story(refresh: str, text: str) -> None:
    with pytest.raises(SentOn) as told:
        read(f'<meta http-equiv="Refresh" content="{refresh}">', text)
    assert told.value.target.startswith("https://www.ravenquay.example/news/")


@pytest.mark.parametrize(
    "head",
    [
        f'<meta http-equiv="refresh" content="0; url={URL}">',
        '<meta http-equiv="refresh" content="300; url=/news/">',
        '<meta http-equiv="refresh" content="300">',
        '<meta http-equiv="refresh" content="0; url=http://[broken">',
        '<noscript><meta http-equiv="refresh" content="0; url=/without-script"></noscript>',
    ],
)
def test_page_that_renews_itself_or_minds_only_some_is_read(head: str) -> None:
    assert read(head, "<h1>Boats burgled in Ottlesham</h1><p>Two boats were burgled by night.</p>").body


def test_story_is_read_whatever_the_head_does() -> None:
    head = '<meta http-equiv="refresh" content="0; url=/elsewhere">'
    assert read(head, f"<h1>Boats burgled in Ottlesham</h1><p>{STORY}</p>").body


def test_page_without_a_story_says_so_where_it_sends_nobody_on() -> None:
    with pytest.raises(PageChanged):
        read("", "<nav>Home</nav>")
