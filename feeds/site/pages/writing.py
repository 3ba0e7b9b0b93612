"""The pages as files for a web server: `/areas/wexmoor` is areas/wexmoor/index.html. What may differ since the last run is made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from feeds.files import PublishError, write_files
from feeds.freshness import Mark, mark, touched
from feeds.last_run import made_by
from feeds.site.context import Site
from feeds.site.pages.paths import article_areas, page_paths, render
from storage.database import reading

_RECORD = ".pages.json"
# Folders that are ours alone: what lies in them and is no page any more may hold words that nobody may read now.
_OWN = ("areas", "articles", "pictures", "sitemap")


@dataclass(frozen=True, slots=True)
class PagesReport:
    """What a run wrote, how many pages were the same, and how many files of earlier ones it took away."""

    written: int
    unchanged: int
    removed: int


def write_pages(out: Path, site: Site, now: datetime) -> PagesReport:
    """Writes all pages but the search below a folder that is served as the base URL. Raises `PublishError`, also where
    a folder of somebody else's lies in the way, and `StoreError`."""
    foreign = [] if (out / _RECORD).exists() else [name for name in _OWN if (out / name).exists()]
    if foreign:
        raise PublishError(
            f"cannot write pages: {out / foreign[0]} is there and was not written by us; name another folder"
        )
    with reading(site.engine) as conn:
        here, last = mark(conn), _last(out, site)
        changed = touched(conn, last, here) if last else None
        paths = list(page_paths(conn, site, now))
        files = _files(conn, site, paths, changed, out, now)
        written, _ = write_files(out, files, now)
    removed = _take_away(out, {file_of(path) for path in paths})
    _keep(out, site, here)
    return PagesReport(len(written), len(paths) - len(written), removed)


def file_of(path: str) -> str:
    """The file of a page, below the folder."""
    name = path.strip("/")
    return name if "." in name.rpartition("/")[2] else f"{name}/index.html".lstrip("/")


def _files(
    conn: sa.Connection, site: Site, paths: list[str], changed: set[str] | None, out: Path, now: datetime
) -> Iterator[tuple[str, bytes]]:
    """All pages but those of stories and months of areas of which nothing changed."""
    area_of = article_areas(conn) if changed is not None else {}
    for path in paths:
        name, parts = file_of(path), path.split("/")
        of_area = area_of.get(parts[2]) if parts[1] == "articles" else parts[2] if len(parts) > 3 else None
        if changed is None or of_area is None or of_area in changed or not (out / name).exists():
            yield name, render(conn, site, path, now)


def _take_away(out: Path, names: set[str]) -> int:
    count = 0
    for folder in _OWN:
        for file in sorted((out / folder).rglob("*"), reverse=True):
            if file.is_dir():
                with suppress(OSError):  # it is not empty
                    file.rmdir()
            elif file.relative_to(out).as_posix() not in names:
                file.unlink()
                count += 1
    return count


def _last(out: Path, site: Site) -> Mark | None:
    """Where the store stood at the last run. None where there was none that made the same pages of it."""
    try:
        plain = json.loads((out / _RECORD).read_bytes())
        return Mark.of_plain(plain["mark"]) if plain["of"] == _of(site) else None
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _keep(out: Path, site: Site, here: Mark) -> None:
    (out / _RECORD).write_text(json.dumps({"of": _of(site), "mark": here.plain()}), "utf-8")


def _of(site: Site) -> list[Any]:
    """What makes other pages of the same store: the program with its templates, and how the site is set."""
    digest, room = sha256(made_by().encode()), Path(__file__).parent.parent
    for path in sorted(file for file in room.rglob("*") if file.suffix in (".py", ".html", ".css", ".svg")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return [digest.hexdigest()[:16], site.press.base_url, site.title, site.contact]
