"""A store whose file is damaged, cut, locked, full or robbed of its log: one clear line, nothing lost, and well again by itself where that
can be.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from forcewire import cli
from forcewire.settings import VARIABLES
from storage import database
from storage.articles import save_articles
from storage.backups import backup, nightly
from storage.copying import damage
from storage.crawls import Counts, finish_crawl, start_crawl
from storage.database import StoreError, open_store, reading, writing
from storage.erasing import cut_log
from storage.restoring import restore
from tests.forcewire.conftest import NOW, record, save

COMMANDS = (
    ("status",), ("changes",), ("search", "number"), ("export", "--format", "jsonl", "--out", "-"), ("publish", "--out", "{}/out"),
    ("db", "check"), ("db", "backup", "--out", "{}/it.db"), ("db", "prune"), ("doctor",), ("suppress", "https://www.wexmoor.example/news/3", "--why", "w"),
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some hundred pages that nobody has open."""
    path = tmp_path_factory.mktemp("whole") / "news.db"
    url = f"sqlite:///{path}"
    save(url, "wexmoor", [record("wexmoor", n, body=f"Officers look for lamp {n}. " * 40) for n in range(60)], NOW)
    save(url, "tarn", [record("tarn", n) for n in range(20)], NOW)
    backup(url, path.with_name("backup.db"), NOW)
    return path


@pytest.fixture
def store(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "news.db"
    shutil.copyfile(whole, path)
    return path


def run(capfd: pytest.CaptureFixture[str], store: Path, *words: str) -> tuple[int, str]:
    """The exit code of a command line and what it said on stderr, which is one line and no traceback where it is not good."""
    capfd.readouterr()
    try:
        code = cli.run([word.format(store.parent) for word in words] + ["--database", str(store)])
    except SystemExit as ended:
        code = int(ended.code or 0)
    _, err = capfd.readouterr()
    assert "Traceback" not in err
    assert code in (0, 1)
    assert all(line.startswith("forcewire: ") or line for line in err.splitlines())
    return code, err


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped in a few places, pages of rubbish or zeros, or two pages put in each other's place."""
    found = bytearray(data)
    pages = len(found) // 4096
    kind = chance.choice(("bytes", "rubbish", "zeros", "swapped", "stale"))
    for _ in range(chance.choice((1, 1, 3, 20))):
        start = 4096 * chance.randrange(pages)
        if kind == "bytes":
            at = chance.randrange(len(found))
            found[at] ^= 1 << chance.randrange(8)
        elif kind == "rubbish":
            found[start : start + 4096] = chance.randbytes(4096)
        elif kind == "zeros":
            found[start : start + 512] = bytes(512)
        else:
            other = 4096 * chance.randrange(pages)
            found[start : start + 4096] = data[other : other + 4096]
    return bytes(found)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 12))])
def test_pages_damaged_at_random_are_a_line_and_no_traceback(capfd: pytest.CaptureFixture[str], whole: Path, store: Path, seed: int) -> None:  # fmt: skip
    chance = random.Random(seed)
    data = whole.read_bytes()
    for words in chance.sample(COMMANDS, 4 if seed < 3 else 8):
        store.write_bytes(spoilt(data, chance))
        for end in "-wal", "-shm":
            store.with_name(store.name + end).unlink(missing_ok=True)
        code, err = run(capfd, store, *words)
        if code:
            assert words[0] in ("doctor", "status") or err  # what these two have to say is their answer
            assert len(err.splitlines()) <= 3


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 6))])
def test_a_damaged_store_can_be_replaced_by_its_backup(whole: Path, store: Path, seed: int) -> None:
    store.write_bytes(spoilt(whole.read_bytes(), random.Random(100 + seed)))
    restore(f"sqlite:///{store}", whole.with_name("backup.db"), NOW)
    again = open_store(f"sqlite:///{store}", must_exist=True)
    with reading(again) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM article")) == 80
    again.dispose()
    assert damage(store) is None


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("words", [("status",), ("db", "backup", "--out", "{}/it.db"), ("db", "upgrade")], ids=" ".join)
def test_a_file_that_was_cut_is_told(capfd: pytest.CaptureFixture[str], store: Path, share: float, words: tuple[str, ...]) -> None:  # fmt: skip
    size = store.stat().st_size
    with store.open("r+b") as file:
        file.truncate(int(size * share))
    code, err = run(capfd, store, *words)
    if words == ("db", "upgrade"):
        return  # an empty file becomes a store; one that is cut is told or, where nothing of it is read, left
    assert code == 1
    assert err.count("\n") == 1
    assert not (store.parent / "it.db").exists()


def fill(url: str, number: int, start: int = 1000) -> int:
    """Stores some stories in a crawl of its own."""
    engine = open_store(url)
    try:
        with writing(engine) as conn:
            crawl = start_crawl(
                conn, "wexmoor", reader="generic", reader_version=1, now=NOW, pid=os.getpid(), host="desk"
            )
            from storage.records import Fetched

            read = [record("wexmoor", n) for n in range(start, start + number)]
            items = [(each, Fetched(url=each.url, at=NOW, reader="generic", reader_version=1)) for each in read]
            save_articles(conn, crawl, items)
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(links=number), now=NOW)
        return number
    finally:
        engine.dispose()


def count(store: Path) -> int:
    with closing(sqlite3.connect(store)) as raw:
        return int(raw.execute("SELECT count(*) FROM article").fetchone()[0])


@pytest.mark.parametrize("ends", ["-wal", "-shm"])
def test_a_log_that_is_deleted_while_nobody_has_the_store_open_breaks_nothing(store: Path, ends: str) -> None:
    url = f"sqlite:///{store}"
    held = sqlite3.connect(store)
    held.execute("SELECT count(*) FROM article").fetchone()  # so that the log stays when the writer ends
    fill(url, 5)
    copy = store.with_name("crashed.db")
    for end in "", "-wal", "-shm":
        shutil.copyfile(store.with_name(store.name + end), copy.with_name(copy.name + end))
    held.close()
    copy.with_name(copy.name + ends).unlink()
    assert damage(copy) is None
    assert fill(f"sqlite:///{copy}", 5, 2000) == 5
    assert count(copy) == (
        85 if ends == "-wal" else 90
    )  # the log had what was not in the file yet; the other is made anew


def test_a_log_that_is_deleted_while_a_crawl_has_the_store_open_damages_nothing(store: Path) -> None:
    """POSIX: the crawl goes on in the file that has no name any more; who comes later begins a new one."""
    url = f"sqlite:///{store}"
    engine = open_store(url)
    with reading(engine) as conn:
        conn.scalar(sa.text("SELECT count(*) FROM article"))
    fill(url, 5)
    store.with_name("news.db-wal").unlink()
    with reading(engine) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM article")) == 85
    cut_log(engine)
    engine.dispose()
    fill(url, 5, 2000)
    assert count(store) == 90
    assert damage(store) is None


def test_a_lock_that_is_held_for_a_while_is_waited_for(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 20)
    other = sqlite3.connect(store, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    timer.start()
    assert fill(f"sqlite:///{store}", 3) == 3
    timer.join()
    other.close()
    assert count(store) == 83


@pytest.mark.parametrize(
    ("words", "waits"),
    [(("search", "lamp"), False), (("changes",), False), pytest.param(("publish", "--out", "{}/out"), False, marks=pytest.mark.slow), (("db", "backup", "--out", "{}/it.db"), False),
     (("suppress", "https://www.wexmoor.example/news/3", "--why", "w"), True), (("db", "check"), True)],
)  # fmt: skip
def test_a_lock_that_outlasts_the_wait_stops_who_writes_and_nobody_who_reads(capfd: pytest.CaptureFixture[str], store: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], waits: bool) -> None:  # fmt: skip
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.2)
    open_store(f"sqlite:///{store}").dispose()
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        code, err = run(capfd, store, *words)
        assert (code, "another program keeps it locked; end that program, or wait, and run again" in err) == (
            int(waits),
            waits,
        )
        other.execute("ROLLBACK")
    assert run(capfd, store, *words)[0] == 0


def test_a_full_disk_stops_the_backup_and_keeps_the_store_and_the_last_one(store: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    url, folder = f"sqlite:///{store}", tmp_path / "backups"
    first = nightly(url, folder, 3, NOW)
    pid = os.fork()
    if not pid:
        try:
            import signal

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (store.stat().st_size // 2,) * 2)
            try:
                nightly(url, folder, 3, NOW + timedelta(days=1))
            except StoreError as error:
                os._exit(0 if "\n" not in str(error) else 2)
            os._exit(3)
        finally:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert list(folder.iterdir()) == [first]
    assert damage(store) is None
    assert nightly(url, folder, 3, NOW + timedelta(days=1)).exists()


def test_a_full_disk_stops_a_crawl_which_goes_on_when_there_is_room(store: Path) -> None:
    resource = pytest.importorskip("resource")
    url, before = f"sqlite:///{store}", count(store)
    pid = os.fork()
    if not pid:
        try:
            import signal

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000,) * 2)
            try:
                fill(url, 400)
            except StoreError as error:
                os._exit(0 if "\n" not in str(error) else 2)
            os._exit(3)
        finally:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert damage(store) is None
    assert count(store) == before
    assert fill(url, 400) == 400
