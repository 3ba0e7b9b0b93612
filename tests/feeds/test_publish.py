import fcntl
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feeds import files
from feeds.names import KINDS
from feeds.publishing import PublishError, publish
from storage.database import open_store

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
PUBLISH = """
import sys
from pathlib import Path
from feeds.publishing import publish
from storage.database import open_store
publish(open_store(sys.argv[1]), Path(sys.argv[2]), base_url="https://news.example.org")
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _news(store: Any) -> None:
    store.source("Northmarch")
    store.source("Sedge and Tarn")
    store.article("northmarch", image_url="https://i.example/a.jpg")
    store.article("sedge-and-tarn")


def test_publish_writes_each_document_in_three_formats_and_says_which(published: Any) -> None:
    made = published()
    written = {path.relative_to(made.folder.parent).as_posix() for path in made.report.written}
    below = ["", "/changes", "/open", *(f"/{kind}" for kind in KINDS)]
    periods = {"all": "2024-05-01", "northmarch": "2024-05", "sedge-and-tarn": "2024-05"}
    stems = [f"{area}{what}" for area, period in periods.items() for what in (*below, f"/archive/{period}")]
    expected = {"feeds.opml", *(f"feeds/{stem}.{ending}" for stem in stems for ending in ("atom", "json", "rss"))}
    assert written == expected
    assert {f"feeds/{name}" for name in made.files()} == expected - {"feeds.opml"}
    assert (made.report.unchanged, made.report.vanished, made.report.problems) == (0, [], [])


def test_publish_again_touches_no_file(published: Any) -> None:
    before = published(now=NOW).files()
    made = published(now=NOW + timedelta(days=1))
    assert made.files() == before
    assert (made.report.written, made.report.unchanged) == (
        [],
        len(before) + 1,
    )  # the list of all lies beside the folder


def test_publish_after_an_article_writes_only_the_feeds_it_is_in(store: Any, published: Any) -> None:
    before = published(now=NOW).files()
    store.article("northmarch")
    made = published(now=NOW + timedelta(hours=1))
    stems = [f"{area}{what}" for area in ("all", "northmarch") for what in ("", "/appeal", "/open")]
    stems += ["all/archive/2024-05-01", "northmarch/archive/2024-05"]
    written = {f"{stem}.{ending}" for stem in stems for ending in ("atom", "json", "rss")}
    assert {path.relative_to(made.folder).as_posix() for path in made.report.written} == written
    changed = {name for name, state in made.files().items() if state != before[name]}
    assert changed == written


def test_publish_gives_the_same_bytes_in_any_process_zone_and_locale(
    store: Any, published: Any, tmp_path: Path
) -> None:
    ours = {name: state[0] for name, state in published().files().items()}
    for seed, zone, locale in (("1", "Pacific/Auckland", "C"), ("77", "America/New_York", "C.UTF-8")):
        out = tmp_path / f"out{seed}"
        environ = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", PUBLISH, store.url, str(out)], env=environ, check=True, timeout=60)
        found = [path for path in (out / "feeds").rglob("[!.]*") if path.is_file()]
        assert {path.relative_to(out / "feeds").as_posix(): path.read_bytes() for path in found} == ours


def test_base_url_changes_links_of_the_feed_and_no_entry(published: Any) -> None:
    def entries(data: bytes) -> list[bytes]:
        root = etree.fromstring(data)
        return [etree.tostring(entry) for entry in root.iter("item", "{http://www.w3.org/2005/Atom}entry")]

    before = published().files()
    after = published(base_url="http://127.0.0.1:8000/press/").files()
    for name in before:
        if name.endswith(".json"):
            ids = [json.loads(data)["items"] for data in (before[name][0], after[name][0])]
            assert ids[0] == ids[1]
            continue
        assert b"http://127.0.0.1:8000/press/feeds/" + name.encode() in after[name][0]
        assert entries(after[name][0]) == entries(before[name][0])


def test_tagging_entity_is_the_authority_of_every_id(published: Any) -> None:
    made = published(tagging_entity="news.example.org,2026")
    assert b"tag:forcewire" not in made.data("all.atom") + made.data("all.rss")
    assert all(entry.id.startswith("tag:news.example.org,2026:article/") for entry in made.read("all.rss").entries)


def test_time_of_a_changed_file_rises_by_a_second_at_least(store: Any, published: Any) -> None:
    # newsboat drops new bytes whose Last-Modified did not rise, also when the clock was set back meanwhile.
    for now, expected in (
        (NOW, NOW),
        (NOW, NOW + timedelta(seconds=1)),
        (NOW - timedelta(days=1), NOW + timedelta(seconds=2)),
    ):
        made = published(now=now)
        assert (made.folder / "all.rss").stat().st_mtime == expected.timestamp()
        store.article("northmarch")


def test_feed_of_a_vanished_area_is_told_and_left(store: Any, published: Any) -> None:
    published()
    store.source("Sedge Tarn", id="sedge-and-tarn")
    made = published()
    stems = ["sedge-and-tarn", *(f"sedge-and-tarn/{what}" for what in ("changes", "open", *KINDS))]
    vanished = sorted(f"{stem}.{ending}" for stem in stems for ending in ("atom", "json", "rss"))
    assert sorted(path.relative_to(made.folder).as_posix() for path in made.report.vanished) == vanished
    assert all(path.is_file() for path in made.report.vanished)
    assert not list(made.folder.glob("sedge-and-tarn/archive/*"))
    assert published().report.vanished == made.report.vanished, "it is told for as long as they are there"


def test_publish_leaves_other_files_alone_and_sweeps_what_a_killed_run_left(published: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "feeds"
    folder.mkdir(parents=True)
    left = (folder / ".all.rss.0a1b2c3d.new", folder / "gone" / "archive" / ".2024-05.atom.11111111.new")
    for path in (folder / "index.html", folder / ".somebodys.new", *left):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    published(now=NOW)
    assert not any(path.exists() for path in left), "it may tell of what is withheld by now"
    left[1].write_text("x")
    published(now=NOW)
    assert not left[1].exists(), "also where nothing is new"
    others = {path.name for path in folder.iterdir() if path.is_file()}
    kept = {"index.html", ".somebodys.new", ".published.json"}
    assert {name for name in others if not name.startswith(("all.", "northmarch.", "sedge-and-tarn."))} == kept


def test_one_run_at_a_time_writes_a_folder(published: Any, tmp_path: Path) -> None:
    """An older state would come after a newer one, with what is withheld by now."""
    tried = []

    def passing(names: Any) -> Any:
        handle = os.open(tmp_path / "out" / "feeds", os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tried.append("had to wait")
        finally:
            os.close(handle)
        return names

    published(passing=passing)
    assert tried == ["had to wait"]
    handle = os.open(tmp_path / "out" / "feeds", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)


def test_feed_files_can_be_read_by_a_web_server(published: Any) -> None:
    umask = os.umask(0o022)
    try:
        assert (published().folder / "all.rss").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(umask)


def test_full_disk_is_one_line_and_leaves_every_old_file(store: Any, published: Any, tmp_path: Path) -> None:
    made = published()
    before = made.files()
    for _ in range(50):
        store.article("northmarch")
    # A limit on the size of files fails a write half-way, as a full disk does, and needs no disk of its own.
    limited = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + PUBLISH.replace(
        "publish(open_store(sys.argv[1])",
        "engine = open_store(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\npublish(engine",
    )
    run = subprocess.run(
        [sys.executable, "-c", limited, store.url, str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    message = run.stderr.strip().splitlines()[-1]
    assert message.startswith("feeds.files.PublishError: cannot write feeds: ")
    assert message.endswith("File too large")
    assert made.files() == before


def test_folder_that_cannot_be_made_is_one_line(store: Any, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PublishError, match=r"^cannot write feeds: .*/out: File exists$"):
        publish(store.engine, tmp_path / "out", base_url="https://news.example.org")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_is_one_line(store: Any, published: Any) -> None:
    folder = published().folder
    store.article("northmarch")
    folder.chmod(0o555)
    try:
        with pytest.raises(PublishError, match=r"Permission denied$"):
            published()
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("data", [b"", b"<rss>", b"<html/>", b"<rss><channel><item/></channel></rss>"])
def test_file_that_is_read_back_as_no_feed_never_takes_its_place(tmp_path: Path, data: bytes) -> None:
    good = b"<rss><channel><item><guid>a</guid></item></channel></rss>"
    files.write_files(tmp_path, {"all.rss": good}.items(), NOW)
    with pytest.raises(PublishError, match=r"^cannot publish all\.rss: what was written is no"):
        files.write_files(tmp_path, {"all.rss": data}.items(), NOW)
    assert [path.name for path in tmp_path.glob("*.rss*")] == ["all.rss"]
    assert (tmp_path / "all.rss").read_bytes() == good


def test_one_bad_feed_keeps_all_old_files(tmp_path: Path) -> None:
    good = b"<rss><channel><item><guid>a</guid></item></channel></rss>"
    with pytest.raises(PublishError):
        files.write_files(tmp_path / "feeds", {"all.rss": good, "northmarch.rss": b"<rss>"}.items(), NOW)
    assert list((tmp_path / "feeds").iterdir()) == []


@pytest.mark.parametrize("base_url", ["", "news.example.org", "ftp://news.example.org", "https://"])
def test_base_url_that_is_no_address_is_refused(store: Any, tmp_path: Path, base_url: str) -> None:
    with pytest.raises(PublishError, match="is no http address"):
        publish(store.engine, tmp_path, base_url=base_url)


def test_tagging_entity_without_a_date_is_refused(store: Any, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"news\.example\.org,2026"):
        publish(store.engine, tmp_path, base_url="https://news.example.org", tagging_entity="news.example.org")


def test_store_without_a_source_gives_no_feed_and_says_so(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    report = publish(engine, tmp_path / "out", base_url="https://news.example.org")
    assert report.written == []
    assert "no source yet" in report.problems[0]
