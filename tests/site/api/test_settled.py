"""On PostgreSQL several write at once, and a lower number may be seen later than a higher one."""

from __future__ import annotations

from typing import Any, cast

import pytest
import sqlalchemy as sa

from feeds.site.api.settled import last_settled


class Postgres:
    """A connection that sees changes of these numbers, while others write or not."""

    def __init__(self, ids: list[int], writing: bool) -> None:
        self.ids, self.writing = ids, writing
        self.dialect = type("Dialect", (), {"name": "postgresql"})

    def scalar(self, _: Any) -> int | None:
        return max(self.ids, default=None)

    def execute(self, _: Any) -> Any:
        return type("Result", (), {"first": lambda _: (1,) if self.writing else None})()

    def scalars(self, query: sa.Select[Any]) -> list[int]:
        low, high = query.compile().params.values()
        return [id for id in sorted(self.ids) if low < id <= high]


@pytest.mark.parametrize(
    ("ids", "writing", "settled"),
    [
        ([], True, 0),
        ([1, 2, 3], True, 3),
        ([1, 2, 4, 5], True, 2),
        ([1, 2, 4, 5], False, 5),
        ([2, 3], True, 0),
        ([*range(1, 10), *range(20, 9000)], True, 8999),  # a gap so far back is nobody's any more
        ([*range(1, 10), *range(20, 8990), 8995], True, 8989),
    ],
)
def test_where_a_number_may_still_come_whoever_follows_waits(ids: list[int], writing: bool, settled: int) -> None:
    assert last_settled(cast(sa.Connection, Postgres(ids, writing))) == settled
