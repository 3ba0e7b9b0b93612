"""A small store of invented articles, and a way to run a command line as a shell would."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forcewire import cli
from forcewire.settings import VARIABLES, toml_file
from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.records import Fetched, Record

NOW = datetime(2026, 6, 16, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def forcewire(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `forcewire` with these words in this process, without the settings of the environment and the machine."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(toml_file, "PLACES", ())

    def run(*words: object) -> Ran:
        capfd.readouterr()
        try:
            code = cli.run([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Ran(code, out, err)

    return run


def record(source: str, number: int, **changes: Any) -> Record:
    """An invented article."""
    made = Record(
        source=source,
        area=source.title(),
        url=f"https://www.{source}.example/news/{number}",
        title=f"Appeal number {number} [in brackets]",
        body=f"Officers want to hear from anyone who saw number {number}.\n",
        published_at=NOW - timedelta(days=number),
        published_raw="16 June 2026",
        meta={"og:type": "article"},
        reader="generic",
        reader_version=1,
    )
    return replace(made, **changes)


def save(url: str, source: str, records: list[Record], now: datetime, verdict: str = "ok") -> None:
    """One crawl that finds these records."""
    engine = open_store(url)
    with writing(engine) as conn:
        home = f"https://www.{source}.example/"
        register_source(
            conn,
            id=source,
            name=source,
            force=source,
            area=source.title(),
            language="en",
            reader="generic",
            home_url=home,
            now=now,
        )
        crawl = start_crawl(conn, source, reader="generic", reader_version=1, now=now, pid=1, host="elsewhere")
        fetched = [Fetched(url=each.url, at=now, reader="generic", reader_version=1) for each in records]
        save_articles(conn, crawl, list(zip(records, fetched, strict=True)))
        reason = None if verdict == "ok" else "0 links on the listing"
        finish_crawl(conn, crawl, verdict=verdict, reason=reason, counts=Counts(links=len(records)), now=now)
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A SQLite file: two sources, five articles, one edit and one minor change a day later."""
    path = tmp_path / "news.db"
    url = f"sqlite:///{path}"
    wexmoor = [record("wexmoor", number) for number in (1, 2, 3)]
    save(url, "wexmoor", wexmoor, NOW)
    save(url, "tarn", [record("tarn", number) for number in (4, 5)], NOW)
    edited = [
        replace(wexmoor[0], body="Officers want to hear from nobody.\n"),
        replace(wexmoor[1], image_url="https://w.example/a.jpg"),
    ]
    save(url, "wexmoor", edited, NOW + timedelta(days=1))
    return path
