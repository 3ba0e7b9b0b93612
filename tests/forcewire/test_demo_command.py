from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, run once as a user would, which ends by itself: its folder and what it printed."""
    folder = tmp_path_factory.mktemp("a user's folder")
    call = [sys.executable, "-m", "forcewire", "demo"]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False, timeout=110)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


def test_demo_shows_what_came_and_what_a_day_changed(demo):
    text = demo[1]
    assert re.search(r"^\d\d stories came:$", text, re.MULTILINE)
    kinds = re.findall(r"^(new|edited|withdrawn) ", text.split("changes:")[1], re.MULTILINE)
    assert (kinds.count("new"), kinds.count("edited"), kinds.count("withdrawn")) == (5, 2, 1)
    assert "failed" not in text


def test_demo_leaves_feeds_database_and_entries(demo):
    made = {path.relative_to(demo[0] / "demo").as_posix() for path in (demo[0] / "demo").rglob("*")}
    assert {"forcewire.db", "feeds/all.rss", "feeds/all.atom", "feeds/wexmoor.rss", "sources/wexmoor.toml"} <= made


def answers(folder, line):
    """Starts a server until it says that it serves, and ends it. On a port of its own: the one it is told may be taken."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        [*shlex.split(line), "--port", port], cwd=folder, stdout=subprocess.PIPE, text=True
    ) as server:
        assert f":{port}/" in server.stdout.readline()
        server.terminate()
        assert server.wait(20) == 0


def test_what_the_demo_says_to_try_works(demo):
    folder, text = demo
    tries = [line.strip() for line in text.split("What to try next:")[1].splitlines() if "forcewire " in line]
    assert len(tries) >= 4
    for line in tries:
        if " serve " in line:
            answers(folder, line)
            continue
        done = subprocess.run(shlex.split(line), cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        assert done.stdout


def test_demo_runs_again_in_its_own_folder_and_empties_no_other(forcewire, demo, tmp_path):
    from forcewire.walkthrough import prepare

    (tmp_path / "forcewire.db").write_text("somebody's")
    ran = forcewire("demo", "--out", tmp_path)
    assert ran.code == 1
    assert ran.err == f"forcewire: {tmp_path}: not empty, and not made by the demo; name another folder with --out\n"
    assert (tmp_path / "forcewire.db").read_text() == "somebody's"
    assert "a file is there" in forcewire("demo", "--out", tmp_path / "forcewire.db").err

    own = tmp_path / "own"
    prepare(own)
    for name in ("forcewire.db", "notes.txt"):
        (own / name).touch()
    prepare(own)
    assert sorted(path.name for path in own.iterdir()) == [".forcewire-demo", "notes.txt"]
