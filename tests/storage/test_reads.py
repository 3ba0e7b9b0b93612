"""Reading articles and changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.database import reading, writing
from storage.reads import changes, records

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def stored(engine: Engine, save: Callable[..., list[str]], page: Callable[..., Any], now: datetime) -> None:
    save(page(1), page(2, published_at=now), page(3, source="eastmere", area="Eastmere", published_at=None))
    save(page(1, title="Lamp found", at=now + HOUR), page(2, published_at=now, kind="court", at=now + HOUR))
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE article SET removed_at = last_seen_at WHERE id = 3"))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [1, 2, 3]),
        ({"source": "norchester"}, [1, 2]),
        ({"area": "Eastmere"}, [3]),
        ({"removed": False}, [1, 2]),
        ({"removed": True}, [3]),
        ({"newest_first": True}, [2, 1, 3]),
        ({"newest_first": True, "limit": 1}, [2]),
        ({"source": "nowhere"}, []),
    ],
)
def test_records_are_filtered(engine: Engine, filters: dict[str, Any], found: list[int]) -> None:
    with reading(engine) as conn:
        assert [record.article_id for record in records(conn, **filters)] == found


def test_records_are_bounded_by_what_we_saw(engine: Engine, now: datetime) -> None:
    with reading(engine) as conn:
        assert len(list(records(conn, since=now))) == 3
        assert list(records(conn, since=now + HOUR)) == []
        (changed,) = records(conn, changed_since=now + HOUR)
    assert (changed.title, changed.version, changed.first_seen_at) == ("Lamp found", 2, now)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"limit": 2}, [4, 5]),
        ({"after_id": 2, "limit": 2}, [3, 4]),
        ({"change": "edited"}, [4, 5]),
        ({"minor": False}, [1, 2, 3, 4]),
        ({"minor": True}, [5]),
        ({"area": "Eastmere"}, [3]),
        ({"source": "norchester", "change": "new"}, [1, 2]),
        ({"source": ["norchester", "eastmere"], "change": ["new"]}, [1, 2, 3]),
        ({"source": []}, []),
        ({"field": "title"}, [4]),
        ({"field": "body"}, []),
        ({"field": "%"}, []),
        ({"kind": "court"}, [2, 5]),
        ({"article_id": 1}, [1, 4]),
    ],
)
def test_changes_are_filtered_in_order(engine: Engine, filters: dict[str, Any], found: list[int]) -> None:
    with reading(engine) as conn:
        assert [change.id for change in changes(conn, **filters)] == found


def test_a_change_has_the_title_of_its_version(engine: Engine, now: datetime) -> None:
    with reading(engine) as conn:
        first, *_, edit, minor = changes(conn)
        assert [change.id for change in changes(conn, since=now + HOUR)] == [4, 5]
    assert (first.title, edit.title, edit.version) == ("Appeal 1 after lamp is taken", "Lamp found", 2)
    assert (edit.fields, edit.area, edit.source, edit.at) == (["title"], "Norchester", "norchester", now + HOUR)
    assert (minor.change, minor.minor, minor.fields) == ("edited", True, ["kind"])
