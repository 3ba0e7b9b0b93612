"""`forcewire alerts`: what a person at a shell, and cron, get to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.conditions import end_condition, note_condition
from storage.database import open_store, writing
from tests.forcewire.alerts.conftest import Receiver
from tests.forcewire.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store whose backup fails."""
    path = tmp_path / "store.db"
    engine = open_store(f"sqlite:///{path}")
    with writing(engine) as conn:
        note_condition(conn, "backup", "no room", host="here", now=datetime.now(UTC))
    engine.dispose()
    return path


def test_alerts_are_told_listed_acknowledged_and_over(
    forcewire: Run, store: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert forcewire("alerts", "--database", store).out == "no alert goes on\n"
    monkeypatch.setenv("FORCEWIRE_ALERT_WEBHOOK", receiver.url)
    monkeypatch.setenv("FORCEWIRE_DISK_FREE", "0")
    assert forcewire("alerts", "run", "--database", store) == Ran(0, "", "")
    assert receiver.posted[0]["title"] == "Forcewire: Service (backup) not well"
    [row] = forcewire("alerts", "--json", "--database", store).json
    assert (row["subject"], row["acknowledged_at"]) == ("service:backup", None)
    assert row["told_at"]
    ran = forcewire("alerts", "ack", "service:backup", "--note", "a disk is on its way", "--database", store)
    assert (ran.code, ran.out) == (0, "1, service:backup: acknowledged\n")
    listed = forcewire("alerts", "list", "--database", store).out
    assert ": a disk is on its way" in listed
    assert "On here: no room" in listed
    engine = open_store(f"sqlite:///{store}")
    with writing(engine) as conn:
        end_condition(conn, "backup", host="here")
    engine.dispose()
    assert forcewire("alerts", "run", "--database", store).code == 0
    assert [each["title"] for each in receiver.posted][1:] == ["Forcewire: Service (backup) recovered"]
    assert forcewire("alerts", "--database", store).out == "no alert goes on\n"
    assert len(forcewire("alerts", "list", "--all", "--json", "--database", store).json) == 1


def test_a_channel_that_takes_nothing_is_an_error_for_cron(
    forcewire: Run, store: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCEWIRE_ALERT_WEBHOOK", receiver.url)
    receiver.status = 500
    ran = forcewire("alerts", "run", "--database", store)
    assert ran.code == 1
    assert "webhook at 127.0.0.1 took nothing: HTTP 500: it was not taken; the next run tries again" in ran.err
    assert "t0ken" not in ran.err


def test_a_test_goes_through_each_channel_and_says_which_took_it(
    forcewire: Run, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = forcewire("alerts", "test")
    assert ran.code == 1
    assert "no channel is set" in ran.err
    monkeypatch.setenv("FORCEWIRE_ALERT_WEBHOOK", receiver.url)
    assert forcewire("alerts", "test") == Ran(0, "webhook at 127.0.0.1: took it\n", "")
    assert (receiver.posted[0]["kind"], receiver.posted[0]["alerts"]) == ("test", [])
    monkeypatch.setenv("FORCEWIRE_SMTP", "smtp://127.0.0.1:9")
    ran = forcewire("alerts", "test")
    assert (ran.code, ran.out) == (1, "webhook at 127.0.0.1: took it\n")
    assert "mail: alert_mail_to is not set" in ran.err
    rows = forcewire("alerts", "test", "--json").json
    assert [row["taken"] for row in rows] == [True, False]


@pytest.mark.parametrize("words", [("ack", "nothing"), ("run",)])
def test_what_cannot_be_done_is_one_line(forcewire: Run, store: Path, words: tuple[str, ...]) -> None:
    ran = forcewire("alerts", *words, "--database", store)
    assert ran.code == 1
    assert ran.err.count("\n") == 1
