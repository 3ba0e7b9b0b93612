"""A feed reader that people use: newsboat subscribes over HTTP, as a journalist's would."""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
NEWSBOAT = shutil.which("newsboat")

pytestmark = [
    pytest.mark.readers,
    pytest.mark.skipif(
        NEWSBOAT is None and not os.environ.get("CI"), reason="newsboat is not installed (apt-get install newsboat)"
    ),
]


class _Quiet(SimpleHTTPRequestHandler):
    """A plain file server: Last-Modified is the file's time, and If-Modified-Since is answered."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".rss": "application/rss+xml",
        ".atom": "application/atom+xml",
    }

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "out").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "out")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def newsboat(tmp_path: Path, served: str) -> Callable[..., Callable[[], list[str]]]:
    """Subscribes to a feed; each call of what it returns fetches it, and gives the titles not seen before."""

    def subscribe(name: str) -> Callable[[], list[str]]:
        home = tmp_path / f"newsboat-{name.replace('/', '-')}"
        home.mkdir()
        (home / "urls").write_text(f"{served}/feeds/{name}\n")
        (home / "config").write_text("")
        environ = {**os.environ, "HOME": str(home), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        base: list[str | Path] = [
            NEWSBOAT or "newsboat",
            "-u",
            home / "urls",
            "-c",
            home / "cache.db",
            "-C",
            home / "config",
        ]
        seen: set[tuple[str, str]] = set()

        def fetch() -> list[str]:
            subprocess.run([*base, "-x", "reload"], env=environ, check=True, capture_output=True, timeout=60)
            new = [item for item in _items(home / "cache.db") if item not in seen]
            seen.update(new)
            return sorted(title for _, title in new)

        return fetch

    return subscribe


def _items(cache: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(cache)
    try:
        return list(connection.execute("SELECT guid, title FROM rss_item"))
    finally:
        connection.close()


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_newsboat_shows_each_story_once_and_after_a_second_publish_the_new_one(
    store: Any, published: Any, newsboat: Any, served: str, ending: str
) -> None:
    store.source("Northmarch")
    first = store.article(title="Gate & post taken")
    store.article(title="Second story: R&D")
    published(base_url=served, now=FIRST)
    fetch = newsboat(f"northmarch.{ending}")
    assert fetch() == ["Gate & post taken", "Second story: R&D"]
    assert fetch() == []
    # Published again within the second (newsboat believes Last-Modified alone), an edit and a withdrawal among it.
    store.article(title="Third story")
    store.article(url="https://www.northmarch.example/news/2", title="Second story: R&D", body="Found.\n")
    store.change(first, removed_at=FIRST + timedelta(days=1))
    published(base_url=served, now=FIRST)
    assert fetch() == ["Third story"]
    assert fetch() == []


def test_newsboat_shows_each_change_once_and_a_withdrawn_name_no_more(
    store: Any, published: Any, newsboat: Any, served: str
) -> None:
    store.source("Northmarch")
    gate = store.article(title="Gate & post taken")
    girl = store.article(title="Missing: Ottoline", body="Seen Ottoline?\n", sensitive=True, kind="missing")
    store.again(gate, FIRST + timedelta(days=1), title="Gate & post found")
    store.again(girl, FIRST + timedelta(days=1), body="Have you seen Ottoline?\n")
    published(base_url=served, now=FIRST)
    fetch = newsboat("northmarch/changes.rss")
    assert fetch() == ["Edited: Gate & post found", "Edited: Missing: Ottoline"]
    store.remove(girl, FIRST + timedelta(days=2))
    store.again(gate, FIRST + timedelta(days=2), title="Gate & post lost again")
    published(base_url=served, now=FIRST)
    assert fetch() == ["A story of Northmarch Police was withdrawn", "Edited: Gate & post lost again"]
    assert fetch() == []
