from __future__ import annotations

import os
import subprocess
import sys

import pytest

from forcewire.cli import COMMANDS

HEAVY = ("asyncio", "scrapy", "twisted", "sqlalchemy", "pydantic", "rich", "lxml", "feedgen", "aiohttp", "yaml")


def test_help_imports_nothing_heavy():
    code = f"""
import sys
from forcewire.cli import run
assert run(["--help"]) == 0
found = [name for name in {HEAVY!r} if name in sys.modules]
assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_imports_nothing_heavy(name):
    code = f"""
import sys
from forcewire.cli import run
assert run([{name!r}, "--help"]) == 0
found = [name for name in {HEAVY!r} if name in sys.modules]
assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_loads_few_modules_that_click_does_not():
    """Loading is what help costs: `make bench-hostile` measures it in seconds, beside click's own."""

    def loaded(code):
        code = f"import sys\n{code}\nprint(*sys.modules, sep=chr(10), file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return set(done.stderr.split())

    ours = loaded("from forcewire.cli import run; run(['--help'])")
    more = {name for name in ours - loaded("import click.testing") if not name.startswith("forcewire")}
    assert len(more) < 30, sorted(more)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crwal"], "No such command 'crwal'"),
        (["crawl", "--quickly"], "No such option"),
        (["export"], "Missing option"),
        (["export", "--format", "csv", "--out", "x"], "'csv' is not one of"),
        (["crawl", "--delay", "soon"], "'soon' is no number of seconds"),
        (["crawl", "--delay", "nan"], "'nan' is no number of seconds"),
        (["changes", "--since", "yesterday"], "'yesterday' is no time"),
        (["changes", "--limit", "0"], "0 is not in the range"),
        (["read", "page.html"], "say with --url"),
        (["read"], "give either FILE with --url, or --jsonl FILE"),
        (["read", "--jsonl", "rows", "--url", "https://a.example/"], "stand in the lines"),
        (["export", "--format", "archive", "--out", "-"], "cannot be printed"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(forcewire, words, said):
    ran = forcewire(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.startswith("forcewire: ")
    assert ran.err.count("\n") == 1
    assert "--help" in ran.err


@pytest.mark.parametrize("words", [[], ["db"], ["sources"]])
def test_a_group_alone_shows_its_commands_on_stderr(forcewire, words):
    ran = forcewire(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Commands:" in ran.err


def test_unknown_variable_is_warned_about_in_one_line(forcewire, monkeypatch):
    monkeypatch.setenv("FORCEWIRE_CONTACTS", "a@example.org")
    ran = forcewire("sources", "list")
    assert ran.code == 0
    assert ran.err == "forcewire: FORCEWIRE_CONTACTS is set, but nothing reads it; did you mean FORCEWIRE_CONTACT?\n"


def test_variable_that_cannot_be_used_is_named(forcewire, monkeypatch):
    monkeypatch.setenv("FORCEWIRE_DELAY", "slow")
    ran = forcewire("crawl", "bedfordshire")
    assert ran.code == 1
    assert ran.err == "forcewire: FORCEWIRE_DELAY: 'slow' is no number of seconds between 0 and 3600\n"


def test_database_may_stand_before_the_command_after_it_or_in_the_environment(forcewire, store, tmp_path, monkeypatch):
    assert len(forcewire("--database", store, "status", "--json").json) == 2
    assert len(forcewire("--database", tmp_path / "other.db", "status", "--json", "--database", store).json) == 2
    monkeypatch.setenv("FORCEWIRE_DATABASE_URL", f"sqlite:///{store}")
    assert len(forcewire("status", "--json").json) == 2
    monkeypatch.delenv("FORCEWIRE_DATABASE_URL")
    monkeypatch.chdir(tmp_path)
    assert "forcewire.db does not exist" in forcewire("status").err


@pytest.mark.parametrize(
    "command", [["status"], ["changes"], ["publish", "--out", "o"], ["export", "--format", "jsonl", "--out", "-"]]
)
def test_store_that_is_not_there_or_no_store_is_one_line(forcewire, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.db").write_text("no database at all, just a text that is long enough to be read as one")
    for url in ("missing.db", "text.db", str(tmp_path), "mysql://localhost/x", "nonsense://", "no/such/folder/x.db"):
        ran = forcewire(*command, "--database", url)
        assert (ran.code, ran.out) == (1, ""), url
        assert ran.err.startswith("forcewire: ")
        assert ran.err.count("\n") == 1


def test_output_that_nobody_reads_any_more_ends_quietly(store):
    code = "import sys; from forcewire.cli import main; main()"
    words = [sys.executable, "-c", code, "changes", "--json", "--database", str(store)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 1


def test_a_terminal_without_utf8_gets_escapes_and_no_traceback(store):
    words = [sys.executable, "-m", "forcewire", "changes", "--json", "--database", str(store)]
    done = subprocess.run(
        words, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_version_is_said(forcewire):
    assert forcewire("--version").out.startswith("forcewire ")
