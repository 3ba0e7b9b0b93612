"""Notices on their way through channels, and what a kill leaves of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from storage.alert_decisions import Event, Step, StoredAlert
from storage.alerts import NoSuchAlertError, acknowledge, ended_since, going_on, keep
from storage.database import reading, writing
from storage.notices import CLAIMED, Notice, claim, give_up, note_failed, note_taken, undone, waiting

MINUTE = timedelta(minutes=1)


def begun(now: datetime, source: str = "tarn") -> Step:
    alert = StoredAlert(
        subject=f"source:{source}", state="broken", sources=[source], why="It fails.", began_at=now, opened_at=now, told_state="broken", noticed_at=now
    )  # fmt: skip
    return Step(alert, Event.BEGAN, name="Tarn Police")


def stored(engine: Engine, now: datetime, *channels: str) -> Notice:
    with writing(engine) as conn:
        keep(conn, [begun(now)], channels, now)
    with reading(engine) as conn:
        return undone(conn)[-1]


def test_an_alert_is_stored_with_the_notice_that_tells_it(engine: Engine, now: datetime) -> None:
    notice = stored(engine, now, "mail", "webhook")
    with reading(engine) as conn:
        [alert] = going_on(conn)
    assert (alert.notice_id, alert.told_at) == (notice.id, None)
    [item] = notice.items
    assert (item["alert"], item["event"], item["name"], item["first"]) == (alert.id, "began", "Tarn Police", None)
    assert notice.deliveries.keys() == {"mail", "webhook"}


def test_the_end_names_the_notice_of_its_beginning(engine: Engine, now: datetime) -> None:
    first = stored(engine, now, "mail")
    with writing(engine) as conn:
        [alert] = going_on(conn)
        over = StoredAlert(**{name: getattr(alert, name) for name in alert.__slots__} | {"ended_at": now + MINUTE})
        keep(conn, [Step(over, Event.ENDED, "broken", "Tarn Police")], ["mail"], now + MINUTE)
    with reading(engine) as conn:
        last = undone(conn)[-1]
        assert going_on(conn) == []
        assert [each.id for each in ended_since(conn, now)] == [alert.id]
    assert last.items[0]["first"] == first.key != last.key
    with writing(engine) as conn:
        note_taken(conn, last, "mail", now + 2 * MINUTE)
    with reading(engine) as conn:
        [ended] = ended_since(conn, now)
    assert (ended.told_at, ended.end_told_at) == (None, now + 2 * MINUTE)


def test_of_two_processes_one_has_the_claim_until_it_lapses(engine: Engine, now: datetime) -> None:
    notice = stored(engine, now, "mail")
    with writing(engine) as conn:
        assert claim(conn, notice.id, "mail", now)
        assert not claim(conn, notice.id, "mail", now + MINUTE)
    with reading(engine) as conn:
        assert not undone(conn)[0].may_be_tried("mail", now + MINUTE)
    with writing(engine) as conn:  # the first one was killed
        assert claim(conn, notice.id, "mail", now + CLAIMED)
        note_taken(conn, notice, "mail", now + CLAIMED)
        assert not claim(conn, notice.id, "mail", now + 9 * CLAIMED)


def test_each_channel_takes_it_once_and_then_it_is_done(engine: Engine, now: datetime) -> None:
    notice = stored(engine, now, "mail", "webhook")
    for channel, left in (("mail", 1), ("webhook", 0)):
        with writing(engine) as conn:
            assert claim(conn, notice.id, channel, now)
            note_taken(conn, notice, channel, now)
        with reading(engine) as conn:
            assert waiting(conn) == left
            assert [each.is_for(channel) for each in undone(conn)] == [False] * left
    with reading(engine) as conn:
        assert going_on(conn)[0].told_at == now


def test_a_channel_that_is_down_is_tried_after_ever_longer_pauses(engine: Engine, now: datetime) -> None:
    stored(engine, now, "mail")
    pauses = []
    for _ in range(9):
        with reading(engine) as conn:
            [notice] = undone(conn)
        with writing(engine) as conn:
            assert claim(conn, notice.id, "mail", now)
            note_failed(conn, notice, "mail", "it refuses", now)
        with reading(engine) as conn:
            [notice] = undone(conn)
        pauses.append((notice.deliveries["mail"].try_at - now) / MINUTE)
        assert not notice.may_be_tried("mail", now)
        now = notice.deliveries["mail"].try_at
        assert notice.may_be_tried("mail", now)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (notice.deliveries["mail"].tries, notice.deliveries["mail"].error) == (9, "it refuses")


def test_a_channel_that_was_set_later_gets_what_no_other_one_took(engine: Engine, now: datetime) -> None:
    notice = stored(engine, now, "mail", "webhook")
    assert notice.is_for("apprise:1")
    with writing(engine) as conn:
        claim(conn, notice.id, "mail", now)
        note_taken(conn, notice, "mail", now)
    with reading(engine) as conn:
        [notice] = undone(conn)
    assert not notice.is_for("apprise:1")
    assert notice.is_for("webhook")


def test_what_is_given_up_waits_no_more(engine: Engine, now: datetime) -> None:
    notice = stored(engine, now, "mail")
    with writing(engine) as conn:
        give_up(conn, notice.id, now)
    with reading(engine) as conn:
        assert undone(conn) == []
        assert waiting(conn) == 0


def test_an_alert_is_acknowledged_by_number_by_subject_and_by_each_of_its_sources(
    engine: Engine, now: datetime
) -> None:
    whole = StoredAlert(
        subject="platform:kit", state="broken", sources=["a", "b", "c"], why="", began_at=now, opened_at=now
    )
    with writing(engine) as conn:
        keep(conn, [begun(now), Step(whole)], ["mail"], now)
        for which in ("1", "source:tarn", "tarn"):
            assert [each.subject for each in acknowledge(conn, which, by="me", note=None, now=now)] == ["source:tarn"]
        assert [each.subject for each in acknowledge(conn, "b", by="me", note="new site", now=now)] == ["platform:kit"]
        with pytest.raises(NoSuchAlertError, match="'tarm'"):
            acknowledge(conn, "tarm", by="me", note=None, now=now)
    with reading(engine) as conn:
        assert [(each.acknowledged_by, each.note) for each in going_on(conn)] == [("me", None), ("me", "new site")]
