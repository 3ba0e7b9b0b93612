"""The story of a page that shows none until its scripts have run, as the page's own data hold it.

schema.org's `articleBody` first; then the longest text of sentences in a block of JSON, which is where sites built of scripts
(`__NEXT_DATA__` and its like) put what they will draw.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree

from crawler import markdown
from crawler.markdown import Block
from crawler.readers.page import Page, parse
from crawler.text import fold

_JSON = etree.XPath("//script[@type='application/json' or @id='__NEXT_DATA__']/text()")
_TAG = re.compile(r"</?(?:p|div|br|ul|ol|li|h[1-6]|strong|em|a|section)\b[^>]{0,300}>", re.I)
_LINES = re.compile(r"\s*\n\s*")
_SENTENCE = re.compile(r"\w{2}[.!?][”’\"']?(?:\s|<|$)")
_SHORTEST = 40
_MOST = 200_000  # values of JSON looked at


def embedded_story(page: Page) -> tuple[list[Block], str] | None:
    """The blocks of a story that stands only in a page's data, and where: "json-ld" or "script"."""
    stated = stated_body(page)
    if stated is not None:
        return _blocks(stated, page.base_url), "json-ld"
    best = ""
    for text in cast("list[str]", _JSON(page.root)):
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for value in _strings(data):
            if len(value) > max(len(best), _SHORTEST) and _SENTENCE.search(value):
                best = value
    return (_blocks(best, page.base_url), "script") if best else None


def stated_body(page: Page) -> str | None:
    """The `articleBody` of a page's JSON-LD."""
    body = page.ld_article().get("articleBody")
    return body if isinstance(body, str) and len(body.strip()) >= _SHORTEST else None


def within_stated(blocks: list[Block], stated: str) -> list[Block]:
    """The blocks up to the last one that the stated body holds, where it holds the story whole: what follows is another thing.
    A body that is cut, or says less than the page shows, proves nothing.
    """
    whole = fold(_TAG.sub(" ", stated))
    held = [n for n, b in enumerate(blocks) if len(b.plain) >= _SHORTEST and fold(b.plain) in whole]
    if not held or not whole.endswith(fold(blocks[held[-1]].plain)):
        return blocks
    if sum(len(fold(blocks[n].plain)) for n in held) < 0.9 * len(whole):
        return blocks
    return blocks[: held[-1] + 1]


def _blocks(text: str, base_url: str) -> list[Block]:
    if not _TAG.search(text):
        lines = (line.strip() for line in _LINES.split(text))
        text = "".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in lines if line)
    root = parse(f"<html><body>{text}</body></html>")
    return [] if root is None else markdown.blocks(root, base_url, lambda element: False)


def _strings(data: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    waiting = [data]
    seen = 0
    while waiting and seen < _MOST:
        one = waiting.pop()
        seen += 1
        if isinstance(one, str):
            if " " in one:
                yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
