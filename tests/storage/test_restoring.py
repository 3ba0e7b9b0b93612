"""Putting a backup back: what must not come back does not, the store that was there is kept, and nobody is left with half of one."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from feeds.freshness import mark, touched
from storage.articles import save_articles
from storage.backups import backup
from storage.crawls import Counts, finish_crawl, start_crawl
from storage.database import StoreError, open_store, reading, writing
from storage.erasing import erase_due
from storage.kept_pages import packed
from storage.removals import decide_removals
from storage.restoring import restore
from storage.rules import RemovalRule, RetentionRule
from storage.search import search
from storage.suppressions import articles_at, suppress, suppressions, undo
from storage.tables import ALERT, ARTICLE, CHANGE, KEPT_PAGE, NOTICE, PAGE, SCHEDULE, SITE, SOURCE, VERSION

Make = Callable[..., Any]
AT = "https://www.norchester.example/news/story-{}".format
ERASE = RetentionRule(erase_after=timedelta(days=7))


def stored(engine: Engine, *columns: str) -> dict[str, tuple[Any, ...]]:
    """Values of articles by the end of their URL."""
    with reading(engine) as conn:
        rows = conn.execute(sa.select(ARTICLE.c.url, *(ARTICLE.c[name] for name in columns)).order_by(ARTICLE.c.id))
        return {row[0].rpartition("-")[2]: tuple(row[1:]) for row in rows}


@pytest.fixture
def withdraw(engine: Engine) -> Callable[..., None]:
    """A crawl that decides that the pages of these stories are gone, as the rule for removals does."""

    def gone(*numbers: int, at: datetime) -> None:
        with writing(engine) as conn:
            crawl = start_crawl(conn, "norchester", reader="generic", reader_version=1, now=at, pid=1, host="elsewhere")
            urls = [AT(n) for n in numbers]
            conn.execute(PAGE.update().where(PAGE.c.url.in_(urls)).values(gone_since=at - timedelta(hours=3), gone_answers=3, checked_at=at, status=404))  # fmt: skip
            removed = decide_removals(
                conn, "norchester", crawl, rule=RemovalRule(most=99, share=1.0, witnesses=0), now=at
            )
            assert len(removed) == len(numbers)
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)

    return gone


@pytest.fixture
def told(engine: Engine, url: str, crawl: int, page: Make, now: datetime) -> dict[str, Any]:
    """A store with ten stories, and a backup of it: what happens later is in the one alone."""
    items = [page(n, sensitive=n in (2, 3), at=now) for n in range(10)]
    with writing(engine) as conn:
        save_articles(conn, crawl, items)
        finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=now)
    return {"copy": backup(url, Path(url[10:]).with_name("copy.db"), now)}


def lose(engine: Engine, url: str, copy: Path, now: datetime) -> tuple[Any, Engine]:
    engine.dispose()
    done = restore(url, copy, now)
    return done, open_store(url, must_exist=True)


def test_the_store_is_what_it_was_and_the_other_is_kept_aside(engine: Engine, url: str, file: Path, told: dict[str, Any], page: Make, save: Make, now: datetime) -> None:  # fmt: skip
    save(page(0, body="Another text altogether, which is read later.\n", at=now + timedelta(hours=1)), page(77))
    file.chmod(0o640)
    done, again = lose(engine, url, told["copy"], now + timedelta(days=1))
    assert stored(again, "version") == {str(n): (1,) for n in range(10)}
    assert done.until == now
    assert done.aside == file.with_name("store.db.before-20260302T120000Z")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    with closing(sqlite3.connect(done.aside)) as old:
        assert old.execute("SELECT count(*) FROM article").fetchone() == (11,)
        assert old.execute("SELECT max(version) FROM article").fetchone() == (2,)
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (0,)  # a store, and no backup that is written over
    assert sorted(each.name for each in file.parent.iterdir() if each.name.startswith(".")) == []
    again.dispose()


def test_what_was_suppressed_since_stays_so_and_so_does_what_was_allowed_again(engine: Engine, url: str, told: dict[str, Any], now: datetime) -> None:  # fmt: skip
    later = now + timedelta(hours=1)
    for n, ends in (1, False), (4, True):
        with writing(engine) as conn:
            suppress(conn, articles_at(conn, AT(n)), why="letter", who="a@desk", now=later)
            if ends:
                undo(
                    conn, articles_at(conn, AT(n)), why="second letter", who="a@desk", now=later + timedelta(minutes=1)
                )
    done, again = lose(engine, url, told["copy"], now + timedelta(days=1))
    assert (done.carried.suppressions, done.carried.withheld, done.why) == (3, 1, None)
    shut = {number for number, (at,) in stored(again, "suppressed_at").items() if at is not None}
    assert shut == {"1"}
    with reading(again) as conn:
        assert [(line.url, line.action, line.why) for line in suppressions(conn)] == [
            (AT(1), "suppress", "letter"), (AT(4), "suppress", "letter"), (AT(4), "undo", "second letter"),
        ]  # fmt: skip
        assert AT(1) not in {hit.url for hit in search(conn, "lamp", limit=50).found}
    again.dispose()


def test_an_end_of_a_suppression_is_kept_too(engine: Engine, url: str, told: dict[str, Any], now: datetime) -> None:
    with writing(engine) as conn:
        suppress(conn, articles_at(conn, AT(1)), why="letter", who="a@desk", now=now)
    copy = backup(url, told["copy"], now)
    with writing(engine) as conn:
        undo(conn, articles_at(conn, AT(1)), why="all well", who="a@desk", now=now + timedelta(hours=1))
    done, again = lose(engine, url, copy, now + timedelta(days=1))
    assert stored(again, "suppressed_at")["1"] == (None,)
    assert done.carried.suppressions == 1
    again.dispose()


def test_what_was_withdrawn_and_must_be_spared_stays_withdrawn(engine: Engine, url: str, told: dict[str, Any], withdraw: Make, now: datetime) -> None:  # fmt: skip
    later = now + timedelta(hours=5)
    withdraw(2, 5, at=later)
    _, again = lose(engine, url, told["copy"], now + timedelta(days=1))
    assert {n for n, (at,) in stored(again, "removed_at").items() if at is not None} == {"2"}  # 5 is found gone again
    with reading(again) as conn:
        change = conn.execute(sa.select(CHANGE).where(CHANGE.c.change == "removed")).one()
        assert (change.at, change.version, change.crawl_id is not None) == (later, 1, True)
        assert conn.scalar(sa.select(PAGE.c.gone_answers).where(PAGE.c.url == AT(2))) == 3
    assert erase_due(again, None, ERASE, now=later + timedelta(days=8)) == 1
    again.dispose()


def test_what_was_erased_since_is_nowhere_in_the_restored_file(engine: Engine, url: str, file: Path, told: dict[str, Any], withdraw: Make, page: Make, save: Make, now: datetime) -> None:  # fmt: skip
    name = "Arabella Quillfeather"
    text = f"Officers look for {name}, who was last seen at the lock of Norchester.\n"
    later = now + timedelta(hours=1)
    save(page(3, sensitive=True, title=f"Appeal for {name}", body=text, at=later))
    with writing(engine) as conn:
        id = conn.scalar(sa.select(ARTICLE.c.id).where(ARTICLE.c.url == AT(3)))
        kept = {
            "source_id": "norchester",
            "url": AT(3),
            "served_url": AT(3),
            "article_id": id,
            "version": 2,
            "fetched_at": later,
        }
        conn.execute(KEPT_PAGE.insert(), {**kept, "status": 200, "body": packed(text.encode())})
    copy = backup(url, told["copy"], later)
    assert name.encode() in copy.read_bytes()
    withdraw(3, at=later + timedelta(hours=5))
    erased_at = later + timedelta(days=9)
    assert erase_due(engine, None, ERASE, now=erased_at) == 1
    done, again = lose(engine, url, copy, later + timedelta(days=10))
    assert (done.carried.withheld, done.carried.erased) == (1, 1)
    assert stored(again, "erased_at", "version")["3"] == (erased_at, 2)
    again.dispose()
    assert name.encode() not in file.read_bytes()
    assert b"Quillfeather" not in file.read_bytes()
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM kept_page").fetchone() == (0,)


def test_what_came_after_the_backup_and_is_withheld_is_known_when_it_is_met_again(engine: Engine, url: str, told: dict[str, Any], page: Make, save: Make, now: datetime) -> None:  # fmt: skip
    later = now + timedelta(hours=1)
    save(page(20, at=later), page(21, at=later))
    with writing(engine) as conn:
        suppress(conn, articles_at(conn, AT(20)), why="letter", who="a@desk", now=later)
        listed = {"source_id": "norchester", "role": "article", "found_at": now, "url": AT(20)}
        assert conn.scalar(sa.select(sa.func.count()).select_from(PAGE).where(PAGE.c.url == listed["url"])) == 1
    done, again = lose(engine, url, told["copy"], now + timedelta(days=1))
    assert (done.carried.added, done.carried.suppressions) == (1, 1)
    with writing(again) as conn:
        number = start_crawl(
            conn, "norchester", reader="generic", reader_version=1, now=now + timedelta(days=1), pid=1, host="desk"
        )
        outcomes = save_articles(
            conn, number, [page(20, at=now + timedelta(days=1)), page(21, at=now + timedelta(days=1))]
        )
    assert [str(each) for each in outcomes] == ["unchanged", "new"]
    assert {n for n, (at,) in stored(again, "suppressed_at").items() if at is not None} == {"20"}
    again.dispose()


def test_a_source_that_came_after_the_backup_comes_with_what_is_withheld_of_it(engine: Engine, url: str, told: dict[str, Any], page: Make, now: datetime) -> None:  # fmt: skip
    with writing(engine) as conn:
        row = conn.execute(sa.select(SOURCE).where(SOURCE.c.id == "eastmere")).one()._asdict()
        conn.execute(SOURCE.insert(), row | {"id": "tarn", "area": "Tarn"})
        number = start_crawl(conn, "tarn", reader="generic", reader_version=1, now=now, pid=1, host="elsewhere")
        save_articles(conn, number, [page(1, source="tarn", area="Tarn", url="https://www.tarn.example/news/story-1")])
        suppress(conn, articles_at(conn, "https://www.tarn.example/news/story-1"), why="w", who="a@desk", now=now)
    done, again = lose(engine, url, told["copy"], now + timedelta(days=1))
    assert done.carried.added == 1
    with reading(again) as conn:
        assert conn.scalar(sa.select(ARTICLE.c.suppressed_at).where(ARTICLE.c.source_id == "tarn")) == now
        assert conn.exec_driver_sql("PRAGMA foreign_key_check").first() is None
    again.dispose()


def test_feeds_notice_that_it_is_another_store_and_ids_are_the_same(engine: Engine, url: str, told: dict[str, Any], page: Make, save: Make, now: datetime) -> None:  # fmt: skip
    save(page(0, body="Another text altogether, which is read later.\n", at=now + timedelta(hours=1)))
    with reading(engine) as conn:
        before = mark(conn)
        urls = list(conn.scalars(sa.select(ARTICLE.c.url)))
    _, again = lose(engine, url, told["copy"], now + timedelta(days=1))
    with reading(again) as conn:
        assert touched(conn, before, mark(conn)) is None
        assert list(conn.scalars(sa.select(ARTICLE.c.url))) == urls
    again.dispose()


def test_hosts_are_left_alone_and_alerts_told_once_and_nothing_is_in_haste(engine: Engine, url: str, told: dict[str, Any], now: datetime) -> None:  # fmt: skip
    with writing(engine) as conn:
        rows = [{"source_id": id, "site": id, "interval_seconds": 900, "armed_at": now, "next_due_at": now - timedelta(hours=n), "claimed_at": now, "claimed_pid": 1} for n, id in enumerate(("norchester", "eastmere"))]  # fmt: skip
        conn.execute(SCHEDULE.insert(), rows)
    copy = backup(url, told["copy"], now)
    later = now + timedelta(days=3)
    with writing(engine) as conn:
        conn.execute(SCHEDULE.delete())
        conn.execute(
            SITE.insert(), {"address": "https://www.norchester.example", "wait_until": later + timedelta(hours=1)}
        )
        conn.execute(NOTICE.insert(), {"id": 5, "key": "k", "at": now, "items": [], "done_at": now})
        told_of = {
            "subject": "source:norchester",
            "state": "broken",
            "sources": [],
            "why": "w",
            "relapses": 0,
            "notice_id": 5,
        }
        conn.execute(ALERT.insert(), told_of | dict.fromkeys(("began_at", "opened_at", "told_at"), now))
    _, again = lose(engine, url, copy, later)
    with reading(again) as conn:
        assert conn.scalar(sa.select(SITE.c.wait_until)) == later + timedelta(hours=1)
        assert conn.scalar(sa.select(ALERT.c.told_at)) == now
        due = dict(map(tuple, conn.execute(sa.select(SCHEDULE.c.source_id, SCHEDULE.c.next_due_at))))
        assert due == {"eastmere": later, "norchester": later + timedelta(minutes=1)}
        assert conn.scalar(sa.select(sa.func.count(SCHEDULE.c.claimed_at))) == 0
    again.dispose()


@pytest.mark.parametrize("what", ["pages", "head", "empty", "no database"])
def test_a_damaged_store_is_replaced_kept_and_told(engine: Engine, url: str, file: Path, told: dict[str, Any], now: datetime, what: str) -> None:  # fmt: skip
    engine.dispose()
    data = bytearray(file.read_bytes())
    if what == "pages":
        data[8192:] = b"\x5a" * (len(data) - 8192)
    elif what == "head":
        data[:100] = os.urandom(100)
    file.write_bytes(data if what in ("pages", "head") else b"" if what == "empty" else b"A shopping list.\n" * 99)
    broken = file.read_bytes()
    file.with_name("store.db-wal").write_bytes(b"of the store that was there")
    done, again = lose(engine, url, told["copy"], now)
    assert len(stored(again)) == 10
    again.dispose()
    assert done.carried is None
    assert done.why
    assert "\n" not in done.why
    assert done.aside.read_bytes()[:100] == broken[:100]


def test_a_store_that_is_gone_is_made(
    engine: Engine, url: str, file: Path, told: dict[str, Any], now: datetime
) -> None:
    engine.dispose()
    file.unlink()
    file.with_name("store.db-wal").write_bytes(b"left of it")
    done, again = lose(engine, url, told["copy"], now)
    assert (done.carried, done.why, done.aside, len(stored(again))) == (None, None, None, 10)
    again.dispose()


@pytest.mark.usefixtures("migrations")
def test_an_older_backup_is_upgraded_and_a_newer_one_refused(engine: Engine, url: str, tmp_path: Path, told: dict[str, Any], now: datetime) -> None:  # fmt: skip
    with writing(engine) as conn:
        suppress(conn, articles_at(conn, AT(1)), why="letter", who="a@desk", now=now)
    newer = tmp_path / "newer.db"
    newer.write_bytes(told["copy"].read_bytes())
    with closing(sqlite3.connect(newer)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with closing(sqlite3.connect(told["copy"])) as raw:
        for table in "version", "change":
            raw.execute(f"DROP INDEX ix_{table}_crawl_id")
        raw.execute("UPDATE alembic_version SET version_num = '0015'")
        raw.commit()
    engine.dispose()
    with pytest.raises(StoreError, match=r"newer\.db was written by a newer Forcewire \(revision 9999"):
        restore(url, newer, now)
    done, again = lose(engine, url, told["copy"], now)
    assert (done.revision, done.carried.suppressions) == ("0015", 1)
    again.dispose()


@pytest.mark.parametrize(
    "what", ["nothing", "a folder", "no database", "another program's", "damaged", "the store", "a dump"]
)
def test_what_cannot_be_restored_is_told_and_the_store_left_alone(engine: Engine, url: str, file: Path, tmp_path: Path, told: dict[str, Any], now: datetime, what: str) -> None:  # fmt: skip
    copy = tmp_path / "it.db"
    if what == "a folder":
        copy.mkdir()
    elif what == "no database":
        copy.write_text("A shopping list.\n" * 99)
    elif what == "another program's":
        with closing(sqlite3.connect(copy)) as raw:
            raw.execute("CREATE TABLE moz_places (id)")
    elif what == "damaged":
        data = told["copy"].read_bytes()
        copy.write_bytes(data[:-8192] + b"\x5a" * 8192)
    elif what == "the store":
        copy.symlink_to(file)
    elif what == "a dump":
        copy.write_bytes(b"PGDMP and more")
    engine.dispose()
    before = file.read_bytes()
    with pytest.raises(StoreError) as raised:
        restore(url, copy, now)
    assert "\n" not in str(raised.value)
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if "before" in each.name or each.name.startswith(".")] == []


def test_a_store_in_use_is_not_replaced_and_it_is_said_by_whom(engine: Engine, url: str, file: Path, told: dict[str, Any], now: datetime) -> None:  # fmt: skip
    engine.dispose()
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM article').fetchone(); print('open', flush=True); sys.stdin.read()"  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(
            StoreError, match=rf"store\.db is in use: process {other.pid} \(\S*python\S*\) has it open; stop"
        ):
            restore(url, told["copy"], now)
        assert other.stdin is not None
        other.stdin.close()
    restore(url, told["copy"], now)


def test_where_processes_cannot_be_seen_the_lock_tells(engine: Engine, url: str, told: dict[str, Any], now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    with reading(engine) as conn:  # our own process, which is not looked at
        conn.scalar(sa.select(sa.func.count()).select_from(VERSION))
        with pytest.raises(StoreError, match=r"store\.db is in use: another program has it open"):
            restore(url, told["copy"], now)
    with reading(engine) as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_crawl_that_runs_is_named(engine: Engine, url: str, told: dict[str, Any], now: datetime) -> None:
    with writing(engine) as conn:
        start_crawl(
            conn, "eastmere", reader="generic", reader_version=1, now=now, pid=os.getppid(), host=socket.gethostname()
        )
    engine.dispose()
    with pytest.raises(
        StoreError, match=rf"is in use: process {os.getppid()} on \S+ crawls eastmere; stop the service"
    ):
        restore(url, told["copy"], now)


def test_who_opened_the_store_before_it_was_replaced_cannot_write_into_the_one_aside(engine: Engine, url: str, file: Path, told: dict[str, Any], now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """As a crawl that cron starts between the look for users and the end."""
    engine.dispose()
    waiting: list[sqlite3.Connection] = []
    from storage import restoring

    swap = restoring._swap

    def swapped(*paths: Path) -> None:
        waiting.append(sqlite3.connect(file, timeout=0))
        swap(*paths)

    monkeypatch.setattr(restoring, "_swap", swapped)
    restore(url, told["copy"], now)
    with closing(waiting[0]) as late, pytest.raises(sqlite3.OperationalError, match="readonly"):
        late.execute("INSERT INTO alembic_version VALUES ('x')")


@pytest.mark.slow
def test_killed_at_each_step_leaves_the_old_store_or_the_new_one(engine: Engine, url: str, file: Path, told: dict[str, Any], page: Make, save: Make, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    save(page(77))
    engine.dispose()
    found = set()
    for step in range(1, 60):
        pid = os.fork()
        if not pid:
            _killed_at(step, url, told["copy"])
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        again = open_store(url, must_exist=True)
        found.add(len(stored(again)))
        with reading(again) as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        again.dispose()
        if code == 0:
            break
        assert code == -signal.SIGKILL
    else:
        pytest.fail("never came to its end")
    assert found == {10, 11}


def _killed_at(step: int, url: str, copy: Path) -> NoReturn:
    """In a child: restores, and is killed when it renames, links, deletes or opens something for the nth time."""
    left = step

    def hook(event: str, _: Any) -> None:
        nonlocal left
        if event in ("os.rename", "os.link", "os.remove", "sqlite3.connect"):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(hook)
        restore(url, copy, datetime(2026, 3, 9, tzinfo=UTC))
        os._exit(0)
    finally:
        os._exit(1)
