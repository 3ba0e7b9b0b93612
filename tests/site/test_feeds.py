"""Feeds over HTTP."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from feeds.site import app as application
from feeds.site.app import create_app
from tests.site.conftest import BASE_URL


@pytest.fixture
def client(site, told, monkeypatch) -> TestClient:
    for part in (application.pages, application.pictures, application.api):
        monkeypatch.setattr(part, "routes", lambda site: [])
    return TestClient(create_app(site), base_url=BASE_URL, headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize("path", ["/feeds/tarn.atom", "/feeds/tarn/changes.atom", "/feeds.opml"])
def test_the_answer_is_the_same_from_memory_as_when_it_was_built(client, told, path):
    built, kept = client.get(path), client.get(path)
    assert len(told.asked) == 1
    assert (built.status_code, built.content, built.headers) == (200, kept.content, kept.headers)
    assert client.head(path).headers == built.headers


@pytest.mark.parametrize("times", ["built", "from memory"])
def test_validators_are_understood(client, times):
    if times == "from memory":
        client.get("/feeds/tarn.atom")
    headers = client.get("/feeds/tarn.atom").headers
    for name, value in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        answer = client.get("/feeds/tarn.atom", headers={name: headers[value]})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == headers["etag"]


def test_a_range_gets_it_all(client):
    answer = client.get("/feeds/tarn.atom", headers={"Range": "bytes=0-9"})
    assert answer.status_code == 200
    assert len(answer.content) > 2000


def test_a_feed_that_is_not_there_names_those_that_may_be_meant(client):
    answer = client.get("/feeds/tern.atom")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text.splitlines()[0] == "There is no feed 'tern.atom'."
    assert f"{BASE_URL}/feeds/tarn.atom" in answer.text.splitlines()


def test_a_search_that_cannot_be_asked_is_told_why_in_a_sentence(client):
    answer = client.get("/feeds/tarn.atom?since=whenever")
    assert (answer.status_code, len(answer.text.splitlines())) == (400, 1)
    assert "since" in answer.text


def test_a_search_is_asked_and_kept(client, told):
    assert b"boat" in client.get("/feeds/tarn.atom?q=boat").content
    assert b"boat" in client.get("/feeds/tarn.atom?q=boat").content
    assert b"boat" not in client.get("/feeds/tarn.atom").content
    assert told.asked == ["tarn.atom", "tarn.atom"]


def test_a_question_mark_without_a_question_is_the_feed(client, told):
    assert client.get("/feeds/tarn.atom").content == client.get("/feeds/tarn.atom?").content
    assert told.asked == ["tarn.atom"]


@pytest.mark.parametrize("path", ["/feeds", "/feeds/", "/feeds/feeds.opml", "/feeds.atom", "/feeds/../feeds.opml"])
def test_one_document_has_one_address(client, path):
    client.get("/feeds.opml")
    assert client.get(path).status_code == (200 if "/.." in path else 404)  # the client itself resolves the dots


def test_feeds_can_only_be_read(client):
    answer = client.post("/feeds/tarn.atom", content=b"x")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})


def test_feeds_may_be_read_by_pages_of_other_hosts(client):
    assert client.get("/feeds/tarn.atom").headers["access-control-allow-origin"] == "*"
    asks = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    allowed = client.options("/feeds/tarn.atom", headers=asks)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, "*")
