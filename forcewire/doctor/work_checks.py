"""What is done with the store day by day: the clock, crawls by their schedule, backups, the service, who is told of trouble."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from forcewire.doctor.findings import Finding, ok, problem, warning
from storage.backups import default_folder, kept
from storage.conditions import conditions
from storage.copying import damage
from storage.database import file_of
from storage.errors import StoreError
from storage.in_use import holders
from storage.owners import holds
from storage.pulse import pulse
from storage.tables import CRAWL, SCHEDULE
from storage.troubles import span_said

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from forcewire.settings.model import Settings

_AHEAD, _JUMP, _MOMENT = timedelta(minutes=5), 2.0, 0.05
_OLD_BACKUP, _LATE = timedelta(hours=36), timedelta(hours=1)


def clock_findings(conn: Connection, now: datetime) -> Iterator[Finding]:
    """Against the newest crawl, and against the clock that is never set. Nobody outside is asked."""
    newest = conn.scalar(sa.select(sa.func.max(CRAWL.c.started_at)))
    if newest is not None and newest - now > _AHEAD:
        yield problem(
            "clock",
            f"the newest crawl is dated {span_said(newest - now)} ahead: the clock was wrong then, or is now",
            f"{now:%Y-%m-%d %H:%M} UTC",
            "set the clock, and let it be kept (chrony, systemd-timesyncd)",
        )
        return
    wall, steady = time.time(), time.monotonic()
    time.sleep(_MOMENT)
    if abs((time.time() - wall) - (time.monotonic() - steady)) > _JUMP:
        yield warning(
            "clock", "it jumped while it was looked at", "", "let it be kept by slewing (chrony, systemd-timesyncd)"
        )
    try:
        ZoneInfo("Europe/London")
    except (ZoneInfoNotFoundError, OSError):
        yield problem(
            "clock",
            "there is no time zone data: printed times cannot be read",
            "Europe/London",
            "pip install tzdata, or install the system's",
        )
        return
    yield ok("clock", "no crawl is ahead of it; whether it is right nobody was asked", f"{now:%Y-%m-%d %H:%M} UTC")


def schedule_findings(conn: Connection, now: datetime, host: str) -> Iterator[Finding]:
    """Sources that nobody crawls though they are due, and claims whose process is gone."""
    rows = conn.execute(sa.select(SCHEDULE).where(SCHEDULE.c.claimed_at.is_not(None))).all()
    for row in rows:
        if not holds(row, now, host):
            yield warning(
                "schedule",
                f"process {row.claimed_pid} on {row.claimed_host} claimed it and is gone",
                row.source_id,
                "nothing: the next look takes it over",
            )
    beat = pulse(conn, now)
    if not beat.scheduled:
        yield warning(
            "schedule", "no source is scheduled", "", "run forcewire watch, or forcewire crawl --due from cron"
        )
    elif beat.overdue and beat.lag(now) > _LATE:
        yield problem(
            "schedule",
            f"{beat.overdue} sources are overdue, the first for {span_said(beat.lag(now))}",
            "",
            "start the service (forcewire watch), or see its log",
        )
    else:
        yield ok("schedule", f"{beat.scheduled} sources are scheduled, {beat.overdue} of them late")


def backup_findings(url: str, settings: Settings, now: datetime) -> Iterator[Finding]:
    """How old the newest is, and whether it can be read."""
    folder = settings.backup_dir or default_folder(url)
    if folder is None:
        yield warning(
            "backups",
            "no folder for backups is named",
            "backup_dir",
            "set FORCEWIRE_BACKUP_DIR, or back the database up where it runs",
        )
        return
    try:
        copies = kept(folder, url)
    except OSError as error:
        yield problem(
            "backups", f"the folder cannot be read: {error.strerror}", str(folder), "give this user the right to"
        )
        return
    if not copies:
        yield warning("backups", "there is none", str(folder), "forcewire db backup; the service makes one each night")
        return
    newest = copies[-1]
    try:
        wrong = damage(newest.path) if newest.path.suffix == ".db" else None
    except StoreError as error:
        wrong = str(error)
    if wrong:
        yield problem(
            "backups", f"the newest is damaged: {wrong}", str(newest.path), "forcewire db backup, and look at the disk"
        )
    elif now - newest.at > _OLD_BACKUP and settings.backup_at is not None:
        yield warning(
            "backups",
            f"the newest is {span_said(now - newest.at)} old",
            str(newest.path),
            "forcewire db backup; see why the service makes none",
        )
    else:
        yield ok(
            "backups", f"{len(copies)} are kept, the newest {span_said(now - newest.at)} old and readable", str(folder)
        )


def service_findings(conn: Connection, url: str, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether it runs, what it says of itself, and whether anybody is told of trouble."""
    for condition in conditions(conn, now):
        yield problem(
            "service",
            f"{condition.name} is not well since {condition.since:%Y-%m-%d %H:%M} UTC: {condition.message}",
            condition.host,
            "see the sentence, and the service's log",
        )
    file = file_of(sa.make_url(url))
    if file is not None and any("watch" in line for line in holders(file)):
        yield ok("service", "forcewire watch runs on this machine")
    else:
        yield warning(
            "service",
            "no forcewire watch was seen on this machine",
            "",
            "start it, unless cron does its work: forcewire crawl --due",
        )
    if not (settings.alert_webhook or settings.alert_mail_to or settings.alert_apprise):
        yield warning(
            "alerts",
            "nobody is told when a source breaks",
            "alert_webhook, alert_mail_to, alert_apprise",
            "set one of them, then: forcewire alerts test",
        )
    elif settings.alert_mail_to and not settings.smtp:
        yield problem(
            "alerts", "mail addresses are set and no mail server", "smtp", "set smtp, then: forcewire alerts test"
        )
    else:
        yield ok("alerts", "a channel is set", "")
    if not settings.heartbeat:
        yield warning(
            "alerts",
            "nobody notices when this machine itself is dead",
            "heartbeat",
            "set the URL of a dead man's switch",
        )
