"""Other libraries on the same pages and date strings: htmldate and trafilatura on pages, dateparser on strings."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec

from bench.scores import Score
from tests.archive.stated import Stated

PEERS = ("htmldate", "trafilatura", "dateparser")


def missing() -> list[str]:
    """Which of them are not installed: `pip install -e '.[bench]'`."""
    return [name for name in PEERS if find_spec(name) is None]


def htmldate(pages: Sequence[tuple[Stated, bytes]]) -> Score:
    """Its most thorough mode, asked for the publication date, on a page that is parsed already."""
    from htmldate import find_date
    from lxml import html

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    score = Score()
    for stated, page in pages:
        tree = html.fromstring(page)
        start = time.process_time()
        found = find_date(tree, original_date=True, extensive_search=True, url=stated.url)
        score.seconds += time.process_time() - start
        score.records += 1
        score.date(stated, date.fromisoformat(found) if found else None)
    return score


def trafilatura(pages: Sequence[tuple[Stated, bytes]]) -> Score:
    """As it comes, but without comments."""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    score = Score()
    for stated, page in pages:
        start = time.process_time()
        text = extract(page, url=stated.url, include_comments=False)
        score.seconds += time.process_time() - start
        score.records += 1
        score.failed += text is None
        score.body(stated, text or "")
    return score


def dateparser(strings: Sequence[Stated]) -> Score:
    """Told what it cannot know: English, day first, and that a day must be there."""
    import dateparser as library

    score = Score()
    settings = {"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]}
    for stated in strings:
        start = time.process_time()
        found = library.parse(stated.date_line, languages=["en"], settings=settings)  # type: ignore[arg-type]
        score.seconds += time.process_time() - start
        score.records += 1
        score.date(stated, found.date() if found else None)
    return score
