"""Real stories at two addresses, and real addresses of two stories: stored as crawls would read them."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from crawler.archived import archived_record
from crawler.entries import SourceEntry, load_entries
from storage.articles import save_articles
from storage.crawls import register_source
from storage.database import open_store, reading, writing
from storage.places import Item
from storage.records import Fetched

pytestmark = [pytest.mark.archive, pytest.mark.timeout(300)]

NOW = datetime(2021, 4, 4, 12, 0, tzinfo=UTC)
ENTRIES = {entry.area: entry for entry in load_entries().values()}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path}/store.db")
    with writing(engine) as conn:
        for entry in ENTRIES.values():
            _register(conn, entry)
    yield engine
    engine.dispose()


def _register(conn: Any, entry: SourceEntry) -> None:
    about = {"id": entry.id, "name": entry.name, "force": entry.force, "area": entry.area, "language": entry.language}
    register_source(conn, **about, reader="archive", home_url="https://force.example/", now=NOW)


@pytest.fixture(scope="module")
def groups(archive_path: Path) -> list[list[Item]]:
    """Records of one area that share a body of over 200 characters."""
    texts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    with gzip.open(archive_path / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            body = " ".join(row["text"].partition("\n```\n\n")[2].split())
            if len(body) > 200:
                texts[row["path"].split("/")[1], body].append(row["text"])
    return [[_item(area, text, NOW) for text in same] for (area, _), same in texts.items() if len(same) > 1]


def _item(area: str, text: str, at: datetime) -> Item:
    record = archived_record(text, ENTRIES[area])
    return record, Fetched(url=record.url, at=at, reader=record.reader, reader_version=record.reader_version)


def _save(engine: Engine, items: list[Item]) -> Counter[str]:
    with writing(engine) as conn:
        return Counter(str(outcome) for outcome in save_articles(conn, None, items))


def _rows(engine: Engine, sql: str) -> list[Any]:
    with reading(engine) as conn:
        return list(conn.execute(sa.text(sql)))


@pytest.mark.parametrize("order", [1, -1], ids=["in one batch", "one by one, backwards"])
def test_a_body_at_two_addresses_is_one_article_and_stays_it(
    engine: Engine, groups: list[list[Item]], order: int
) -> None:
    items = [item for group in groups for item in group][::order]
    batches = [items] if order == 1 else [[item] for item in items]
    first = sum((_save(engine, batch) for batch in batches), Counter())
    print(f"\n{len(groups)} groups of {len(items)} records: {first['new']} articles; {dict(first)}")
    # 216 groups, of 222 articles: a campaign that is posted again each season is not one story.
    assert len(groups) <= first["new"] <= 1.05 * len(groups)
    assert first.keys() <= {"new", "unchanged"}
    for _ in range(2):
        assert _save(engine, items[::-1]) == {"unchanged": len(items)}
    assert {change for (change,) in _rows(engine, "SELECT change FROM change")} == {"new"}


def test_no_article_holds_two_groups(engine: Engine, groups: list[list[Item]]) -> None:
    _save(engine, [item for group in groups for item in group])
    article = {(source, url): n for source, url, n in _rows(engine, "SELECT source_id, url, article_id FROM page")}
    held = [{article[record.source, record.url] for record, _ in group} for group in groups]
    assert len(held) > 200
    assert sum(map(len, held)) == len(set().union(*held))


def test_later_texts_are_edits_of_one_article_except_where_an_address_was_used_again(
    engine: Engine, archive_path: Path
) -> None:
    outcomes: Counter[str] = Counter()
    with gzip.open(archive_path / "history.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            at = datetime.fromisoformat(row["seen"]).astimezone(UTC)
            item = _item(row["path"].split("/")[1], row["text"], at)
            outcomes += Counter({f"{row['action']} {name}": n for name, n in _save(engine, [item]).items()})
    again = _rows(engine, "SELECT source_id FROM article WHERE reuse > 0 ORDER BY source_id")
    print(f"\n{dict(outcomes)}")
    # A robbery of 2018 and one of 2021, drink-drivers of March and July.
    assert [source for (source,) in again] == ["bedfordshire", "cambridgeshire"]
    assert outcomes["M new"] == 2
    assert outcomes["A new"] >= 414
    assert _rows(engine, "SELECT count(*) FROM article WHERE removed_at IS NOT NULL") == [(0,)]
