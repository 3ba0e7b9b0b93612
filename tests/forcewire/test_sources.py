from __future__ import annotations

from forcewire.demo.entries import write_entries
from forcewire.demo.forces import FORCES


def test_bundled_sources_are_listed(forcewire):
    rows = forcewire("sources", "list", "--json").json
    assert {"bedfordshire", "civil-nuclear", "cumbria"} <= {row["id"] for row in rows}
    assert all(row["interval"] >= 60 and row["assertions"]["min"]["links"] >= 1 for row in rows)
    assert "bedfordshire       Bedfordshire" in forcewire("sources", "list").out


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
