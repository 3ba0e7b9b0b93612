"""Rounds without end, six minutes apart, in which a part of the service fails and works again: to be killed."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from itertools import count

from forcewire.alerts.running import tell
from forcewire.settings.model import Settings
from storage.conditions import end_condition, note_condition
from storage.database import open_store, writing


def main(url: str, hook: str, began: str) -> None:
    engine, settings = open_store(url), Settings(alert_webhook=hook, disk_free=0)
    for number in count():
        now = datetime.fromisoformat(began) + number * timedelta(minutes=6)
        with writing(engine) as conn:
            if number % 2:
                end_condition(conn, f"part {number // 2}", host="here")
            else:
                note_condition(conn, f"part {number // 2}", "it fails", host="here", now=now)
        tell(engine, settings, now)


if __name__ == "__main__":
    main(*sys.argv[1:])
