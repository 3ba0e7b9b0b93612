"""From the store to the files that a web server hands out: only what may differ since the last run is made again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import sqlalchemy as sa

from feeds.alone import alone
from feeds.build import EntryMemory, Press, document
from feeds.definitions import define_feeds
from feeds.due import Due, due
from feeds.files import PublishError, write_files
from feeds.freshness import Mark, mark
from feeds.last_run import FileState, LastRun, file_state, files_there
from feeds.left_over import cleaned, is_archive, left_over
from feeds.names import OPML, path_of
from feeds.press import PressError, press_of
from feeds.websub import tell_hub
from storage.database import reading

__all__ = ["Maker", "PublishError", "PublishReport", "publish"]

# What else is written beside the feeds, by path: of the areas (slugs) whose documents may differ, or of all for None.
Maker = Callable[[sa.Connection, Press, "set[str] | None"], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a run did. `vanished` are feed files whose area is no longer in the store: they are left where they are, without
    what is withheld by now, for an operator to remove or redirect. `problems` are lines about feeds that could not be made;
    `hub` is one about the hub where it could not be told of all that is new.
    """

    written: list[Path] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    hub: str | None = None


def publish(
    engine: sa.Engine,
    out: Path,
    *,
    base_url: str,
    now: datetime | None = None,
    tagging_entity: str | None = None,
    hub: str | None = None,
    memory: EntryMemory | None = None,
    beside: Sequence[Maker] = (),
    passing: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> PublishReport:
    """Writes all documents (`feeds.names`) below a folder that is to be served as `base_url`, and tells the hub of those that changed.

    The bytes depend on the store, `base_url`, `tagging_entity` (see `feeds.identity`) and `hub` alone; `now` is only the time
    of the files that changed. `memory` is for a caller who publishes again; `passing` sees the names as they are made.
    Raises `PublishError`, and `StoreError` of the store; the files from before are still in place then.
    """
    try:
        press = press_of(base_url, tagging_entity, hub)
    except PressError as error:
        raise PublishError(f"cannot publish: {error}") from error
    memory = EntryMemory() if memory is None else memory
    with alone(out):
        report, changed = _brought_up_to_date(engine, out, press, now or datetime.now(UTC), memory, beside, passing)
    return replace(report, hub=tell_hub(press.hub, changed)) if press.hub and changed else report


def _brought_up_to_date(
    engine: sa.Engine,
    out: Path,
    press: Press,
    now: datetime,
    memory: EntryMemory,
    beside: Sequence[Maker],
    passing: Callable[[Sequence[str]], Iterable[str]],
) -> tuple[PublishReport, list[str]]:
    """Returns the URLs of what changed, besides."""
    folder, there = out / "feeds", files_there(out)
    last = LastRun.read(out, press)
    damaged = last.damaged(there) if last else set()
    with reading(engine) as conn:
        here = mark(conn)
        if last is not None and last.mark == here and not damaged:
            return _nothing_new(conn, folder, there, last), []
        wanted = due(conn, press, out, last, here, damaged, memory)
        left = left_over(there, wanted.stand)
        old = cleaned(conn, folder, [name for name in left if not is_archive(name)])
        made = _made(conn, press, wanted.names, passing, memory)
        others = (file for maker in beside for file in maker(conn, press, wanted.areas))
        kept = ((path_of(name), data) for name, data in old.items())
        written, _ = write_files(out, chain(made, kept, others), now)
    for name in filter(is_archive, left):
        (folder / name).unlink(missing_ok=True)
    changed = {file.relative_to(out).as_posix() for file in written}
    _keep(out, press, here, wanted, there, changed)
    report = PublishReport(
        written=written,
        unchanged=sum(path_of(name) not in changed for name in wanted.stand),
        vanished=[folder / name for name in left if not is_archive(name)],
        problems=wanted.problems,
    )
    return report, _to_tell(press, wanted.stand, changed)


def _made(
    conn: sa.Connection,
    press: Press,
    names: Sequence[str],
    passing: Callable[[Sequence[str]], Iterable[str]],
    memory: EntryMemory,
) -> Iterator[tuple[str, bytes]]:
    for name in passing(names):
        yield path_of(name), document(conn, press, name, memory=memory).data


def _nothing_new(conn: sa.Connection, folder: Path, there: Mapping[str, FileState], last: LastRun) -> PublishReport:
    vanished = [folder / name for name in left_over(there, last.files)]
    return PublishReport(unchanged=len(last.files), vanished=vanished, problems=define_feeds(conn)[1])


def _to_tell(press: Press, stand: Iterable[str], changed: Collection[str]) -> list[str]:
    """The URLs of what somebody may have subscribed to."""
    paths = [path_of(name) for name in sorted(stand) if name != OPML and not is_archive(name)]
    return [f"{press.base_url}/{path}" for path in paths if path in changed]


def _keep(
    out: Path, press: Press, here: Mark, wanted: Due, there: Mapping[str, FileState], changed: Collection[str]
) -> None:
    """For the next run. Raises `PublishError`."""
    try:
        files = {
            name: file_state(out, name) if name not in there or path_of(name) in changed else there[name]
            for name in wanted.stand
        }
        LastRun(press, here, files, wanted.outlines).write(out)
    except OSError as error:
        raise PublishError(f"cannot write feeds: {error.filename or out}: {error.strerror or error}") from error
