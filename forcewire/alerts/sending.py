"""What waits, through each channel in the order in which it was made; of two processes one sends."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from forcewire.alerts.channel import Channel, ChannelError
from forcewire.alerts.texts import message
from storage.database import reading, writing
from storage.notices import GIVEN_UP, Notice, claim, give_up, note_failed, note_taken, undone

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("forcewire.alerts")


def send_waiting(
    engine: Engine, ways: Sequence[Channel], base_url: str | None, now: datetime
) -> tuple[int, list[tuple[str, str]]]:
    """How many messages were taken, and which channel did not take one, why. What follows one that failed waits with it: nobody is to
    hear of an end before the beginning. Raises `StoreError`.
    """
    if not ways:
        return 0, []
    with reading(engine) as conn:
        waiting = undone(conn)
    taken, failed = 0, []
    for way in ways:
        mine = [each for each in waiting if each.is_for(way.key) and now - each.at < GIVEN_UP]
        for notice in mine:
            if not notice.may_be_tried(way.key, now):
                break
            try:
                if not _sent(engine, way, notice, base_url, now):
                    break
            except ChannelError as error:
                failed.append((way.shown, str(error)))
                break
            taken += 1
    _give_up(engine, [each for each in waiting if now - each.at >= GIVEN_UP], now)
    return taken, failed


def _sent(engine: Engine, way: Channel, notice: Notice, base_url: str | None, now: datetime) -> bool:
    """Whether this process sent it: another one may be at it. Raises `ChannelError`, and `StoreError`."""
    with writing(engine) as conn:
        if not claim(conn, notice.id, way.key, now):
            return False
    try:
        way.send(message(notice, base_url))
    except ChannelError as error:
        with writing(engine) as conn:
            note_failed(conn, notice, way.key, str(error), now)
        raise
    with writing(engine) as conn:
        note_taken(conn, notice, way.key, now)
    return True


def _give_up(engine: Engine, old: Sequence[Notice], now: datetime) -> None:
    for notice in old:
        log.error(
            "the alerts of %s were not taken by every channel within a week, and are not tried any more",
            f"{notice.at:%Y-%m-%d %H:%M} UTC",
        )
        with writing(engine) as conn:
            give_up(conn, notice.id, now)
