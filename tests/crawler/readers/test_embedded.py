"""Stories that stand in a page's data, and what the data prove of a story that the page shows."""

from __future__ import annotations

import json

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from crawler.selectors import PageChanged
from storage.records import Record
from tests.crawler.readers.conftest import entry_for

TITLE = "Man jailed after marina burglaries"
ONE = "A man who burgled five boats at Ottlesham marina has been jailed for three years."
TWO = "Anyone who knows about thefts of this kind is asked to call 101 & quote 24/00123456."
OTHER = "Officers visited a school fair in Saltby last weekend and met hundreds of families there."


def read(body: str, stated: str | None = None) -> Record:
    ld = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, "articleBody": stated}
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if stated else ""
    page = f"<html><head><title>{TITLE}</title>{script}</head><body>{body}</body></html>"
    response = HtmlResponse("https://www.ravenquay.example/n/1", body=page.encode())
    return GenericReader(entry_for("www.ravenquay.example")).article(response)


@pytest.mark.parametrize("shown", ["<div id='root'></div>", "<div id='app'><p>Please turn on JavaScript</p></div>"])
@pytest.mark.parametrize("stated", [f"{ONE}\n\n{TWO}", f"<p>{ONE}</p><p>{TWO.replace('&', '&amp;')}</p>"])
def test_page_without_text_gives_the_body_that_its_json_ld_states(shown: str, stated: str) -> None:
    record = read(shown, stated)
    assert record.body == f"{ONE}\n\n{TWO}\n"
    assert record.meta["story-from"] == "json-ld"


def test_page_without_text_gives_the_story_of_its_script() -> None:
    data = {"props": {"menu": ["Contact us", "News and appeals"], "post": {"title": TITLE, "html": f"<p>{ONE}</p>"}}}
    record = read(
        f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
    )
    assert record.body == f"{ONE}\n"
    assert record.meta["story-from"] == "script"


def test_page_without_text_and_data_is_no_story() -> None:
    with pytest.raises(PageChanged):
        read('<div id="root"></div><script type="application/json">{"menu": ["News and appeals"]}</script>')


def test_what_follows_the_end_of_the_stated_body_goes() -> None:
    shown = f"<main><h1>{TITLE}</h1><p>{ONE}</p><p>{TWO.replace('&', '&amp;')}</p><p>{OTHER}</p></main>"
    record = read(shown, f"{ONE} {TWO}")
    assert record.body == f"{ONE}\n\n{TWO}\n"
    assert "story-from" not in record.meta


def test_stated_body_that_is_cut_takes_nothing_away() -> None:
    shown = f"<main><h1>{TITLE}</h1><p>{ONE}</p><p>{OTHER}</p></main>"
    assert read(shown, f"{ONE} {OTHER[:30]}").body == f"{ONE}\n\n{OTHER}\n"
