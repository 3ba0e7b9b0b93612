from __future__ import annotations

from forcewire.demo.entries import write_entries
from forcewire.demo.forces import FORCES


def test_bundled_sources_are_listed(forcewire):
    rows = forcewire("sources", "list", "--json").json
    assert len(rows) == 53
    assert {"bedfordshire", "civil-nuclear", "cumbria"} <= {row["id"] for row in rows}
    assert all(row["interval"] >= 60 and row["assertions"]["min"]["links"] >= 1 for row in rows)
    lines = forcewire("sources", "list").out.splitlines()
    assert len(lines) == 56
    assert next(line.split() for line in lines if line.startswith("bedfordshire "))[:2] == [
        "bedfordshire",
        "Bedfordshire",
    ]


def test_list_says_how_well_each_source_is_known_and_that_nobody_checked_it(forcewire):
    ran = forcewire("sources", "list")
    shown = {line.split()[0]: line for line in ran.out.splitlines()[1:-2]}
    assert all("never" in line for line in shown.values())
    assert "unknown" in shown["isle-of-man"]
    assert "none of these 53" in ran.out.splitlines()[-1]
    rows = {row["id"]: row for row in forcewire("sources", "list", "--json").json}
    assert rows["metropolitan"]["listing"][0]["known"] == "page"
    assert {row["known"]["checked"] for row in rows.values()} == {None}
    assert all(row["known"]["note"] for row in rows.values())


def test_day_of_a_check_is_shown_and_counted(forcewire, tmp_path):
    write_entries([FORCES[0].changed(base_url="http://127.0.0.1:8600")], tmp_path)
    path = tmp_path / f"{FORCES[0].id}.toml"
    path.write_text(path.read_text() + "\n[known]\nplatform = 'page'\nchecked = 2026-01-31\n")
    ran = forcewire("sources", "list", "--sources", tmp_path)
    assert "2026-01-31" in next(line for line in ran.out.splitlines() if line.startswith(FORCES[0].id))
    assert "1 of these 54" in ran.out.splitlines()[-1]
    rows = forcewire("sources", "list", "--json", "--sources", tmp_path).json
    assert "2026-01-31" in [row["known"]["checked"] for row in rows]


def test_own_folder_adds_to_them(forcewire, tmp_path, monkeypatch):
    write_entries([FORCES[0].changed(base_url="http://127.0.0.1:8600")], tmp_path)
    ids = [row["id"] for row in forcewire("sources", "list", "--json", "--sources", tmp_path).json]
    assert FORCES[0].id in ids
    assert "bedfordshire" in ids
    monkeypatch.setenv("FORCEWIRE_SOURCES", str(tmp_path))
    assert FORCES[0].id in forcewire("sources", "list").out


def test_wrong_entry_is_named_with_file_key_and_reason(forcewire, tmp_path):
    (tmp_path / "mine.toml").write_text('name = "x"\nforce = "x"\narea = "x"\nreadr = "generic"\n')
    ran = forcewire("sources", "list", "--sources", tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert f"{tmp_path / 'mine.toml'}: " in ran.err
    assert ran.err.count("\n") == 1
