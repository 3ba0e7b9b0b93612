"""Feed readers that people use, run as they are: each says which entries it shows that it did not show before."""

from __future__ import annotations

import email
import os
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from email.policy import default
from pathlib import Path
from typing import NamedTuple

SECONDS = 120


class Shown(NamedTuple):
    """An entry as a reader shows it, and in which feed, by the name it was subscribed under."""

    feed: str
    id: str
    title: str


class Program(ABC):
    """A reader with a home of its own, subscribed to feeds (name to URL)."""

    name: str

    def __init__(self, home: Path, feeds: Mapping[str, str]) -> None:
        self.home, self.feeds = home, feeds
        self.environ = {**os.environ, "HOME": str(home), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        home.mkdir(parents=True)
        self._seen: set[Shown] = set()
        self.subscribe()

    @abstractmethod
    def subscribe(self) -> None:
        """Writes the reader's settings."""

    @abstractmethod
    def fetch(self) -> None:
        """Asks for all feeds once."""

    @abstractmethod
    def shown(self) -> set[Shown]:
        """All that the reader holds."""

    def poll(self) -> list[Shown]:
        """Asks for all feeds; what is shown now and was not before."""
        self.fetch()
        now = self.shown()
        new = sorted(now - self._seen)
        self._seen |= now
        return new

    def run(self, *command: str | Path) -> None:
        done = subprocess.run(command, env=self.environ, capture_output=True, timeout=SECONDS)
        assert done.returncode == 0, (done.args, done.stdout[-2000:], done.stderr[-2000:])


class Newsboat(Program):
    """Believes Last-Modified alone, and shows an id in the first feed that has it."""

    name = "newsboat"

    def subscribe(self) -> None:
        (self.home / "urls").write_text("".join(f"{url}\n" for url in self.feeds.values()))
        (self.home / "config").write_text("")

    def fetch(self) -> None:
        files = ("-u", self.home / "urls", "-c", self.home / "cache.db", "-C", self.home / "config")
        self.run("newsboat", *files, "-x", "reload")

    def poll(self) -> list[Shown]:
        """What is unread; it is read then. An entry whose words changed stays read."""
        self.fetch()
        new = sorted(self.shown())
        connection = sqlite3.connect(self.home / "cache.db")
        with connection:
            connection.execute("UPDATE rss_item SET unread = 0")
        connection.close()
        return new

    def shown(self) -> set[Shown]:
        names = {url: name for name, url in self.feeds.items()}
        connection = sqlite3.connect(self.home / "cache.db")
        try:
            rows = connection.execute("SELECT feedurl, guid, title FROM rss_item WHERE unread = 1")
            return {Shown(names[url], guid, title) for url, guid, title in rows}
        finally:
            connection.close()


class Sfeed(Program):
    """A line an entry; one whose headline or address differs is another line to it, whatever its id."""

    name = "sfeed"

    def subscribe(self) -> None:
        feeds = "".join(f"\tfeed '{name}' '{url}'\n" for name, url in self.feeds.items())
        (self.home / "sfeedrc").write_text(f"sfeedpath='{self.home / 'feeds'}'\nfeeds() {{\n{feeds}}}\n")
        (self.home / "feeds").mkdir()

    def fetch(self) -> None:
        self.run("sfeed_update", self.home / "sfeedrc")

    def shown(self) -> set[Shown]:
        found = set()
        for name in self.feeds:
            for line in (self.home / "feeds" / name).read_text("utf-8").splitlines():
                fields = line.split("\t")
                found.add(Shown(name, fields[5], fields[1]))
        return found


class Rss2email(Program):
    """A mail an entry, into a mail folder."""

    name = "rss2email"

    def subscribe(self) -> None:
        settings = {
            "to": "reader@example.org",
            "email-protocol": "maildir",
            "maildir-path": self.home / "mail",
            "maildir-mailbox": "",
        }
        lines = ["[DEFAULT]", *(f"{key} = {value}" for key, value in settings.items())]
        for name, url in self.feeds.items():
            lines += [f"[feed.{name}]", f"url = {url}"]
        (self.home / "r2e.cfg").write_text("\n".join(lines) + "\n")
        for folder in ("cur", "new", "tmp"):
            (self.home / "mail" / folder).mkdir(parents=True)

    def fetch(self) -> None:
        self.run("r2e", "-c", self.home / "r2e.cfg", "-d", self.home / "r2e.json", "run")

    def shown(self) -> set[Shown]:
        found = set()
        names = {url: name for name, url in self.feeds.items()}
        for path in sorted((self.home / "mail").rglob("*")):
            if path.is_file():
                mail = email.message_from_bytes(path.read_bytes(), policy=default)
                name = names[str(mail["X-RSS-Feed"])]
                # The file's name makes two mails of one entry two things shown.
                found.add(Shown(name, str(mail["X-RSS-ID"]), f"{mail['Subject']} {path.name}"))
        return found


PROGRAMS: dict[str, tuple[str, type[Program]]] = {
    "newsboat": ("newsboat", Newsboat),
    "sfeed_update": ("sfeed", Sfeed),
    "r2e": ("rss2email", Rss2email),
}
"""Command, Debian's package, class."""
