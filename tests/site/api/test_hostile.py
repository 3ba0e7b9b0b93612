"""What a stranger may put into a request: the answer is a sentence, never a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.api.newsroom import Api, News

LISTS = ("/articles", "/changes", "/search")
HUGE = (
    "2147483648",
    "9223372036854775808",
    "1" * 40,
    "-1",
    "0x10",
    "1e3",
    "+5",
    " 5",
    "5.0",
    "５",
    "٣",
    "²",
    "",
    "nan",
)
MOMENTS = ("2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01", "-0001-01-01", "2026", "2026-W01-1", "20260101", "yesterday",
           "2026-01-01T25:00", "2026-01-01T00:00:00+99:00", "２０２６-01-01", "2026-01-01T00:00:00Z; DROP TABLE article", "1767225600", "")  # fmt: skip
EDGES = (
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2016-12-31T23:59:60Z",
    "2026-01-01t09:30z",
)
WORDS = ("'; DROP TABLE article; --", '" OR 1=1 --', "NEAR(a b, 2) AND NOT c*", "title:x OR body:y", "{a b}: -c ^d", '"', "(((", "*", "%_%",
         "\u202e\u0000"[:1], "🐎" * 100, "a" * 500, "\\", "$1 :x ?", "&|!<->", "\ufffe", "ﬀ", "İ")  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    news = News(tmp_path_factory.mktemp("hostile") / "forcewire.db")
    news.bulk(3)
    yield Api(news.engine)
    news.engine.dispose()


def refused(api: Api, path: str, **query: Any) -> Any:
    problem = api.get(path, 400, **query)
    assert problem["status"] == 400
    assert problem["title"] == "Bad Request"
    assert problem["detail"].endswith((".", "?"))
    assert len(problem["detail"]) < 600
    return problem


@pytest.mark.parametrize("path", LISTS)
def test_a_number_that_is_none_is_refused(api: Api, path: str) -> None:
    for number in HUGE:
        assert refused(api, path, limit=number, q="x")["parameter"] in ("limit", "q")
        assert refused(api, "/changes", after=number)["parameter"] == "after"
        assert refused(api, "/articles/1/diff", from_=number)["parameter"] == "from"
    assert "from 1 to 500" in refused(api, "/articles", limit=501)["detail"]


def test_a_number_that_is_none_in_a_path_is_no_article(api: Api) -> None:
    for number in HUGE[:-1]:
        api.get(f"/articles/{number}", 404)
        api.get(f"/articles/1/versions/{number}", 404)


@pytest.mark.parametrize("name", ["since", "until", "changed_since"])
def test_a_time_that_is_none_is_refused_and_one_at_the_end_of_the_calendar_is_not(api: Api, name: str) -> None:
    for moment in MOMENTS:
        assert refused(api, "/articles", **{name: moment})["parameter"] == name
    for moment in EDGES:
        api.get("/articles", **{name: moment})
        if name != "changed_since":
            api.get("/changes", **{name: moment})
            api.get("/search", **{name: moment}, q="words")


def test_a_sign_of_an_offset_that_nobody_encoded_is_understood(api: Api) -> None:
    plain = api.get("/articles?since=2026-03-01T09:02:00%2B01:00")
    assert api.get("/articles?since=2026-03-01T09:02:00+01:00")["items"] == plain["items"]
    assert len(plain["items"]) == 2


def test_words_never_become_syntax(api: Api) -> None:
    for words in WORDS:
        api.get("/articles", q=words)
        api.get("/search", q=words)
        api.get("/articles", reference=words)
        api.get("/articles", 404, area=words)
        api.get("/changes", 404, source=words)
    assert len(api.get("/articles")["items"]) == 3


def test_words_that_are_too_many_or_hold_nul_are_refused(api: Api) -> None:
    for words in ("x" * 501, "x" * 10_000, "a\0b"):
        for name in ("q", "reference", "area", "source", "cursor"):
            refused(api, "/articles", **{name: words})


def test_an_unknown_parameter_is_refused_and_near_ones_are_named(api: Api) -> None:
    assert refused(api, "/articles", changed_sinse="2026-01-01")["near"] == ["changed_since"]
    assert "there are area, source" in refused(api, "/changes", zzz="1", after="0")["detail"]
    assert "nothing can be asked" in refused(api, "/areas", page="2")["detail"]
    assert refused(api, "/articles", **{"x" * 5000: "1"})["parameter"] == "x" * 100
    assert "more than once" in refused(api, "/articles?limit=1&limit=2")["detail"]
    assert refused(api, "/search")["detail"].startswith("q is missing")
    assert refused(api, "/articles", kind="apeal")["detail"].startswith("kind cannot be 'apeal'")
    assert refused(api, "/articles", withdrawn="1")["parameter"] == "withdrawn"


def test_a_cursor_that_was_not_given_out_is_refused(api: Api) -> None:
    true = api.get("/articles", limit=1)["next"].rpartition("cursor=")[2]
    for cursor in ("", "x", "=", "é", true[:-1], true + "A", true.lower(), true + "=", "A" * 300, f"{true}\n",
                   "cHVibGlzaGVkfDk5OTktMTMtMzFUMDA6MDA6MDAuMDAwMDAwfDE", "cHVibGlzaGVkfDIwMjYtMDMtMDFUMDA6MDA6MDAuMDAwMDAwfDk5OTk5OTk5OTl8MA"):  # fmt: skip
        assert refused(api, "/articles", cursor=cursor)["parameter"] == "cursor"
        assert refused(api, "/search", q="x", cursor=cursor)["parameter"] == "cursor"
    assert refused(api, "/articles", cursor=true, order="changed")["parameter"] == "cursor"


def test_the_api_only_reads(api: Api) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"):
        for path in ("/api/v1/articles", "/api/v1/articles/1", "/api/v1/nothing", "/api"):
            response = api.client.request(method, path)
            assert response.status_code == 405
            assert response.headers["allow"] == "GET, HEAD"
            assert response.headers["content-type"] == "application/problem+json"


def test_head_is_get_without_its_body(api: Api) -> None:
    got, head = api.client.get("/api/v1/articles?limit=1"), api.client.head("/api/v1/articles?limit=1")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["link"] == got.headers["link"]
    assert head.headers["etag"] == got.headers["etag"]
    again = api.client.get("/api/v1/articles?limit=1", headers={"if-none-match": got.headers["etag"]})
    assert again.status_code == 304


def test_a_path_that_is_nothing_is_answered_by_the_api(api: Api) -> None:
    for path in (
        "/api",
        "/api/",
        "/api/v2/articles",
        "/api/v1/articles/1/",
        "/api/v1/articles/../../x",
        "/api/v1/%2e%2e/x",
        "/api/v1/" + "x" * 5000,
    ):
        response = api.client.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_a_store_that_cannot_be_read_is_503_and_no_file_is_named(news: News) -> None:
    api = Api(news.engine)
    api.get("/articles")
    news.engine.dispose()
    file = news.engine.url.database
    assert file is not None
    with open(file, "r+b") as stream:  # noqa: PTH123
        stream.truncate(0)
        stream.write(b"no database" * 1000)
    response = api.client.get("/api/v1/articles")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert "forcewire.db" not in response.text
    assert response.headers["content-type"] == "application/problem+json"
