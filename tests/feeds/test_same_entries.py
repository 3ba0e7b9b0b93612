"""No reader shows an old entry as new, whatever happens to a story, the store or the server."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feeds.build import EntryMemory, Press, document, document_names
from storage.database import reading
from storage.records import Record
from tests.feeds.conftest import NewsStore

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def records(version: int = 1, more: str = "", first: datetime = FIRST) -> list[Record]:
    return [
        Record(
            source="northmarch",
            area="",
            url=f"https://www.northmarch.example/news/{n}",
            reader="generic",
            reader_version=version,
            title=f"Story {n}",
            body=f"What story {n} says.\n{more}",
            published_at=first - n * DAY,
        )
        for n in range(12)
    ]


def ids(store: NewsStore, base_url: str = "https://news.example.org") -> dict[str, set[str]]:
    """The ids that each document has, in any format."""
    found: dict[str, set[str]] = {}
    memory = EntryMemory()
    with reading(store.engine) as conn:
        for name in document_names(conn):
            stem, _, ending = name.rpartition(".")
            data = document(conn, Press(base_url), name, memory=memory).data
            if ending == "json":
                found.setdefault(stem, set()).update(item["id"] for item in json.loads(data)["items"])
            elif ending != "opml":
                path = "channel/item/guid" if ending == "rss" else "{*}entry/{*}id"
                found.setdefault(stem, set()).update(each.text for each in etree.fromstring(data).iterfind(path))
    return {stem: of_stem for stem, of_stem in found.items() if "/archive/" not in stem}


@pytest.fixture
def filled(store: NewsStore) -> NewsStore:
    store.source()
    store.save(records(), FIRST + timedelta(hours=1))
    return store


def test_another_reader_version_that_reads_other_dates_and_words_makes_no_entry_new(filled: NewsStore) -> None:
    before = ids(filled)
    assert len(before["northmarch"]) == 12
    filled.save(records(2, "\nA line that the first reader missed.\n", FIRST - 100 * DAY), FIRST + DAY)
    after = ids(filled)
    # Of those that were dated anew a source gives a feed so many (`feeds.selection`): some may leave it, and none is new.
    assert all(after[stem] <= before[stem] for stem in after)
    assert len(after["northmarch"]) >= 10


def test_a_story_that_moved_is_the_same_entry(filled: NewsStore) -> None:
    before = ids(filled)
    filled.change(3, address="https://www.northmarch.example/archive/elsewhere")
    assert ids(filled) == before


def test_another_base_url_makes_no_entry_new(filled: NewsStore) -> None:
    assert ids(filled, "https://news.example.org") == ids(filled, "http://127.0.0.1:8000/press")


def test_a_store_that_is_built_anew_in_another_order_has_the_same_entries(filled: NewsStore, tmp_path: Path) -> None:
    other = NewsStore(tmp_path / "other.db")
    other.source("Sedge and Tarn")
    other.article("sedge-and-tarn")
    other.source()
    for record in reversed(records()):
        other.save([record], FIRST + 40 * DAY)
    found = ids(other)
    assert {stem: of_stem for stem, of_stem in found.items() if stem.startswith("northmarch")} == {
        stem: of_stem for stem, of_stem in ids(filled).items() if stem.startswith("northmarch")
    }
    other.engine.dispose()


def test_all_formats_of_a_feed_have_the_same_entries_and_ids(filled: NewsStore) -> None:
    assert {stem: len(of_stem) for stem, of_stem in ids(filled).items() if of_stem} == {
        **dict.fromkeys(("all", "all/other", "northmarch", "northmarch/other"), 12)
    }


def test_no_two_entries_of_an_atom_feed_were_updated_at_one_moment_and_each_keeps_its_own(
    filled: NewsStore, served: Any
) -> None:
    def moments(name: str) -> dict[str, str]:
        root = etree.fromstring(served.data(name))
        return {each.findtext("{*}id"): each.findtext("{*}updated") for each in root.iterfind("{*}entry")}

    before = moments("northmarch.atom")
    assert len(set(before.values())) == 12
    assert moments("all.atom") == before
    filled.remove(1, FIRST + DAY)
    filled.article(url="https://www.northmarch.example/news/new")
    after = moments("northmarch.atom")
    assert {id: moment for id, moment in after.items() if id in before} == {
        id: moment for id, moment in before.items() if id in after
    }
    assert len(after.keys() & before.keys()) == 11
