"""`forcewire db backup|restore|prune|upgrade`, as typed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

AT = "https://www.wexmoor.example/news/1"


def test_a_backup_goes_beside_the_store_or_where_it_is_told(forcewire, store, tmp_path, monkeypatch):
    ran = forcewire("db", "backup", "--database", store)
    [path] = (tmp_path / "backups").iterdir()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{path}: {path.stat().st_size / 1e6:,.1f} MB, checked\n"
    monkeypatch.setenv("FORCEWIRE_BACKUP_DIR", str(tmp_path / "elsewhere"))
    assert str(tmp_path / "elsewhere") in forcewire("db", "backup", "--database", store).out
    assert forcewire("db", "backup", "--database", store, "--out", tmp_path / "it.db").code == 0
    refused = forcewire("db", "backup", "--database", store, "--out", store)
    assert (refused.code, refused.out) == (1, "")
    assert "is no backup of Forcewire's; name another file" in refused.err


def test_a_restored_store_says_what_it_is_and_what_was_carried(forcewire, store, tmp_path):
    copy = tmp_path / "it.db"
    forcewire("db", "backup", "--database", store, "--out", copy)
    forcewire("suppress", AT, "--why", "letter", "--database", store)
    ran = forcewire("db", "restore", copy, "--database", store)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("restored up to the crawl of 2026-06-17 08:00 UTC (revision ")
    assert "carried over: 1 line of the log of suppressions, 1 article withheld since, 0 erased since" in ran.out
    assert "news.db.before-" in ran.out
    assert AT in forcewire("suppress", "--list", "--database", store).out


def test_a_restore_that_could_not_carry_ends_badly_though_it_is_done(forcewire, store, tmp_path):
    copy = tmp_path / "it.db"
    forcewire("db", "backup", "--database", store, "--out", copy)
    store.write_bytes(b"A shopping list.\n" * 99)
    ran = forcewire("db", "restore", copy, "--database", store)
    assert ran.code == 1
    assert "could not be carried over" in ran.err
    assert ran.err.count("\n") == 1
    assert forcewire("db", "check", "--database", store).code == 0


def test_prune_says_what_went_and_makes_the_file_smaller(forcewire, store):
    with closing(sqlite3.connect(store)) as raw:
        raw.execute("INSERT INTO kept_page (source_id, url, served_url, fetched_at, status, body) SELECT id, 'u', 'u', '2020-01-01 00:00:00.000000', 200, zeroblob(3000000) FROM source")  # fmt: skip
        raw.commit()
    ran = forcewire("db", "prune", "--shrink", "--database", store)
    assert ran.code == 0
    assert "deleted 0 crawls, 0 issues, 0 incidents, 0 alerts, 2 kept pages" in ran.out
    assert store.stat().st_size < 2_000_000
    assert forcewire("db", "check", "--database", store).code == 0


def older(store):
    with closing(sqlite3.connect(store)) as raw:
        for table in "version", "change":
            raw.execute(f"DROP INDEX ix_{table}_crawl_id")
        raw.execute("UPDATE alembic_version SET version_num = '0015'")
        raw.commit()


@pytest.mark.usefixtures("migrations")
def test_an_upgrade_backs_up_first(forcewire, store, tmp_path):
    older(store)
    ran = forcewire("db", "upgrade", "--database", store)
    assert ran.code == 0, ran.err
    [path] = (tmp_path / "backups").iterdir()
    assert "-before-" in path.name
    assert ran.out.startswith(f"backed up first: {path}\n")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0015",)
    assert forcewire("db", "check", "--database", store).code == 0


@pytest.mark.usefixtures("migrations")
def test_an_upgrade_without_room_for_its_backup_does_nothing(forcewire, store, tmp_path):
    older(store)
    (tmp_path / "backups").write_text("a file where the folder should be")
    ran = forcewire("db", "upgrade", "--database", store)
    assert ran.code == 1
    assert "cannot be made for backups" in ran.err
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0015",)
    assert forcewire("db", "upgrade", "--no-backup", "--database", store).code == 0


@pytest.mark.usefixtures("migrations")
@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_an_upgrade_names_the_process_that_uses_the_store(forcewire, store):
    older(store)
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM article').fetchone(); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        ran = forcewire("db", "upgrade", "--database", store)
        assert ran.code == 1
        assert f"is in use: process {other.pid} (" in ran.err
        other.stdin.close()
    assert forcewire("db", "upgrade", "--database", store).code == 0


@pytest.mark.usefixtures("migrations")
def test_an_upgrade_that_breaks_off_leaves_the_old_store(forcewire, store, monkeypatch):
    older(store)
    monkeypatch.setattr("storage.revisions.REVISIONS", ("0015", "0016"))

    def break_off(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.operations.Operations.create_index", break_off)
    assert forcewire("db", "upgrade", "--database", store).code == 130
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0015",)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
