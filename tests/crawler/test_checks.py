from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.checks import BadItem, Findings, check_record, judge
from crawler.failures import StopCrawl
from storage.records import Record

_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def found(**more: Any) -> Findings:
    return Findings(**{"requests": 9, "links": 9, "asked": 9, "read": 9, "complete": True} | more)


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        (found(), "ok"),
        (found(requests=0), "failed"),
        (found(links=1), "failed"),
        (found(failed=1), "degraded"),
        (found(asked=10, failed=5), "degraded"),
        (found(asked=10, failed=6), "failed"),
        (found(asked=1, failed=1), "degraded"),
        (found(asked=2, failed=2), "degraded"),
        (found(asked=3, failed=3), "failed"),
        (found(asked=2, rejected=2), "ok"),
        (found(asked=7, rejected=3), "ok"),
        (found(asked=6, rejected=3), "failed"),
        (found(complete=False), "degraded"),
        (found(complete=False, links=0), "degraded"),
        (found(trouble="the first listing failed"), "degraded"),
        (found(stop=StopCrawl("degraded", "asked to wait", "busy"), complete=False), "degraded"),
        (found(stop=StopCrawl("failed", "blocked", "blocked"), complete=False), "failed"),
        (found(asked=0, read=0), "ok"),
    ],
)
def test_verdict(make_entry: Any, findings: Findings, verdict: str) -> None:
    entry = make_entry(assertions={"min": {"links": 3}, "fill": {}})
    told = judge(entry, findings)
    assert told.verdict == verdict
    assert (told.reason is None) == (verdict == "ok")


@pytest.mark.parametrize(
    ("read", "have", "verdict"), [(1, 0, "ok"), (2, 0, "degraded"), (20, 19, "ok"), (20, 18, "degraded")]
)
def test_fill_rate_forgives_what_so_few_articles_cannot_prove(
    make_entry: Any, read: int, have: int, verdict: str
) -> None:
    entry = make_entry(assertions={"min": {"links": 1}, "fill": {"published_at": 0.95}})
    assert judge(entry, found(read=read, filled=Counter(published_at=have))).verdict == verdict


def record(entry: Any, **more: Any) -> Record:
    values = {"url": f"http://{entry.hosts[0]}/a", "title": "A", "body": "B", "reader": "tiny", "reader_version": 1}
    return Record(**{"source": entry.id, "area": entry.area, **values, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"body": ""},
        {"url": "https://elsewhere.example/a"},
        {"published_at": datetime(2026, 11, 1)},  # noqa: DTZ001
        {"modified_at": datetime(2026, 11, 1)},  # noqa: DTZ001
    ],
)
def test_record_that_must_not_be_stored(make_entry: Any, wrong: dict[str, Any]) -> None:
    entry = make_entry()
    with pytest.raises(BadItem):
        check_record(record(entry, **wrong), entry, _NOW)


def test_date_in_the_future_is_odd_and_stored(make_entry: Any) -> None:
    entry = make_entry()
    assert check_record(record(entry, published_at=_NOW - timedelta(days=1)), entry, _NOW) is None
    assert "future" in (check_record(record(entry, published_at=_NOW + timedelta(days=2)), entry, _NOW) or "")
