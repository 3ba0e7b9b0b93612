"""The feed files: are they there, do they parse, are they of this base URL, and are they of the store as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from lxml import etree

from feeds.files import ASIDE
from forcewire.doctor.findings import Finding, ok, problem, warning
from storage.tables import CHANGE, CRAWL
from storage.troubles import span_said

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from forcewire.settings.model import Settings

_BEHIND = timedelta(hours=2)
_RECORD = "feeds/.published.json"


def feed_findings(conn: Connection, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Of the folder that is set; nothing is said where feeds are served from the store alone."""
    out = settings.publish_dir
    if out is None:
        yield ok("feeds", "no folder for files is set: feeds come from the store", "publish_dir")
        return
    files = [path for path in sorted(out.glob("feeds*/**/*")) if path.is_file() and not path.name.startswith(".")]
    if not files:
        yield problem("feeds", "no feed is there", str(out), f"forcewire publish --out {out}")
        return
    broken = [path for path in files if not parses(path)]
    for path in broken[:3]:
        yield problem("feeds", "it cannot be parsed", str(path), f"delete it, then: forcewire publish --out {out}")
    aside = [path for path in out.rglob(f".*{ASIDE}") if now.timestamp() - path.stat().st_mtime > 24 * 3600]
    if aside:
        yield warning(
            "feeds",
            f"{len(aside)} files are left of runs that were killed",
            str(aside[0]),
            "the next forcewire publish removes them",
        )
    yield from _record(conn, out, settings, now)
    if not broken:
        yield ok("feeds", f"{len(files)} files, all of them parse", str(out))


def _record(conn: Connection, out: Path, settings: Settings, now: datetime) -> Iterator[Finding]:
    path = out / _RECORD
    try:
        plain = json.loads(path.read_bytes())
        base, at = str(plain["press"].get("base_url", "")), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, KeyError, AttributeError, ValueError):
        yield warning("feeds", "the record of the last run cannot be read", str(path), f"forcewire publish --out {out}")
        return
    if settings.base_url and base and base.rstrip("/") != settings.base_url.rstrip("/"):
        yield problem(
            "feeds",
            f"they name themselves by {base}, and the settings say {settings.base_url}",
            str(out),
            f"forcewire publish --out {out}",
        )
    told = conn.scalar(sa.select(sa.func.max(CHANGE.c.at)).where(CHANGE.c.crawl_id.is_not(None)))
    ended = conn.scalar(sa.select(sa.func.max(CRAWL.c.finished_at)))
    if told is not None and ended is not None and told > at and now - told > _BEHIND:
        yield problem(
            "feeds",
            f"the store has changes since {span_said(now - told)} that they do not tell",
            str(out),
            f"forcewire publish --out {out}, or see the service's log",
        )


def parses(path: Path) -> bool:
    """Whether a feed file is what its name says."""
    try:
        if path.suffix == ".json":
            return isinstance(json.loads(path.read_bytes()), dict)
        if path.suffix in (".rss", ".atom", ".opml"):
            etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except (OSError, ValueError, etree.XMLSyntaxError):
        return False
    return True
