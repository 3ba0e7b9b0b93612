from datetime import timedelta
from typing import Any

from feeds.definitions import define_feeds
from storage.database import reading


def test_define_feeds_gives_all_and_one_for_each_area_with_a_source(store: Any) -> None:
    store.source("Sedge and Tarn")
    store.source("Northmarch")
    with reading(store.engine) as conn:
        feeds, problems = define_feeds(conn)
    assert [feed.name for feed in feeds] == ["all", "northmarch", "sedge-and-tarn"]
    assert [feed.title for feed in feeds] == ["UK police news", "Northmarch police news", "Sedge and Tarn police news"]
    assert problems == []


def test_define_feeds_of_an_area_with_two_sources_names_both_forces(store: Any) -> None:
    store.source("Northmarch", force="Northmarch Police")
    store.source("Northmarch", id="northmarch-port", force="Northmarch Port Police", language="cy")
    with reading(store.engine) as conn:
        feed = define_feeds(conn)[0][1]
    assert "Northmarch Police and Northmarch Port Police" in feed.description
    assert feed.language == "en-GB"


def test_define_feeds_of_areas_with_one_slug_is_one_feed(store: Any) -> None:
    store.source("Sedge & Tarn", id="a")
    store.source("Sedge and Tarn", id="b")
    with reading(store.engine) as conn:
        feeds, _ = define_feeds(conn)
    assert [feed.name for feed in feeds] == ["all", "sedge-and-tarn"]
    assert feeds[1].areas == ("Sedge & Tarn", "Sedge and Tarn")


def test_define_feeds_takes_the_language_that_all_sources_share(store: Any) -> None:
    store.source("Northmarch", language="cy")
    with reading(store.engine) as conn:
        assert {feed.language for feed in define_feeds(conn)[0]} == {"cy"}


def test_define_feeds_tells_an_area_that_gives_no_file_name_and_keeps_the_others(store: Any) -> None:
    store.source("All", id="everywhere")
    store.source("新聞", id="odd")
    store.source("Northmarch")
    with reading(store.engine) as conn:
        feeds, problems = define_feeds(conn)
    assert [feed.name for feed in feeds] == ["all", "northmarch"]
    assert [problem.split(":")[0] for problem in problems] == ["source everywhere", "source odd"]


def test_define_feeds_of_an_empty_store_is_none_and_says_so(store: Any) -> None:
    with reading(store.engine) as conn:
        feeds, problems = define_feeds(conn)
    assert feeds == []
    assert "no source yet" in problems[0]


def test_define_feeds_knows_when_the_first_source_was_added(store: Any) -> None:
    store.source("Northmarch")
    with reading(store.engine) as conn:
        before = define_feeds(conn)[0][0].since
    store.source("Sedge and Tarn", now=before + timedelta(days=1))
    with reading(store.engine) as conn:
        assert {feed.name: feed.since for feed in define_feeds(conn)[0]} == {
            "all": before,
            "northmarch": before,
            "sedge-and-tarn": before + timedelta(days=1),
        }
