"""What saving an article costs: processor time, against a fixed piece of work done beside it, since machines differ."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.figures import Figure
from storage import crawls
from storage.articles import save_articles
from storage.database import open_store, writing
from storage.places import Item
from storage.records import Fetched, Record

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_BODY = "\n\n".join(
    f"A lamp was taken from **Mill Lane** {n}; it’s “gone”. " + "The lane was shut. " * 12 for n in range(11)
)
_BATCH, _STRETCH = 20, 1000


def fixed_work() -> float:
    """Seconds for white space evened, and SHA-256, of 3 KB."""
    text = "word other thing more " * 140
    best = 1.0
    for _ in range(5):
        started = time.process_time()
        for _ in range(100):
            hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
        best = min(best, (time.process_time() - started) / 100)
    return best


def saving_figure(folder: Path, count: int) -> Figure:
    """New articles of 3 KB in batches as a crawl has them: how often the fixed work fits into the saving of one."""
    engine = open_store(f"sqlite:///{folder / 'saving.db'}")
    with writing(engine) as conn:
        crawls.register_source(
            conn, id="a", name="A", force="A", area="A", language="en", reader="generic", home_url="https://a.example/", now=_NOW
        )  # fmt: skip
    ratios = []
    for start in range(0, count, _STRETCH):
        items = [_item(n) for n in range(start, start + _STRETCH)]
        work = fixed_work()
        started = time.process_time()
        for at in range(0, _STRETCH, _BATCH):
            with writing(engine) as conn:
                save_articles(conn, None, items[at : at + _BATCH])
        ratios.append((time.process_time() - started) / _STRETCH / work)
    engine.dispose()
    return Figure("save a new article / white space and SHA-256 of 3 KB", median(ratios), "x", 22.0, most=True)


def _item(n: int) -> Item:
    url = f"https://a.example/{n * 7919 % 1_000_003}"
    record = Record(
        source="a", area="A", url=url, title=f"Appeal {n} after lamp is taken", body=f"{_BODY}{n}", published_at=_NOW,
        meta={f"og:{k}": "v" for k in range(20)}, reader="generic", reader_version=1,
    )  # fmt: skip
    return record, Fetched(url=url, at=_NOW, etag='"e"', reader="generic", reader_version=1)
