"""Backups: made while others write, checked, whole or not there, and kept by days."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.backup_files import Backup, is_backup, outlived
from storage.backups import backup, default_folder, kept, nightly
from storage.copying import damage
from storage.database import StoreError, open_store, writing
from storage.erasing import cut_log

Rows = Callable[[str], list[tuple[Any, ...]]]
NOW = datetime(2026, 3, 1, 3, 30, 5, tzinfo=UTC)


def count(path: Path, table: str = "article") -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def filled(engine: Engine, save: Callable[..., Any], page: Callable[..., Any]) -> Engine:
    save(*(page(n) for n in range(300)))
    return engine


def test_a_copy_is_the_store_at_one_moment_though_others_write_at_each_step(
    filled: Engine, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.copying._PAGES", 16)
    other = open_store(url)
    steps: list[tuple[int, int]] = []

    def write(done: int, all_: int) -> None:
        with writing(other) as conn:
            conn.execute(sa.text("INSERT INTO issue (source_id, at, kind, message) VALUES ('norchester', :at, 'x', 'x')"), {"at": str(NOW)})  # fmt: skip
        steps.append((done, all_))

    path = backup(url, tmp_path / "copy.db", NOW, progress=write)
    other.dispose()
    assert len(steps) > 10
    assert steps[-1][0] == steps[-1][1] == path.stat().st_size
    assert (count(path), count(path, "issue"), count(Path(str(filled.url.database)), "issue")) == (300, 0, len(steps))
    assert damage(path) is None


def test_a_copy_is_one_file_that_opens_as_a_store(filled: Engine, url: str, tmp_path: Path) -> None:
    path = backup(url, tmp_path / "copy.db", NOW)
    assert is_backup(path)
    assert not is_backup(Path(url[10:]))
    assert [each.name for each in tmp_path.glob("copy.db*")] == ["copy.db"]
    assert list(tmp_path.glob(".*")) == []
    again = open_store(f"sqlite:///{path}", must_exist=True)
    with again.connect().execution_options(readonly=True) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM article_search WHERE article_search MATCH 'lamp'")) == 300
    again.dispose()


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
@pytest.mark.parametrize(("mode", "copied"), [(0o644, 0o640), (0o600, 0o600), (0o660, 0o640)])
def test_a_copy_is_for_no_more_people_than_the_store(
    engine: Engine, url: str, file: Path, mode: int, copied: int
) -> None:
    file.chmod(mode)
    path = nightly(url, None, 1, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == copied
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o027 == 0
    assert path.stat().st_uid == file.stat().st_uid


@pytest.mark.parametrize("what", ["the store", "another file", "a link to the store", "another store"])
def test_nothing_but_a_backup_is_written_over(filled: Engine, url: str, file: Path, tmp_path: Path, what: str) -> None:
    target = tmp_path / "precious.db"
    if what == "the store":
        target = file
    elif what == "a link to the store":
        target.symlink_to(file)
    elif what == "another file":
        target.write_text("A shopping list.\n")
    else:
        open_store(f"sqlite:///{target}").dispose()
    before = target.read_bytes()
    with pytest.raises(StoreError, match="is there and is no backup of Forcewire's; name another file"):
        backup(url, target, NOW)
    assert target.read_bytes() == before


def test_a_backup_is_written_over(filled: Engine, url: str, tmp_path: Path) -> None:
    path = backup(url, tmp_path / "copy.db", NOW)
    with writing(filled) as conn:
        conn.execute(sa.text("DELETE FROM change"))
    assert backup(url, path, NOW) == path
    assert count(path, "change") == 0


def test_a_run_that_breaks_off_leaves_the_copy_from_before(filled: Engine, url: str, tmp_path: Path) -> None:
    path = backup(url, tmp_path / "copy.db", NOW)
    before = path.read_bytes()

    def break_off(done: int, all_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(url, path, NOW, progress=break_off)
    assert path.read_bytes() == before
    assert list(tmp_path.glob(".*")) == []


def test_what_killed_runs_left_goes_and_what_is_being_written_stays(engine: Engine, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    dead = folder / ".store-20260228T033000Z.db.4194305.aside"  # above the kernel's highest number
    alive = folder / f".store-20260228T033000Z.db.{os.getppid()}.aside"
    for path in dead, alive, dead.with_name(dead.name + "-journal"), folder / ".mine.aside":
        path.touch()
        os.utime(path, (NOW.timestamp(),) * 2)
    made = nightly(url, folder, 3, NOW)
    assert {each.name for each in folder.iterdir()} == {alive.name, ".mine.aside", made.name}
    nightly(url, folder, 3, NOW + timedelta(days=2))
    assert not alive.exists()  # its number was given out again


def test_a_damaged_store_is_told_and_no_backup_of_it_is_kept(
    filled: Engine, url: str, file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    made = [nightly(url, folder, 1, NOW - timedelta(days=n)) for n in (0,)]
    cut_log(filled)
    filled.dispose()
    with file.open("r+b") as store:
        store.seek(file.stat().st_size // 2)
        store.write(b"\x5a" * 8192)
    with pytest.raises(StoreError, match=r"store\.db.* damaged") as raised:
        nightly(url, folder, 1, NOW + timedelta(days=1))
    assert "\n" not in str(raised.value)
    assert list(folder.iterdir()) == made


def test_no_room_is_told_before_anything_is_written(engine: Engine, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**30, 2**30, 5 * 2**20))
    with pytest.raises(StoreError, match=r"the disk has 5 MB free and a backup needs 16 MB; free some space"):
        backup(url, tmp_path / "copy.db", NOW)
    assert not (tmp_path / "copy.db").exists()


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db", NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(engine: Engine, url: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/backups: cannot be made for backups: Not a directory"):
        nightly(url, tmp_path / "file" / "backups", 1, NOW)
    with pytest.raises(StoreError, match=r"its folder .*none does not exist"):
        backup(url, tmp_path / "none" / "copy.db", NOW)


def test_nights_are_kept_and_other_stores_and_files_left_alone(engine: Engine, url: str, tmp_path: Path) -> None:
    folder = default_folder(url)
    assert folder == tmp_path / "backups"
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    for night in range(5):
        nightly(url, folder, 3, NOW + timedelta(days=night))
    theirs = nightly(f"sqlite:///{tmp_path}/other.db", folder, 3, NOW - timedelta(days=90))
    other.dispose()
    (folder / "store-20200101T000000Z.db").write_text("no backup of ours")
    nightly(url, folder, 3, NOW + timedelta(days=4, hours=1))
    names = [each.path.name for each in kept(folder, url)]
    assert names == ["store-20260303T033005Z.db", "store-20260304T033005Z.db", "store-20260305T043005Z.db"]
    assert theirs.exists()
    assert (folder / "store-20200101T000000Z.db").exists()
    assert [each.store for each in kept(folder)] == ["other", "store", "store", "store"]
    assert kept(tmp_path / "none") == []


def copy_of(day: float, before: bool = False) -> Backup:
    at = NOW + timedelta(days=day)
    return Backup(path=Path(f"{day}"), store="s", at=at, before=before, bytes=1)


@pytest.mark.parametrize(
    ("days", "keep", "gone"),
    [
        ([0, 1, 2], 2, [0]),
        ([0, 0.1, 0.2, 1], 2, [0, 0.1]),
        ([0, 100, 200], 2, [0]),  # a machine that was off does not lose its last copies for their age
        ([5], 1, []),
        ([5], 0, []),
        ([], 3, []),
    ],
)
def test_the_last_of_each_of_the_newest_days_stays(days: list[float], keep: int, gone: list[float]) -> None:
    assert [float(str(each.path)) for each in outlived([copy_of(day) for day in days], keep)] == gone


def test_a_copy_from_before_an_upgrade_stays_as_long_as_its_day() -> None:
    copies = [copy_of(0), copy_of(0.1, before=True), copy_of(0.2), copy_of(1)]
    assert outlived(copies, 2) == [copies[0]]
    assert outlived(copies, 1) == copies[:3]
