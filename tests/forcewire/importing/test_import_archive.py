"""`forcewire import archive`: whatever holds the texts, they enter the store once, and come back byte for byte."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime

import pytest

from tests.forcewire.importing.conftest import FIRST, LATER, story, tree, write_files, write_rows


def rows_of(store, sql):
    conn = sqlite3.connect(store)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def counts(ran):
    return {name: ran.json[name] for name in ("texts", "new", "joined", "known", "refused")}


def test_a_folder_is_read_whatever_stands_above_it_and_comes_back_as_the_same_tree(bring, give, tmp_path):
    texts = [story(n) for n in range(1, 8)] + [story(n, "Eastmere") for n in range(3)]
    folder = write_files(tmp_path / "archive" / "deep", texts)
    ran = bring(tmp_path / "archive" / "deep")
    assert ran.code == 0, ran.err
    assert counts(ran) == {"texts": 10, "new": 10, "joined": 0, "known": 0, "refused": 0}
    assert give() == tree(folder)


@pytest.mark.parametrize("name", ["articles.jsonl.gz", "articles.jsonl"])
def test_rows_are_read_from_a_file_or_from_a_folder_that_holds_it(bring, give, tmp_path, name):
    texts = [story(n) for n in range(5)]
    file = write_rows(tmp_path / "rows" / name, [each.row() for each in texts])
    (file.parent / "README.md").write_text("# Not one of its files\n")
    assert counts(bring(file, "a.db"))["new"] == 5
    ran = bring(file.parent, "b.db")
    assert (ran.code, counts(ran)["new"]) == (0, 5)
    expected = {each.path: each.text.encode() for each in texts}
    assert give("a.db", "a") == give("b.db", "b") == expected


def test_a_second_import_finds_nothing_new_and_tells_no_change(bring, forcewire, tmp_path):
    file = write_rows(tmp_path / "a.jsonl", [story(n).row() for n in range(6)])
    bring(file)
    before = rows_of(tmp_path / "news.db", "SELECT * FROM change")
    ran = bring(file)
    assert (ran.code, counts(ran)["known"], counts(ran)["new"]) == (0, 6, 0)
    assert rows_of(tmp_path / "news.db", "SELECT * FROM change") == before


def test_the_same_record_as_a_file_and_as_a_row_is_one(bring, give, tmp_path):
    texts = [story(n) for n in range(4)]
    folder = write_files(tmp_path / "files", texts)
    bring(write_rows(tmp_path / "a.jsonl", [each.row() for each in texts]))
    for path in (folder, folder / "news", folder / "news" / "Norchester", folder / texts[0].path):
        ran = bring(path)
        assert (ran.code, ran.json["new"], ran.json["joined"]) == (0, 0, 0)
    assert give() == tree(folder)


def test_articles_and_their_changes_carry_the_moments_of_the_rows(bring, forcewire, tmp_path):
    bring(write_rows(tmp_path / "a.jsonl", [story(1).row(FIRST), story(2).row(LATER)]))
    moments = {"2020-12-28 12:50:07.000000", "2021-02-26 18:29:20.000000"}
    assert {at for (at,) in rows_of(tmp_path / "news.db", "SELECT first_seen_at FROM article")} == moments
    assert {at for (at,) in rows_of(tmp_path / "news.db", "SELECT at FROM change")} == moments
    assert forcewire("changes", "--database", tmp_path / "news.db", "--since", "30d", "--json").json == []


def test_a_file_states_no_moment_so_its_own_time_counts_and_one_of_tomorrow_is_now(bring, tmp_path):
    old, strange = story(1), story(2)
    folder = write_files(tmp_path / "files", [old, strange])
    os.utime(folder / old.path, (1_600_000_000,) * 2)
    os.utime(folder / strange.path, (5_000_000_000,) * 2)
    before = datetime.now(UTC).isoformat(" ")
    bring(folder)
    first, second = rows_of(tmp_path / "news.db", "SELECT first_seen_at FROM article ORDER BY url")
    assert first == ("2020-09-13 12:26:40.000000",)
    assert before < second[0] < datetime.now(UTC).isoformat(" ")


def test_an_earlier_moment_of_a_known_text_makes_its_article_older_and_no_other(bring, give, tmp_path):
    text = story(1)
    folder = write_files(tmp_path / "files", [text])
    bring(folder)
    bring(write_rows(tmp_path / "a.jsonl", [text.row(FIRST)]))
    assert rows_of(tmp_path / "news.db", "SELECT first_seen_at, version FROM article") == [
        ("2020-12-28 12:50:07.000000", 1)
    ]
    assert rows_of(tmp_path / "news.db", "SELECT count(*) FROM original") == [(1,)]
    assert give() == tree(folder)


def test_lost_commas_of_an_address_come_back_in_the_store_and_the_file_stays_as_it_was(bring, give, tmp_path):
    url = "https://www.norchester.example/news/40,000-arson,-appeal"
    text = story(1, url=url, stated=url.replace(",", ""))
    folder = write_files(tmp_path / "files", [text])
    assert bring(folder).code == 0
    assert rows_of(tmp_path / "news.db", "SELECT url FROM article") == [(url,)]
    assert give() == tree(folder)


def test_two_files_of_one_article_both_come_back(bring, give, tmp_path):
    url = "https://www.norchester.example/news/story-1"
    texts = [story(1, url=each) for each in (url, f"{url}#related", url.replace("story", "Story"))]
    folder = write_files(tmp_path / "files", texts)
    ran = bring(folder)
    assert (ran.code, ran.json["new"], ran.json["joined"]) == (0, 1, 2)
    assert rows_of(tmp_path / "news.db", "SELECT count(*), max(version) FROM article") == [(1, 1)]
    assert rows_of(tmp_path / "news.db", "SELECT count(*) FROM change") == [(1,)]
    assert give() == tree(folder)


def test_an_exported_tree_keeps_the_moments_for_the_next_store(bring, give, tmp_path):
    bring(write_rows(tmp_path / "a.jsonl", [story(1).row(FIRST)]))
    give()
    bring(tmp_path / "out", "other.db")
    assert rows_of(tmp_path / "other.db", "SELECT first_seen_at FROM article") == [("2020-12-28 12:50:07.000000",)]
