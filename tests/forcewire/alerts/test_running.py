"""Rounds: each channel takes each message once, whoever is down, killed or at it as well."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from forcewire.alerts import looking, running, sending, unstored
from forcewire.alerts.channel import Message
from storage.alerts import acknowledge, going_on
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import StoreError, open_store, reading, writing
from storage.disk import Room
from storage.health import health
from storage.incidents import end_incidents, note_incident
from storage.notices import CLAIMED, GIVEN_UP, undone
from storage.troubles import Trouble
from tests.forcewire.alerts.conftest import NOW, Remembering, Service

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_what_begins_in_one_round_is_one_message_and_its_end_another(service: Service) -> None:
    mail = service.way("mail")
    service.fails("publish", "backup")
    report = service.tell()
    assert (report.told, report.taken, report.failed) == (2, 1, [])
    assert mail.titles == ["2 not well"]
    assert "backup does not work" in mail.taken[0].text
    assert service.tell(NOW + MINUTE).told == 0
    service.works("backup")
    service.tell(NOW + HOUR)
    assert mail.titles == ["2 not well", "Service (backup) recovered"]
    assert mail.taken[1].thread == (mail.taken[0].key,)


def test_sources_that_break_together_are_one_message_and_their_end_another(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the crawls themselves."""
    monkeypatch.setattr(looking, "health", health)
    mail, names = service.way("mail"), ("tarn", "wexmoor", "northmarch")
    with writing(service.engine) as conn:
        for name in names:
            register_source(
                conn, id=name, name=f"{name.title()} Police", force="", area=name, language="en", reader="kit", home_url=f"https://{name}.example/", now=NOW - 9 * DAY
            )  # fmt: skip
    for hours, verdict in ((30, "ok"), (20, "failed"), (10, "failed")):
        for name in names:
            crawled(service, name, verdict, NOW - hours * HOUR)
    service.tell()
    assert mail.titles == ["3 sources of kit broken"]
    assert "Sources: northmarch, tarn, wexmoor" in mail.taken[0].text
    for name in names:
        crawled(service, name, "ok", NOW + HOUR)
    service.tell(NOW + 2 * HOUR)
    assert mail.titles == ["3 sources of kit broken", "3 sources of kit recovered"]


def crawled(service: Service, source: str, verdict: str, at: datetime) -> None:
    bad = verdict == "failed"
    with writing(service.engine) as conn:
        crawl = start_crawl(conn, source, reader="kit", reader_version=1, now=at, pid=os.getpid(), host="here")
        if bad:
            note_incident(conn, source, "page changed", "no list", at)
        else:
            end_incidents(conn, source, at)
        trouble = Trouble.PAGE_CHANGED if bad else None
        finish_crawl(
            conn,
            crawl,
            verdict=verdict,
            reason="no list" if bad else None,
            trouble=trouble,
            counts=Counts(links=5),
            now=at,
        )


def test_a_channel_that_is_down_keeps_none_of_the_others_and_is_caught_up(service: Service) -> None:
    mail, hook = service.way("mail"), service.way("webhook")
    mail.down = "it refuses"
    service.fails("publish")
    assert service.tell().failed == [("the mail", "it refuses")]
    service.works("publish")
    service.tell(NOW + MINUTE)
    assert hook.titles == ["Service (publish) not well", "Service (publish) recovered"]
    mail.down = None
    assert service.tell(NOW + 90 * timedelta(seconds=1)).taken == 0  # its pause is not over
    service.tell(NOW + 10 * MINUTE)
    assert mail.titles == hook.titles
    with reading(service.engine) as conn:
        assert undone(conn) == []


def test_what_no_channel_takes_for_a_week_is_given_up_and_what_lasts_is_told_anew(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    mail = service.way("mail")
    mail.down = "it refuses"
    service.fails("publish")
    service.tell()
    mail.down = None
    late = NOW + GIVEN_UP + MINUTE
    service.fails("publish", now=late)
    service.tell(late)
    assert mail.titles == ["Service (publish) still not well"]
    assert "not taken by every channel within a week" in caplog.text


def test_with_no_channel_nothing_is_made_until_there_is_one(service: Service) -> None:
    service.fails("publish", "backup")
    assert service.tell().told == 0
    with reading(service.engine) as conn:
        assert undone(conn) == []
        assert [each.told_state for each in going_on(conn)] == [None, None]
    mail = service.way("mail")
    service.works("backup")
    service.tell(NOW + DAY)
    assert mail.titles == ["Service (publish) not well"]


def test_an_acknowledged_alert_is_not_told_again(service: Service) -> None:
    mail = service.way("mail")
    service.fails("publish")
    service.tell()
    with writing(service.engine) as conn:
        acknowledge(conn, "service:publish", by="me", note=None, now=NOW)
    service.fails("publish", now=NOW + 8 * DAY)
    service.tell(NOW + 8 * DAY)
    service.works("publish")
    service.tell(NOW + 9 * DAY)
    assert mail.titles == ["Service (publish) not well", "Service (publish) recovered"]


def test_a_disk_that_is_nearly_full_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = service.way("mail")
    free = [10**6]
    monkeypatch.setattr(looking, "rooms", lambda _: [Room("store", Path("/srv"), free[0], 10**9)])
    service.settings = service.settings.model_copy(update={"disk_free": 5 * 10**8})
    service.tell()
    service.tell(NOW + MINUTE)
    free[0] = 9 * 10**8
    service.tell(NOW + HOUR)
    assert mail.titles == ["Service (disk) not well", "Service (disk) recovered"]
    assert "1 MB are left where the store lies (/srv)" in mail.taken[0].text


def test_of_several_services_that_look_at_once_one_tells(service: Service) -> None:
    mail = service.way("mail")
    service.fails("publish", "backup")
    engines = [open_store(str(service.engine.url)) for _ in range(4)]
    together = threading.Barrier(len(engines))

    def look(engine: Engine) -> None:
        together.wait()
        service.tell(engine=engine)

    threads = [threading.Thread(target=look, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert mail.titles == ["2 not well"]


class Killed(BaseException):
    """The process is gone: nothing that follows is done."""


def kill_at(monkeypatch: pytest.MonkeyPatch, number: int, *, committed: bool) -> list[int]:
    """Ends the process before or after the commit of its so-manyth transaction. Returns a list that holds how many there were."""
    count = [0]

    @contextmanager
    def counted(engine: Engine) -> Iterator[Connection]:
        count[0] += 1
        mine = count[0]
        with writing(engine) as conn:
            yield conn
            if mine == number and not committed:
                raise Killed
        if mine == number:
            raise Killed

    for module in (running, sending, looking):
        monkeypatch.setattr(module, "writing", counted)
    return count


def commits() -> Iterator[object]:
    """Each of a round, killed before and after it; the message's own in every run."""
    for number in range(1, 7):
        for committed in (False, True):
            marks = () if number == 3 else pytest.mark.slow
            yield pytest.param(number, committed, id=f"{'after' if committed else 'before'} {number}", marks=marks)


@pytest.mark.parametrize(("number", "committed"), [*commits()])
def test_a_kill_at_a_commit_loses_nothing_and_doubles_only_what_nobody_can_know(
    service: Service, monkeypatch: pytest.MonkeyPatch, number: int, committed: bool
) -> None:
    mail, hook = service.way("mail"), service.way("webhook")
    service.fails("publish")
    with monkeypatch.context() as patch:
        count = kill_at(patch, number, committed=committed)
        try:
            service.tell()
        except Killed:
            pass
        else:
            assert number > count[0] == 5  # decided, claimed and taken twice
    for after in (MINUTE, CLAIMED + MINUTE, 2 * CLAIMED + MINUTE):
        service.tell(NOW + after)
    for way, taken_by in ((mail, 3), (hook, 5)):
        assert {each.key for each in way.taken} == {each.key for each in mail.taken}
        assert way.titles == ["Service (publish) not well"] * (2 if number == taken_by and not committed else 1)


def test_a_store_that_cannot_be_used_is_told_once_and_once_that_it_can(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, hook = service.way("mail"), service.way("webhook")
    hook.down = "it refuses"
    monkeypatch.setattr(unstored.UNSTORED, "_known", {})

    def broken(*_: object) -> None:
        raise StoreError("/srv/store.db: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(running, "look", broken)
        for minutes in range(20):
            hook.down = None if minutes > 10 else "it refuses"
            with pytest.raises(StoreError):
                service.tell(NOW + minutes * MINUTE)
            assert len(mail.taken) == (minutes >= 5)
            assert len(hook.taken) == (minutes > 10)
    service.tell(NOW + HOUR)
    service.tell(NOW + 2 * HOUR)
    for way in (mail, hook):
        assert way.titles == ["the store cannot be used", "the store can be used again"]
    assert "/srv/store.db: the disk is full" in mail.taken[0].text


def test_a_store_that_was_moved_away_or_emptied_is_told_of_and_not_made_anew(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, path = service.way("mail"), Path(str(service.engine.url.database))
    monkeypatch.setattr(unstored.UNSTORED, "_known", {})
    service.tell()
    path.rename(path.with_name("away.db"))
    for minutes in (1, 7):
        with pytest.raises(StoreError, match="not there any more"):
            service.tell(NOW + minutes * MINUTE)
    assert not path.exists()
    path.touch()
    with pytest.raises(StoreError, match="cannot be used: no such table"):
        service.tell(NOW + 8 * MINUTE)
    path.unlink()
    path.with_name("away.db").rename(path)
    service.engine.dispose()
    service.tell(NOW + HOUR)
    assert mail.titles == ["the store cannot be used", "the store can be used again"]


def test_a_store_that_is_locked_for_a_minute_is_no_alert(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = service.way("mail")
    monkeypatch.setattr(unstored.UNSTORED, "_known", {})
    with monkeypatch.context() as patch:
        patch.setattr(running, "look", lambda *_: (_ for _ in ()).throw(StoreError("locked")))
        with pytest.raises(StoreError):
            service.tell()
    service.tell(NOW + HOUR)
    assert mail.taken == []


def test_the_same_message_goes_out_by_the_same_key(service: Service) -> None:
    class Forgetful(Remembering):
        def send(self, message: Message) -> None:
            super().send(message)
            raise Killed

    way = Forgetful("mail")
    service.ways.append(way)
    service.fails("publish")
    for at in _after_each_lapse(NOW, 3):
        with pytest.raises(Killed):
            service.tell(at)
    assert Counter(each.key for each in way.taken).most_common(1)[0][1] == 3


def _after_each_lapse(now: datetime, times: int) -> list[datetime]:
    return [now + number * CLAIMED for number in range(times)]
