"""Archives of invented areas: their files, rows and entries."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
import yaml

FIRST = "2020-12-28T12:50:07+00:00"
LATER = "2021-02-26T18:29:20+00:00"
LATEST = "2021-04-04T10:29:17+01:00"

_ENTRY = """
name = "{name} Police"
force = "{name} Police"
area = "{name}"
reader = "generic"
hosts = ["www.{host}.example"]
interval = "1h"

[[listing]]
kind = "html"
url = "https://www.{host}.example/news"

[assertions]
min = {{ links = 1 }}
fill = {{ title = 0.9 }}
"""


@dataclass(frozen=True)
class Text:
    """One text of an archive, and where it is recorded."""

    path: str
    text: str

    def row(self, seen: str = FIRST, **more: Any) -> dict[str, Any]:
        return {"path": self.path, "first_seen": seen, "text": self.text, **more}

    def history(self, seen: str, action: str) -> dict[str, Any]:
        return {"seen": seen, "action": action, "path": self.path, "text": self.text}


def story(
    n: int = 1, area: str = "Norchester", *, url: str | None = None, body: str | None = None, **keys: Any
) -> Text:
    """An invented record in the archive form. `url` is the address that the file is named by; `stated` the one in it."""
    url = url or f"https://www.{area.lower()}.example/news/story-{n}"
    stated = keys.pop("stated", url)
    og = {"description": f"A lamp was taken from house {n}, Mill Lane.", "type": "article"}
    if picture := keys.pop("picture", None):
        og["image"] = picture
    block = {
        "area": area,
        "og": og,
        "publish": {"date": f"{n % 27 + 1} Nov 2019"},
        "title": f"Appeal {n} after a lamp’s theft",
        "url": stated,
    } | keys
    body = body or f"A lamp was taken from **{n} Mill Lane** on a rainy night.\n\nCall 101 if you saw it.\n"
    head = yaml.safe_dump(block, default_flow_style=False, width=2**30)
    return Text(f"news/{area}/{sha1(url.encode()).hexdigest()}.md", f"```yaml\n{head}```\n\n{body}")


def write_files(folder: Path, texts: Iterable[Text]) -> Path:
    for each in texts:
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.text.encode())
    return folder


def write_rows(path: Path, rows: Iterable[Any]) -> Path:
    lines = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in ("Norchester", "Eastmere"):
        (folder / f"{name.lower()}.toml").write_text(_ENTRY.format(name=name, host=name.lower()))
    return folder


@pytest.fixture
def bring(forcewire: Callable[..., Any], sources: Path, tmp_path: Path) -> Callable[..., Any]:
    """Imports a path into a store; `ran.json` is the summary."""

    def run(path: Path, store: str = "news.db", *words: str) -> Any:
        database = tmp_path / store
        return forcewire("import", "archive", path, "--sources", sources, "--database", database, "--json", *words)

    return run


@pytest.fixture
def give(forcewire: Callable[..., Any], tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    """Exports a store as an archive and gives back its files."""

    def run(store: str = "news.db", out: str = "out") -> dict[str, bytes]:
        ran = forcewire("export", "--format", "archive", "--out", tmp_path / out, "--database", tmp_path / store)
        assert ran.code == 0, ran.err
        return tree(tmp_path / out)

    return run
