from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from forcewire.export import RECORD_FIELDS
from tests.forcewire.conftest import NOW, record, save


def test_changes_shows_the_newest_last_and_no_minor_ones(forcewire, store):
    lines = forcewire("changes", "--database", store).out.splitlines()
    assert [line.split()[2] for line in lines] == ["change", *["new"] * 5, "edited"]
    assert lines[-1].endswith("body")


def test_changes_as_json_is_one_array_with_a_row_on_each_line(forcewire, store):
    ran = forcewire("changes", "--database", store, "--json")
    rows = ran.json
    assert [json.loads(line.rstrip(",")) for line in ran.out.splitlines()[1:-1]] == rows
    assert {"id", "change", "minor", "source", "area", "url", "title", "fields", "version", "at"} <= set(rows[0])
    assert [(row["change"], row["minor"]) for row in rows[5:]] == [("edited", False), ("edited", True)]
    assert rows[5]["fields"] == ["body"]
    assert rows[5]["version"] == 2
    assert datetime.fromisoformat(rows[5]["at"]) == NOW + timedelta(days=1)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--no-minor"], 6),
        (["--source", "tarn"], 2),
        (["--area", "wexmoor"], 5),
        (["--change", "edited"], 2),
        (["--change", "reparsed"], 0),
        (["--since", "2026-06-17"], 2),
        (["--since", "2026-06-17T10:00+01:00"], 0),
        (["--since", "2026-06-17T09:00+01:00"], 2),
        (["--limit", "3"], 3),
    ],
)
def test_changes_are_filtered(forcewire, store, words, count):
    assert len(forcewire("changes", "--database", store, "--json", *words).json) == count


def test_no_changes_are_an_empty_array_or_a_line(forcewire, store):
    assert forcewire("changes", "--database", store, "--change", "moved", "--json").out == "[]\n"
    assert forcewire("changes", "--database", store, "--change", "moved").out == "no changes\n"


@pytest.mark.parametrize("command", [["changes"], ["export", "--format", "jsonl", "--out", "-"]])
def test_a_mistyped_source_or_area_is_no_quiet_day(forcewire, store, command):
    ran = forcewire(*command, "--database", store, "--area", "Wexmore")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "forcewire: the store has no area 'Wexmore'; it has Tarn, Wexmoor\n"
    assert "no source 'wex'" in forcewire(*command, "--database", store, "--source", "wex").err


def crawled_now(store, **how):
    for source in ("tarn", "wexmoor"):
        save(f"sqlite:///{store}", source, [], datetime.now(UTC), **how)


def test_status_is_good_while_no_source_failed(forcewire, store):
    assert forcewire("status", "--database", store).code == 1  # nobody has crawled for long
    crawled_now(store)
    ran = forcewire("status", "--database", store)
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["source", "tarn", "wexmoor"]


def test_status_is_bad_while_the_crawls_of_a_source_fail(forcewire, store):
    crawled_now(store)
    assert forcewire("status", "--database", store).code == 0
    for hours in (3, 2):
        save(f"sqlite:///{store}", "tarn", [], datetime.now(UTC) - timedelta(hours=hours), verdict="failed")
    ran = forcewire("status", "--database", store, "--json")
    assert ran.code == 1
    tarn, wexmoor = ran.json
    assert (tarn["source"], tarn["verdict"], tarn["reason"]) == ("tarn", "failed", "0 links on the listing")
    assert (tarn["failures"], tarn["articles"], wexmoor["verdict"]) == (2, 2, "ok")
    assert (tarn["state"], wexmoor["trouble"]) == ("broken", None)
    assert wexmoor["state"] in ("ok", "quiet")
    assert tarn["since"] < tarn["finished_at"]
    assert "0 links on the listing" in forcewire("status", "--database", store).out
    crawled_now(store)
    assert forcewire("status", "--database", store).code == 0


def test_export_jsonl_prints_every_field_of_the_record(forcewire, store):
    ran = forcewire("export", "--database", store, "--format", "jsonl", "--out", "-", "--source", "wexmoor")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["url"][-1] for row in rows] == ["1", "2", "3"]
    assert all(tuple(row) == RECORD_FIELDS for row in rows)
    assert rows[0]["published_at"] == "2026-06-15T08:00:00+00:00"
    assert (rows[0]["version"], rows[0]["published_precision"], rows[0]["removed_at"]) == (2, "unknown", None)
    assert rows[0]["meta"] == {"og:type": "article"}


def test_export_to_a_file_replaces_it_whole_and_leaves_nothing_aside(forcewire, store, tmp_path):
    out = tmp_path / "deep" / "news.jsonl"
    assert forcewire("export", "--database", store, "--format", "jsonl", "--out", out).code == 0
    assert len(out.read_text().splitlines()) == 5
    assert [path.name for path in out.parent.iterdir()] == ["news.jsonl"]


def test_export_that_breaks_off_keeps_the_file_from_before(tmp_path):
    from forcewire.export import written_aside

    path = tmp_path / "news.jsonl"
    path.write_text("before")

    def break_off():
        with written_aside(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_export_archive_writes_a_file_an_article_and_touches_no_unchanged_one(forcewire, store, tmp_path):
    out = tmp_path / "archive"
    assert forcewire("export", "--database", store, "--format", "archive", "--out", out, "--area", "tarn").code == 0
    name = hashlib.sha1(b"https://www.tarn.example/news/4").hexdigest()
    path = out / "Tarn" / f"{name}.md"
    assert path.read_text().startswith("```yaml\narea: Tarn\n")
    assert len(list(out.rglob("*.md"))) == 2
    before = path.stat().st_ino
    forcewire("export", "--database", store, "--format", "archive", "--out", out)
    assert path.stat().st_ino == before
    assert len(list(out.rglob("*"))) == 2 + 5


def test_export_keeps_odd_characters(forcewire, tmp_path):
    path = tmp_path / "odd.db"
    save(f"sqlite:///{path}", "wexmoor", [record("wexmoor", 1, title="Café \u2028 “quoted” 🚓")], NOW)
    ran = forcewire("export", "--database", path, "--format", "jsonl", "--out", "-")
    assert json.loads(ran.out)["title"] == "Café \u2028 “quoted” 🚓"


def test_export_into_the_wrong_kind_of_place_is_refused(forcewire, store, tmp_path):
    assert "a folder is there" in forcewire("export", "--database", store, "--format", "jsonl", "--out", tmp_path).err
    assert "a file is there" in forcewire("export", "--database", store, "--format", "archive", "--out", store).err
    ran = forcewire("export", "--database", store, "--format", "jsonl", "--out", store / "x" / "y.jsonl")
    assert ran.code == 1
    assert ran.err.count("\n") == 1


def test_publish_writes_feeds_once(forcewire, store, tmp_path):
    out = tmp_path / "public"
    words = ("publish", "--database", store, "--out", out, "--base-url", "https://news.example.org")
    ran = forcewire(*words, "--json")
    files = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert len(files) > 100
    assert (ran.code, len(ran.json["written"]), ran.json["unchanged"]) == (0, len(files), 0)
    assert "https://news.example.org/feeds/wexmoor.rss" in (out / "feeds" / "wexmoor.rss").read_text()
    assert forcewire(*words).out == f"{out / 'feeds'}: 0 feeds written, {len(files)} unchanged\n"


@pytest.mark.parametrize("words", [["--base-url", "news.example.org"], ["--tagging-entity", "not a name"]])
def test_publish_with_a_name_that_is_none_writes_nothing(forcewire, store, tmp_path, words):
    ran = forcewire("publish", "--database", store, "--out", tmp_path / "public", *words)
    assert ran.code == 1
    assert ran.err.startswith("forcewire: cannot publish")
    assert not (tmp_path / "public").exists()


@pytest.mark.usefixtures("migrations")
def test_db_upgrade_makes_a_store_and_leaves_one_that_is_up_to_date(forcewire, tmp_path):
    path = tmp_path / "new.db"
    assert "from nothing to revision" in forcewire("db", "upgrade", "--database", path).out
    assert "already" in forcewire("db", "upgrade", "--database", path).out
