"""kill -9 at any moment: no message is lost, and none is doubled but the one that was on its way."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from forcewire.alerts.running import tell
from forcewire.settings.model import Settings
from storage.database import open_store, reading
from storage.tables import ALERT, NOTICE
from tests.forcewire.alerts import told_process
from tests.forcewire.alerts.conftest import NOW, Receiver

KILLS = 12


@pytest.mark.faults
def test_killed_at_random(tmp_path: Path, receiver: Receiver) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(url).dispose()
    dice = random.Random(5)
    for number in range(KILLS):
        had, began = len(receiver.posted), NOW + timedelta(days=number)
        process = subprocess.Popen([sys.executable, told_process.__file__, url, receiver.url, began.isoformat()])
        deadline = time.monotonic() + 60
        while len(receiver.posted) < had + dice.randint(2, 12):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(dice.uniform(0, 0.02))
        process.kill()
        process.wait()
    engine = open_store(url)
    for minutes in (0, 6):
        tell(engine, Settings(alert_webhook=receiver.url, disk_free=0), NOW + timedelta(days=KILLS, minutes=minutes))
    with reading(engine) as conn:
        notices = list(conn.scalars(sa.select(NOTICE.c.key).order_by(NOTICE.c.id)))
        untold = conn.scalar(sa.select(sa.func.count()).where(ALERT.c.told_at.is_(None)))
    engine.dispose()
    keys = [each["id"] for each in receiver.posted]
    assert untold == 0
    assert list(dict.fromkeys(keys)) == notices
    assert len(notices) > 2 * KILLS
    assert len(keys) - len(notices) <= KILLS
    begun = [
        each["id"]
        for post in {each["id"]: each for each in receiver.posted}.values()
        for each in post["alerts"]
        if each["event"] == "began"
    ]
    assert len(begun) == len(set(begun))
