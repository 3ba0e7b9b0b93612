"""Every saved page is read to the record beside it, and a page that lost a part is never read as if it had none."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.etree import _Element

from crawler.entries import load_entries
from crawler.readers import READERS, make_reader
from crawler.selectors import NotNews, PageChanged

SavedPage = Any  # of conftest.py, which tests get as a fixture and cannot import

PAGES = Path(__file__).parents[2] / "pages"


def plain(value: Any) -> Any:
    """A field as expected.json writes it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def test_a_saved_page_is_read_to_its_record(saved_page: SavedPage) -> None:
    record = make_reader(saved_page.entry).article(saved_page.response(), saved_page.link)
    expected = {"area": "Ravenquay", "url": saved_page.meta["url"], **saved_page.expected}
    read = {key: plain(getattr(record, key)) for key in expected}
    differing = {key: (read[key], expected[key]) for key in expected if read[key] != expected[key]}
    assert not differing, "field: (read, expected)"


def test_a_saved_page_says_where_it_comes_from(saved_page: SavedPage) -> None:
    assert saved_page.meta["origin"] in ("saved", "invented")
    assert {"title", "body", "published_at"} - {"body"} <= set(saved_page.expected)


@pytest.mark.parametrize("name", sorted(READERS))
def test_each_reader_has_two_saved_pages(name: str) -> None:
    """In folders named as one of its sources, or as the reader itself."""
    folders = [source for source, entry in load_entries().items() if entry.reader == name]
    pages = [
        path for folder in (*folders, name, name.replace("_", "-")) for path in (PAGES / folder).glob("*/expected.json")
    ]
    assert len(pages) >= 2


def test_reading_a_page_twice_gives_the_same_record(saved_page: SavedPage) -> None:
    reader = make_reader(saved_page.entry)
    one, two = (reader.article(saved_page.response(), saved_page.link) for _ in range(2))
    assert dataclasses.asdict(one) == dataclasses.asdict(two)


def without_title(saved_page: SavedPage) -> str:
    if saved_page.body.startswith("{"):
        return json.dumps({k: v for k, v in json.loads(saved_page.body).items() if k != "title"})
    tree = html.fromstring(saved_page.body.encode())
    gone = re.sub(r"\W", "", saved_page.expected["title"]).lower()
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag in ("h1", "h2", "h3", "h4", "title") or (
            element.tag == "div" and len(element) == 0 and re.sub(r"\W", "", element.text or "").lower() == gone
        ):
            _drop(element)
        named = element.get("property") or element.get("name") or ""
        if element.tag == "script" or (element.tag == "meta" and "title" in named):
            _drop(element)
    return str(html.tostring(tree, encoding="unicode"))


def without_body(saved_page: SavedPage) -> str:
    if saved_page.body.startswith("{"):
        data = json.loads(saved_page.body)
        data["details"].pop("body")
        return json.dumps(data)
    tree = html.fromstring(saved_page.body.encode())
    for element in list(
        tree.iter("p", "blockquote", "li", "table", "details", "dd", "span", "font", "h2", "h3", "div")
    ):
        long_text = len(element.text or "") > 20 or any(len(child.tail or "") > 20 for child in element)
        if element.tag in ("p", "blockquote", "li", "dd", "span", "font", "details") or (
            element.tag == "div" and long_text and not element.xpath(".//h1 | .//h2 | .//h3")
        ):
            _drop(element)
    for cell in list(tree.iter("td")):  # text that stands bare beside the headline
        for child in cell:
            child.tail = None
    return str(html.tostring(tree, encoding="unicode"))


def _drop(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


@pytest.mark.parametrize("breaking", [without_title, without_body])
def test_a_page_that_lost_its_title_or_body_raises(saved_page: SavedPage, breaking: Any) -> None:
    body = breaking(saved_page)
    with pytest.raises((PageChanged, NotNews)) as raised:
        make_reader(saved_page.entry).article(saved_page.response(body), saved_page.link)
    assert raised.value.url == saved_page.meta["url"]
