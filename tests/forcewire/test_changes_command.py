"""`forcewire changes`: one change word by word, the story behind a URL, and filters that fit what is stored."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import open_store, writing
from tests.forcewire.conftest import NOW, record, save

LAMP = "https://www.wexmoor.example/news/1"
MISSING = "https://www.wexmoor.example/news/3"


@pytest.fixture(autouse=True)
def no_colours(monkeypatch):
    for name in ("FORCE_COLOR", "NO_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def lives(tmp_path: Path) -> Path:
    """An appeal that becomes an arrest and a court case, an arrest of the same incident, and a missing girl who gets another
    picture: six changes, the arrest is the fourth.
    """
    path = tmp_path / "lives.db"
    appeal = record(
        "wexmoor",
        1,
        kind="appeal",
        title="Appeal after a lamp is taken",
        references=("40/1/26",),
        body="A man aged 34 was **seen** at 10.30pm.\n\nThe lamp is green.\n\nThe lane was shut.\n\nCall 101.\n",
    )
    other = record("wexmoor", 2, kind="arrest", references=("40-1-26",))
    missing = record("wexmoor", 3, kind="missing", sensitive=True, title="Missing: Ada Example", body="Ada is 14.\n")
    arrest = replace(
        appeal, kind="arrest", title="Man, 43, arrested after a lamp is taken", body=appeal.body.replace("34", "43")
    )
    save(f"sqlite:///{path}", "wexmoor", [appeal, other, missing], NOW)
    later = [arrest, replace(missing, image_url="https://w.example/ada.jpg")]
    save(f"sqlite:///{path}", "wexmoor", later, NOW + timedelta(days=1))
    save(f"sqlite:///{path}", "wexmoor", [replace(arrest, kind="court", title="Man jailed")], NOW + timedelta(days=9))
    return path


def withdraw(path: Path, article: int) -> None:
    engine = open_store(f"sqlite:///{path}")
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE article SET removed_at = last_seen_at WHERE id = :id"), {"id": article})
        conn.execute(
            sa.text(
                "INSERT INTO change (article_id, version, crawl_id, change, minor, fields, at) "
                "VALUES (:id, 1, 3, 'removed', 0, '[]', '2026-07-01 08:00:00.000000')"
            ),
            {"id": article},
        )
        conn.execute(
            sa.text(
                "UPDATE page SET status = 404, gone_since = '2026-06-29 08:00:00.000000', gone_answers = 3 "
                "WHERE article_id = :id"
            ),
            {"id": article},
        )
    engine.dispose()


def ids(forcewire, path: Path, *words: str) -> list[int]:
    return [row["id"] for row in forcewire("changes", "--database", path, "--json", *words).json]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], [1, 2, 3, 4, 5, 6]),
        (["--kind", "appeal"], [1, 4]),
        (["--kind", "Missing"], [3, 5]),
        (["--kind", "charge"], []),
        (["--field", "title"], [4, 6]),
        (["--field", "body"], [4]),
        (["--field", "description"], []),
        (["--field", "title", "--since", "2026-06-20"], [6]),
        (["--source", "wexmoor", "--source", "wexmoor"], [1, 2, 3, 4, 5, 6]),
    ],
)
def test_changes_are_filtered_by_kind_and_field(forcewire, lives, words, found):
    assert ids(forcewire, lives, *words) == found


def test_several_sources_may_be_named(forcewire, store):
    assert len(ids(forcewire, store, "--source", "tarn", "--source", "wexmoor")) == 7
    assert "no source 'wex'" in forcewire("changes", "--database", store, "--source", "tarn", "--source", "wex").err


def test_a_mistyped_kind_is_no_quiet_day(forcewire, lives):
    ran = forcewire("changes", "--database", lives, "--kind", "apeal")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("forcewire: the store has no story of kind 'apeal'; kinds are appeal, missing")


def test_rows_say_what_an_edit_is_between(forcewire, lives):
    row = forcewire("changes", "--database", lives, "--json").json[3]
    assert (row["article_id"], row["kind_before"], row["kind"], row["step"]) == (
        1,
        "appeal",
        "arrest",
        "Appeal → Arrest",
    )
    assert (row["version_before"], row["version"], row["crawl"]) == (1, 2, 2)
    assert (row["reader"], row["reader_version"], row["withheld"]) == ("generic", 1, False)


def test_the_list_shows_numbers_and_steps(forcewire, lives):
    lines = forcewire("changes", "--database", lives).out.splitlines()
    assert lines[0].split() == ["when", "(utc)", "change", "no", "area", "title", "what", "differs"]
    assert lines[4].split()[2:4] == ["edited", "4"]
    assert lines[4].endswith("title, body, Appeal → Arrest")


@pytest.mark.parametrize("words", [["4"], ["show", "4"]])
def test_a_change_is_shown_word_by_word(forcewire, lives, words):
    ran = forcewire("changes", "--database", lives, *words)
    facts, title, body = ran.out.split("\n\n", 2)
    assert ran.code == 0
    assert [line.split(None, 1) for line in facts.splitlines()[:9]] == [
        ["change", "4: edited"],
        ["when", "2026-06-17 08:00:00 UTC"],
        ["title", "Man, 43, arrested after a lamp is taken"],
        ["address", LAMP],
        ["source", "wexmoor (Wexmoor), article 1"],
        ["version", "1 → 2, read by generic 1"],
        ["crawl", "2 (ok)"],
        ["kind", "Appeal → Arrest"],
        ["differs", "title, body"],
    ]
    assert title == "title\n[-Appeal-]{+Man, 43, arrested+} after a lamp is taken"
    assert body == "body\nA man aged [-34-]{+43+} was seen at 10.30pm.\n\n[…]\n"


def test_at_a_terminal_what_went_is_red_and_what_came_green(forcewire, lives, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "aged \x1b[31m34\x1b[0m \x1b[1;32m43\x1b[0m was seen" in forcewire("changes", "--database", lives, "4").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "aged [-34-]{+43+} was seen" in forcewire("changes", "--database", lives, "4").out


def test_unified_text_makes_one_version_of_the_other(forcewire, lives, tmp_path):
    ran = forcewire("changes", "--database", lives, "4", "--unified")
    assert ran.out.splitlines()[:6] == [
        "--- version-1",
        "+++ version-2",
        "@@ -1,6 +1,6 @@",
        "-Appeal after a lamp is taken",
        "+Man, 43, arrested after a lamp is taken",
        " ",
    ]
    assert "-A man aged 34 was **seen** at 10.30pm." in ran.out
    first = forcewire("changes", "--database", lives, "1", "--unified").out
    assert first.startswith("--- version-0\n+++ version-1\n@@ -0,0 +1,")
    if Path("/usr/bin/patch").exists():
        for text in (first, ran.out):
            subprocess.run(["patch", "--silent", "text"], input=text.encode(), cwd=tmp_path, check=True, timeout=10)
        assert (tmp_path / "text").read_text().startswith("Man, 43, arrested after a lamp is taken\n\nA man aged 43")


def test_a_change_as_json_holds_text_and_diff(forcewire, lives):
    row = forcewire("changes", "--database", lives, "4", "--json").json
    assert (row["id"], row["url"], row["fields"], row["crawl_verdict"]) == (4, LAMP, ["title", "body"], "ok")
    assert set(row["diff"]) == {"title", "body"}
    assert row["diff"]["title"][0] == {"op": "delete", "text": "Appeal"}
    assert "".join(piece["text"] for piece in row["diff"]["body"] if piece["op"] != "delete") == row["text"]["body"]
    assert forcewire("changes", "--database", lives, "1", "--json").json["diff"] is None


def test_of_a_new_story_the_beginning_is_shown(forcewire, tmp_path):
    path = tmp_path / "long.db"
    save(f"sqlite:///{path}", "wexmoor", [record("wexmoor", 1, body="Many words. " * 100)], NOW)
    out = forcewire("changes", "--database", path, "1").out
    assert out.startswith("change 1: new\n")
    assert out.endswith("Many words. Many […]\n")
    assert len(out) < 1200


def test_of_a_withdrawal_it_is_shown_what_is_known(forcewire, lives):
    withdraw(lives, 2)
    out = forcewire("changes", "--database", lives, "7").out
    assert out.startswith("change 7: removed\n")
    assert "  withdrawn  2026-06-16 08:00 UTC\n" in out
    assert "news/2: HTTP 404, 3 times since 2026-06-29 08:00 UTC\n" in out
    assert forcewire("changes", "--database", lives, "7", "--unified").err == "change 7 made no other text\n"


@pytest.mark.parametrize(
    "words",
    [["3"], ["5"], ["7"], ["3", "--unified"], ["3", "--json"], [], ["--json"], ["--minor"], ["--article", MISSING]],
)
def test_no_word_is_shown_of_what_is_withheld(forcewire, lives, words):
    withdraw(lives, 3)
    ran = forcewire("changes", "--database", lives, *words)
    assert ran.code == 0
    assert "Ada" not in ran.out + ran.err
    assert "ada.jpg" not in ran.out
    assert "withheld" in ran.out + ran.err


@pytest.mark.parametrize("number", ["99", "0", str(2**31), "9" * 30])
def test_a_number_that_is_not_there_is_one_line(forcewire, lives, number):
    ran = forcewire("changes", "--database", lives, number)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("forcewire: the store has no change ")
    assert ran.err.endswith("; forcewire changes shows the numbers\n")


@pytest.mark.parametrize(
    "words",
    [
        ["4", "5"],
        ["show"],
        ["-1"],
        ["four"],
        ["٤"],
        ["4", "--kind", "appeal"],
        ["4", "--no-minor"],
        ["4", "--article", LAMP],
        ["--article", LAMP, "--since", "7d"],
        ["--unified"],
        ["4", "--unified", "--json"],
        ["--field", "picture"],
        ["--limit", "0"],
        ["--limit", "9" * 20],
    ],
)
def test_what_does_not_go_together_is_wrong_usage(forcewire, lives, words):
    ran = forcewire("changes", "--database", lives, *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


def test_what_became_of_a_story(forcewire, lives):
    lines = forcewire("changes", "--database", lives, "--article", LAMP).out.splitlines()
    assert lines[:2] == [f"{LAMP} (Wexmoor)", "Appeal → Arrest → Court"]
    assert [line.split()[2:6] for line in lines[3:6]] == [
        ["new", "1", "1", "appeal"],
        ["edited", "4", "2", "arrest"],
        ["edited", "6", "3", "court"],
    ]
    assert lines[7:] == [
        "of the same incident:",
        "  2026-06-16 08:00  arrest, 40-1-26: Appeal number 2 [in brackets]",
        "      https://www.wexmoor.example/news/2",
    ]


def test_what_became_of_a_story_as_json(forcewire, lives):
    (story,) = forcewire("changes", "--database", lives, "--article", "http://WEXMOOR.example/news/1/", "--json").json
    assert (story["article_id"], story["url"], story["course"]) == (1, LAMP, "Appeal → Arrest → Court")
    assert [step["kind"] for step in story["timeline"]] == ["appeal", "arrest", "court"]
    assert [change["id"] for change in story["changes"]] == [1, 4, 6]
    assert [other["article_id"] for other in story["related"]] == [2]


@pytest.mark.parametrize("url", ["https://www.wexmoor.example/news/9", "http://[x", "", "nothing"])
def test_a_url_that_the_store_does_not_have_is_one_line(forcewire, lives, url):
    ran = forcewire("changes", "--database", lives, "--article", url)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("forcewire: the store has no article at ")
    assert ran.err.count("\n") == 1
