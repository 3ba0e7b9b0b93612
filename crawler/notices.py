"""A page that answers 200 and holds a notice in place of a story: not found, or a guard's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrapy.http import Response, TextResponse

from crawler.probing.walls import challenge, says_not_found
from crawler.readers.page import open_page
from crawler.selectors import ReadError
from storage.records import Record

_LONGEST = 1500  # characters; whoever writes more under such a headline writes a story
_LONGEST_TITLE = 120
# Stricter than what is looked for on a page that no article was read from: a headline may say "404 bicycles were not found".
_GONE = re.compile(
    r"\W*(?:(?:oops|whoops|sorry|uh oh)\b\W*)?(?:(?:error|http|status|code)\W*)*(?:"
    r"(?:404|410)(?:\W+(?:error|(?:page |file )?not found|gone))*"
    r"|(?:the |this |that )?(?:page|article|story|content|item|file)\b.{0,40}\b(?:not (?:be )?(?:found|exist|available)|cannot be found"
    r"|(?:can|could|does|is|was).{0,2}n?.t (?:be )?(?:found|exist|available)|been (?:removed|deleted|withdrawn|unpublished)"
    r"|no longer (?:available|exists?|here|live)|unavailable)"
    r"|(?:we|i) (?:can.{0,2}t|couldn.t|cannot|could not|were unable to|are unable to)(?: seem to)? find (?:that|the|this|your) (?:page|article|story)"
    r"(?: you.{0,40})?|page (?:unavailable|missing)|not found"
    r"|(?:y |mae'r |nid yw'r )?.{0,10}(?:dudalen|tudalen|erthygl)\b.{0,30}(?:heb ei (?:ganfod|chanfod)|ddim ar gael|ar gael mwyach|ar gael|wedi'i thynnu)"
    r")\W*",
    re.I,
)


@dataclass(slots=True, frozen=True)
class Notice:
    """`gone`: it says that the page is not there; otherwise that we may not read it. `words`: by which it is known."""

    gone: bool
    words: str


def is_notice(record: Record) -> Notice | None:
    """The notice that a reader took for an article, or None. Told from the headline, which nearly all pages are passed by."""
    title = record.title.strip()
    if len(title) < _LONGEST_TITLE and len(record.body) < _LONGEST and _GONE.fullmatch(title.replace("’", "'")):
        return Notice(gone=True, words=title)
    return None


def notice_of(response: Response) -> Notice | None:
    """The notice on a page that no article could be read from, or None."""
    if not isinstance(response, TextResponse):
        return None
    if (words := challenge(response)) is not None:
        return Notice(gone=False, words=words)
    try:
        found = says_not_found(open_page(response))
    except ReadError:
        return None
    return Notice(gone=True, words=found) if found else None
