"""A sign of life to a dead man's switch, which raises the alarm when it does not come."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings import Settings


def beat(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Asks for the heartbeat's URL where the schedule is being worked on; whether it answered. Nothing is done, and False returned, where
    none is set or the service is not well: that is what the switch is to notice. Blocks for seconds: call it on a thread.
    """
    return False
