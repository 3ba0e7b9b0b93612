"""What is logged: each line parses, none holds an article's words or a secret, none is broken or endless."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from forcewire.demo.events import Edit
from forcewire.demo.faults import wall
from forcewire.demo.newsroom import Newsroom
from forcewire.logged_crawls import crawl_fields
from forcewire.logs import _QUIET, set_up, set_up_as
from forcewire.settings.model import Settings
from forcewire.tamed import plain

SECRET = "hunter2-and-more"
HOSTILE = "Zorblax\nquux\r\x1b[31m\x00 \u2028 {\"event\": 'forged'} %s https://me:hunter2-and-more@x.example/"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in _QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def logged(*, secrets: tuple[str, ...] = (), format: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    set_up(format, level, stream, secrets=secrets)
    return stream


def rows(stream: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("format", ["json", "console"])
def test_hostile_text_breaks_no_line_and_forges_none(format: str) -> None:
    stream = logged(format=format)
    structlog.stdlib.get_logger("a").info(HOSTILE, title=HOSTILE, **{"odd\nname": [HOSTILE, {"x": HOSTILE}]})
    logging.getLogger("b").warning("said: %s", HOSTILE)
    text = stream.getvalue()
    assert text.count("\n") == 2
    assert not set(text) & set("\r\x1b\x00\u2028")
    assert SECRET not in text
    if format == "json":
        assert [row["level"] for row in rows(stream)] == ["info", "warning"]


def test_what_is_endless_is_cut() -> None:
    stream = logged()
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    fields = {f"field{n}": "y" * 100_000 for n in range(1000)}
    structlog.stdlib.get_logger("a").info("z" * 1_000_000, deep=deep, many=["w" * 1000] * 1000, **fields)
    [line] = stream.getvalue().splitlines()
    assert len(line) < 40_000
    assert json.loads(line)["event"].endswith("z…")


def test_items_and_pages_are_never_dumped() -> None:
    class Item:
        def __repr__(self) -> str:
            return "Missing girl, 14"

    stream = logged()
    logging.getLogger("scrapy.core").error(
        "odd", extra={"item": Item(), "response": Item(), "url": "https://a.example/"}
    )
    structlog.stdlib.get_logger("a").info("crawl", item=Item(), items=[Item()], by={"x": Item()})
    assert "Missing" not in stream.getvalue()
    assert rows(stream)[0]["url"] == "https://a.example/"
    assert rows(stream)[1]["item"] == "<Item>"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql+psycopg://me:{SECRET}@db.example/news",
        f"smtp://me:p@:{SECRET}@mail.example",
        f"https://{SECRET}@x.example/",
        f"GET https://x.example/a?b=1&token={SECRET}&c=2",
        f"https://x.example/?api_key={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"password={SECRET} in a sentence with password: {SECRET}",
        f"posted to https://hooks.example/T0/{SECRET}/x",
    ],
)
def test_secrets_are_masked_wherever_they_stand(text: str) -> None:
    settings = Settings(alert_webhook=f"https://hooks.example/T0/{SECRET}/x", smtp=f"smtp://me:{SECRET}@mail.example")
    stream = io.StringIO()
    set_up_as(settings)
    logging.getLogger().handlers[0].setStream(stream)  # type: ignore[attr-defined]
    log = logging.getLogger("a")
    log.warning("%s", f"x {text}")
    structlog.stdlib.get_logger("a").warning("x", url=text, deep=[{"a": text}])
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("failed")
    assert len(stream.getvalue().splitlines()) == 3
    assert SECRET not in stream.getvalue()
    assert "***" in stream.getvalue()


def test_an_error_is_told_in_fields_without_what_it_quotes_and_without_values() -> None:
    stream = logged()
    body = "Missing girl, 14, isn't found"
    try:
        int(body)
    except ValueError:
        logging.getLogger("a").exception("a page could not be read")
    [row] = rows(stream)
    [told] = row["exception"]
    assert told["exc_type"] == "ValueError"
    assert told["exc_value"].startswith("invalid literal for int()")
    assert told["frames"][-1]["filename"] == __file__
    assert "Missing" not in stream.getvalue()


@pytest.mark.parametrize("words", ["so it is", "isn't it", 'the "one"', "it's 'x' and \"y\"", "ends with \\", "a\nb"])
@pytest.mark.parametrize("tail", ["", " at https://a.example/", " and the site's bad day"])
def test_what_a_reason_quotes_is_left_out(words: str, tail: str) -> None:
    told = plain(f"no date in {words!r}{tail}")
    assert told == f"no date in ‘…’{tail}"


def test_a_record_that_cannot_be_said_is_one_line_without_what_it_was_about() -> None:
    stream = logged()
    logging.getLogger("a").warning("%s %d", "Missing girl")
    [row] = rows(stream)
    assert row == {"event": "a line could not be logged", "level": "error", "logger": "a"}


def test_levels_and_the_chatter_of_libraries() -> None:
    stream = logged()
    for name in ("scrapy.x", "apscheduler.y", "uvicorn.error", "forcewire.service"):
        logging.getLogger(name).info("so")
        logging.getLogger(name).debug("so")
    assert [row["logger"] for row in rows(stream)] == ["forcewire.service"]
    stream = logged(level="debug")
    logging.getLogger("scrapy.x").info("so")
    assert len(rows(stream)) == 1
    stream = logged(level="error")
    logging.getLogger("forcewire.service").warning("so")
    assert rows(stream) == []


def test_auto_is_json_where_there_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    set_up("auto", "info")
    logging.getLogger("a").warning("so")
    assert json.loads(capfd.readouterr().err)["event"] == "so"


def test_the_journal_gets_a_priority_before_each_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "log").open("w+") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        set_up("json", "debug", stream)
        for level in (logging.ERROR, logging.WARNING, 25, logging.INFO, logging.DEBUG):
            logging.getLogger("a").log(level, "so")
        stream.seek(0)
        assert [line[:3] for line in stream] == ["<3>", "<4>", "<6>", "<6>", "<7>"]
        monkeypatch.setenv("JOURNAL_STREAM", "0:0")
        set_up("json", "info", stream)
        logging.getLogger("a").error("so")
    assert (tmp_path / "log").read_text().splitlines()[-1].startswith("{")


def test_crawls_of_a_hostile_site_log_a_line_each_and_no_word_of_a_story(tmp_path: Path, forcewire: Any) -> None:
    with Newsroom() as room:
        room.write_entries(tmp_path / "sources")
        stories = room.articles("wexmoor")
        fields = {
            "title": HOSTILE,
            "body_html": f"<p>Frobnicate {HOSTILE}</p>" * 9,
            "date_string": f"on {HOSTILE} 'day",
        }
        for story in stories[:3]:
            room.play(Edit(site="wexmoor", path=story.path, fields=fields))
        room.fault("marrowdale", wall())
        words = [
            "--sources",
            tmp_path / "sources",
            "--allow-loopback",
            "--delay",
            0,
            "--database",
            tmp_path / "news.db",
        ]
        ran = forcewire("crawl", "wexmoor", "marrowdale", *words, "--verbose", "--json")
        told = [json.loads(line) for line in ran.err.splitlines()]
        crawls = {row["source"]: row for row in told if row["event"] == "crawl"}
        assert {source: row["verdict"] for source, row in crawls.items()} == {"wexmoor": "ok", "marrowdale": "failed"}
        for source, summary in ((row["source"], row) for row in ran.json):
            for name in ("verdict", "trouble", "links", "new", "failed", "requests", "bytes"):
                assert crawls[source][name] == summary[name], (source, name)
        for word in ("Zorblax", "quux", "Frobnicate", "forged", SECRET, *(story.title for story in stories)):
            assert word not in ran.err, word


def test_the_reason_of_a_crawl_is_told_without_a_page_s_words() -> None:
    from crawler.options import CrawlSummary
    from storage.crawls import Counts

    summary = CrawlSummary(
        source="a", verdict="failed", reason=f"ValueError: {HOSTILE!r}", counts=Counts(links=3), seconds=1.26
    )
    told = crawl_fields(summary)
    assert (told["reason"], told["links"], told["seconds"]) == ("ValueError: ‘…’", 3, 1.3)
