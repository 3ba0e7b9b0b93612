"""`forcewire suppress`, and what an export leaves out: on the store of conftest, five invented stories of two forces."""

from __future__ import annotations

import getpass
import hashlib
import json
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.database import open_store, writing
from storage.records import Precision
from storage.tables import ARTICLE, PAGE, SUPPRESSION
from tests.forcewire.conftest import NOW, record, save

URL = "https://www.tarn.example/news/4"
WHY = ("--why", "asked for by the family")


def sql(store, statement):
    engine = open_store(f"sqlite:///{store}")
    with writing(engine) as conn:
        rows = conn.execute(statement)
        found = rows.all() if rows.returns_rows else None
    engine.dispose()
    return found


def exported(forcewire, store, tmp_path):
    """The URLs of both formats, which must be the same, and what was said."""
    ran = forcewire("export", "--database", store, "--format", "jsonl", "--out", "-")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    out = tmp_path / "archive"
    forcewire("export", "--database", store, "--format", "archive", "--out", out)
    names = {path.name for path in out.rglob("*.md")}
    assert names == {hashlib.sha1(row["url"].encode()).hexdigest() + ".md" for row in rows}
    return {row["url"] for row in rows}, ran.err


def test_suppress_works_at_once_and_says_that_the_feeds_follow(forcewire, store, tmp_path):
    ran = forcewire("suppress", URL, *WHY, "--database", store)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == f"suppressed: {URL} (Tarn)"
    assert "forcewire publish" in ran.out
    urls, said = exported(forcewire, store, tmp_path)
    assert (len(urls), URL in urls) == (4, False)
    assert said == "forcewire: 1 article is withheld and left out: suppressed, or withdrawn and sensitive\n"
    forcewire("publish", "--database", store, "--out", tmp_path / "public")
    for path in (tmp_path / "public").rglob("*.*"):
        assert "news/4" not in path.read_text()
        assert "number 4" not in path.read_text()


def test_every_word_and_its_end_is_a_line_of_the_log_with_who_gave_it(forcewire, store):
    forcewire("suppress", URL, *WHY, "--database", store)
    assert forcewire("suppress", URL, "--undo", "--why", "a mistake", "--database", store).code == 0
    forcewire("suppress", URL, "--why", "again", "--database", store)
    rows = forcewire("suppress", "--list", "--json", "--database", store).json
    assert [(row["action"], row["why"], row["suppressed"]) for row in rows] == [
        ("suppress", "asked for by the family", True),
        ("undo", "a mistake", True),
        ("suppress", "again", True),
    ]
    assert {(row["url"], row["area"], row["who"]) for row in rows} == {
        (URL, "Tarn", f"{getpass.getuser()}@{socket.gethostname()}")
    }
    table = forcewire("suppress", "--list", "--database", store).out
    assert [line.split()[2] for line in table.splitlines()[1:]] == ["suppress", "undo", "suppress"]


def test_undo_brings_the_article_back(forcewire, store, tmp_path):
    forcewire("suppress", URL, *WHY, "--database", store)
    ran = forcewire("suppress", URL, "--undo", "--why", "a mistake", "--database", store)
    assert ran.out == f"no longer suppressed: {URL} (Tarn)\n"
    urls, said = exported(forcewire, store, tmp_path)
    assert (len(urls), "withheld" in said) == (5, False)


def test_what_is_suppressed_already_is_said_and_not_written_down_again(forcewire, store):
    forcewire("suppress", URL, *WHY, "--database", store)
    ran = forcewire("suppress", URL, "--why", "more", "--database", store)
    assert (ran.code, ran.out) == (0, f"suppressed already: {URL} (Tarn)\n")
    assert len(forcewire("suppress", "--list", "--json", "--database", store).json) == 1
    other = "https://www.tarn.example/news/5"
    assert forcewire("suppress", other, "--undo", *WHY, "--database", store).out == f"not suppressed: {other} (Tarn)\n"


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.tarn.example/news/4",
        "https://tarn.example/News/4/",
        "www.tarn.example/news/4",
        " https://www.tarn.example/news/4#top ",
        "https://www.tarn.example/news/4?utm_source=letter",
        "https://www.tarn.example/old/four",
        "https://www.tarn.example/new/4",
    ],
)
def test_any_address_in_any_spelling_is_the_article(forcewire, store, spelling):
    sql(store, ARTICLE.update().where(ARTICLE.c.url == URL).values(address="https://www.tarn.example/new/4"))
    sql(store, PAGE.update().where(PAGE.c.url == URL).values(url="https://www.tarn.example/old/four"))
    assert forcewire("suppress", spelling, *WHY, "--database", store).out.startswith(f"suppressed: {URL} (Tarn)\n")
    assert sql(store, sa.select(ARTICLE.c.url).where(ARTICLE.c.suppressed_at.is_not(None))) == [(URL,)]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.tarn.example/news/40",
        "https://www.elsewhere.example/news/4",
        "https://www.tarn.example/",
        "https://www.tarn.example/news/item?id=2",
        "no address [",
    ],
)
def test_an_address_that_is_not_stored_is_one_line_and_suppresses_nothing(forcewire, store, url):
    sql(store, ARTICLE.update().where(ARTICLE.c.id == 5).values(url="https://www.tarn.example/news/item?id=1"))
    ran = forcewire("suppress", url, *WHY, "--database", store)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("forcewire: the store has no article at ")
    assert sql(store, sa.select(SUPPRESSION.c.id)) == []


def test_all_stories_that_stood_at_an_address_are_meant(forcewire, store):
    words = "Nothing of this was ever told in the other story, which had quite different things to say to the people of Tarn."
    first = replace(record("tarn", 4), url=URL.replace("4", "9"), published_precision=Precision.DAY)
    save(f"sqlite:///{store}", "tarn", [first], NOW)
    reused = replace(first, body=f"{words}\n", published_at=NOW + timedelta(days=90), published_raw="later")
    save(f"sqlite:///{store}", "tarn", [reused], NOW + timedelta(days=90))
    out = forcewire("suppress", first.url, *WHY, "--database", store).out.replace(first.url, URL)
    assert out.startswith(
        f"suppressed: {URL} (Tarn)\nsuppressed: {URL} (Tarn, story 2 at this address)\n2 articles stood"
    )
    assert len(sql(store, sa.select(ARTICLE.c.id).where(ARTICLE.c.suppressed_at.is_not(None)))) == 2


@pytest.mark.parametrize("words", [[URL], ["--why", "x"], [URL, "--why", "  "], ["--list", URL], ["--list", "--undo"]])
def test_url_and_reason_or_the_list(forcewire, store, words):
    ran = forcewire("suppress", *words, "--database", store)
    assert (ran.code, ran.out) == (2, "")


def test_a_suppressed_article_that_changes_later_stays_suppressed_and_is_watched(forcewire, store, tmp_path):
    forcewire("suppress", URL, *WHY, "--database", store)
    later = replace(record("tarn", 4), title="Another headline")
    save(f"sqlite:///{store}", "tarn", [later], NOW + timedelta(days=2))
    assert sql(store, sa.select(ARTICLE.c.version).where(ARTICLE.c.url == URL)) == [(2,)]
    assert URL not in exported(forcewire, store, tmp_path)[0]


@pytest.mark.parametrize(("sensitive", "left"), [(True, 4), (False, 5)])
def test_an_export_leaves_out_what_was_withdrawn_and_is_sensitive(forcewire, store, tmp_path, sensitive, left):
    exported(forcewire, store, tmp_path)
    sql(store, ARTICLE.update().where(ARTICLE.c.url == URL).values(removed_at=NOW, sensitive=sensitive))
    ran = forcewire("export", "--database", store, "--format", "archive", "--out", tmp_path / "archive")
    assert ("1 file of theirs deleted" in ran.err) is sensitive
    assert len(exported(forcewire, store, tmp_path)[0]) == left


def test_an_export_to_the_same_folder_deletes_nothing_else(forcewire, store, tmp_path):
    exported(forcewire, store, tmp_path)
    mine = tmp_path / "archive" / "Tarn" / "notes.md"
    mine.write_text("mine")
    forcewire("suppress", URL, *WHY, "--database", store)
    forcewire("export", "--database", store, "--format", "archive", "--out", tmp_path / "archive")
    assert sorted(path.name for path in mine.parent.iterdir()) == sorted(
        [hashlib.sha1(b"https://www.tarn.example/news/5").hexdigest() + ".md", "notes.md"]
    )


def test_publish_erases_what_is_due_first(forcewire, store, tmp_path, monkeypatch):
    sql(store, ARTICLE.update().where(ARTICLE.c.url == URL).values(removed_at=NOW, sensitive=True))
    assert b"number 4" in store.read_bytes()
    forcewire("publish", "--database", store, "--out", tmp_path / "public")
    erased = sql(store, sa.select(ARTICLE.c.erased_at).where(ARTICLE.c.url == URL))[0][0]
    assert (erased is not None, b"number 4" in store.read_bytes()) == (True, False)
