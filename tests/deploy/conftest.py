"""News that is served and published, and the web servers of deploy/ in front of it: each a process of its own, on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.build import Press
from feeds.publishing import publish
from feeds.site.context import Site
from feeds.site.pages import write_pages
from tests.feeds.conftest import BASE_URL, NewsStore
from tests.site.conftest import running

DEPLOY = Path(__file__).parents[2] / "deploy"
_ANY = ssl.create_default_context()
_ANY.check_hostname, _ANY.verify_mode = False, ssl.CERT_NONE


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes


class _AsItIs(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_AsItIs, urllib.request.HTTPSHandler(context=_ANY))


def get(url: str, *, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
    """An answer of any status; `if_none_match` stands for If-None-Match."""
    asked = urllib.request.Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()}, method=method)
    try:
        with _OPENER.open(asked, timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True, slots=True)
class News:
    """Where the service listens, where nothing does, and the folder of files."""

    url: str
    nobody: int
    files: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[News]:
    folder = tmp_path_factory.mktemp("deploy")
    store = NewsStore(folder / "forcewire.db")
    for area in ("Northmarch", "Tarn"):
        store.source(area)
        for _ in range(3):
            store.article(area.lower())
    press, files = Press(BASE_URL), folder / "files"
    publish(store.engine, files, base_url=BASE_URL)
    site = Site(store.engine, press)
    write_pages(files, site, datetime.now(UTC))
    with running(site) as up:
        yield News(up.url, free_port(), files)
    store.engine.dispose()


def program(name: str) -> str:
    """Skips the test where it is not installed."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    return found or pytest.skip(f"{name} is not installed")


def started(command: list[str], url: str, log: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Runs a server until the tests with it are over."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env)
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            try:
                get(url)
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise AssertionError(log.read_text())
        yield url
    finally:
        process.terminate()
        process.wait(20)
