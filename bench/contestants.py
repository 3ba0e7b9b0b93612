"""The watchers that `bench.watchers` compares: how each is set up, run for one round, and asked what it reported."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bench.watchers_installed import VERSIONS, installed
from bench.watching import Round, run


class Watcher(Protocol):
    """Watches pages from a folder of its own. `round` runs it once over all of them, from its start to its end."""

    name: str

    def round(self) -> Round: ...


class _Reporting:
    """A program that reads its pages from a YAML file, and prints a report with a line `CHANGED: URL` for each."""

    tool: str
    arguments: Sequence[str]
    report: str

    def __init__(self, folder: Path, cache: Path, pages: Sequence[str]) -> None:
        self.name = f"{self.tool} {VERSIONS[self.tool]}"
        self._folder = folder
        self._command = [str(installed(self.tool, cache)), *self.arguments]
        jobs = "---\n".join(f"url: {page}\nfilter:\n  - html2text\n" for page in pages)
        (folder / "urls.yaml").write_text(jobs, "utf-8")
        (folder / "config.yaml").write_text(self.report, "utf-8")

    def round(self) -> Round:
        found, text = run(self._command, folder=self._folder)
        found.reported = set(re.findall(r"^CHANGED: .*?(http://127\.[^\s)]+)", text, re.MULTILINE))
        found.failed = len(re.findall(r"^ERROR: ", text, re.MULTILINE))
        return found


class Urlwatch(_Reporting):
    """As its manual shows it: a job a page, with the filter `html2text`."""

    tool = "urlwatch"
    arguments = ("--urls", "urls.yaml", "--config", "config.yaml", "--hooks", "hooks.py", "--cache", "cache.db")
    report = "display: {new: false}\nreport: {stdout: {enabled: true, color: false}}\n"


class Webchanges(_Reporting):
    """Likewise, and with the worker threads that it takes by itself."""

    tool = "webchanges"
    arguments = ("--jobs", "urls.yaml", "--config", "config.yaml", "--hooks", "hooks.py", "--database", "cache.db")
    report = "display: {new: false}\nreport: {stdout: {enabled: true, color: false}}\n"


class Changedetection:
    """In its batch mode, which checks every page once and ends. Its database is asked what it would have reported."""

    def __init__(self, folder: Path, cache: Path, pages: Sequence[str]) -> None:
        self.name = f"changedetection.io {VERSIONS['changedetection.io']}"
        self._folder, self._store = folder, folder / "store"
        self._command = [str(installed("changedetection.io", cache)), "-C", "-d", str(self._store), "-b"]
        self._command += ["-h", "127.0.0.1", "-p", "59321", "-l", "ERROR"]
        self._new = [part for page in pages for part in ("-u", page)]

    def round(self) -> Round:
        before = self._versions()
        what = ["-r", "all"] if before else self._new
        told = {
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "DISABLE_VERSION_CHECK": "yes",
            "LLM_FEATURES_DISABLED": "true",
        }
        found, _ = run([*self._command, *what], folder=self._folder, environment=told)
        after = self._versions()
        found.reported = {url for url, count in after.items() if count > max(before.get(url, 0), 1)}
        found.failed = sum(count == 0 for count in after.values())
        return found

    def _versions(self) -> dict[str, int]:
        versions = {}
        for watch in self._store.glob("*/watch.json"):
            history = watch.with_name("history.txt")
            count = len(history.read_text().splitlines()) if history.exists() else 0
            versions[json.loads(watch.read_text("utf-8"))["url"]] = count
        return versions


class Forcewire:
    """`forcewire crawl` over all sources in one process; what it reported is what `forcewire changes` shows."""

    def __init__(self, folder: Path, entries: Path, name: str, revisit: str) -> None:
        self.name = name
        self._folder = folder
        self._database = ["--database", f"sqlite:///{folder / 'store.db'}"]
        self._crawl = [sys.executable, "-m", "forcewire", "crawl", "--allow-loopback", "--sources", str(entries)]
        self._crawl += ["--delay", "0", "--revisit", revisit, "--json", *self._database]
        self._seen = 0

    @property
    def database(self) -> Path:
        return self._folder / "store.db"

    def begin_like(self, other: Forcewire) -> None:
        """Takes over what another one has read."""
        with sqlite3.connect(other.database) as store:
            store.execute("VACUUM INTO ?", [str(self.database)])
        self._seen = other._seen

    def round(self) -> Round:
        found, text = run(self._crawl, folder=self._folder)
        bad = [row for row in json.loads(text) if row["verdict"] != "ok"]
        if bad:
            raise SystemExit(f"not every crawl was ok: {bad[0]['source']}: {bad[0]['reason']}")
        self._report(found)
        return found

    def _report(self, found: Round) -> None:
        command = [sys.executable, "-m", "forcewire", "changes", "--json", "--limit", "1000000", *self._database]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        changes = [row for row in json.loads(done.stdout) if row["id"] > self._seen]
        self._seen = max([self._seen, *(row["id"] for row in changes)])
        found.new = {row["url"] for row in changes if row["change"] == "new"}
        found.reported = {row["url"] for row in changes if row["change"] != "new" and not row["minor"]}
