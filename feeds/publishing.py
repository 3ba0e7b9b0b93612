"""From the store to the files that a web server hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from feeds.build import build
from feeds.files import PublishError, write_files
from feeds.identity import DEFAULT_TAGGING_ENTITY, is_tagging_entity
from feeds.left_over import cleaned, left_over
from feeds.text import web_address
from storage.database import reading

__all__ = ["PublishError", "PublishReport", "publish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a run did. `vanished` are feed files whose area is no longer in the store: they are left where they are, without
    what is withheld by now, for an operator to remove or redirect. `problems` are lines about feeds that could not be made.
    """

    written: list[Path] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def publish(
    engine: sa.Engine,
    out: Path,
    *,
    base_url: str,
    now: datetime | None = None,
    tagging_entity: str = DEFAULT_TAGGING_ENTITY,
) -> PublishReport:
    """Writes out/feeds/<area>.rss and .atom, out/feeds/<area>/changes.* and the same of all, to be served as base_url/feeds/...

    The bytes depend on the store, `base_url` and `tagging_entity` (see `feeds.identity`) alone; `now` is only the time
    of the files that changed. Raises `PublishError`, and `StoreError` of the store; the files from before are still in place then.
    """
    served_at = web_address(base_url)
    if served_at is None:
        raise PublishError(f"cannot publish: base URL {base_url!r} is no http address")
    if not is_tagging_entity(tagging_entity):
        raise PublishError(
            f"cannot publish: {tagging_entity!r} is no name for ids; write it as in 'news.example.org,2026'"
        )
    folder = out / "feeds"
    files, problems = build(engine, base_url=served_at.rstrip("/"), tagging_entity=tagging_entity)
    vanished = left_over(folder, files)
    with reading(engine) as conn:
        old = cleaned(conn, folder, vanished)
    written, unchanged = write_files(folder, (files | old).items(), now or datetime.now(UTC))
    return PublishReport(written=written, unchanged=unchanged, vanished=vanished, problems=problems)
