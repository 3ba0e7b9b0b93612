"""nginx and Caddy before the files of `forcewire publish --pages`, without a service."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from feeds.site.headers import CONTENT_SECURITY_POLICY
from tests.deploy.conftest import DEPLOY, News, get
from tests.deploy.servers import caddy, nginx

SERVERS = {"nginx": (nginx, "static.conf"), "caddy": (caddy, "Caddyfile.static")}


@pytest.fixture(scope="module", params=SERVERS)
def url(request: pytest.FixtureRequest, news: News, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server, name = SERVERS[request.param]
    yield from server(name, tmp_path_factory.mktemp("files"), news.files, news.nobody)


def address(path: str) -> str:
    return path.removesuffix("index.html").rstrip("/")


@pytest.mark.slow
def test_each_file_is_served_as_the_kind_that_the_service_says(url, news):
    paths = [each.relative_to(news.files).as_posix() for each in sorted(news.files.rglob("[!.]*")) if each.is_file()]
    few: dict[str, list[str]] = {}
    for path in paths:
        few.setdefault(path.rpartition(".")[2], []).append(path)
    assert {*few} >= {"rss", "atom", "json", "opml", "html", "css", "svg", "xml", "txt"}
    for path in (path for kind in few.values() for path in kind[:: max(1, len(kind) // 4)] if path != "404.html"):
        ours, theirs = get(f"{news.url}/{address(path)}"), get(f"{url}/{address(path)}")
        assert theirs.status == ours.status == 200, path
        kinds = [each.headers["Content-Type"].replace(" ", "").lower() for each in (ours, theirs)]
        if path.endswith((".css", ".svg", ".xml", ".txt")):
            kinds = [kind.partition(";")[0].replace("text/xml", "application/xml") for kind in kinds]
        assert kinds[0] == kinds[1], path
        assert theirs.data == (news.files / path).read_bytes(), path


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/"])
def test_304_compression_and_headers(url, path):
    plain, packed = get(url + path), get(url + path, accept_encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert get(url + path, accept_encoding="gzip", if_none_match=packed.headers["ETag"]).status == 304
    assert get(url + path, if_modified_since=plain.headers["Last-Modified"]).status == 304
    assert plain.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    assert plain.headers["Access-Control-Allow-Origin"] == "*"


def test_what_is_not_there_is_said_on_a_page(url, news):
    answer = get(f"{url}/areas/nowhere")
    assert (answer.status, answer.data) == (404, (news.files / "404.html").read_bytes())


@pytest.mark.parametrize("path", ["/feeds/.published.json", "/.pages.json"])
def test_what_publish_wrote_for_itself_is_not_served(url, path):
    assert get(url + path).status == 404


@pytest.mark.parametrize(
    "path", ["nginx/forcewire.conf", "nginx/static.conf", "caddy/Caddyfile", "caddy/Caddyfile.static"]
)
def test_the_policy_of_pages_is_the_service_s(path):
    assert f'"{CONTENT_SECURITY_POLICY}"' in (DEPLOY / path).read_text("utf-8")
