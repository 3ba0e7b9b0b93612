"""A sign of life to a dead man's switch, which raises the alarm when it does not come."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from forcewire.alerts.asking import ask
from forcewire.alerts.channel import ChannelError
from storage.database import StoreError, file_of, reading
from storage.errors import place
from storage.pulse import idle, late, pulse

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings.model import Settings

log = logging.getLogger("forcewire.alerts")


def beat(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Asks (GET) for the heartbeat's URL where sources are being read; whether it answered. Nothing is sent where none is set, or where
    all is not well: that is what the switch is to notice. Blocks for half a minute at most: call it on a thread.
    """
    if not settings.heartbeat:
        return False
    if (why := unwell(engine, settings, now)) is not None:
        log.warning("no heartbeat is sent: %s", why)
        return False
    try:
        ask(settings.heartbeat)
    except ChannelError as error:
        log.warning("the heartbeat did not arrive: %s", error)
        return False
    return True


def unwell(engine: Engine, settings: Settings, now: datetime) -> str | None:
    """Why no heartbeat is due, in one sentence."""
    file = file_of(engine.url)
    if file is not None and not file.exists():  # to ask for it would make an empty one
        return f"{file} is not there"
    try:
        with reading(engine) as conn:
            found = pulse(conn, now)
    except StoreError as error:
        return str(error)
    except sa.exc.DatabaseError as error:
        return f"{place(engine)} cannot be used: {error.orig}"
    return late(found, now, settings.ready_after) or idle(found, now)
