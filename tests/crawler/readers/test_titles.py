"""A headline's words, without what sites print around them."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from crawler.readers.titles import without_site
from tests.crawler.readers.conftest import entry_for

STORY = "<p>Officers ask for witnesses to a collision on Harbour Road.</p><p>A man was taken to hospital on Monday.</p>"
WANTED = "Man charged after Harbour Road burglary"


def title(head: str, heading: str, og: str = "") -> str:
    meta = f'<meta property="og:title" content="{og}">' if og else ""
    page = f"<html><head><title>{head}</title>{meta}</head><body><main>{heading}<p>1 May 2024</p>{STORY}</main></body></html>"
    response = HtmlResponse("https://www.harbourgazette.example/n/1", body=page.encode())
    return GenericReader(entry_for("www.harbourgazette.example")).article(response).title


@pytest.mark.parametrize(
    ("head", "heading", "og"),
    [
        (f"Ravenquay Police: {WANTED}", f"<h1>Ravenquay Police: {WANTED}</h1>", ""),
        (WANTED, f"<h1><span class='sr-only'>Title:</span> {WANTED}</h1>", ""),
        (WANTED, f"<h1>{WANTED}<small>1 May 2024</small></h1>", ""),
        (WANTED, "<h1>Man charged after<br>Harbour Road burglary</h1>", ""),
        (f"{WANTED} | News | Harbour Gazette", "", ""),
        (f"{WANTED} | Any Name At All", f"<div>{WANTED}</div>", WANTED),
        ("Man charged after Harb... | Ravenquay Police", f"<h1>{WANTED}</h1>", ""),
        (f"{WANTED} | Ravenquay Police", "<h1>Man charged after Harb…</h1>", ""),
        (WANTED, f"<h1>{WANTED}</h1>", "Three jailed for drugs supply"),
        (f"{WANTED} - Ravenquay Police", f"<h1>Welcome to Ravenquay Police</h1><h2>{WANTED}</h2>", ""),
        (WANTED, f"<h1>{WANTED} {WANTED}</h1>", ""),
        (f"Quayle Police - {WANTED}", "", ""),
        (f"{WANTED} - Police Service of Northern Quayle", "", ""),
        (f"{WANTED} – Heddlu De Quayle", "", ""),
        (f"{WANTED} – Quayle Police | Quayle Police", f"<h1>{WANTED} – Quayle Police</h1>", ""),
    ],
)
def test_headline_is_what_the_page_means(head: str, heading: str, og: str) -> None:
    assert title(head, heading, og) == WANTED


@pytest.mark.parametrize(
    "whole",
    [
        "Appeal after assault – Harbour",
        "Officers join Ravenquay Police",
        "Ravenquay Police officers honoured",
        "UPDATE: Man charged",
        "Wanted: have you seen him?",
        "Man charged - West Quayle Police appeal",
        "Woman Dies In Crash – Family Thank Police",
        "Witness appeal – Quayle Police",
        "Special Constabulary – volunteer celebrates thirty years",
    ],
)
def test_headline_keeps_what_is_its_own(whole: str) -> None:
    assert title(f"{whole} | Ravenquay Police", f"<h1>{whole}</h1>") == whole


def test_only_a_strong_separator_parts_a_site_that_the_address_names() -> None:
    assert without_site("Appeal | Watford", "https://news.example/1") == "Appeal | Watford"
    assert without_site("Appeal – Watford", "https://watford.example/1") == "Appeal – Watford"
    assert without_site("Appeal | News | Watford Post", "https://watfordpost.example/1") == "Appeal"


def test_title_does_not_follow_what_a_template_adds_to_the_head() -> None:
    head, heading = "Legal notice of Harbour Watch", "<h1>Legal notice</h1>"
    assert title(head, heading) == title(head, heading, og=head) == "Legal notice"
