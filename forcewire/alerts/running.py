"""One round of alerts: what changed is stored, then told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings import Settings


def tell(engine: Engine, settings: Settings, now: datetime) -> None:
    """Tells operators what changed since the last round. It blocks for as long as a mail server takes, a minute and a half at most for each
    channel: call it on a thread. Safe to call as often as one likes, and by several services of one store. Raises `StoreError`.
    """
