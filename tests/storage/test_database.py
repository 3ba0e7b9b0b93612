"""Opening the store, and what a person is told when that cannot be."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.database import StoreError, open_store, reading, store_errors, upgrade, writing
from storage.revisions import REVISIONS

Make = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("migrations")


def told(url: str, **options: Any) -> str:
    """The one line that opening this store answers."""
    with pytest.raises(StoreError) as raised:
        open_store(url, **options)
    message = str(raised.value)
    assert "\n" not in message
    assert len(message) < 250
    return message


def test_a_new_store_is_created_and_opened_again(url: str, file: Path) -> None:
    engine = open_store(url)
    with reading(engine) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM article")) == 0
        settings = {name: conn.scalar(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")}
        settings["busy_timeout"] = conn.scalar(sa.text("PRAGMA busy_timeout"))
        settings["synchronous"] = conn.scalar(sa.text("PRAGMA synchronous"))
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 1}
    engine.dispose()
    open_store(url, must_exist=True).dispose()


def test_a_store_in_memory_works() -> None:
    engine = open_store("sqlite://")
    engine.dispose()


def test_a_copy_that_lost_its_mode_gets_it_back(engine: Engine, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with sqlite3.connect(str(engine.url.database)) as raw:
        raw.execute("VACUUM INTO ?", (str(copy),))
    restored = open_store(f"sqlite:///{copy}")
    with reading(restored) as conn:
        assert conn.scalar(sa.text("PRAGMA journal_mode")) == "wal"
    restored.dispose()


def test_a_missing_store_is_told_and_not_made(url: str, file: Path) -> None:
    assert told(url, must_exist=True).startswith(f"{file} does not exist; run a crawl first")
    assert not file.exists()


def test_an_empty_file_is_no_store_yet(url: str, file: Path) -> None:
    file.touch()
    assert "holds no store yet" in told(url, must_exist=True)
    open_store(url).dispose()


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert told(f"sqlite:///{tmp_path}/none/store.db") == (
        f"{tmp_path}/none/store.db: its folder {tmp_path}/none does not exist; create it first"
    )


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert told(f"sqlite:///{tmp_path}") == f"{tmp_path} is a folder; name a file in it"


@pytest.mark.parametrize("url", ["store.db", "", "::"])
def test_no_url_is_told(url: str) -> None:
    assert told(url) == f"{url!r} is no database URL; write it as in sqlite:///forcewire.db"


def test_another_kind_of_database_is_told() -> None:
    assert told("mysql://a:secret@h/d") == "mysql: no database for a store; use sqlite:///FILE or postgresql://..."


def test_a_driver_that_is_not_installed_is_told_without_the_password() -> None:
    message = told("postgresql+nosuchdriver://a:secret@localhost/d")
    assert "secret" not in message


def test_a_store_of_a_newer_version_is_told_and_left_alone(url: str, engine: Engine) -> None:
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for action in (open_store, upgrade):
        with pytest.raises(
            StoreError, match=r"newer Forcewire \(revision 9999; this one knows \d+\); install the newer"
        ):
            action(url)
    with reading(engine) as conn:
        assert conn.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"


def test_a_store_of_an_older_version_asks_for_the_upgrade(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.REVISIONS", (*REVISIONS, "9999"))
    older = f"was written by an older Forcewire (revision {REVISIONS[-1]}); run: forcewire db upgrade"
    assert told(url) == f"{url[10:]} {older}"


def test_upgrade_creates_and_then_has_nothing_to_do(url: str) -> None:
    newest = upgrade(url)[1]
    assert upgrade(url) == (newest, newest)


@pytest.mark.parametrize("table", ["article", "alembic_version", "moz_places"])
def test_a_database_of_another_program_is_told_and_left_alone(url: str, file: Path, table: str) -> None:
    with sqlite3.connect(file) as raw:
        raw.execute(f"CREATE TABLE {table} (version_num)")
    before = file.read_bytes()
    for must_exist in (False, True):
        assert told(url, must_exist=must_exist).startswith(f"{file} is the database of another program; name another")
    with pytest.raises(StoreError, match="another program"):
        upgrade(url)
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_told_and_left_alone(url: str, file: Path) -> None:
    file.write_text("A shopping list.\n" * 100)
    assert told(url) == f"{file}: the file is no SQLite database; name another one with --database, or restore a backup"
    assert file.read_text() == "A shopping list.\n" * 100


def test_a_damaged_file_is_told(url: str, engine: Engine, file: Path, save: Callable[..., Any], page: Make) -> None:
    save(*(page(n) for n in range(200)))
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    with file.open("r+b") as store:
        store.seek(4096)
        store.write(b"\x5a" * (file.stat().st_size - 4096))

    def read() -> None:
        with reading(open_store(url)) as conn:
            conn.execute(sa.text("SELECT count(title) FROM version")).all()

    with pytest.raises(StoreError, match=r"store\.db: the file is damaged; restore a backup"):
        read()


def test_a_store_that_cannot_be_written_can_be_read_and_is_told(
    engine: Engine, file: Path, crawl: int, page: Make
) -> None:
    readonly = open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
    with reading(readonly) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM source")) == 2
    with pytest.raises(StoreError, match="it cannot be written; give this user the right to write the file and its"):  # noqa: SIM117
        with writing(readonly) as conn:
            save_articles(conn, crawl, [page()])
    readonly.dispose()


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_a_folder_without_the_right_to_write_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user (root) may write everywhere")
    assert "it cannot be opened; give this user the right to read and write the file" in told(
        f"sqlite:///{folder}/s.db"
    )


def test_a_full_disk_loses_nothing_that_was_stored(engine: Engine, crawl: int, page: Make, file: Path) -> None:
    with engine.connect().execution_options(readonly=True) as conn:
        pages = int(conn.scalar(sa.text("PRAGMA page_count")) or 0)

    @sa.event.listens_for(engine, "begin")
    def _(conn: sa.Connection) -> None:
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 60}")

    saved: list[int] = []

    def fill() -> None:
        for start in range(0, 5000, 5):
            with writing(engine) as conn:
                save_articles(conn, crawl, [page(n) for n in range(start, start + 5)])
            saved.extend(range(start, start + 5))

    with pytest.raises(StoreError) as raised:
        fill()
    assert str(raised.value).startswith(f"{file}: the disk is full; what was being stored is not stored")
    assert "\n" not in str(raised.value)
    assert 0 < len(saved) < 5000
    with sqlite3.connect(file) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("SELECT count(*) FROM article").fetchone() == (len(saved),)
        assert raw.execute("SELECT count(*) FROM version").fetchone() == (len(saved),)
    sa.event.remove(engine, "begin", _)
    engine.dispose()
    with writing(engine) as conn:
        assert set(save_articles(conn, crawl, [page(n) for n in range(len(saved), len(saved) + 5)])) == {"new"}


def test_a_lock_of_another_program_is_told(engine: Engine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database._BUSY_SECONDS", 0.1)
    impatient = open_store(f"sqlite:///{file}")
    with sqlite3.connect(file) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program keeps it locked; end that program, or wait"):  # noqa: SIM117
            with writing(impatient):
                pass
    impatient.dispose()


def test_a_reader_sees_a_steady_view_and_stops_no_writer(engine: Engine, crawl: int, page: Make) -> None:
    with reading(engine) as reader:
        count = sa.text("SELECT count(*) FROM article")
        assert reader.scalar(count) == 0
        with writing(engine) as conn:
            save_articles(conn, crawl, [page()])
        assert reader.scalar(count) == 0
    with reading(engine) as reader:
        assert reader.scalar(count) == 1


def test_other_errors_pass(engine: Engine) -> None:
    with pytest.raises(sa.exc.OperationalError, match="no such table"), store_errors(), engine.connect() as conn:
        conn.execute(sa.text("SELECT * FROM nowhere"))


def test_two_processes_may_create_a_store_at_once(url: str, tmp_path: Path) -> None:
    code = f"from storage.database import open_store; open_store({url!r}).dispose()"
    processes = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 3


def test_nothing_but_the_store_is_needed_to_open_it(url: str, tmp_path: Path) -> None:
    """As from an installed wheel: another folder, no alembic.ini, and a path with a percent sign in it."""
    home = tmp_path / "100% home"
    home.mkdir()
    shutil.copytree(Path(__file__).parents[2] / "storage", home / "storage")
    code = f"from storage.database import upgrade; import storage; print(storage.__file__, upgrade({url!r})[0])"
    done = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == f"{home}/storage/__init__.py None\n"
