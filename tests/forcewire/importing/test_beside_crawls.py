"""An archive and crawls in one store: what a crawl read stands, and a file follows an edit that a crawl saw."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.records import Fetched, Record
from tests.forcewire.importing.conftest import FIRST, LATER, story, write_rows

NOW = datetime(2026, 6, 16, 8, 0, tzinfo=UTC)
BODY = "A lamp was taken from **1 Mill Lane** on a rainy night.\n\nCall 101 if you saw it.\n"


@pytest.fixture
def crawl(tmp_path):
    """A crawl that reads one page with this body at this address."""

    def run(url, body=BODY, at=NOW):
        engine = open_store(f"sqlite:///{tmp_path / 'news.db'}")
        record = Record(
            source="norchester",
            area="Norchester",
            url=url,
            title="Appeal 1 after a lamp’s theft",
            description="A lamp was taken from house 1, Mill Lane.",
            body=body,
            reader="generic",
            reader_version=1,
        )
        with writing(engine) as conn:
            home = "https://www.norchester.example/"
            names = {"name": "n", "force": "n", "area": "Norchester", "language": "en", "home_url": home}
            register_source(conn, id="norchester", reader="generic", now=at, **names)
            number = start_crawl(
                conn, "norchester", reader="generic", reader_version=1, now=at, pid=1, host="elsewhere"
            )
            answer = Fetched(url=url, at=at, reader="generic", reader_version=1)
            save_articles(conn, number, [(record, answer)])
            finish_crawl(conn, number, verdict="ok", reason=None, counts=Counts(), now=at)
        engine.dispose()

    return run


def rows_of(tmp_path, sql):
    conn = sqlite3.connect(tmp_path / "news.db")
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def test_our_reading_alone_leaves_the_file_and_an_edit_rewrites_it_under_its_path(bring, give, crawl, tmp_path):
    url = "https://www.norchester.example/news/40,000-story"
    text = story(1, url=url, stated=url.replace(",", ""), body=BODY)
    bring(write_rows(tmp_path / "a.jsonl", [text.row()]))
    crawl(url)
    assert give() == {text.path: text.text.encode()}
    crawl(url, BODY.replace("rainy", "dry"), NOW + timedelta(days=1))
    ((path, content),) = give().items()
    assert path == text.path
    assert b"on a dry night" in content
    assert b"url: https://www.norchester.example/news/40000-story\n" in content
    assert bring(tmp_path / "out", "other.db").json["new"] == 1, "the file can be imported under its name"


def test_what_a_crawl_read_stands_and_only_grows_older(bring, give, crawl, tmp_path):
    url = "https://www.norchester.example/news/story-1"
    crawl(url)
    before = rows_of(tmp_path, "SELECT * FROM version"), rows_of(tmp_path, "SELECT * FROM change")
    old, later = story(1, body="A lamp was taken. We know no more of it so far.\n"), story(1, body=BODY)
    ran = bring(write_rows(tmp_path / "h.jsonl", [old.history(FIRST, "A"), later.history(LATER, "M")]))
    assert (ran.code, ran.json["new"], ran.json["joined"]) == (0, 0, 2)
    assert (rows_of(tmp_path, "SELECT * FROM version"), rows_of(tmp_path, "SELECT * FROM change")) == before
    assert rows_of(tmp_path, "SELECT version, first_seen_at FROM article") == [(1, "2020-12-28 12:50:07.000000")]
    assert give() == {later.path: later.text.encode()}


def test_a_withdrawn_article_is_not_brought_back_by_an_archive_that_has_it_at_any_address(bring, crawl, tmp_path):
    url = "https://www.norchester.example/news/story-1"
    crawl(url)
    conn = sqlite3.connect(tmp_path / "news.db")
    conn.execute("UPDATE article SET removed_at = '2026-06-20 08:00:00.000000'")
    conn.commit()
    conn.close()
    before = rows_of(tmp_path, "SELECT removed_at, last_seen_at, address, version FROM article")
    texts = [story(1, body=BODY, url=each) for each in (url, url.replace("story", "Story"))]
    assert bring(write_rows(tmp_path / "a.jsonl", [each.row() for each in texts])).json["joined"] == 2
    assert rows_of(tmp_path, "SELECT removed_at, last_seen_at, address, version FROM article") == before
    assert rows_of(tmp_path, "SELECT change FROM change") == [("new",)]


def test_history_that_comes_after_a_crawl_takes_nothing_of_the_crawl_out(bring, crawl, tmp_path):
    url = "https://www.norchester.example/news/story-1"
    text = story(1, body=BODY)
    bring(write_rows(tmp_path / "a.jsonl", [text.row(LATER)]))
    crawl(url, BODY.replace("rainy", "dry"))
    crawl(url, BODY.replace("rainy", "windy"), NOW + timedelta(days=1))
    before = rows_of(tmp_path, "SELECT number, seen_at, body FROM version")
    old = story(1, body="A lamp was taken. We know no more of it so far.\n")
    bring(write_rows(tmp_path / "h.jsonl", [old.history(FIRST, "A")]))
    assert rows_of(tmp_path, "SELECT number, seen_at, body FROM version") == before


def test_status_changes_and_publish_work_on_a_store_that_was_only_imported(bring, forcewire, tmp_path):
    bring(write_rows(tmp_path / "a.jsonl", [story(n).row() for n in range(3)]))
    store = tmp_path / "news.db"
    assert forcewire("status", "--database", store).code == 0
    assert len(forcewire("changes", "--database", store, "--json").json) == 3
    assert forcewire("publish", "--database", store, "--out", tmp_path / "site").code == 0
