from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.entry import Entry
from feeds.identity import DEFAULT_TAGGING_ENTITY, entry_id
from feeds.look import Look
from feeds.memory import EntryMemory
from feeds.press import Press
from feeds.selection import MOST_ENTRIES
from storage.database import reading
from storage.records import Precision

DAY = datetime(2024, 5, 1, tzinfo=UTC)


def entries(store: Any, name: str = "all") -> list[Entry]:
    return edition(store, name)[0]


def edition(store: Any, name: str = "all") -> tuple[list[Entry], datetime]:
    with reading(store.engine) as conn:
        entries, updated = Look(conn, Press("https://news.example.org"), EntryMemory()).edition(name, "")
    return entries, updated


@pytest.fixture(autouse=True)
def _source(store: Any) -> None:
    store.source("Northmarch", force="Northmarch Constabulary")


def test_entry_says_what_the_store_knows(store: Any) -> None:
    store.article(
        title="Gate\n taken", description=" Officers\task ", kind="appeal", image_url="https://i.example/gate.JPG?w=600"
    )
    (entry,) = entries(store)
    assert (entry.title, entry.summary, entry.author) == ("Gate taken", "Officers ask", "Northmarch Constabulary")
    assert (entry.area, entry.area_term, entry.kind) == ("Northmarch", "northmarch", "appeal")
    assert (entry.image_url, entry.image_type) == ("https://i.example/gate.JPG?w=600", "image/jpeg")
    assert entry.url == "https://www.northmarch.example/news/1"
    assert entry.content.startswith("<p>A <strong>five-bar gate</strong>")


def test_entry_id_stays_when_title_date_text_picture_and_kind_change(store: Any) -> None:
    article = store.article()
    before = entries(store)[0]
    new = {"title": "New", "body": "New", "description": None, "kind": "arrest", "image_url": None}
    store.article(url=before.url, seen_at=DAY + timedelta(days=3), **new)
    store.change(article, published_at=DAY, first_seen_at=DAY + timedelta(days=1))
    after = entries(store)[0]
    assert after.id == before.id == entry_id(DEFAULT_TAGGING_ENTITY, "northmarch", before.url or "")
    assert after.title == "New"
    assert after.updated == DAY + timedelta(days=3)


def test_entry_of_a_page_without_a_date_is_published_when_first_seen(store: Any) -> None:
    seen = DAY + timedelta(hours=9, microseconds=5)
    store.article(published_at=None, published_precision=Precision.UNKNOWN, seen_at=seen)
    assert entries(store)[0].published == DAY + timedelta(hours=9)


def test_entry_dated_after_we_saw_it_is_published_when_first_seen(store: Any) -> None:
    store.article(title="Old")
    store.article(title="Printed 2099", published_at=datetime(2099, 1, 1, tzinfo=UTC), seen_at=DAY)
    store.article(title="New")
    assert [entry.title for entry in entries(store)] == ["New", "Old", "Printed 2099"]
    assert entries(store)[2].published == DAY


def test_entry_is_never_updated_before_it_is_published(store: Any) -> None:
    store.change(store.article(), published_at=DAY, first_seen_at=DAY, changed_at=DAY - timedelta(days=1))
    entry = entries(store)[0]
    assert entry.updated == entry.published == DAY


def test_entries_come_newest_first_and_by_number_where_the_time_is_one(store: Any) -> None:
    for title in ("a", "b", "c"):
        store.article(title=title, published_at=DAY)
    store.article(title="older", published_at=DAY - timedelta(days=1))
    store.article(title="newer", published_at=DAY + timedelta(hours=1))
    assert [entry.title for entry in entries(store)] == ["newer", "c", "b", "a", "older"]


def test_entries_are_the_newest_by_publication_however_late_they_were_seen(store: Any) -> None:
    for _ in range(MOST_ENTRIES):
        store.article()
    store.article(title="Found in a back-fill", published_at=DAY - timedelta(days=900), seen_at=DAY + timedelta(9))
    titles = [entry.title for entry in entries(store)]
    assert len(titles) == MOST_ENTRIES
    assert "Found in a back-fill" not in titles


def test_entries_of_an_area_are_its_own(store: Any) -> None:
    store.source("Sedge and Tarn")
    store.article("northmarch")
    store.article("sedge-and-tarn")
    assert [entry.area for entry in entries(store, "sedge-and-tarn")] == ["Sedge and Tarn"]
    assert [entry.area for entry in entries(store)] == ["Sedge and Tarn", "Northmarch"]


def test_entry_of_a_removed_article_is_gone_and_a_restored_one_is_back(store: Any) -> None:
    article = store.article()
    store.article(title="stays")
    before = {entry.id for entry in entries(store)}
    store.change(article, removed_at=DAY + timedelta(days=2))
    assert [entry.title for entry in entries(store)] == ["stays"]
    store.change(article, removed_at=None)
    assert {entry.id for entry in entries(store)} == before


def test_feed_is_updated_by_the_latest_edit_or_removal(store: Any) -> None:
    first = store.article()
    second = store.article()
    store.article(url="https://www.northmarch.example/news/1", title="New", seen_at=DAY + timedelta(days=3))
    assert edition(store)[1] == DAY + timedelta(days=3)
    store.change(first, removed_at=DAY + timedelta(days=4))
    assert edition(store)[1] == DAY + timedelta(days=4)
    store.change(second, removed_at=DAY + timedelta(days=5))
    assert edition(store) == ([], DAY + timedelta(days=5))


def test_feed_is_not_updated_by_the_removal_of_what_was_too_old_to_be_in_it(store: Any) -> None:
    old = store.article()
    for _ in range(MOST_ENTRIES):
        store.article()
    before = edition(store)
    store.change(old, removed_at=DAY + timedelta(days=9))
    assert edition(store) == before


def test_feed_without_entries_was_updated_when_its_source_was_added(store: Any) -> None:
    assert edition(store) == ([], DAY + timedelta(hours=8))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://i.example/a.png", ("https://i.example/a.png", "image/png")),
        ("https://i.example/a.webp#x", ("https://i.example/a.webp#x", "image/webp")),
        ("https://i.example/image?id=3.jpg", ("https://i.example/image?id=3.jpg", None)),
        ("https://i.example/a.jpg/rendition", ("https://i.example/a.jpg/rendition", None)),
        ("javascript:alert(1)//.png", (None, None)),
        ("data:image/png;base64,AAAA", (None, None)),
        ("/relative.png", (None, None)),
        (None, (None, None)),
    ],
)
def test_image_has_a_type_when_its_name_tells_it(
    store: Any, url: str | None, expected: tuple[str | None, str | None]
) -> None:
    store.article(image_url=url)
    (entry,) = entries(store)
    assert (entry.image_url, entry.image_type) == expected


@pytest.mark.parametrize("title", ["", " \n", "\x00\x0b", "\ufffe"])
def test_entry_always_has_a_headline(store: Any, title: str) -> None:
    store.rewrite(store.article(), title=title)
    assert entries(store)[0].title == "Without a headline"


def test_entry_of_an_enormous_headline_is_cut(store: Any) -> None:
    store.article(title="Appeal " * 15_000)
    title = entries(store)[0].title
    assert len(title) <= 1000
    assert title.endswith("Appeal…")
