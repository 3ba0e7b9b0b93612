"""One round of alerts: what changed is stored with the notice that tells it, then the notice goes through each channel.

A kill between a channel's yes and the row that says so makes the message go out again, with the same key, five minutes later; nothing
else is lost or doubled by one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from forcewire.alerts.channel import Channel
from forcewire.alerts.channels import channels
from forcewire.alerts.looking import look
from forcewire.alerts.sending import send_waiting
from forcewire.alerts.unstored import UNSTORED
from storage.alert_decisions import decide
from storage.alerts import going_on, keep, lately_ended, one_round_at_a_time
from storage.database import StoreError, file_of, reading, writing
from storage.errors import place

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings.model import Settings

log = logging.getLogger("forcewire.alerts")


@dataclass(slots=True)
class Report:
    """A round: the alerts that are told of now; messages taken, each channel's counted; and what a channel said that took none."""

    told: int = 0
    taken: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def tell(engine: Engine, settings: Settings, now: datetime) -> Report:
    """Tells operators what changed since the last round. Safe to call as often as one likes, and by several services of one store: each
    message goes once through each channel. It blocks for as long as the channels take, half a minute at most for each message: call it on
    a thread. A channel that fails is tried in later rounds, and keeps none of the others.

    Raises `StoreError` where the store cannot be used, of which operators are told as well, once, when it has lasted for five minutes.
    """
    ways = channels(settings)
    unstored = UNSTORED.of(engine.url)
    try:
        report = _checked_round(engine, settings, ways, now)
    except StoreError as error:
        unstored.failed(ways, str(error), now)
        raise
    unstored.worked(ways, now)
    return report


def _checked_round(engine: Engine, settings: Settings, ways: Sequence[Channel], now: datetime) -> Report:
    """A file that was moved away is not asked, which would make an empty one in its place; one that is empty is no store."""
    file = file_of(engine.url)
    if file is not None and not file.exists():
        engine.dispose()
        raise StoreError(f"{file} is not there any more; put it back, or restore a backup")
    try:
        return _round(engine, settings, ways, now)
    except sa.exc.DatabaseError as error:
        raise StoreError(f"{place(engine)} cannot be used: {error.orig}") from error


def _round(engine: Engine, settings: Settings, ways: Sequence[Channel], now: datetime) -> Report:
    seen = look(engine, settings, now)
    with reading(engine) as conn:
        steps = decide(seen, going_on(conn), lately_ended(conn, now), now, can_tell=bool(ways))
    if steps:
        with writing(engine) as conn:
            one_round_at_a_time(conn)
            steps = decide(seen, going_on(conn), lately_ended(conn, now), now, can_tell=bool(ways))
            keep(conn, steps, [way.key for way in ways], now)
    report = Report(told=sum(step.event is not None for step in steps))
    report.taken, report.failed = send_waiting(engine, ways, settings.base_url, now)
    for shown, why in report.failed:
        log.warning("%s took no alert: %s; it is tried again", shown, why)
    return report
