"""What a scrape reads: everything in one steady state of the store."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path

import sqlalchemy as sa

from feeds.site.monitoring.bounds import Bounds
from feeds.site.monitoring.since import Since
from storage.alerts import going_on
from storage.backups import kept
from storage.conditions import conditions
from storage.database import StoreError, file_of, reading
from storage.disk import folders, rooms
from storage.health import SourceHealth, health
from storage.incidents import incidents
from storage.notices import waiting
from storage.pulse import pulse
from storage.revisions import REVISIONS
from storage.states import State
from storage.tables import ARTICLE, SCHEDULE, SOURCE

Sample = tuple[str, tuple[str, ...], float]

_ARTICLES_EVERY = 60.0  # seconds: to count them reads an entry of an index for each
_ARTICLES = (
    sa.select(ARTICLE.c.source_id, sa.func.count() - sa.func.count(ARTICLE.c.removed_at))
    .group_by(ARTICLE.c.source_id)
)  # fmt: skip


class Collecting:
    """The metrics of one site. Asked by one thread at a time."""

    def __init__(self, engine: sa.Engine, bounds: Bounds) -> None:
        self._engine, self._bounds, self._since = engine, bounds, Since()
        self._articles: list[Sample] = []
        self._articles_at = float("-inf")

    def samples(self, now: datetime, http: Counter[int], *, is_there: bool = True) -> list[Sample]:
        """Each metric's name, the values of its labels, and its own. A store that cannot be read is told by `forcewire_store_up`, not
        by an error: what else is known is told all the same. One that is not there is not asked, which would make an empty file in its
        place. `http`: requests by the first digit of their answer.
        """
        began, found, up = time.perf_counter(), list[Sample](), 0
        if is_there:
            try:
                with reading(self._engine) as conn:
                    found, up = [*self._of_store(conn, now)], 1
            except (StoreError, sa.exc.SQLAlchemyError):
                found = []
        took = time.perf_counter() - began
        found += [("forcewire_store_up", (), up), ("forcewire_store_read_seconds", (), took), *self._of_machine()]
        found += [("forcewire_http_requests_total", (f"{digit}xx",), number) for digit, number in http.items()]
        for metric, values in self._since.values.items():
            found += [(metric, labels, number) for labels, number in values.items()]
        return found

    def _of_store(self, conn: sa.Connection, now: datetime) -> Iterator[Sample]:
        self._since.look(conn)
        about = {row.id: row for row in conn.execute(sa.select(SOURCE.c.id, SOURCE.c.area, SOURCE.c.reader))}
        for each in health(conn, now):
            yield "forcewire_source_info", (each.source, each.area, about[each.source].reader), 1
            yield from _of_source(each)
        due = sa.select(SCHEDULE.c.source_id, SCHEDULE.c.next_due_at).where(SCHEDULE.c.next_due_at.is_not(None))
        for row in conn.execute(due):
            yield "forcewire_source_next_due_timestamp_seconds", (row.source_id,), row.next_due_at.timestamp()
        yield "forcewire_incidents", (), len(incidents(conn, ended=False))
        beat = pulse(conn, now)
        yield "forcewire_schedule_sources", (), beat.scheduled
        yield "forcewire_schedule_overdue", (), beat.overdue
        yield "forcewire_schedule_crawling", (), beat.claimed
        yield "forcewire_schedule_lag_seconds", (), beat.lag(now).total_seconds()
        yield from _times((), {"last_good_crawl": beat.good_at, "last_crawl": beat.ended_at})
        alerts = Counter((each.state, "yes" if each.acknowledged_at else "no") for each in going_on(conn))
        for state in [*State][1:]:
            for answer in ("no", "yes"):
                yield "forcewire_alerts", (state, answer), alerts[state, answer]
        yield "forcewire_alert_deliveries_waiting", (), waiting(conn)
        for name in sorted({each.name for each in conditions(conn, now)}):
            yield "forcewire_service_condition", (name,), 1
        yield from self._counted_articles(conn)
        yield from _size(conn)

    def _counted_articles(self, conn: sa.Connection) -> Iterable[Sample]:
        if time.monotonic() - self._articles_at > _ARTICLES_EVERY:
            self._articles = [("forcewire_articles", (source,), number) for source, number in conn.execute(_ARTICLES)]
            self._articles_at = time.monotonic()
        return self._articles

    def _of_machine(self) -> Iterator[Sample]:
        bounds = self._bounds
        yield "forcewire_build_info", (metadata.version("forcewire"), REVISIONS[-1]), 1
        yield "forcewire_disk_free_wanted_bytes", (), bounds.disk_free
        yield "forcewire_ready_after_seconds", (), bounds.ready_after.total_seconds()
        for room in rooms(folders(self._engine.url, bounds.publish_dir)):
            yield "forcewire_disk_free_bytes", (room.what,), room.free
            yield "forcewire_disk_size_bytes", (room.what,), room.size
        if bounds.backups is not None:
            try:
                copies = kept(bounds.backups, self._engine.url.render_as_string(hide_password=False))
            except OSError:
                return
            yield "forcewire_backups", (), len(copies)
            yield from _times((), {"backup_last": copies[-1].at if copies else None})


def _of_source(each: SourceHealth) -> Iterator[Sample]:
    labels = (each.source,)
    for state in State:
        yield "forcewire_source_state", (each.source, state), each.state is state
    times = {"state_since": each.since, "last_good_crawl": each.last_good_at, "last_crawl": each.last_crawl_at}
    yield from _times(
        labels, {f"source_{name}": at for name, at in {**times, "last_story": each.last_story_at}.items()}
    )
    yield "forcewire_source_failures", labels, each.failures
    yield "forcewire_source_page_errors", labels, each.page_errors
    if each.rhythm is not None:
        yield "forcewire_source_stories_per_week", labels, each.rhythm


def _times(labels: tuple[str, ...], times: dict[str, datetime | None]) -> Iterator[Sample]:
    for name, at in times.items():
        if at is not None:
            yield f"forcewire_{name}_timestamp_seconds", labels, at.timestamp()


def _size(conn: sa.Connection) -> Iterator[Sample]:
    file = file_of(conn.engine.url)
    if file is not None:
        yield "forcewire_store_size_bytes", (), _bytes(file)
        yield "forcewire_store_log_size_bytes", (), _bytes(file.with_name(f"{file.name}-wal"))
    elif conn.dialect.name == "postgresql":
        yield "forcewire_store_size_bytes", (), conn.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
