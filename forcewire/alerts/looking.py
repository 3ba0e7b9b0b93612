"""How all is now: sources and incidents by the store, the service by its own word, disks by a look."""

from __future__ import annotations

import socket
from datetime import datetime
from typing import TYPE_CHECKING

from storage.alerts import going_on
from storage.conditions import Condition, conditions, end_condition, note_condition
from storage.database import reading, writing
from storage.disk import folders, megabytes, rooms
from storage.health import health
from storage.incidents import incidents
from storage.pulse import idle, pulse, watched
from storage.unwell import Seen, seen

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings.model import Settings

DISK = "disk"
SCHEDULE = "schedule"


def look(engine: Engine, settings: Settings, now: datetime) -> Seen:
    """What is not well. Raises `StoreError`."""
    here = socket.gethostname()
    with reading(engine) as conn:
        known = conditions(conn, now)
    known = _with_disk(engine, settings, known, here, now)
    with reading(engine) as conn:
        told = {each.subject: each for each in going_on(conn)}
        if (why := idle(pulse(conn, now), now)) is not None:
            began = told[f"service:{SCHEDULE}"].began_at if f"service:{SCHEDULE}" in told else now
            known.append(Condition(name=SCHEDULE, host="the schedule", since=began, last_at=now, message=why))
        return seen(
            health(conn, now),
            incidents(conn, ended=False),
            known,
            now,
            watched=watched(conn),
            told=told,
            after=settings.alert_after,
        )


def _with_disk(engine: Engine, settings: Settings, known: list[Condition], here: str, now: datetime) -> list[Condition]:
    """What another machine says of its own disk stands beside it: it is noted by machine."""
    before = next((each for each in known if (each.name, each.host) == (DISK, here)), None)
    full = [each for each in rooms(folders(engine.url, settings.publish_dir)) if each.free < settings.disk_free]
    others = [each for each in known if each is not before]
    if not full:
        if before is not None:
            with writing(engine) as conn:
                end_condition(conn, DISK, host=here)
        return others
    lies = {"store": "the store lies", "feeds": "the feeds lie"}
    said = "; ".join(f"{megabytes(each.free)} are left where {lies[each.what]} ({each.folder})" for each in full)
    with writing(engine) as conn:
        note_condition(conn, DISK, said, host=here, now=now)
    since = before.since if before else now
    return [*others, Condition(name=DISK, host=here, since=since, last_at=now, message=said)]
