"""`forcewire serve`."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.publishing import publish
from feeds.site import context
from feeds.site.app import create_app
from feeds.site.context import Site, only_reads
from feeds.site.serving import ServeError, listen
from forcewire.cli import run
from storage.database import open_store, reading, writing
from tests.feeds.conftest import NewsStore
from tests.site.conftest import BASE_URL


@contextmanager
def serving(*args: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the line that it says first."""
    command = [sys.executable, "-m", "forcewire", "serve", *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.fixture
def fails(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What it says when it cannot serve."""

    def run_it(*args: object) -> str:
        assert run(["serve", *map(str, args)]) == 1
        said = capsys.readouterr()
        assert (said.out, len(said.err.splitlines())) == ("", 1)
        return said.err

    return run_it


def test_it_says_where_it_listens_and_serves_what_publish_writes(news, tmp_path):
    publish(news.engine, tmp_path, base_url=BASE_URL)
    file = news.engine.url.database
    with serving("--database", file, "--port", 0, "--base-url", f"{BASE_URL}/") as (process, line):
        assert line.startswith(f"Serving {file} at http://127.0.0.1:")
        url = line.split(" at ")[1].split("/ ")[0]
        names = ("all.atom", "all.rss", "tarn/changes.json", "tarn/appeal.rss")
        assert all(
            httpx.get(f"{url}/feeds/{name}").content == (tmp_path / "feeds" / name).read_bytes() for name in names
        )
        assert httpx.get(f"{url}/feeds.opml").content == (tmp_path / "feeds.opml").read_bytes()
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):  # a client that says nothing
            process.send_signal(signal.SIGTERM)
            assert (process.wait(10), process.communicate()) == (0, ("", ""))


def test_ctrl_c_ends_it_cleanly(news):
    with serving("--database", news.engine.url.database, "--port", 0) as (process, _):
        process.send_signal(signal.SIGINT)
        assert (process.wait(10), process.communicate()) == (0, ("", ""))


def test_a_port_in_use_is_said_in_a_line(news, fails):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is in use" in fails("--database", news.engine.url.database, "--port", port)


def test_a_store_that_is_none_is_said_in_a_line(tmp_path, fails):
    (tmp_path / "text.db").write_text("no database at all" * 100)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE song (title TEXT)")
    other.close()
    newer = NewsStore(tmp_path / "newer.db")
    with writing(newer.engine) as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    newer.engine.dispose()
    told = {name: fails("--database", tmp_path / f"{name}.db") for name in ("text", "other", "newer", "missing")}
    assert "no SQLite database" in told["text"]
    assert "another program" in told["other"]
    assert "newer Forcewire" in told["newer"]
    assert "does not exist" in told["missing"]


@pytest.mark.parametrize(
    "given", [("--base-url", "ftp://x"), ("--tagging-entity", "mine"), ("--hub", "x"), ("--host", "198.51.100.1")]
)
def test_an_option_that_cannot_be_used_is_said_in_a_line(news, fails, given):
    assert given[1] in fails("--database", news.engine.url.database, "--port", 0, *given)


def as_nobody(work) -> int:
    """The exit code of a process that may write nothing here; 0 when the work does not raise."""
    if (child := os.fork()) == 0:
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            work()
        except (Exception, SystemExit) as error:  # noqa: BLE001  # it must not go on as the test's own process
            print(error, file=sys.__stderr__)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process of another user is made by fork")
def test_a_store_that_may_not_be_written_is_served_where_sqlite_allows_it(news, tmp_path_factory):
    folder = Path(tmp_path_factory.mktemp("copy"))
    copy = folder / "copy.db"
    with reading(news.engine) as conn:  # outside of a transaction it would be a copy all the same
        sqlite3.connect(conn.engine.url.database or "").execute(f"VACUUM INTO '{copy}'")
    for path in (*reversed(folder.parents), folder):
        if path.owner() == folder.owner() and len(path.parts) > 2:
            path.chmod(0o755)
    copy.chmod(0o444)
    folder.chmod(0o555)

    def work() -> None:
        engine = open_store(f"sqlite:///{copy}", must_exist=True)
        only_reads(engine)
        with reading(engine) as conn:
            assert conn.scalar(sa.text("SELECT count(*) FROM article")) == 6

    try:
        assert as_nobody(work) == 0
    finally:
        folder.chmod(0o755)


def test_a_store_that_another_program_keeps_locked_is_no_page_and_no_feed_for_now(tmp_path, monkeypatch):
    monkeypatch.setattr(context, "_BUSY_MS", 10)
    store = NewsStore(tmp_path / "forcewire.db")
    store.source("Tarn")
    store.article("tarn")
    only_reads(store.engine)
    client = TestClient(create_app(Site(store.engine, Press(BASE_URL))), base_url=BASE_URL)
    assert client.get("/feeds/tarn.atom").status_code == 200
    monkeypatch.setattr("feeds.site.watching.EVERY", -1.0)
    store.engine.dispose()
    locker = sqlite3.connect(tmp_path / "forcewire.db", isolation_level=None)
    locker.execute("PRAGMA locking_mode=EXCLUSIVE")
    locker.execute("BEGIN EXCLUSIVE")
    for path in ("/feeds/tarn.atom", "/areas/tarn", "/api/v1/articles"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    locker.close()
    assert client.get("/feeds/tarn.atom").status_code == 200
    store.engine.dispose()


def test_nothing_is_written_by_it(news):
    engine = open_store(str(news.engine.url))
    only_reads(engine)
    with pytest.raises(sa.exc.OperationalError, match="readonly"), engine.connect() as conn:
        conn.execute(sa.text("DELETE FROM article"))
    engine.dispose()


def test_it_answers_while_it_is_told_to_stop(news, told):
    """One who waits for a feed that is being built gets it."""
    from tests.site.conftest import running

    told.during = lambda: threading.Event().wait(0.5) and None
    answers: list[int] = []
    with running(Site(news.engine, Press(BASE_URL))) as server:
        asking = threading.Thread(target=lambda: answers.append(httpx.get(f"{server.url}/feeds/tarn.atom").status_code))
        asking.start()
        while not told.asked:
            threading.Event().wait(0.01)
    asking.join()
    assert answers == [200]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::"])
def test_it_listens_at_each_address_of_a_host_on_one_port(host):
    try:
        sockets = listen(host, 0)
    except ServeError:
        pytest.skip("this machine has no IPv6")
    port = sockets[0].getsockname()[1]
    assert {each.getsockname()[1] for each in sockets} == {port}
    with socket.create_connection(("127.0.0.1", port), 5), pytest.raises(ServeError, match="in use"):
        listen(host, port)
    for each in sockets:
        each.close()
