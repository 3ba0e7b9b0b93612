"""Telling a hub, which is a small one on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from feeds.websub import tell_hub

FEEDS = [f"https://news.example.org/feeds/{area}.atom" for area in ("all", "northmarch", "sedge-and-tarn")]


class Hub:
    """Keeps what it is told; answers as it is set to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, list[str]]]] = []
        self.status, self.wait, self.location = 204, 0.0, ""
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                hub.told.append((self.headers["content-type"], parse_qs(body)))
                time.sleep(hub.wait)
                self.send_response(hub.status)
                if hub.location:
                    self.send_header("location", hub.location)
                self.send_header("content-length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                raise AssertionError("a hub is posted to")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_each_feed_is_posted_once_as_a_form(hub: Hub) -> None:
    assert tell_hub(hub.url, FEEDS) is None
    assert {content_type for content_type, _ in hub.told} == {"application/x-www-form-urlencoded"}
    assert sorted(form["hub.url"][0] for _, form in hub.told) == FEEDS
    assert all(form["hub.mode"] == ["publish"] for _, form in hub.told)


def test_nothing_new_asks_nothing() -> None:
    assert tell_hub("http://127.0.0.1:9/", []) is None


@pytest.mark.parametrize("status", [400, 404, 500, 302])
def test_refusal_is_one_line_with_its_status(hub: Hub, status: int) -> None:
    hub.status, hub.location = status, hub.url if status == 302 else ""
    line = tell_hub(hub.url, FEEDS)
    assert line == (
        f"hub {hub.url}: 3 of 3 feeds could not be told: it answered {status}; their readers find out when they ask next"
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "nonsense", "http://[::1"])
def test_hub_that_is_not_there_is_one_line(url: str) -> None:
    line = tell_hub(url, FEEDS)
    assert line is not None
    assert line.startswith(f"hub {url}: 3 of 3 feeds could not be told: ")
    assert "\n" not in line


def test_hub_that_is_down_is_given_up_after_a_few(hub: Hub) -> None:
    hub.status = 503
    line = tell_hub(hub.url, [f"{FEEDS[0]}?{n}" for n in range(500)])
    assert line is not None
    assert "500 of 500" in line
    assert len(hub.told) < 15


def test_hub_that_does_not_answer_ends_with_the_answers_time(hub: Hub) -> None:
    hub.wait = 1.0
    line = tell_hub(hub.url, FEEDS, answer_seconds=0.1)
    assert line is not None
    assert "3 of 3" in line
    assert "did not answer in time" in line


def test_time_in_all_is_bounded(hub: Hub) -> None:
    hub.wait = 0.1
    line = tell_hub(hub.url, [f"{FEEDS[0]}?{n}" for n in range(500)], seconds=0.3)
    assert line is not None
    assert "no time was left" in line
    assert len(hub.told) < 50
