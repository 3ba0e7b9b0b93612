"""`forcewire doctor`: each thing that is wrong is found, and what is well is not complained of."""

from __future__ import annotations

import http.server
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.entries import SourceEntry
from forcewire.doctor.network_checks import look_at
from forcewire.doctor.store_checks import file_system
from storage.database import open_store, writing
from storage.kept_pages import packed
from storage.tables import CRAWL, ISSUE, KEPT_PAGE, SCHEDULE
from tests.forcewire.conftest import save


@pytest.fixture
def doctor(forcewire, store, tmp_path, monkeypatch):
    """Findings that are not ok, by check and level, and the exit code."""
    (tmp_path / "sources").mkdir()
    monkeypatch.setenv("FORCEWIRE_CONTACT", "desk@example.org")
    monkeypatch.setenv("FORCEWIRE_BASE_URL", "https://news.example.org")
    monkeypatch.setenv("FORCEWIRE_TAGGING_ENTITY", "example.org,2026")

    def run(*words):
        ran = forcewire("doctor", "--database", store, "--sources", tmp_path / "sources", "--json", *words)
        assert {each["level"] for each in ran.json} <= {"ok", "not checked", "warning", "problem"}
        assert all(each["do"] for each in ran.json if each["level"] in ("warning", "problem"))
        return ran.code, [each for each in ran.json if each["level"] in ("warning", "problem")]

    return run


def told(found, check, what):
    return [each for each in found if each["check"] == check and what in each["what"]]


def test_a_store_that_is_well_has_no_problem(doctor):
    code, found = doctor()
    assert code == 0
    assert {each["level"] for each in found} == {"warning"}
    assert not told(found, "store", "") or all("free" in each["what"] for each in told(found, "store", ""))


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("FORCEWIRE_CONTACT", "", "no contact is set"),
        ("FORCEWIRE_BASE_URL", "news.example.org", "is no web address"),
        ("FORCEWIRE_TAGGING_ENTITY", "example", "is no tagging entity"),
        ("FORCEWIRE_CONTCAT", "x", "FORCEWIRE_CONTCAT is set, but nothing reads it"),
    ],
)
def test_each_bad_setting_is_a_problem(doctor, monkeypatch, name, value, what):
    monkeypatch.setenv(name, value)
    code, found = doctor()
    assert code == 1
    assert told(found, "settings", what)[0]["level"] == "problem"


def test_a_missing_tagging_entity_is_a_warning(doctor, monkeypatch):
    monkeypatch.delenv("FORCEWIRE_TAGGING_ENTITY")
    code, found = doctor()
    assert (code, told(found, "settings", "no tagging entity")[0]["level"]) == (0, "warning")


def test_a_full_disk_and_a_store_that_is_not_there_are_problems(doctor, store, monkeypatch):
    monkeypatch.setenv("FORCEWIRE_DISK_FREE", "900000GB")
    code, found = doctor()
    assert (code, told(found, "store", "are free on its disk")[0]["level"]) == (1, "problem")
    store.unlink()
    code, found = doctor()
    assert code == 1
    assert told(found, "store", "does not exist")


def test_a_damaged_store_is_a_problem_and_the_rest_is_looked_at(doctor, store):
    data = bytearray(store.read_bytes())
    data[4096 * 20 : 4096 * 24] = b"\x5a" * 4096 * 4
    store.write_bytes(data)
    code, found = doctor()
    assert code == 1
    assert told(found, "store", "damaged")
    assert told(found, "backups", "there is none")


def test_a_clock_that_is_behind_the_newest_crawl_is_a_problem(doctor, store):
    save(f"sqlite:///{store}", "tarn", [], datetime.now(UTC) + timedelta(hours=5))
    code, found = doctor()
    assert (code, told(found, "clock", "dated 5 hours ahead") != []) == (1, True) or told(
        found, "clock", "dated 4 hours ahead"
    )


def test_overdue_sources_and_claims_of_the_dead_are_told(doctor, store):
    engine = open_store(f"sqlite:///{store}")
    now = datetime.now(UTC)
    with writing(engine) as conn:
        row = {
            "source_id": "tarn",
            "site": "tarn",
            "interval_seconds": 900,
            "armed_at": now,
            "next_due_at": now - timedelta(hours=9),
        }
        conn.execute(SCHEDULE.insert(), row)
        import socket

        row |= {
            "source_id": "wexmoor",
            "site": "w",
            "claimed_at": now,
            "claimed_pid": 4194305,
            "claimed_began": "1",
            "claimed_host": socket.gethostname(),
        }
        conn.execute(SCHEDULE.insert(), row | {"claimed_until": now + timedelta(minutes=5)})
    engine.dispose()
    code, found = doctor()
    assert code == 1
    assert told(found, "schedule", "are overdue, the first for 9 hours")
    assert told(found, "schedule", "process 4194305")[0]["where"] == "wexmoor"


def test_a_damaged_backup_and_an_old_one_are_told(doctor, forcewire, store, tmp_path):
    forcewire("db", "backup", "--database", store)
    assert not told(doctor()[1], "backups", "")
    [path] = (tmp_path / "backups").iterdir()
    old = path.rename(path.with_name("news-20200101T000000Z.db"))
    assert told(doctor()[1], "backups", "weeks old")
    with old.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\x5a" * 8192)
    code, found = doctor()
    assert (code, told(found, "backups", "the newest is damaged")[0]["level"]) == (1, "problem")


@pytest.mark.slow
def test_feed_files_are_read(doctor, forcewire, store, tmp_path, monkeypatch):
    out = tmp_path / "public"
    monkeypatch.setenv("FORCEWIRE_PUBLISH_DIR", str(out))
    assert told(doctor()[1], "feeds", "no feed is there")
    forcewire("publish", "--database", store, "--out", out)
    assert not told(doctor()[1], "feeds", "")
    monkeypatch.setenv("FORCEWIRE_BASE_URL", "https://other.example.org")
    assert told(doctor()[1], "feeds", "they name themselves by https://news.example.org")
    (out / "feeds" / "wexmoor.rss").write_text("<rss>")
    assert told(doctor()[1], "feeds", "it cannot be parsed")[0]["where"].endswith("wexmoor.rss")


def test_one_source_shows_the_good_and_the_failing_crawl_and_its_page(forcewire, store):
    engine = open_store(f"sqlite:///{store}")
    later = datetime.now(UTC) - timedelta(hours=1)
    url = "https://www.tarn.example/news/9"
    with writing(engine) as conn:
        good = conn.execute(sa.select(CRAWL).where(CRAWL.c.source_id == "tarn")).one()._asdict()
        for n in range(3):
            bad = good | {
                "id": 50 + n,
                "verdict": "failed",
                "trouble": "page changed",
                "reason": "no headline",
                "links": 1,
                "reader_version": 2,
            }
            conn.execute(
                CRAWL.insert(), bad | dict.fromkeys(("started_at", "finished_at"), later + n * timedelta(minutes=5))
            )
        conn.execute(
            ISSUE.insert(),
            {
                "source_id": "tarn",
                "crawl_id": 50,
                "at": later,
                "kind": "page changed",
                "url": url,
                "message": "no h1.headline",
            },
        )
        page = {
            "source_id": "tarn",
            "url": url,
            "served_url": url,
            "fetched_at": later,
            "status": 200,
            "error": "no h1.headline",
        }
        conn.execute(KEPT_PAGE.insert(), page | {"id": 7, "body": packed(b"<h2>Appeal</h2>")})
    engine.dispose()
    ran = forcewire("doctor", "tarn", "--database", store)
    assert ran.code == 1
    assert ran.out.startswith("tarn is broken since ")
    assert f"noticed: page changed: no h1.headline ({url})" in ran.out
    assert "changed: the reader: generic 1, then generic 2" in ran.out
    assert f"--page 7 > page.html, then: forcewire read page.html --url '{url}'" in ran.out
    assert forcewire("doctor", "tarn", "--page", "7", "--database", store).out == "<h2>Appeal</h2>"
    plain = forcewire("doctor", "tarn", "--json", "--database", store).json
    assert (plain["good"]["verdict"], plain["bad"]["trouble"], plain["last"]["links"]) == ("ok", "page changed", 1)
    assert "no page 8 of tarn" in forcewire("doctor", "tarn", "--page", "8", "--database", store).err
    assert "has no source 'tar'" in forcewire("doctor", "tar", "--database", store).err


def entry(port: int) -> SourceEntry:
    return SourceEntry(
        id="here", name="Here", force="Here", area="Here", reader="generic", hosts=(f"127.0.0.1:{port}",), interval="1h",
        listing=[{"kind": "html", "url": f"http://127.0.0.1:{port}/news"}], assertions={"min": {"links": 1}, "fill": {}},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "check", "level", "what"),
    [
        (200, b"User-agent: *\nAllow: /\n", "robots", "ok", "allows the listing"),
        (200, b"User-agent: *\nDisallow: /news\n", "robots", "problem", "does not allow the listing"),
        (404, b"", "robots", "ok", "has no robots.txt"),
        (503, b"", "robots", "problem", "HTTP 503"),
        (302, b"", "robots", "warning", "leads elsewhere"),
    ],
)
def test_robots_of_a_source_are_read(status, body, check, level, what):
    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        found = look_at(entry(server.server_port), "desk@example.org")
    assert (found.check, found.level, what in found.what) == (check, level, True), found


def test_a_site_that_does_not_answer_is_a_problem_and_one_that_waits_is_not_asked():
    assert look_at(entry(9), None).level == "problem"
    assert look_at(entry(9), None, {"http://127.0.0.1:9"}).level == "not checked"


def test_network_file_systems_are_told_by_the_mounts(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nnas:/x {tmp_path} nfs4 rw 0 0\n")
    assert file_system(tmp_path / "news.db", mounts) == "nfs4"
    assert file_system(Path("/etc/x"), mounts) == "ext4"
