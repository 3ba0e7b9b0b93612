"""Entries: a wrong one is refused with file, key and reason in one line; a user's entry wins; every bundled one holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.entries import BUNDLED, SourceEntry, SourceError, load_entries, load_entry
from crawler.readers import READERS, make_reader
from crawler.readers.base import Reader
from storage.areas import area_slug

GOOD = """
name = "Ravenquay Police"
force = "Ravenquay Police"
area = "Ravenquay"
reader = "generic"
hosts = ["www.ravenquay.example"]
listing = [{ kind = "html", url = "https://www.ravenquay.example/news/" }]
interval = "15m"
[assertions.min]
links = 3
[assertions.fill]
published_at = 0.9
"""


def written(folder: Path, text: str, name: str = "ravenquay.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str, name: str = "ravenquay.toml") -> str:
    with pytest.raises(SourceError) as raised:
        load_entry(written(folder, text, name))
    message = str(raised.value)
    assert name in message
    assert "\n" not in message
    return message


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    entry = load_entry(written(tmp_path, GOOD))
    assert (entry.id, entry.language, entry.interval) == ("ravenquay", "en", timedelta(minutes=15))


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('area = "Ravenquay"', 'area = "Ravenquay"\ncolour = "blue"', "colour", "is not a key"),
        ("links = 3", "links = 3\nmost = 4", "assertions.min.most", "is not a key"),
        ('kind = "html", ', 'kind = "html", page = 2, ', "listing.0.page", "is not a key"),
        ('reader = "generic"', "", "reader", "is missing"),
        ('name = "Ravenquay Police"', "", "name", "is missing"),
        ('name = "Ravenquay Police"', 'name = ""', "name", "at least 1"),
        ('force = "Ravenquay Police"', "", "force", "is missing"),
        ('area = "Ravenquay"', "", "area", "is missing"),
        ('hosts = ["www.ravenquay.example"]', "", "hosts", "is missing"),
        ('hosts = ["www.ravenquay.example"]', "hosts = []", "hosts", "at least 1"),
        ('interval = "15m"', "", "interval", "is missing"),
        ('reader = "generic"', 'reader = "wordpresss"', "reader", "no reader is called 'wordpresss'; there are drupal, generic"),
        ('reader = "generic"', "reader = 3", "reader", "string"),
        ("https://www.ravenquay.example/news/", "https://www.tarnbridge.example/news/", "listing", "www.tarnbridge.example"),
        ("https://www.ravenquay.example/news/", "https://www.ravenquay.example.evil.example/", "listing", "not among hosts"),
        ("https://www.ravenquay.example/news/", "https://www.ravenquay.example@evil.example/", "listing", "not among hosts"),
        ("https://www.ravenquay.example/news/", "http://www.ravenquay.example/news/", "listing", "must be https"),
        ("https://www.ravenquay.example/news/", "ftp://www.ravenquay.example/news/", "listing", "no http address"),
        ("https://www.ravenquay.example/news/", "/news/", "listing", "no http address"),
        ("https://www.ravenquay.example/news/", "https://[::1/", "listing", "Invalid IPv6"),
        ("https://www.ravenquay.example/news/", "https://www.ravenquay.example:x/", "listing", "not among hosts"),
        ('kind = "html"', 'kind = "gopher"', "listing.0.kind", "'html'"),
        ('listing = [{ kind = "html", url = "https://www.ravenquay.example/news/" }]', "listing = []", "listing", "at least 1"),
        ("[assertions.min]\nlinks = 3\n[assertions.fill]\npublished_at = 0.9", "", "assertions", "is missing"),
        ("[assertions.min]\nlinks = 3", "", "assertions.min", "is missing"),
        ("[assertions.fill]\npublished_at = 0.9", "", "assertions.fill", "is missing"),
        ("links = 3", "links = 0", "assertions.min.links", "greater than or equal to 1"),
        ("links = 3", 'links = "many"', "assertions.min.links", "integer"),
        ("published_at = 0.9", "published_at = 90", "assertions.fill", "not a share"),
        ("published_at = 0.9", "published_at = nan", "assertions.fill", "not a share"),
        ("published_at = 0.9", "colour = 0.9", "assertions.fill.colour", "published_at"),
        ('"15m"', '"soon"', "interval", "is no time"),
        ('"15m"', "0", "interval", "not between"),
        ('"15m"', '"90d"', "interval", "not between"),
        ('"15m"', "-5", "interval", "not between"),
        ('"15m"', "inf", "interval", "not between"),
        ('"15m"', "true", "interval", "is no time"),
        ('hosts = ["www.ravenquay.example"]', 'hosts = ["https://www.ravenquay.example"]', "hosts", "no host name"),
        ('hosts = ["www.ravenquay.example"]', 'hosts = ["*.ravenquay.example"]', "hosts", "no host name"),
        ('hosts = ["www.ravenquay.example"]', 'hosts = "www.ravenquay.example"', "hosts", "tuple"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nfurniture = ["(open"]', "furniture", "no regular expression"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nlanguage = "English"', "language", "pattern"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nmax_pages = 0', "max_pages", "greater than or equal to 1"),
        ('name = "Ravenquay Police"', 'id = "other"\nname = "Ravenquay Police"', "id", "the file's name is the id"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    assert old in GOOD
    message = refusal(tmp_path, GOOD.replace(old, new))
    assert f": {key}:" in message
    assert reason in message


@pytest.mark.parametrize("text", ["name = ", "<html>no entry</html>", "name = 'a'\nname = 'b'", "[[["])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: str) -> None:
    refusal(tmp_path, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"name = '\xff\xfe'")
    with pytest.raises(SourceError, match=r"bytes\.toml"):
        load_entry(path)


def test_a_folder_called_toml_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    for name in ("folder.toml", "missing.toml"):
        with pytest.raises(SourceError, match=name):
            load_entry(tmp_path / name)


def test_a_file_name_that_is_no_id_is_refused(tmp_path: Path) -> None:
    for name in ("Ravenquay.toml", "a b.toml", ".toml", "é.toml"):
        assert "id" in refusal(tmp_path, GOOD, name)


def test_plain_http_is_for_this_machine_alone(tmp_path: Path) -> None:
    for host in ("127.0.0.1:8123", "localhost:9", "[::1]:8123", "news.localhost"):
        text = GOOD.replace("www.ravenquay.example", host).replace("https://", "http://")
        assert load_entry(written(tmp_path, text)).loopback
    assert not load_entry(written(tmp_path, GOOD)).loopback
    refusal(
        tmp_path,
        GOOD.replace("https://www.ravenquay.example", "http://127.0.0.1.example").replace(
            "www.ravenquay.example", "127.0.0.1.example"
        ),
    )


@pytest.mark.parametrize("name", ["Single-Online-Home", "single online home", "SINGLE_ONLINE_HOME"])
def test_hyphens_and_capitals_of_a_reader_do_not_matter(tmp_path: Path, name: str) -> None:
    assert load_entry(written(tmp_path, GOOD.replace('"generic"', f'"{name}"'))).reader == "single_online_home"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [('"15m"', 900), ('"1h"', 3600), ('"2 days"', 172800), ('"90 seconds"', 90), ("600", 600), ('"1.5h"', 5400)],
)
def test_intervals_are_seconds_or_text(tmp_path: Path, text: str, seconds: int) -> None:
    assert load_entry(written(tmp_path, GOOD.replace('"15m"', text))).interval == timedelta(seconds=seconds)


def test_a_users_entry_with_the_same_id_wins(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "bedfordshire.toml")
    written(tmp_path, GOOD)
    entries = load_entries(tmp_path)
    assert entries["bedfordshire"].force == "Ravenquay Police"
    assert set(load_entries()) < set(entries)
    assert list(entries) == sorted(entries)


def test_one_wrong_entry_among_a_users_is_named(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, GOOD.replace("interval", "intervall"), "tarnbridge.toml")
    with pytest.raises(SourceError, match=r"tarnbridge\.toml: interval"):
        load_entries(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere: no such folder"):
        load_entries(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://www.ravenquay.example/a", True), ("https://WWW.Ravenquay.EXAMPLE/a", True), ("http://www.ravenquay.example/a", True),
        ("https://ravenquay.example/a", False), ("https://a.www.ravenquay.example/", False), ("https://www.ravenquay.example:444/", True),
        ("https://www.ravenquay.example@evil.example/", False), ("ftp://www.ravenquay.example/", False), ("//www.ravenquay.example/", False),
        ("https://[bad", False), ("", False), ("mailto:a@www.ravenquay.example", False), ("https://www.ravenquay.example:99999/", False),
    ],
)  # fmt: skip
def test_only_urls_on_its_hosts_are_a_sources_own(tmp_path: Path, url: str, owned: bool) -> None:
    assert load_entry(written(tmp_path, GOOD)).owns(url) is owned


BUNDLED_ENTRIES = load_entries()


def test_there_is_an_entry_for_every_area() -> None:
    assert len(BUNDLED_ENTRIES) == len(list(BUNDLED.glob("*.toml"))) == 53
    assert len({entry.area for entry in BUNDLED_ENTRIES.values()}) == 53


@pytest.mark.parametrize("entry", BUNDLED_ENTRIES.values(), ids=BUNDLED_ENTRIES.keys())
def test_every_bundled_entry_has_its_reader_its_hosts_and_its_patience(entry: SourceEntry) -> None:
    assert entry.reader in READERS
    assert isinstance(make_reader(entry), Reader)
    assert not entry.loopback
    assert all(urlsplit(listing.url).scheme == "https" and entry.owns(listing.url) for listing in entry.listing)
    assert entry.interval >= timedelta(minutes=15)
    assert entry.assertions.min.links >= 1
    assert all(share >= 0.5 for share in entry.assertions.fill.values())
    assert area_slug(entry.area) == entry.id


def test_no_two_bundled_entries_read_one_listing() -> None:
    urls = [listing.url for entry in BUNDLED_ENTRIES.values() for listing in entry.listing]
    assert len(urls) == len(set(urls))


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_reader_can_be_made_and_says_its_name(name: str) -> None:
    reader = make_reader(next(iter(BUNDLED_ENTRIES.values())), name)
    assert (reader.name, reader.version >= 1) == (name, True)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('hosts = ["www.ravenquay.example"]', 'hosts = ["www.ravenquay.example", "news.ravenquay.example"]', False),
        ('reader = "generic"', 'reader = "wordpress"', False),
        ('interval = "15m"', 'interval = "15m"\ntitle_prefixes = ["News: "]', False),
        ('interval = "15m"', 'interval = "15m"\ntitle_suffixes = [" | News"]', False),
        ('interval = "15m"', 'interval = "15m"\nfurniture = ["Like us"]', False),
        ('interval = "15m"', 'interval = "15m"\nlanguage = "cy"', False),
        ('interval = "15m"', 'interval = "1h"', True),
        ('name = "Ravenquay Police"', 'name = "Ravenquay"', True),
    ],
)
def test_digest_differs_with_what_a_reading_depends_on(tmp_path: Path, old: str, new: str, same: bool) -> None:
    before = load_entry(written(tmp_path, GOOD)).digest
    after = load_entry(written(tmp_path, GOOD.replace(old, new))).digest
    assert (before == after) == same
