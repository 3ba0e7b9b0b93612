"""/health/ready: whether what is shown here can be shown, and is news."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from feeds.site.context import Site
from storage.conditions import conditions
from storage.database import reading
from storage.disk import folders, rooms
from storage.pulse import late, pulse

READY, STARTING, NOT_READY = "ready", "starting", "not ready"


def readiness(site: Site, now: datetime) -> dict[str, Any]:
    """The answer. `status` is one of three words; `why`: a sentence for each thing that is not as it should be; `warnings`: parts of the
    service that are not well, with which the site is ready all the same. Raises `StoreError`.
    """
    with reading(site.engine) as conn:
        found, unwell = pulse(conn, now), sorted({each.name for each in conditions(conn, now)})
    disks = rooms(folders(site.engine.url, site.bounds.publish_dir))
    why = [late(found, now, site.bounds.ready_after)]
    why += [_full(each.what) for each in disks if each.free < site.bounds.disk_free]
    said = [each for each in why if each]
    is_new = found.ended_at is None and len(said) == 1
    return {
        "status": STARTING if is_new else NOT_READY if said else READY,
        "why": said,
        "warnings": unwell,
        "last_good_crawl": _iso(found.good_at),
        "last_crawl": _iso(found.ended_at),
        "next_due": _iso(found.next_due_at),
        "overdue": found.overdue,
        "disk_free": {each.what: each.free for each in disks},
    }


def unreadable(why: str) -> dict[str, Any]:
    """The answer where the store gives none."""
    return {"status": NOT_READY, "why": [why]}


def _full(what: str) -> str:
    return (
        f"The disk is nearly full where the {what} lies."
        if what == "store"
        else f"The disk is nearly full where the {what} lie."
    )


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
