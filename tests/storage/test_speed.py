"""Saving does not slow down as the store grows, and what is unchanged costs less than what is new.

Counted in the work that is done and not in seconds, which differ between machines and moments: steps of SQLite's machine, and
calls in Python. What a save costs in time is measured by `make bench-crawl`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.database import writing

BODY = "A lamp was taken from **Mill Lane**; it’s “gone”. The lane was shut.\n\nCall 101.\n"
EVERY = 10  # steps of SQLite's machine


def test_saving_takes_no_more_work_at_3000_and_less_for_what_is_known(
    engine: Engine, crawl: int, page: Callable[..., Any]
) -> None:
    def work(items: list[Any]) -> tuple[int, int]:
        """Tens of SQLite's steps, and calls in Python, of saving these pages."""
        steps, calls = 0, 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        def call(_: object, what: str, __: object) -> None:
            nonlocal calls
            calls += what in ("call", "c_call")

        with writing(engine) as conn:
            file = conn.connection.driver_connection
            assert file is not None
            file.set_progress_handler(step, EVERY)
            sys.setprofile(call)
            try:
                save_articles(conn, crawl, items)
            finally:
                sys.setprofile(None)
                file.set_progress_handler(None, EVERY)
        return steps, calls

    def items(start: int, count: int = 20) -> list[Any]:
        return [
            page(n, url=f"https://a.example/{n * 7919 % 1_000_003}", body=f"{BODY}{n}\n")
            for n in range(start, start + count)
        ]

    work(items(0))  # statements are compiled once
    early = work(items(20))
    for start in range(40, 3000, 20):
        with writing(engine) as conn:
            save_articles(conn, crawl, items(start))
    late, same = work(items(3000)), work(items(1500))
    for before, after, known in zip(early, late, same, strict=True):
        assert after < 1.3 * before
        assert known < 0.6 * before
