"""`forcewire search` and `forcewire db check`, on the store of conftest: five invented stories of two forces."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.database import open_store, writing


def test_stories_with_all_words_are_listed_the_newest_first_a_line_each(forcewire, store):
    ran = forcewire("search", "officers", "appeals", "--database", store)
    assert (ran.code, ran.err) == (0, "")
    heading, *lines = ran.out.splitlines()
    assert heading.split() == ["when", "(utc)", "area", "kind", "title", "address"]
    assert [line.split()[-1].rpartition("/")[2] for line in lines] == ["1", "2", "3", "4", "5"]
    assert "Appeal number 4 [in brackets]" in lines[3]


def test_bounds_are_typed_among_the_words_or_given_as_options(forcewire, store):
    typed = forcewire("search", "appeal", "area:tarn", "until:2026-06-11", "--database", store).out
    options = ("--area", "TARN", "--since", "2026-06-11", "--until", "2026-06-12")
    assert forcewire("search", "appeal", *options, "--database", store).out == typed
    assert len(typed.splitlines()) == 2
    assert typed.endswith("https://www.tarn.example/news/5\n")


def test_json_says_what_was_hit_as_pieces_of_text(forcewire, store):
    (hit,) = forcewire("search", "hears", "number", "5", "--json", "--database", store).json
    assert (hit["article_id"], hit["source"], hit["area"], hit["kind"], hit["removed_at"]) == (
        5,
        "tarn",
        "Tarn",
        "other",
        None,
    )
    assert "".join(piece["text"] for piece in hit["title_marked"]) == hit["title"] == "Appeal number 5 [in brackets]"
    assert [piece["text"] for piece in hit["snippet"] if piece["hit"]] == ["hear", "number", "5"]
    assert forcewire("search", "zebra", "--json", "--database", store).json == []


def test_nothing_found_is_an_answer_and_what_can_find_nothing_an_error(forcewire, store):
    ran = forcewire("search", "zebra", "--database", store)
    assert (ran.code, ran.out, ran.err) == (0, "nothing found\n", "")
    for words, told in (
        (("*",), "there is no word to look for in: *"),
        (("appeal", "since:yesterday"), "since:yesterday is no day; write since:2026-01-31"),
        (("appeal", "--kind", "nonsense"), "there is no kind 'nonsense'"),
        (("appeal", "area:atlantis"), "the store has no area 'atlantis'"),
        (("appeal", "--area", "Atlantis"), "the store has no area 'Atlantis'; it has Tarn, Wexmoor"),
    ):
        ran = forcewire("search", *words, "--database", store)
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err
    ran = forcewire("search", "appeal", "OR", "zebra", "--database", store)
    assert (ran.code, ran.out) == (0, "nothing found\n")
    assert "OR and NOT are looked for as words" in ran.err


def test_at_a_terminal_the_place_of_the_words_is_shown_with_the_hits_marked(forcewire, store, monkeypatch):
    from rich.console import Console

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        "rich.console.Console", lambda **how: Console(**how, force_terminal=True, color_system="standard", width=100)
    )
    ran = forcewire("search", "hears", "area:tarn", "--limit", "1", "--database", store)
    assert ran.code == 0
    assert "\x1b[4;33mhear\x1b[0m from anyone who saw number 4." in ran.out
    assert "Appeal number 4 [in brackets]" in ran.out
    assert "these are the newest 1" in ran.out


def test_an_index_that_lost_words_is_told_and_made_anew(forcewire, store):
    check = ("db", "check", "--database", store)
    assert forcewire(*check).out == "the store is as it should be, and so is the search index\n"
    engine = open_store(f"sqlite:///{store}")
    with writing(engine) as conn:
        conn.execute(sa.text("INSERT INTO article_search(article_search) VALUES ('delete-all')"))
    engine.dispose()
    ran = forcewire(*check)
    assert ran.code == 1
    assert "5 articles are missing in it" in ran.err
    assert "forcewire db check --rebuild" in ran.err
    assert forcewire(*check, "--rebuild").code == 0
    assert forcewire(*check).code == 0


@pytest.mark.parametrize(
    "words", [("search",), ("search", "knife", "--limit", "0"), ("search", "knife", "--since", "soon")]
)
def test_wrong_usage_is_one_line(forcewire, store, words):
    ran = forcewire(*words)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
