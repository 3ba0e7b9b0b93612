"""All real records through an import and an export: every byte comes back, whatever was imported first."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forcewire import cli

pytestmark = [pytest.mark.archive, pytest.mark.slow, pytest.mark.timeout(3600)]

_OTHERS = 40  # of the records without a history, one in so many
_TABLES = (
    "SELECT a.url, a.reuse, a.version, a.address, first_seen_at, last_seen_at, changed_at, published_at FROM article a",
    "SELECT a.url, a.reuse, number, seen_at, record_hash, content_hash FROM version v JOIN article a ON a.id = article_id",
    "SELECT a.url, a.reuse, c.version, change, minor, fields, at FROM change c JOIN article a ON a.id = article_id",
    "SELECT a.url, a.reuse, o.version, path, seen_at, latest, digest FROM original o JOIN article a ON a.id = article_id",
)


def rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def run(*words: object) -> int:
    try:
        return cli.run([str(word) for word in words])
    except SystemExit as ended:
        return int(ended.code or 0)


def bring(path: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert run("import", "archive", path, "--database", store, "--json") == 0, capsys.readouterr().err[:2000]
    summary: dict[str, Any] = json.loads(capsys.readouterr().out)
    return summary


def differing(folder: Path, texts: dict[str, bytes]) -> list[str]:
    """Paths alone: what stands in a file must not be printed."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    bad = [path for path in found & texts.keys() if (folder / path).read_bytes() != texts[path]]
    return sorted(found ^ texts.keys()) + bad


def test_every_byte_of_every_record_comes_back(
    archive_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {row["path"]: row["text"].encode() for row in rows(archive_path / "articles.jsonl.gz")}
    store = tmp_path / "news.db"
    summary = bring(archive_path, store, capsys)
    assert summary["refused"] == 0
    assert summary["texts"] > len(texts)
    assert run("export", "--format", "archive", "--out", tmp_path / "out", "--database", store) == 0
    assert differing(tmp_path / "out", texts) == []
    again = bring(archive_path, store, capsys)
    assert (again["new"], again["joined"], again["known"]) == (0, 0, summary["texts"])
    assert run("changes", "--database", store, "--since", "30d", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.fixture(scope="module")
def some(archive_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All history, the records it is of, and some others."""
    folder = tmp_path_factory.mktemp("some")
    (folder / "history.jsonl.gz").write_bytes((archive_path / "history.jsonl.gz").read_bytes())
    edited = {row["path"] for row in rows(archive_path / "history.jsonl.gz")}
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for n, row in enumerate(rows(archive_path / "articles.jsonl.gz")):
            if row["path"] in edited or n % _OTHERS == 0:
                file.write(json.dumps(row) + "\n")
    return folder


def contents(store: Path) -> list[list[tuple[Any, ...]]]:
    conn = sqlite3.connect(store)
    try:
        return [sorted(conn.execute(sql).fetchall(), key=repr) for sql in _TABLES]
    finally:
        conn.close()


def test_articles_and_history_give_one_store_in_either_order_and_as_files(
    some: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for store, order in (
        ("a.db", ("articles.jsonl", "history.jsonl.gz")),
        ("b.db", ("history.jsonl.gz", "articles.jsonl")),
    ):
        for name in order:
            bring(some / name, tmp_path / store, capsys)
    assert contents(tmp_path / "a.db") == contents(tmp_path / "b.db")
    last = {row["path"]: row["text"].encode() for row in rows(some / "history.jsonl.gz")}
    for store in ("a.db", "b.db"):
        out = tmp_path / f"out of {store}"
        assert run("export", "--format", "archive", "--out", out, "--database", tmp_path / store) == 0
        assert [path for path, text in last.items() if (out / path).read_bytes() != text] == []
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.md")}
    bring(out, tmp_path / "files.db", capsys)
    assert run("export", "--format", "archive", "--out", tmp_path / "again", "--database", tmp_path / "files.db") == 0
    assert differing(tmp_path / "again", files) == []


def test_history_is_416_records_with_their_first_moments_and_no_article_twice(
    some: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(some / "history.jsonl.gz", tmp_path / "h.db", capsys)
    first: dict[str, str] = {}
    for row in rows(some / "history.jsonl.gz"):
        first.setdefault(row["path"], row["seen"])
    conn = sqlite3.connect(tmp_path / "h.db")
    articles = conn.execute("SELECT count(*), count(DISTINCT source_id || url || reuse) FROM article").fetchone()
    records = conn.execute("SELECT count(DISTINCT name) FROM original").fetchone()[0]
    started = conn.execute(
        "SELECT min(o.seen_at), min(a.first_seen_at) FROM original o JOIN article a ON a.id = o.article_id"
        " WHERE a.reuse = 0 GROUP BY a.id"
    ).fetchall()
    conn.close()
    assert records == len(first)
    assert articles[0] == articles[1]
    assert abs(articles[0] - len(first)) <= 10, "two addresses of one story are one article, a reused one is two"
    assert [pair for pair in started if pair[0] != pair[1]] == []
