"""Saving does not slow down as the store grows, and what is unchanged costs less than what is new.

Seconds of a processor differ between machines and moments: they are compared with a fixed piece of work done beside them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bench.saving import fixed_work
from storage.articles import save_articles
from storage.database import writing

BODY = "\n\n".join(
    f"A lamp was taken from **Mill Lane** {n}; it’s “gone”. " + "The lane was shut. " * 12 for n in range(11)
)


@pytest.mark.slow
def test_saving_takes_no_longer_at_20_000(engine: Engine, crawl: int, page: Callable[..., Any]) -> None:
    def pass_over(count: int, **fields: Any) -> list[float]:
        """How often the fixed work fits into the saving of an article, for each stretch of 1,000."""
        ratios = []
        for start in range(0, count, 1000):
            items = [
                page(n, url=f"https://a.example/{n * 7919 % 1_000_003}", body=f"{BODY}{n}", meta={f"og:{k}": "v" for k in range(20)}, **fields)
                for n in range(start, start + 1000)
            ]  # fmt: skip
            work = fixed_work()
            started = time.process_time()
            for at in range(0, 1000, 20):
                with writing(engine) as conn:
                    save_articles(conn, crawl, items[at : at + 20])
            ratios.append((time.process_time() - started) / 1000 / work)
        return ratios

    new, same = pass_over(20_000), pass_over(20_000)
    print(
        f"\nfixed work {1000 * fixed_work():.4f} ms; an article new {min(new):.1f} to {max(new):.1f} times (median {sorted(new)[10]:.1f}), same {min(same):.1f}"
    )
    ordered = sorted(new)
    assert sorted(same)[len(same) // 2] < 0.6 * ordered[len(ordered) // 2]
    assert sorted(new[-5:])[2] < 1.6 * sorted(new[:5])[2]
