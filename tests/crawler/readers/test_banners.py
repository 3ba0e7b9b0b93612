"""What a site puts on every page of its own, above a story, is not read into it, and does not hide the story."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from crawler.selectors import NotNews
from storage.records import Record
from tests.crawler.readers.conftest import entry_for

BANNER = "<div class='k1'><p>There is flooding in Dunmere today, and several roads in the valley are closed to all traffic until tomorrow.</p></div>"
PARTS = [
    "Officers in Ottlesham have seen nine burglaries of boats since the beginning of March, all of them by night.",
    "Each of the nine boats was entered through a hatch that had no lock, between dusk and dawn, and searched.",
    "What was taken has been offered for sale on the pages of websites where people sell what they have no use for.",
] * 4


def read(head: str, inside: str) -> Record:
    page = f"<html><head>{head}</head><body>{inside}</body></html>"
    response = HtmlResponse("https://www.ravenquay.example/news/1", body=page.encode())
    return GenericReader(entry_for("www.ravenquay.example")).article(response)


STATED = "<title>Lock your hatches, say boat owners</title><meta property='og:title' content='Lock your hatches, say boat owners'>"


@pytest.mark.parametrize(
    "page",
    ["{banner}<main><div><h1>{h1}</h1></div>{text}</main>", "<main>{banner}<div><h1>{h1}</h1></div>{text}</main>"],
)
def test_banner_above_a_heading_that_is_not_the_headline_is_no_story(page: str) -> None:
    text = "".join(f"<p>{part}</p>" for part in PARTS)
    with_banner, without = (
        read(STATED, page.format(banner=banner, h1="Boats of the whole county", text=text)).body
        for banner in (BANNER, "")
    )
    assert with_banner == without
    assert "Boats of the whole county" in without


def test_beginning_of_a_story_above_its_first_heading_stays() -> None:
    body = read(
        STATED, f"<div><p>{PARTS[0]}</p><h1>Nine boats in a month</h1><p>{PARTS[1]}</p><p>{PARTS[2]}</p></div>"
    ).body
    assert PARTS[0] in body


@pytest.mark.parametrize("link", ["<a href='#part-{n}'>Part {n} of it all</a>", "Part {n} of it all"])
def test_text_under_headings_that_link_to_themselves_is_a_story_below_a_banner(link: str) -> None:
    parts = "".join(f"<h2 id='part-{n}'>{link.format(n=n)}</h2><p>{part}</p>" for n, part in enumerate(PARTS))
    page = f"<main><div><h1>Lock your hatches, say boat owners</h1>{BANNER}</div><div><div>{parts}</div></div></main>"
    assert PARTS[2] in read(STATED, page).body


@pytest.mark.parametrize(
    "title",
    [
        "503 Service Unavailable",
        "Error 502: Bad Gateway",
        "Just a moment...",
        "Site is under maintenance",
        "Access denied",
    ],
)
def test_notice_of_a_server_is_no_story(title: str) -> None:
    with pytest.raises(NotNews):
        read(
            f"<title>{title}</title>",
            f"<h1>{title}</h1><p>Please try again in a few minutes, or call the press office.</p>",
        )


def test_story_may_bear_the_words_of_a_notice() -> None:
    assert read(
        "<title>Access denied</title>", "<h1>Access denied</h1>" + "".join(f"<p>{part}</p>" for part in PARTS)
    ).body
