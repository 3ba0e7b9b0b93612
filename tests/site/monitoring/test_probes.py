"""/health/live and /health/ready: what they say, in bounded time, whatever the store does."""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feeds.site.context import Site
from feeds.site.monitoring import answering, readiness
from storage.conditions import note_condition
from storage.database import writing
from storage.disk import Room
from tests.site.monitoring.conftest import Asked, Read, Served

MONITORS = ("/health/live", "/health/ready", "/metrics")


def ready(asked: Asked | Served) -> tuple[int, dict[str, Any]]:
    answer = asked("/health/ready")
    return answer.status, json.loads(answer.body)


def test_a_new_store_is_said_to_be_one(asked: Asked) -> None:
    status, said = ready(asked)
    assert (status, said["status"]) == (503, "starting")
    assert said["why"] == ["No crawl has ended yet: the store is new."]


def test_a_store_that_is_read_is_ready(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    read.due("tarn", 1)
    status, said = ready(asked)
    assert (status, said["status"], said["why"], said["overdue"]) == (200, "ready", [], 0)
    for name in ("last_good_crawl", "last_crawl", "next_due"):
        assert datetime.fromisoformat(said[name]).tzinfo
    assert said["disk_free"]["store"] > 0


@pytest.mark.parametrize(
    ("good", "failed", "due", "why"),
    [
        (7, None, None, "none since"),
        (7, 1, 1, "those since failed"),
        (7, None, -1, "1 source overdue"),
        (7, None, 1, None),
        (5, 1, -1, None),
    ],
)
def test_old_news_is_not_ready_unless_nothing_was_due(
    asked: Asked, read: Read, good: float, failed: float | None, due: float | None, why: str | None
) -> None:
    read.crawled("tarn", ago=good)
    if failed:
        read.crawled("tarn", "failed", ago=failed)
    if due:
        read.due("tarn", due)
    status, said = ready(asked)
    assert (status == 200) is (why is None)
    assert [why in each for each in said["why"]] == ([True] if why else [])


def test_a_full_disk_is_not_ready(asked: Asked, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    read.crawled("tarn")
    monkeypatch.setattr(readiness, "rooms", lambda _: [Room("store", Path("/srv"), -1, 10)])
    status, said = ready(asked)
    assert (status, said["why"]) == (503, ["The disk is nearly full where the store lies."])


def test_a_part_of_the_service_that_fails_is_a_warning(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    with writing(read.engine) as conn:
        note_condition(conn, "backup", "/srv/backups is full", host="here", now=datetime.now().astimezone())
    status, said = ready(asked)
    assert (status, said["warnings"]) == (200, ["backup"])
    assert "/srv" not in json.dumps(said)


def test_a_store_of_another_revision_is_not_ready(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    with writing(read.engine) as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    status, said = ready(asked)
    assert (status, said["status"]) == (503, "not ready")
    assert "another revision" in said["why"][0]
    assert asked("/health/live").status == 200


def test_a_store_that_is_gone_is_not_ready_and_where_it_was_is_nobodys_business(asked: Asked, read: Read) -> None:
    path = Path(str(read.engine.url.database))
    path.rename(path.with_name("away.db"))
    status, said = ready(asked)
    assert status == 503
    assert str(path.parent) not in said["why"][0]
    assert b"forcewire_store_up 0.0" in asked("/metrics").body
    assert not path.exists()  # SQLite makes an empty file of one that it is asked for
    path.with_name("away.db").rename(path)
    read.crawled("tarn")
    assert ready(asked)[0] == 200


def test_a_store_that_hangs_is_not_waited_for_nor_asked_twice(
    served: Served, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, calls = threading.Event(), []

    def hangs(*_: object) -> dict[str, Any]:
        calls.append(1)
        over.wait(60)
        return {"status": "ready", "why": []}

    monkeypatch.setattr(answering, "readiness", hangs)
    monkeypatch.setattr(answering, "READY_SECONDS", 0.3)
    try:
        for _ in range(5):
            status, said = ready(served)
            assert (status, said["status"]) == (503, "not ready")
            assert "did not answer within" in said["why"][0]
        assert calls == [1]
        assert served("/health/live").status == 200
    finally:
        over.set()


def test_it_is_kept_by_nobody_and_head_is_get_without_its_body(served: Served) -> None:
    for path in MONITORS:
        got, head = served(path), served(path, "HEAD")
        for answer in (got, head):
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "etag" not in answer.headers
        assert head.body == b""
        assert head.status == got.status
        assert head.headers["content-type"] == got.headers["content-type"]
        assert abs(int(head.headers["content-length"]) - len(got.body)) < 200
        refused = served(path, "POST")
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


def test_a_prober_stands_in_no_queue(asked: Asked, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no place left for visitors, monitors are answered as ever."""
    read.crawled("tarn")

    async def busy(self: Site, call: object) -> None:
        from feeds.site.lanes import Busy

        raise Busy

    monkeypatch.setattr(Site, "read", busy)
    assert asked("/status").status == 503
    for path in MONITORS:
        assert asked(path).status == 200


def test_it_is_made_once_for_all_who_ask_within_a_second(
    asked: Asked, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    made = answering.readiness
    monkeypatch.setattr(answering, "_KEPT", {"ready": 60.0, "metrics": 60.0})
    monkeypatch.setattr(answering, "readiness", lambda *given: (calls.append(time.monotonic()), made(*given))[1])
    assert {asked("/health/ready").body for _ in range(20)}
    assert len(calls) == 1
