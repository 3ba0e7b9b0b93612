"""What a site may do to us: each gives one issue, and the crawl goes on or ends with a verdict."""

from __future__ import annotations

import gzip
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from crawler.options import CrawlEvent, CrawlOptions
from crawler.run import crawl_sources
from storage.database import StoreError


def kinds(summary: Any) -> list[str]:
    return [issue.split(":")[0] for issue in summary.issues]


def answer(body: str | bytes = "", status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> Any:
    from types import SimpleNamespace

    defaults = {"cut": None, "wait": 0.0, "length": True}
    return SimpleNamespace(body=body, status=status, headers=headers or {}, **{**defaults, **more})


def test_redirect_to_another_host_is_an_issue_and_not_followed(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer("", 302, {"Location": "https://elsewhere.example/login"})
    summary = crawl()
    assert (summary.verdict, kinds(summary), summary.counts.new) == ("degraded", ["off site"], 2)


@pytest.mark.parametrize(
    "location", ["", "file:///etc/passwd", "http://127.0.0.1:1/", "//elsewhere.example/", "http://[::1"]
)
def test_odd_redirects_are_not_followed(site: Any, crawl: Any, location: str) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer("", 301, {"Location": location})
    assert kinds(crawl()) == ["off site"]


def test_redirect_loop_ends(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer("", 301, {"Location": "/loop/"})
    site.pages["/loop/"] = answer("", 301, {"Location": paths[0]})
    assert kinds(crawl()) == ["redirect"]
    assert len(site.asked) <= 2 + 2 + 3


def test_redirects_without_an_end_end(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer("", 302, {"Location": "/hop/1"})
    for hop in range(1, 50):
        site.pages[f"/hop/{hop}"] = answer("", 302, {"Location": f"/hop/{hop + 1}"})
    assert kinds(crawl()) == ["redirect"]
    assert len(site.asked) <= 2 + 2 + 7


@pytest.mark.parametrize("length", [True, False])
def test_page_of_200_megabytes_ends_early_in_bounded_memory(site: Any, crawl: Any, length: bool) -> None:
    paths = site.stories(3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    chunk = b"<p>" + b"x" * (2**20 - 3)

    class Endless:
        def __len__(self) -> int:
            return 200 * 2**20

    def serve(handler: Any, page: Any) -> None:
        if page.body != "200 MB":
            original(handler, page)
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        if length:
            handler.send_header("Content-Length", str(200 * 2**20))
        handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(chunk)
                site.sent = getattr(site, "sent", 0) + len(chunk)
        except OSError:
            pass
        handler.close_connection = True

    original, site._send = site._send, serve
    site.pages[paths[0]] = answer("200 MB")
    summary = crawl()
    assert (kinds(summary), summary.counts.new) == (["too large"], 2)
    assert getattr(site, "sent", 0) < 60 * 2**20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
    assert site.paths().count(paths[0]) == 1


def test_page_of_too_many_tags_is_not_read(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer(b"<table>" + b"<td>x" * 1_000_001)
    summary = crawl()
    assert (summary.verdict, kinds(summary), summary.counts.new) == ("degraded", ["too large"], 2)


def test_gzip_bomb_is_not_unpacked(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * 2**20) for _ in range(300)) + packer.flush()
    site.pages[paths[0]] = answer(bomb, headers={"Content-Encoding": "gzip"})
    assert kinds(crawl()) == ["too large"]


def test_page_in_gzip_is_read(site: Any, crawl: Any) -> None:
    paths = site.stories(1)
    html = b"<html><body><h1>Packed</h1><p>Text.</p></body></html>"
    site.pages[paths[0]] = answer(gzip.compress(html), headers={"Content-Encoding": "gzip"})
    assert crawl().verdict == "ok"


LONG = f"<html><body><h1>Packed</h1><p>{' '.join(map(str, range(3000)))}</p></body></html>".encode()


def packed(encoding: str, text: bytes = LONG) -> bytes:
    if encoding == "br":
        import brotli

        return bytes(brotli.compress(text))
    if encoding == "zstd":
        from crawler.compression import _zstd

        return bytes(_zstd().compress(text))
    return gzip.compress(text) if encoding == "gzip" else zlib.compress(text)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_packed_page_that_was_cut_is_never_an_edit(site: Any, crawl: Any, encoding: str) -> None:
    (path,) = site.stories(1)
    site.pages[path] = answer(packed(encoding), headers={"Content-Encoding": encoding})
    assert crawl().verdict == "ok"
    # The length is right: nothing but the stream itself tells.
    site.pages[path] = answer(packed(encoding)[:-900], headers={"Content-Encoding": encoding})
    summary = crawl()
    assert (kinds(summary), summary.counts.edited, summary.counts.failed) == (["cut short"], 0, 1)
    site.pages[path] = answer(packed(encoding), headers={"Content-Encoding": encoding})
    assert crawl().counts.unchanged == 1


def test_packed_page_without_its_checksum_is_read(site: Any, crawl: Any) -> None:
    (path,) = site.stories(1)
    site.pages[path] = answer(packed("gzip")[:-8], headers={"Content-Encoding": "gzip"})
    assert crawl().verdict == "ok"


def test_page_packed_many_times_is_not_unpacked(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    body = LONG
    for _ in range(4):
        body = gzip.compress(body)
    site.pages[paths[0]] = answer(body, headers={"Content-Encoding": "gzip, gzip, gzip, gzip"})
    summary = crawl()
    assert (summary.verdict, kinds(summary), summary.counts.new) == ("degraded", ["unreadable"], 2)


def test_nonsense_in_place_of_gzip_is_an_issue(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer(b"\x00\x01nonsense", headers={"Content-Encoding": "gzip"})
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("degraded", 2)


@pytest.mark.parametrize("length", [True, False])
def test_page_cut_short_is_tried_again_and_never_stored(site: Any, crawl: Any, length: bool) -> None:
    paths = site.stories(3)
    html = "<html><head></head><body><h1>A story</h1><p>" + "Long. " * 500 + "</p></body></html>"
    site.pages[paths[0]] = answer(html, cut=900, length=length)
    summary = crawl()
    assert (summary.verdict, kinds(summary), summary.counts.new) == ("degraded", ["cut short"], 2)
    assert site.paths().count(paths[0]) == 3


def test_slow_page_is_given_up(site: Any, crawl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.settings.DOWNLOAD_TIMEOUT", 0.3)
    paths = site.stories(3)
    site.pages[paths[0]] = answer("late", wait=1.0)
    summary = crawl()
    assert (summary.verdict, kinds(summary), summary.counts.new) == ("degraded", ["timeout"], 2)


def test_picture_in_place_of_a_page_is_rejected(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = answer(b"\xff\xd8\xff\xe0" + bytes(500), headers={"Content-Type": "image/jpeg"})
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("ok", 2)


def test_source_on_this_machine_needs_permission(site: Any, crawl: Any) -> None:
    site.stories(1)
    summary = crawl(allow_loopback=False)
    assert summary.verdict == "failed"
    assert "--allow-loopback" in summary.reason
    assert site.asked == []


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f.1", "0177.0.0.1", "0"])
def test_live_source_whose_name_leads_to_this_machine_is_refused(
    site: Any, make_entry: Any, database: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.entries.source.is_loopback", lambda host: False)
    monkeypatch.setattr("crawler.urls.is_loopback", lambda host: True)
    port = site.host.split(":")[1]
    host = f"{name}:{port}"
    live = make_entry(hosts=[host], listing=[{"kind": "rss", "url": f"https://{host}/"}])
    live = live.model_copy(update={"listing": (live.listing[0].model_copy(update={"url": f"http://{host}/news/"}),)})
    options = CrawlOptions(database_url=database, contact="desk@fenwold.example", allow_loopback=True)
    (summary,) = crawl_sources([live], options)
    assert summary.verdict == "failed"
    assert "not a public address" in summary.reason or "not a canonical IPv4 address" in summary.reason
    assert site.asked == []


def test_full_disk_ends_the_crawl_with_one_line_and_keeps_what_is_committed(
    site: Any, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.stories(60)
    import crawler.batch

    real, calls = crawler.batch.save_articles, []

    def full(*args: Any, **more: Any) -> Any:
        calls.append(args)
        if len(calls) > 1:
            raise StoreError("store.db: the disk is full; make room and run the crawl again")
        return real(*args, **more)

    monkeypatch.setattr("crawler.batch.save_articles", full)
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("failed", 20)
    assert "disk is full" in summary.reason
    assert len(site.asked) < 60
    monkeypatch.setattr("crawler.batch.save_articles", real)
    assert crawl().counts.new == 40


def test_fault_in_the_store_is_never_silent(site: Any, crawl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.stories(3)

    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("crawler.batch.save_articles", broken)
    summary = crawl()
    assert summary.verdict == "failed"
    assert "a fault of ours" in summary.reason


_PROGRAM = """
import sys
from crawler.entries import load_entries
from crawler.run import CrawlOptions, crawl_sources
from pathlib import Path
entries = [e for e in load_entries(Path(sys.argv[1])).values() if e.loopback]
options = CrawlOptions(database_url=sys.argv[2], allow_loopback=True, delay=float(sys.argv[3]), processes=int(sys.argv[4]))
for summary in crawl_sources(entries, options):
    print(summary.verdict, summary.reason, summary.counts.new, flush=True)
"""


class Program:
    """A crawl in a process of its own."""

    def __init__(self, folder: Path, database: str, delay: float = 0.0, processes: int = 1) -> None:
        self.args = [sys.executable, "-c", _PROGRAM, str(folder), database, str(delay), str(processes)]
        self.process: subprocess.Popen[str]

    def __enter__(self) -> subprocess.Popen[str]:
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(self.args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root)
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def sources(site: Any, tmp_path: Path) -> Path:
    """A folder with entries for the site's real reader: the tiny one lives in this process alone."""
    folder = tmp_path / "sources"
    folder.mkdir()
    port = site.host.split(":")[1]
    for number, address in enumerate(["127.0.0.1", "localhost"]):
        (folder / f"fenwold-{number}.toml").write_text(
            f"""name = "Fenwold Constabulary"
force = "Fenwold Constabulary"
area = "Fenwold"
reader = "generic"
hosts = ["{address}:{port}"]
listing = [{{ kind = "rss", url = "http://{address}:{port}/feed/{number}" }}]
interval = "15m"
[assertions.min]
links = 1
[assertions.fill]
"""
        )
    return folder


def put_up(site: Any, number: int) -> None:
    """A feed of so many stories for either name of the machine, each told long enough for a reader to take it for one."""
    port = site.host.split(":")[1]
    for place, address in enumerate(["127.0.0.1", "localhost"]):
        items = "".join(
            f"<item><title>Story {n}</title><link>http://{address}:{port}/news/story-{n}/</link></item>"
            for n in range(number)
        )
        site.pages[f"/feed/{place}"] = answer(
            f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>",
            headers={"Content-Type": "application/rss+xml"},
        )
    text = "".join(f"<p>Officers in Fenwold are appealing for witnesses to the theft, part {n}.</p>" for n in range(8))
    for n in range(number):
        site.pages[f"/news/story-{n}/"] = answer(
            f"<html><head><title>Story {n}</title></head><body><main><article><h1>Van {n} stolen in Fenwold</h1>"
            f"<time datetime='2026-11-20T10:00:00Z'>20 November 2026</time>{text}</article></main></body></html>"
        )


def counted(database: str, query: str) -> int:
    connection = sqlite3.connect(database.removeprefix("sqlite:///"))
    try:
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def wait_for_pages(site: Any, number: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 20
    while len(site.asked) < number and time.monotonic() < until and process.poll() is None:
        time.sleep(0.02)


def test_crawl_killed_in_the_middle_loses_and_doubles_nothing(site: Any, sources: Path, database: str) -> None:
    put_up(site, 80)
    (sources / "fenwold-1.toml").unlink()
    for _ in range(2):
        with Program(sources, database, delay=0.02) as process:
            seen = len(site.asked)
            wait_for_pages(site, seen + 30, process)
            process.kill()
    with Program(sources, database) as process:
        out, err = process.communicate(timeout=60)
    assert out.startswith("ok None"), out + err
    assert counted(database, "select count(*) from article") == 80
    assert counted(database, "select count(*) from version") == 80
    assert counted(database, "select count(*) from change where change = 'new'") == 80
    assert counted(database, "select count(*) from crawl where reason = 'interrupted'") == 2


# Both signals take one way; either is sent to a pass in one process and to one in several.
@pytest.mark.parametrize(("processes", "number"), [(1, signal.SIGINT), (2, signal.SIGTERM)])
def test_signal_ends_a_crawl_with_what_it_has(
    site: Any, sources: Path, database: str, processes: int, number: signal.Signals
) -> None:
    put_up(site, 40)
    with Program(sources, database, delay=0.2, processes=processes) as process:
        wait_for_pages(site, 20, process)
        seen = len(site.asked)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert len(site.asked) < seen + 25, "what is asked for after the signal"
    assert "stopped before its end" in out, out + err
    assert "Traceback" not in err
    stored = counted(database, "select count(*) from article")
    assert 5 <= stored < 80
    assert counted(database, "select count(*) from crawl where verdict is null") == 0
    with Program(sources, database, processes=processes) as process:
        out, err = process.communicate(timeout=60)
    assert out.count("ok None") == 2, out + err
    assert counted(database, "select count(*) from article") == 80


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_while_a_crawl_begins_ends_it_too(
    site: Any, make_entry: Any, database: str, number: signal.Signals
) -> None:
    site.stories(5)

    def interrupt(event: CrawlEvent) -> None:
        if event.what == "start":
            signal.raise_signal(number)

    def hangs(*_: Any) -> None:
        raise TimeoutError("the crawl does not end")

    options = CrawlOptions(database_url=database, allow_loopback=True, delay=0.0)
    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(20)
    try:
        (summary,) = crawl_sources([make_entry()], options, interrupt)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert summary.verdict != "ok"
    assert summary.counts.new < 5


def test_second_signal_ends_the_process_at_once(site: Any, sources: Path, database: str) -> None:
    put_up(site, 10)
    ended = threading.Event()

    def late(_: Any) -> Any:
        ended.wait(60)
        return answer("late")

    for path in list(site.pages):
        if path.startswith("/news/"):
            site.pages[path] = late
    try:
        with Program(sources, database) as process:
            wait_for_pages(site, 3, process)
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)  # no page answers before it has ended
    finally:
        ended.set()


def test_children_end_with_a_parent_that_is_killed(site: Any, sources: Path, database: str) -> None:
    put_up(site, 80)
    with Program(sources, database, delay=0.1, processes=2) as process:
        wait_for_pages(site, 12, process)
        process.kill()
        process.wait()
        time.sleep(1.5)
        seen = len(site.asked)
        time.sleep(0.7)
    assert len(site.asked) == seen
