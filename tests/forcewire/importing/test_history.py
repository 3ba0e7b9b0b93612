"""Edits of an archive become versions, at their moments, the same ones whatever was imported first."""

from __future__ import annotations

import itertools
import sqlite3

import pytest

from tests.forcewire.importing.conftest import FIRST, LATER, LATEST, story, write_files, write_rows

FIRST_BODY = "A man of 34 was seen near the mill.\n\nCall 101 quoting crime number 55/12500/20.\n"
SECOND_BODY = FIRST_BODY.replace("34", "43")
PICTURE = {"picture": "https://www.norchester.example/lamp.jpg"}


def stored(path):
    """All that a store holds of articles, without the numbers of rows."""
    conn = sqlite3.connect(path)
    try:
        article = "a.source_id, a.url, a.reuse"
        return [
            sorted(conn.execute(sql).fetchall(), key=repr)
            for sql in (
                f"SELECT {article}, version, published_at, first_seen_at, last_seen_at, changed_at, address FROM article a",
                f"SELECT {article}, number, seen_at, v.crawl_id, record_hash, content_hash, body FROM version v"
                " JOIN article a ON a.id = article_id",
                f"SELECT {article}, c.version, change, minor, fields, at, c.crawl_id FROM change c"
                " JOIN article a ON a.id = article_id",
                f"SELECT {article}, o.version, name, path, seen_at, latest, digest FROM original o"
                " JOIN article a ON a.id = article_id",
                f"SELECT {article}, key, force FROM article_reference r JOIN article a ON a.id = article_id",
            )
        ]
    finally:
        conn.close()


@pytest.fixture
def parts(tmp_path):
    """Articles and their history: an edit, a flip back, a picture alone, an edit of one of two addresses, and none."""
    a, b = story(1, body=FIRST_BODY), story(1, body=SECOND_BODY)
    plain, pictured = story(2), story(2, **PICTURE)
    url = "https://www.norchester.example/news/story-3"
    one, other = story(3, url=url), story(3, url=url.replace("story", "Story"))
    edited = story(3, url=url, body=SECOND_BODY)
    files = {
        "articles": [each.row(FIRST) for each in (a, pictured, edited, other, story(4))],
        "history": [
            *(each.history(FIRST, "A") for each in (a, plain, one)),
            b.history(LATER, "M"),
            edited.history(LATER, "M"),
            a.history(LATEST, "M"),
            pictured.history(LATEST, "M"),
        ],
    }
    return {name: write_rows(tmp_path / "rows" / f"{name}.jsonl", rows) for name, rows in files.items()}


def test_history_makes_versions_and_changes_dated_by_its_rows(bring, parts, tmp_path):
    ran = bring(parts["history"])
    assert (ran.code, ran.json["new"], ran.json["joined"]) == (0, 3, 4)
    articles, versions, changes, _, references = stored(tmp_path / "news.db")
    assert [(row[1][-1], row[3], row[5], row[7]) for row in articles] == [
        ("1", 1, "2020-12-28 12:50:07.000000", "2020-12-28 12:50:07.000000"),
        ("2", 1, "2020-12-28 12:50:07.000000", "2020-12-28 12:50:07.000000"),
        ("3", 2, "2020-12-28 12:50:07.000000", "2021-02-26 18:29:20.000000"),
    ]
    assert [(row[1][-1], row[3], row[4]) for row in versions] == [
        ("1", 1, "2020-12-28 12:50:07.000000"),
        ("1", 2, "2021-02-26 18:29:20.000000"),
        ("2", 1, "2020-12-28 12:50:07.000000"),
        ("3", 1, "2020-12-28 12:50:07.000000"),
        ("3", 2, "2021-02-26 18:29:20.000000"),
    ]
    told = [(row[1][-1], row[4], row[5], row[6], row[7][:10]) for row in changes if row[4] != "new"]
    assert told == [
        ("1", "edited", 0, '["body"]', "2021-02-26"),
        ("2", "edited", 1, '["image_url"]', "2021-04-04"),
        ("3", "edited", 0, '["body"]', "2021-02-26"),
    ]
    assert [(row[1][-1], *row[3:]) for row in references] == [
        ("1", "551250020", "Norchester Police"),
        ("3", "551250020", "Norchester Police"),
    ]


def test_whatever_is_imported_first_or_twice_the_store_is_the_same(bring, parts, tmp_path):
    orders = [*itertools.permutations(["articles", "history"]), ("history", "articles", "history"), ("folder",)]
    made = []
    for n, order in enumerate(orders):
        for name in order:
            ran = bring(parts.get(name, parts["articles"].parent), f"{n}.db")
            assert ran.code == 0, ran.err
        made.append(stored(tmp_path / f"{n}.db"))
    assert len(made[0][0]) == 4
    assert made == [made[0]] * len(made)


def test_every_order_of_single_rows_gives_the_same_versions(bring, tmp_path):
    texts = [story(1, body=FIRST_BODY.replace("34", str(age))) for age in (31, 32, 33)]
    rows = [each.history(at, "M") for each, at in zip(texts, (FIRST, LATER, LATEST), strict=True)]
    made = []
    for n, order in enumerate(itertools.permutations(rows)):
        for row in order:
            bring(write_rows(tmp_path / "one.jsonl", [row]), f"{n}.db")
        made.append(stored(tmp_path / f"{n}.db"))
    assert [row[3] for row in made[0][1]] == [1, 2, 3]
    assert made == [made[0]] * len(made)


def test_a_later_snapshot_of_a_file_is_its_next_version(bring, give, tmp_path):
    before, after = story(1, body=FIRST_BODY), story(1, body=SECOND_BODY)
    bring(write_rows(tmp_path / "a.jsonl", [before.row(FIRST)]))
    folder = write_files(tmp_path / "files", [after])
    bring(folder)
    ((_, _, _, version, _, first, *_),) = stored(tmp_path / "news.db")[0]
    assert (version, first) == (2, "2020-12-28 12:50:07.000000")
    assert give() == {after.path: after.text.encode()}


def test_the_last_text_of_each_record_comes_back(bring, give, parts):
    bring(parts["history"])
    assert give() == {
        each.path: each.text.encode()
        for each in (story(1, body=FIRST_BODY), story(2, **PICTURE), story(3, body=SECOND_BODY))
    }


def test_history_that_came_before_articles_knows_the_text_of_theirs(bring, parts):
    bring(parts["history"])
    assert bring(parts["articles"]).json["refused"] == 0
    again = bring(parts["articles"])
    assert (again.json["known"], again.json["texts"]) == (5, 5)
