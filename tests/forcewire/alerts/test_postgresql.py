"""Alerts and monitors of a store in PostgreSQL: several services at once, and a database that hangs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from feeds.build import Press
from feeds.site.context import Site, only_reads
from feeds.site.monitoring import answering
from feeds.site.monitoring.bounds import Bounds
from forcewire.alerts import running
from storage.alerts import acknowledge, going_on
from storage.database import open_store, reading, writing
from tests.forcewire.alerts.conftest import NOW, Remembering, Service
from tests.site.conftest import running as served
from tests.storage.postgresql import server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as made:
        open_store(made).dispose()
        yield made


def test_of_several_services_one_tells_each_thing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = Remembering("mail")
    monkeypatch.setattr(running, "channels", lambda _: [mail])
    services = [Service(url) for _ in range(4)]
    for number in range(6):
        now = NOW + number * timedelta(hours=1)
        (services[0].works if number % 2 else services[0].fails)(f"part {number // 2}")
        threads = [threading.Thread(target=service.tell, args=(now,)) for service in services]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert mail.titles == [f"Service (part {n}) {word}" for n in range(3) for word in ("not well", "recovered")]
    services[0].fails("backup")
    services[0].tell(NOW + timedelta(days=1))
    with writing(services[0].engine) as conn:
        assert len(acknowledge(conn, "service:backup", by="me", note=None, now=NOW)) == 1
    with reading(services[0].engine) as conn:
        assert [each.subject for each in going_on(conn)] == ["service:backup"]
    for service in services:
        service.engine.dispose()


def test_a_database_that_hangs_is_not_waited_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "_KEPT", {"ready": -1.0, "metrics": -1.0})
    monkeypatch.setattr(answering, "READY_SECONDS", 0.5)
    engine, other = open_store(url), sa.create_engine(url)
    only_reads(engine)
    with served(Site(engine, Press("https://news.example.org"), bounds=Bounds())) as site:
        text = urlopen(f"{site.url}/metrics", timeout=30).read()
        assert b"forcewire_store_up 1.0" in text
        assert b"\nforcewire_store_size_bytes " in text
        with other.connect() as conn, conn.begin():
            conn.execute(sa.text("LOCK TABLE crawl, schedule IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{site.url}/health/ready", timeout=30)
            assert "did not answer within" in json.loads(refused.value.read())["why"][0]
            assert urlopen(f"{site.url}/health/live", timeout=30).status == 200
        with pytest.raises(HTTPError) as starting:
            urlopen(f"{site.url}/health/ready", timeout=30)
        assert json.loads(starting.value.read())["status"] == "starting"
    engine.dispose()
    other.dispose()
