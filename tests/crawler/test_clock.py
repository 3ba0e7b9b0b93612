"""A clock that was ahead, while the site came in a new design, and is set back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.crawler.test_confirming import WORDS, Pages, text, told

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Look = Callable[..., Any]


@pytest.fixture
def pages(site: Any) -> Pages:
    return Pages(site, 12)


@pytest.fixture
def look(pages: Pages, crawl: Any, monkeypatch: pytest.MonkeyPatch) -> Look:
    """A crawl at a time that finds these pages due."""

    def looked(at: datetime, *numbers: int) -> Any:
        due = [pages.site.base + pages.path(n) for n in numbers]
        monkeypatch.setattr("crawler.spiders.news.pages.due", lambda *_, **__: due)
        return crawl(clock=lambda: at)

    return looked


def redraw(pages: Pages) -> None:
    pages.draw = lambda n, lines: [lines[0], f"Published by the {WORDS[n]} desk of the press office", *lines[1:]]


@pytest.mark.parametrize("read", [-5, -1], ids=["before the true time", "in what is the future now"])
def test_design_that_came_by_the_wrong_clock_makes_no_edits_by_the_right_one(
    pages: Pages, look: Look, database: str, read: int
) -> None:
    look(NOON + read * HOUR)
    redraw(pages)
    look(NOON, 1, 2, 3, 4)
    assert [change for change, _ in told(database)] == ["reparsed"] * 4
    assert look(NOON - 2 * HOUR, 1, 2, 7, 8, 9).counts.edited == 0
    assert look(NOON - HOUR, 10, 11, 12).counts.edited == 0
    assert {change for change, _ in told(database)} == {"reparsed"}


def test_edit_after_the_clock_was_set_back_is_told(pages: Pages, look: Look, database: str) -> None:
    look(NOON - 5 * HOUR)
    redraw(pages)
    look(NOON, 1, 2, 3, 4)
    look(NOON - 2 * HOUR, 7, 8, 9)
    pages.put(7, text(7) + " A woman aged 51 was arrested.")
    assert look(NOON - HOUR, 7).counts.edited == 1
    assert told(database)[-1] == ("edited", "7")
