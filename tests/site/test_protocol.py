"""A server on loopback that is asked by hand: odd requests, and clients that take their time."""

from __future__ import annotations

import concurrent.futures
import socket
import threading
import time
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from feeds.build import Press
from feeds.site import documents as module
from feeds.site.context import Site
from feeds.site.limits import Limits
from storage.database import writing
from storage.suppressions import articles_at, suppress
from tests.feeds.conftest import FIRST, NewsStore
from tests.site.conftest import BASE_URL, Running, Told, read_all, running

PATH = b"/feeds/tarn.atom"
GET = b"GET " + PATH + b" HTTP/1.1\r\nHost: x\r\n"
END = b"Connection: close\r\n\r\n"
HEAD_SECONDS = 1.0


@pytest.fixture(scope="module")
def told_all() -> Iterator[Told]:
    with pytest.MonkeyPatch.context() as patch:
        stand_in = Told()
        patch.setattr(module, "document", stand_in)
        yield stand_in


@pytest.fixture(scope="module")
def server(news: NewsStore, told_all: Told) -> Iterator[Running]:
    with running(Site(news.engine, Press(BASE_URL)), Limits(connections=400, head_seconds=HEAD_SECONDS)) as started:
        yield started


def statuses(answer: bytes) -> list[int]:
    return [int(part.split(b" ", 2)[1]) for part in answer.split(b"HTTP/1.1 ")[1:] for part in [b"HTTP/1.1 " + part]]


def test_a_feed_comes_whole(server):
    answer = httpx.get(server.url + PATH.decode())
    assert (answer.status_code, len(answer.content)) == (200, int(answer.headers["content-length"])) or (
        answer.headers["content-encoding"] and answer.text.startswith("tarn.atom")
    )


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /feeds/tarn.atom HTTP/1.1", 200),
        (b"GET http://anything.example/feeds/tarn.atom HTTP/1.1", 200),
        (b"GET /feeds/tarn%2Eatom HTTP/1.1", 200),
        (b"HEAD /feeds/tarn.atom HTTP/1.1", 200),
        (b"GET http://anything.example HTTP/1.1", 200),
        (b"GET /feeds/../feeds/tarn.atom HTTP/1.1", 404),
        (b"GET /feeds/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 404),
        (b"GET /..%5c..%5cwindows HTTP/1.1", 404),
        (b"GET //feeds/tarn.atom HTTP/1.1", 404),
        (b"GET /feeds/tarn.atom%00 HTTP/1.1", 400),
        (b"GET /feeds/tarn.atom?q=%00 HTTP/1.1", 400),
        (b"GET /%ff%fe HTTP/1.1", 404),
        (b"GET /%zz%4 HTTP/1.1", 404),
        (b"GET /\xe2\x82\xac HTTP/1.1", 400),
        (b"OPTIONS * HTTP/1.1", 404),
        (b"CONNECT example.org:443 HTTP/1.1", 400),
        (b"DELETE /feeds/tarn.atom HTTP/1.1", 405),
        (b"BREW /feeds/tarn.atom HTTP/1.1", 400),
        (b"GET /feeds/tarn.atom HTTP/9.9", 400),
        (b"GET /feeds/tarn.atom", 400),
        (b"PRI * HTTP/2.0", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1", 414),
        (b"GET /feeds/tarn.atom?q=" + b"a" * 300_000 + b" HTTP/1.1", 414),
    ],
)
def test_an_odd_target_gets_a_sensible_answer(server, request_line, status):
    answer = server.say(request_line + b"\r\nHost: x\r\n" + END)
    assert statuses(answer)[:1] == [status]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Host: x\r\nHost: y\r\n", 400),
        (b"", 400),
        (b"Host: x\r\nX: " + b"a" * 40_000 + b"\r\n", 431),
        (b"Host: x\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(8000)), 431),
        (b"Host: x\r\nRange: bytes=0-9\r\n", 200),
        (b"Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", 200),
        (b"Host: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n", 200),
        (b"Host: x\r\nExpect: 100-continue\r\n", 200),
        (b"Host: x\r\nAccept-Encoding: \xff\r\nIf-None-Match: \xff\r\nIf-Modified-Since: \xff\r\n", 200),
        (b"Host: x\r\nIf-None-Match: " + b'"a",' * 5000 + b"\r\n", 200),
        (b"Host: x\r\nX: a\x00b\r\n", 400),
        (b"Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Host: x\r\nContent-Length: many\r\n", 400),
    ],
)
def test_an_odd_head_gets_a_sensible_answer(server, head, status):
    answer = server.say(b"GET " + PATH + b" HTTP/1.1\r\n" + head + END)
    assert statuses(answer)[:1] == [status]


def test_an_old_client_is_answered_and_the_connection_closed(server):
    answer = server.say(b"GET " + PATH + b" HTTP/1.0\r\n\r\n")
    assert statuses(answer) == [200]
    assert b"\r\nconnection: close\r\n" in answer
    assert b"transfer-encoding" not in answer


def test_requests_sent_at_once_are_answered_in_their_order(server):
    answer = server.say(GET + b"\r\n" + GET.replace(b"tarn", b"none") + b"\r\n" + GET.replace(b"GET", b"HEAD") + END)
    assert statuses(answer) == [200, 404, 200]


def test_what_comes_before_a_request_that_is_none_is_answered_first(server):
    answer = server.say(GET + b"\r\n" + b"nonsense\r\n\r\n")
    assert statuses(answer)[0] == 200
    assert answer.split(b"\r\n\r\n", 1)[1].startswith(b"tarn.atom")


def test_a_client_that_says_no_more_gets_what_it_asked_for(server):
    with server.connect() as talk:
        talk.sendall(GET + b"\r\n" + GET + b"\r\n")
        talk.shutdown(socket.SHUT_WR)
        assert statuses(read_all(talk)) == [200, 200]


def test_a_thousand_requests_at_once_on_one_connection_are_too_many(server):
    answer = server.say((GET + b"\r\n") * 1000)
    assert 0 < len(statuses(answer)) < 100


def test_a_connection_serves_one_request_after_the_other(server):
    with httpx.Client(base_url=server.url) as client:
        assert {client.get(PATH.decode()).status_code for _ in range(20)} == {200}


def slow_clients(server: Running, count: int, begin: bytes = b"GET /") -> list[socket.socket]:
    talks = [server.connect() for _ in range(count)]
    for talk in talks:
        talk.sendall(begin)
    return talks


@pytest.mark.parametrize(
    "begin", [b"", b"G", b"GET / HTTP/1.1\r\nX: ", b"\r\n", GET + b"\r\n" + b"G", GET + b"Content-Length: 999\r\n\r\n"]
)
def test_a_head_that_trickles_in_is_not_waited_for(server, begin):
    """However the client keeps it going, with a byte now and then."""
    (talk,) = slow_clients(server, 1, begin)
    with talk:
        talk.settimeout(0.1)
        until = time.monotonic() + HEAD_SECONDS + 5
        came = b"?"
        while came and time.monotonic() < until:
            try:
                talk.sendall(b"\r\n" if begin == b"\r\n" else b"a")
                came = talk.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                came = b""
        assert came == b""


def test_a_head_that_was_begun_is_told_why_it_is_not_waited_for(server):
    (talk,) = slow_clients(server, 1)
    with talk:
        assert statuses(read_all(talk)) == [408]


def test_one_who_waits_too_long_with_a_second_request_is_let_go(server):
    with server.connect() as talk:
        talk.sendall(GET + b"\r\n")
        assert statuses(read_all(talk)) == [200]


def test_more_slow_clients_than_places_keep_nobody_out(server):
    talks = slow_clients(server, 500)
    try:
        with httpx.Client(base_url=server.url) as client:
            assert {client.get(PATH.decode()).status_code for _ in range(20)} == {200}
    finally:
        for talk in talks:
            talk.close()


@pytest.mark.slow
def test_five_thousand_clients_that_send_a_byte_a_second_keep_nobody_out(news, told_all):
    if Limits().connections < 6000:
        pytest.skip("this system lets a process have too few open files")
    with running(Site(news.engine, Press(BASE_URL)), Limits(connections=5500, head_seconds=6)) as server:
        talks = slow_clients(server, 5000)
        over = threading.Event()

        def trickle() -> None:
            while not over.wait(1):
                for talk in talks:
                    try:
                        talk.send(b"a", socket.MSG_DONTWAIT)
                    except OSError:
                        continue

        sender = threading.Thread(target=trickle)
        sender.start()
        try:
            began = time.monotonic()
            with httpx.Client(base_url=server.url, timeout=10) as client:
                while time.monotonic() - began < 8:
                    assert client.get(PATH.decode()).status_code == 200
                    time.sleep(0.05)
            closed = 0
            for talk in talks:
                talk.setblocking(False)
                try:
                    closed += len(talk.recv(65536)) >= 0
                except BlockingIOError:
                    continue
                except OSError:
                    closed += 1
            assert closed == 5000
        finally:
            over.set()
            sender.join()
            for talk in talks:
                talk.close()


def test_a_client_that_does_not_read_is_cut_and_keeps_nobody_out(news, told_all, monkeypatch):
    monkeypatch.setattr(told_all, "size", 12_000_000)  # more than the system takes in its place
    with running(Site(news.engine, Press(BASE_URL)), Limits(connections=50, head_seconds=0.3)) as server:
        talk = socket.socket()
        talk.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        talk.connect(("127.0.0.1", server.port))
        with talk:
            talk.sendall(GET + b"\r\n")
            time.sleep(2)
            talk.settimeout(5)
            came = 0
            try:
                while piece := talk.recv(1 << 20):
                    came += len(piece)
            except ConnectionResetError:
                came = 0
            assert came < 12_000_000
        assert httpx.get(server.url + "/feeds/northmarch.rss").status_code == 200


def test_two_hundred_who_ask_while_a_feed_is_built_get_one_build_whole(server, told_all, news):
    news.article("tarn")
    told_all.asked.clear()
    told_all.during = lambda: time.sleep(0.3)
    time.sleep(1.1)  # until the store is looked at again
    try:
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda _: server.say(GET + END), range(200)))
    finally:
        told_all.during = lambda: None
    assert told_all.asked == ["tarn.atom"]
    assert len({answer.split(b"\r\n\r\n", 1)[1] for answer in answers}) == 1
    assert all(
        int(answer.split(b"content-length: ")[1].split(b"\r\n")[0]) == len(answer.split(b"\r\n\r\n", 1)[1])
        for answer in answers
    )


def test_what_is_suppressed_is_gone_within_two_seconds(server, news):
    news.article("tarn", url="https://www.tarn.example/boat", title="A name that must go")
    time.sleep(1.1)
    assert "A name that must go" in httpx.get(server.url + PATH.decode()).text
    with writing(news.engine) as conn:
        suppress(conn, articles_at(conn, "https://www.tarn.example/boat"), why="asked for", who="me", now=FIRST)
    time.sleep(1.1)
    assert "A name that must go" not in httpx.get(server.url + PATH.decode()).text


def test_it_ends_though_clients_are_connected(news, told_all):
    """`running` fails when it does not; here the clients are never turned away for being slow."""
    with running(Site(news.engine, Press(BASE_URL)), Limits(head_seconds=1000)) as server:
        talks = slow_clients(server, 20)
        httpx.get(server.url + PATH.decode())
    for talk in talks:
        talk.close()
