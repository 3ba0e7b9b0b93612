"""The heartbeat beats while sources are read, and only then."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from forcewire.alerts.heartbeat import beat
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import StoreError, writing
from storage.tables import SCHEDULE
from tests.forcewire.alerts.conftest import NOW, Receiver, Service

HOUR = timedelta(hours=1)


@pytest.fixture
def watching(service: Service, receiver: Receiver) -> Service:
    """A service with a source that was read well an hour ago, and a switch."""
    service.settings = service.settings.model_copy(update={"heartbeat": receiver.url})
    with writing(service.engine) as conn:
        register_source(
            conn, id="tarn", name="Tarn Police", force="", area="Tarn", language="en", reader="generic", home_url="https://tarn.example/", now=NOW
        )  # fmt: skip
    crawled(service, "ok")
    return service


def crawled(service: Service, verdict: str) -> None:
    with writing(service.engine) as conn:
        crawl = start_crawl(conn, "tarn", reader="generic", reader_version=1, now=NOW, pid=os.getpid(), host="here")
        finish_crawl(conn, crawl, verdict=verdict, reason=None, counts=Counts(links=3), now=NOW - HOUR)


def due(service: Service, after: timedelta) -> None:
    row = {
        "source_id": "tarn",
        "site": "tarn",
        "interval_seconds": 900.0,
        "next_due_at": NOW + after,
        "armed_at": NOW,
        "cut_off": 0,
    }
    with writing(service.engine) as conn:
        conn.execute(SCHEDULE.insert(), row)


def test_it_beats_while_sources_are_read(watching: Service, receiver: Receiver) -> None:
    assert beat(watching.engine, watching.settings, NOW)
    assert [(method, path) for method, path, _ in receiver.asked] == [("GET", "/hook/t0ken")]


def test_it_does_not_where_the_news_is_too_old(watching: Service, receiver: Receiver) -> None:
    assert not beat(watching.engine, watching.settings, NOW + 6 * HOUR)
    assert receiver.asked == []


def test_a_night_in_which_nothing_is_due_is_no_death(watching: Service) -> None:
    due(watching, 9 * HOUR)
    assert beat(watching.engine, watching.settings, NOW + 8 * HOUR)


def test_it_does_not_where_nobody_crawls_what_is_due(watching: Service, caplog: pytest.LogCaptureFixture) -> None:
    due(watching, HOUR)
    assert beat(watching.engine, watching.settings, NOW + 1.5 * HOUR)
    assert not beat(watching.engine, watching.settings, NOW + 2.5 * HOUR)
    assert "1 source due and not crawled" in caplog.text


def test_it_does_not_where_the_store_cannot_be_read(
    watching: Service, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("the file is damaged")

    monkeypatch.setattr("forcewire.alerts.heartbeat.reading", broken)
    assert not beat(watching.engine, watching.settings, NOW)
    assert receiver.asked == []


def test_an_address_that_does_not_answer_is_told_without_it(
    watching: Service, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 404
    assert not beat(watching.engine, watching.settings, NOW)
    assert "HTTP 404" in caplog.text
    assert "t0ken" not in caplog.text


def test_without_one_nothing_is_asked(service: Service) -> None:
    assert not beat(service.engine, service.settings, NOW)
