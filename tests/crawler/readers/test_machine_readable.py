"""What a page states for machines is read in every form: JSON-LD of any shape, microdata, RDFa, Open Graph, Dublin Core."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.entries import SourceEntry
from crawler.readers import make_reader
from storage.records import Record

URL = "https://www.ravenquay.example/news/van-taken-in-quay-street"
STORY = "<p>Officers want to hear from anyone who saw a green van leave the yard of the mill.</p><p>The driver wore a yellow coat and spoke to a walker on Tarn Lane.</p>"
WHEN = "2026-06-21T12:15:00+01:00"


def read(entry: SourceEntry, head: str = "", body: str | None = None, html: str = "") -> Record:
    body = f"<main><h1>Van taken in Quay Street</h1>{STORY}</main>" if body is None else body
    page = f"<!DOCTYPE html><html lang='en' {html}><head><meta charset='utf-8'><title>Van taken in Quay Street</title>{head}</head><body>{body}</body></html>"
    return make_reader(entry).article(HtmlResponse(URL, body=page.encode(), encoding="utf-8"))


def ld(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script>"


HEADS = {
    "JSON-LD": ld(f'{{"@context":"https://schema.org","@type":"NewsArticle","headline":"Van taken","datePublished":"{WHEN}"}}'),
    "JSON-LD in a graph": ld(f'{{"@graph":[{{"@type":"WebSite","name":"x"}},{{"@type":["Article","NewsArticle"],"datePublished":"{WHEN}"}}]}}'),
    "JSON-LD in a list": ld(f'[{{"@type":"BreadcrumbList","itemListElement":[]}},{{"@type":"NewsArticle","datePublished":"{WHEN}"}}]'),
    "JSON-LD as mainEntity": ld(f'{{"@type":"WebPage","mainEntity":{{"@type":"schema:NewsArticle","datePublished":"{WHEN}"}}}}'),
    "JSON-LD of a full type": ld(f'{{"@type":"http://schema.org/NewsArticle","datePublished":{{"@type":"Date","@value":"{WHEN}"}}}}'),
    "JSON-LD with a comment around it": ld(f'//<![CDATA[\n{{"@type":"NewsArticle","datePublished":"{WHEN}"}}\n//]]>'),
    "JSON-LD with a line break in a text": ld(f'{{"@type":"NewsArticle","description":"a\nb","datePublished":"{WHEN}"}}'),
    "JSON-LD with a comma too many": ld(f'{{"@type":"NewsArticle","datePublished":"{WHEN}",}}'),
    "JSON-LD under a type of odd spelling": f"<script type='Application/LD+JSON; charset=utf-8'>{{\"@type\":\"NewsArticle\",\"datePublished\":\"{WHEN}\"}}</script>",
    "JSON-LD behind one that is broken": ld("{") + ld(f'{{"@type":"NewsArticle","datePublished":"{WHEN}"}}'),
    "JSON-LD of a page alone": ld(f'{{"@type":"WebPage","datePublished":"{WHEN}"}}'),
    "Open Graph": f"<meta property='article:published_time' content='{WHEN}'>",
    "Open Graph under name": f"<meta name='article:published_time' content='{WHEN}'>",
    "microdata in a meta": f"<meta itemprop='datePublished' content='{WHEN}'>",
    "Dublin Core": f"<meta name='DC.date.issued' content='{WHEN}'>",
    "Dublin Core terms": f"<meta name='dcterms.created' content='{WHEN}'>",
    "Parsely": f"<meta name='parsely-pub-date' content='{WHEN}'>",
    "Sailthru": f"<meta name='sailthru.date' content='{WHEN}'>",
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_the_date_stated_in_the_head_is_read(entry: SourceEntry, name: str) -> None:
    record = read(entry, HEADS[name])
    assert record.published_at is not None
    assert record.published_at.isoformat() == "2026-06-21T11:15:00+00:00"


SPANS = {
    "time with itemprop": f"<time itemprop='datePublished' datetime='{WHEN}'>some time ago</time>",
    "meta in the body": f"<meta itemprop='datePublished' content='{WHEN}'>",
    "span with content": f"<span itemprop='datePublished' content='{WHEN}'>some time ago</span>",
    "span with its text": "<span itemprop='datePublished'>21 June 2026 12:15</span>",
    "several names": f"<time itemprop='dateCreated datePublished' datetime='{WHEN}'>some time ago</time>",
    "a full name": f"<meta itemprop='https://schema.org/datePublished' content='{WHEN}'>",
    "RDFa": f"<span property='schema:datePublished' content='{WHEN}'>some time ago</span>",
    "RDFa of a vocabulary": f"<span property='datePublished' content='{WHEN}'>some time ago</span>",
    "RDFa of Dublin Core": f"<span property='dc:date dc:created' content='{WHEN}' datatype='xsd:dateTime'>some time ago</span>",
    "time with pubdate": f"<time pubdate datetime='{WHEN}'>some time ago</time>",
    "hAtom": f"<abbr class='published' title='{WHEN}'>some time ago</abbr>",
    "microformats 2": f"<time class='dt-published' datetime='{WHEN}'>some time ago</time>",
}


@pytest.mark.parametrize("name", SPANS)
def test_the_date_marked_in_the_body_is_read(entry: SourceEntry, name: str) -> None:
    body = f"<article itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>Van taken in Quay Street</h1><p>By the press office {SPANS[name]}</p><div itemprop='articleBody'>{STORY}</div></article>"
    record = read(entry, body=body)
    assert record.published_at is not None
    assert record.published_at.isoformat() == "2026-06-21T11:15:00+00:00"
    assert record.title == "Van taken in Quay Street"


def test_the_headline_that_microdata_marks_is_the_title(entry: SourceEntry) -> None:
    body = f"<h1>Newsroom of the force</h1><article itemscope itemtype='https://schema.org/NewsArticle'><div itemprop='headline'>Van taken in Quay Street</div><div itemprop='articleBody'>{STORY}</div></article>"
    assert read(entry, body=body).title == "Van taken in Quay Street"


def test_only_the_marked_body_is_the_story(entry: SourceEntry) -> None:
    body = f"<main><h1>Van taken in Quay Street</h1><div itemprop='articleBody'>{STORY}</div><div><p>Another long line about the site that stands behind every story.</p></div></main>"
    assert "about the site" not in read(entry, body=body).body


@pytest.mark.parametrize(
    "value", ["{}", "[]", "3", "null", "true", '""', '[""]', '{"@value":null}', '[{"@id":"x"}]', "1e999", '"\\ud800"']
)
@pytest.mark.parametrize(
    "key", ["@type", "headline", "datePublished", "dateModified", "description", "image", "articleBody", "@graph"]
)
def test_json_ld_of_odd_types_costs_only_itself(entry: SourceEntry, key: str, value: str) -> None:
    text = f'{{"@type":"NewsArticle","headline":"Van taken in Quay Street","datePublished":"{WHEN}","{key}":{value}}}'
    record = read(entry, ld(text))
    assert record.title == "Van taken in Quay Street"
    assert record.body.startswith("Officers want")
