"""The server that readers ask, as an operator starts it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Path], str]]:
    """Starts `forcewire serve` over a store; gives its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(database: Path) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "forcewire", "serve", "--port", str(port), "--base-url", url]
        with (tmp_path / "serve.log").open("wb") as log:
            running.append(
                subprocess.Popen(
                    [*command, "--database", f"sqlite:///{database}"], stdout=log, stderr=subprocess.STDOUT
                )
            )
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{url}/feeds.opml", timeout=5).close()
                return url
            except (urllib.error.URLError, ConnectionError):
                assert running[-1].poll() is None, (tmp_path / "serve.log").read_text()
                time.sleep(0.1)
        raise AssertionError((tmp_path / "serve.log").read_text())

    yield start
    for process in running:
        process.terminate()
        assert process.wait(10) == 0, (tmp_path / "serve.log").read_text()
