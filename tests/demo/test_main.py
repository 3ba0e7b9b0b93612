"""`python -m forcewire.demo` serves until it is told to stop, and says where."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Get = Callable[..., Any]
COMMAND = [sys.executable, "-m", "forcewire.demo", "--port", "0", "--json"]


def test_server_by_hand_says_where_it_is_and_ends_with_its_totals(fetch: Get, tmp_path: Path) -> None:
    more = ["--site", "marrowdale", "--articles", "30", "--padding", "30000", "--entries", str(tmp_path / "sources")]
    with subprocess.Popen([*COMMAND, *more], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        base_url = json.loads(server.stdout.readline())["marrowdale"]
        got = fetch(base_url, "/news")
        server.send_signal(signal.SIGINT)
        totals = json.loads(server.stdout.readline())
    assert server.returncode == 0
    assert (got.status, len(got.body)) == (200, 30_000)
    assert totals == {"requests": 1, "status": {"200": 1}}
    assert base_url in (tmp_path / "sources" / "marrowdale.toml").read_text()


def test_unknown_site_is_one_clear_line() -> None:
    done = subprocess.run([*COMMAND, "--site", "nowhere"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: no site is called 'nowhere'; there are wexmoor, ravenquay")
    assert done.stderr.count("\n") == 1
