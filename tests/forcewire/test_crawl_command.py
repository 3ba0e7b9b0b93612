from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from forcewire.demo.events import Edit
from forcewire.demo.faults import Status, wall
from forcewire.demo.newsroom import Newsroom

FORCEWIRE = [sys.executable, "-m", "forcewire"]


@pytest.fixture
def newsroom(tmp_path):
    with Newsroom() as room:
        room.write_entries(tmp_path / "sources")
        yield room


@pytest.fixture
def words(newsroom, tmp_path):
    """What all crawls here have in common."""
    return ["--sources", tmp_path / "sources", "--allow-loopback", "--delay", 0, "--database", tmp_path / "news.db"]


def test_crawl_prints_a_line_a_source_in_a_pipe(forcewire, words):
    ran = forcewire("crawl", "marrowdale", "wexmoor", *words)
    assert ran.code == 0
    lines = sorted(ran.out.splitlines())
    assert [line.split(":")[0] for line in lines] == ["marrowdale", "wexmoor"]
    assert lines[1].startswith("wexmoor: ok; 11 links, 11 read, 11 new, ")


def test_all_sources_with_allow_loopback_are_those_on_this_machine(forcewire, words):
    ran = forcewire("crawl", *words)
    assert ran.code == 0, "no bundled source is asked for, and none needs a contact"
    assert len(ran.out.splitlines()) == 6


def test_crawl_as_json_prints_nothing_else(forcewire, newsroom, words, tmp_path):
    [first] = forcewire("crawl", "wexmoor", *words, "--json").json
    assert (first["source"], first["verdict"], first["reason"], first["new"]) == ("wexmoor", "ok", None, 11)
    path = newsroom.articles("wexmoor")[0].path
    newsroom.play(Edit(site="wexmoor", path=path, fields={"title": "Another headline altogether"}))
    [second] = forcewire("crawl", "wexmoor", *words, "--json").json
    assert (second["new"], second["edited"]) == (0, 1)
    rows = forcewire("changes", "--database", tmp_path / "news.db", "--change", "edited", "--json").json
    assert [(row["title"], row["fields"]) for row in rows] == [("Another headline altogether", ["title"])]


def test_failed_verdict_is_exit_code_1_and_stays_in_status(forcewire, newsroom, words, tmp_path):
    newsroom.fault("wexmoor", wall())
    ran = forcewire("crawl", "wexmoor", *words)
    assert ran.code == 1
    assert ran.out.startswith("wexmoor: failed: ")
    assert forcewire("status", "--database", tmp_path / "news.db").code == 1


def test_degraded_verdict_is_exit_code_1(forcewire, newsroom, words):
    newsroom.fault("wexmoor", Status(status=500, path=newsroom.articles("wexmoor")[0].path))
    ran = forcewire("crawl", "wexmoor", *words)
    assert ran.code == 1
    assert "wexmoor: degraded: " in ran.out


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["wexmore"], "no source is called 'wexmore'; forcewire sources list shows them"),
        (["bedfordshire"], "FORCEWIRE_CONTACT"),
    ],
)
def test_crawl_that_cannot_begin_is_one_line(forcewire, words, names, said):
    ran = forcewire("crawl", *names, *words)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert ran.err.startswith("forcewire: ")
    assert ran.err.count("\n") == 1


def test_ctrl_c_ends_cleanly_and_says_what_is_stored(newsroom, words, tmp_path, forcewire):
    slow = [*FORCEWIRE, "crawl", "wexmoor", "marrowdale", *words[:4], "0.4", *words[5:]]
    running = subprocess.Popen([str(w) for w in slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while newsroom.log.total < 6 and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert err.startswith("forcewire: interrupted; ")
    assert "wexmoor: degraded: stopped before its end" in out
    stored = int(err.split()[2])
    rows = forcewire("export", "--database", tmp_path / "news.db", "--format", "jsonl", "--out", "-").out.splitlines()
    assert len(rows) == stored > 0
    assert forcewire("crawl", "wexmoor", "marrowdale", *words).code == 0


def test_a_row_moves_for_each_source_at_a_terminal(newsroom, words):
    master, terminal = pty.openpty()
    call = [str(word) for word in [*FORCEWIRE, "crawl", "wexmoor", *words]]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    running = subprocess.Popen(call, stdout=terminal, stderr=terminal, stdin=terminal, env=env)
    os.close(terminal)
    shown = b""
    while True:
        try:
            shown += os.read(master, 65536)
        except OSError:  # Linux says so when the other side has closed
            break
    os.close(master)
    assert running.wait(20) == 0
    text = shown.decode()
    assert "wexmoor" in text
    assert "\x1b[" in text
    for figure in ("links", "read", "new", "edited", "failed"):
        assert figure in text
    assert text.count("\x1b[?25h") >= text.count("\x1b[?25l") > 0, "the cursor stays hidden"


def test_crawl_in_two_processes_says_the_same(forcewire, words):
    ran = forcewire("crawl", "wexmoor", "marrowdale", *words, "--processes", 2, "--json")
    assert [(row["source"], row["verdict"]) for row in json.loads(ran.out)] == [("wexmoor", "ok"), ("marrowdale", "ok")]
