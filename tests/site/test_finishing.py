"""What every answer of a view gets on its way out, and what a visitor is told when a view fails."""

from __future__ import annotations

import gzip
import json
import logging

import pytest
import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.site import app as application
from feeds.site import finishing, pages, watching
from feeds.site.context import Site
from feeds.site.headers import CONTENT_SECURITY_POLICY
from storage.database import StoreError
from tests.site.conftest import BASE_URL

PAGE = "<p>" + "A long page. " * 200 + "</p>"


async def page(request: Request) -> Response:
    response = HTMLResponse(PAGE, headers={"Vary": "Accept-Language"})
    response.set_cookie("visit", "1")
    return response


async def api(request: Request) -> Response:
    return JSONResponse([request.headers.get("range")])


async def stream(request: Request) -> Response:
    async def pieces():
        for _ in range(50):
            yield b"x" * 100_000

    return StreamingResponse(pieces(), media_type="text/plain")


async def fails(request: Request) -> Response:
    raise RuntimeError("secret detail")


async def unreadable(request: Request) -> Response:
    raise StoreError("/srv/news.db: another program keeps it locked")


async def waited_for(request: Request) -> Response:
    raise sa.exc.TimeoutError("no connection")


async def gone(request: Request) -> Response:
    raise HTTPException(410, "This story was withdrawn.", headers={"X-Told": "1"})


async def picture(request: Request) -> Response:
    return Response(bytes(3000), media_type="image/png", headers={"Cache-Control": "max-age=99"})


made: list[int] = []


async def counted(request: Request) -> Response:
    made.append(1)
    return PlainTextResponse(str(len(made)), headers={"X-Made": str(len(made))})


async def own(request: Request) -> Response:
    made.append(1)
    return PlainTextResponse(str(len(made)), headers={"Vary": "Accept-Language"})


VIEWS = (counted, own, page, stream, fails, unreadable, waited_for, gone, picture)


@pytest.fixture
def client(site: Site, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    views = [*(Route(f"/{view.__name__}", view) for view in VIEWS), Route("/api/v1/x", api)]
    monkeypatch.setattr(pages, "routes", lambda site: views)
    monkeypatch.setattr(pages, "error", None, raising=False)
    monkeypatch.setattr(application.pictures, "routes", lambda site: [])
    monkeypatch.setattr(application.api, "routes", lambda site: [])
    return TestClient(application.create_app(site), base_url=BASE_URL, headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize(
    "path", ["/page", "/nowhere", "/fails", "/unreadable", "/picture", "/api/v1/x", "/a%00b", "/stream"]
)
def test_every_answer_says_what_a_browser_may_do_with_it(client, path):
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_only_feeds_and_the_api_may_be_read_by_pages_of_other_hosts(client):
    assert "access-control-allow-origin" not in client.get("/page").headers
    assert client.get("/page").headers["cross-origin-resource-policy"] == "same-origin"
    assert client.get("/api/v1/x").headers["access-control-allow-origin"] == "*"
    assert client.get("/api/v1/x").headers["cross-origin-resource-policy"] == "cross-origin"
    asks = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    assert client.options("/api/v1/x", headers=asks).status_code == 204
    assert client.options("/page", headers=asks).status_code == 405


def test_a_page_has_a_tag_of_its_bytes_and_is_not_sent_again(client):
    first = client.get("/page")
    again = client.get("/page", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    assert client.get("/page", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/nowhere", headers={"If-None-Match": "*"}).status_code == 404


def test_a_page_is_packed_with_a_tag_of_its_own(client):
    plain, packed = client.get("/page"), client.get("/page", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text == PAGE
    assert int(packed.headers["content-length"]) == len(gzip.compress(PAGE.encode(), 6, mtime=0)) < len(PAGE)
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Language, Accept-Encoding"
    assert "content-encoding" not in client.get("/picture", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize("path", ["/page", "/nowhere", "/picture", "/api/v1/x", "/gone"])
def test_head_is_get_without_its_body(client, path):
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.headers, head.content) == (got.status_code, got.headers, b"")
    assert int(head.headers["content-length"]) == len(got.content)


def test_what_a_view_says_of_caching_stays_and_else_a_copy_is_asked_about(client):
    assert client.get("/picture").headers["cache-control"] == "max-age=99"
    assert client.get("/page").headers["cache-control"] == "no-cache"
    assert client.get("/nowhere").headers["cache-control"] == "no-store"


def test_a_range_is_not_a_views_business(client):
    assert client.get("/api/v1/x", headers={"Range": "bytes=0-1"}).json() == [None]


def test_a_long_answer_comes_whole(client):
    assert len(client.get("/stream").content) == 5_000_000


def test_a_page_is_made_once_for_some_seconds_while_the_store_stays_as_it_is(client, news, monkeypatch):
    monkeypatch.setattr(watching, "EVERY", -1.0)
    made.clear()
    assert (
        client.get("/counted").text == client.head("/counted").headers["x-made"] == client.get("/counted").text == "1"
    )
    assert client.get("/counted?q=x").text == "2"
    news.article("tarn")
    assert client.get("/counted").text == "3"
    monkeypatch.setattr(finishing, "_KEPT_FOR", 0.0)
    assert client.get("/counted").text == "4"


def test_a_page_that_is_not_the_same_for_all_is_made_for_each(client):
    assert client.get("/own").text != client.get("/own").text
    assert client.get("/page").headers["vary"] == "Accept-Language, Accept-Encoding"


def test_a_view_that_fails_is_a_line_for_the_visitor_and_the_rest_for_the_log(client, caplog):
    with caplog.at_level(logging.ERROR, "forcewire.site"):
        answer = client.get("/fails")
    assert (answer.status_code, len(answer.text.splitlines())) == (500, 1)
    assert "secret" not in answer.text
    assert "secret detail" in caplog.text


def test_a_store_that_cannot_be_read_is_said_with_when_to_come_back_and_logged_once(client, caplog):
    with caplog.at_level(logging.ERROR, "forcewire.site"):
        answers = [client.get("/unreadable") for _ in range(5)]
    assert {each.status_code for each in answers} == {503}
    assert answers[0].headers["retry-after"] == "30"
    assert "/srv" not in answers[0].text
    assert [record.getMessage() for record in caplog.records].count(
        "/srv/news.db: another program keeps it locked"
    ) == 1
    assert client.get("/waited_for").status_code == 503


def test_what_a_view_refuses_is_said_in_its_own_words(client):
    answer = client.get("/gone")
    assert (answer.status_code, answer.text, answer.headers["x-told"]) == (410, "This story was withdrawn.\n", "1")


def test_other_methods_are_told_what_is_allowed(client):
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        answer = client.request(method, "/page")
        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})


@pytest.mark.parametrize("target", ["/a%00b", "/page?q=%00", "/feeds/%00.atom"])
def test_a_nul_is_refused_before_any_database_sees_it(client, target):
    assert client.get(target).status_code == 400


@pytest.mark.parametrize(
    "target", ["/%ff%fe", "/%", "/%zz", "/..%2f..%2fetc/passwd", "//evil.example/", "/\u20ac", "/page/", "/page/?next=//x", "/" + "a" * 5000]
)  # fmt: skip
def test_an_address_that_is_none_of_ours_is_not_found(client, target):
    answer = client.get(target, follow_redirects=False)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_an_error_is_a_page_where_people_look(client, monkeypatch):
    seen = []

    def error(site, status, sentence, near):
        seen.append((status, sentence, near))
        return PlainTextResponse("a page", status)

    monkeypatch.setattr(pages, "error", error)
    assert client.get("/nowhere").text == "a page"
    assert client.get("/api/v1/nowhere").headers["content-type"] == "application/problem+json"
    assert client.get("/static/nowhere").text == "There is no such page.\n"
    assert seen == [(404, "There is no such page.", [])]


def test_a_site_below_a_path_is_found_with_and_without_it(news, monkeypatch):
    monkeypatch.setattr(pages, "routes", lambda site: [Route("/page", page), Route("/", page)])
    client = TestClient(application.create_app(Site(news.engine, Press("https://example.org/news"))))
    assert client.get("/news/page").text == client.get("/page").text == PAGE
    assert client.get("/news").text == client.get("/news/").text == PAGE
    assert client.get("/newspage").status_code == client.get("/news/news/page").status_code == 404


def test_json_is_what_the_view_gave(client):
    assert json.loads(client.get("/api/v1/x", headers={"Accept-Encoding": "br"}).content) == [None]
