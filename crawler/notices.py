"""A page that answers 200 and holds a notice in place of a story: that it is not there, that we may not read it, that the site is
out of order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scrapy.http import Response, TextResponse

from crawler.probing.walls import challenge, is_login, says_not_found, visible_text
from crawler.readers.page import open_page
from crawler.selectors import ReadError
from crawler.text import inner_text, one_line
from crawler.wordings import kind_of, sentences
from storage.records import Record

_LONGEST_TITLE = 120  # characters
_LONGEST = {"gone": 1500, "blocked": 700, "http": 700}  # whoever writes more under such a headline writes a story
_LONGEST_PAGE = 2500  # with its menus
_SHORT = 500  # a body that may be nothing but a notice


@dataclass(slots=True, frozen=True)
class Notice:
    """`gone`: it says that the page is not there; otherwise that it cannot be read now: `kind` of failure. `words`: by which it
    is known.
    """

    gone: bool
    words: str
    kind: Literal["blocked", "http"] = "blocked"


def is_notice(record: Record) -> Notice | None:
    """The notice that a reader took for an article, or None. The headline tells, or where it may be a story's, or is the story's
    own that the site left there, all of a short body does.
    """
    title, body = record.title.strip(), record.body
    if len(body) >= _LONGEST["gone"]:
        return None
    heading = [kind_of(sentence) for sentence in sentences(title)]
    ours = bool(heading) and None not in heading and len(title) < _LONGEST_TITLE
    if ours and (what := _telling(heading)) is not None and len(body) < _LONGEST[what]:
        return _notice(what, title)
    if len(body) >= _SHORT:
        return None
    said = [kind_of(sentence) for sentence in sentences(body)]
    what = _telling(said)
    if what is None or said.count(None) > (len(said) // 2 if ours else 0):
        return None
    return _notice(what, " ".join(body.split())[:_LONGEST_TITLE])


def _telling(kinds: Sequence[str | None]) -> str | None:
    return next((kind for kind in kinds if kind in _LONGEST), None)


def _notice(what: str, words: str) -> Notice:
    return Notice(gone=what == "gone", words=words, kind="http" if what == "http" else "blocked")


def notice_of(response: Response) -> Notice | None:
    """The notice on a page that no article could be read from, or None."""
    if not isinstance(response, TextResponse):
        return None
    if (words := challenge(response)) is not None:
        return Notice(gone=False, words=words)
    try:
        page = open_page(response)
    except ReadError:
        return None
    if found := says_not_found(page):
        return Notice(gone=True, words=found)
    if is_login(page, response.url):
        return Notice(gone=False, words=page.title_tag or "a login")
    headings = [one_line(inner_text(heading)) for heading in page.root.iter("h1")]
    if headings and len(visible_text(page.root)) < _LONGEST_PAGE:
        said = [kind_of(sentence) for sentence in sentences(headings[0])]
        if "http" in said and None not in said:
            return Notice(gone=False, words=headings[0], kind="http")
    return None
