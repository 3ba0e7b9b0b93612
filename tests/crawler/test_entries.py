"""Entries: a wrong one is refused with file, key and reason in one line; a user's entry wins; every bundled one holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.entries import BUNDLED, SourceEntry, SourceError, load_entries, load_entry, owner_of
from crawler.readers import READERS, make_reader
from crawler.readers.base import Reader
from crawler.run import host_groups
from crawler.urls import canonical
from storage.areas import area_slug
from storage.regions import REGIONS

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
        ('area = "Ravenquay"', 'area = "Ravenquay"\nregion = "The North"', "region", "'Yorkshire and the Humber'"),
        ("links = 3", "links = 3\nmost = 4", "assertions.min.most", "is not a key"),
        ('kind = "html", ', 'kind = "html", page = 2, ', "listing.0.page", "is not a key"),
        ('reader = "generic"', "", "reader", "is missing"),
        ('name = "Ravenquay Police"', "", "name", "is missing"),
        ('name = "Ravenquay Police"', 'name = ""', "name", "at least 1"),
        ('force = "Ravenquay Police"', "", "force", "is missing"),
        ('area = "Ravenquay"', "", "area", "is missing"),
        ('hosts = ["www.ravenquay.example"]', "", "hosts", "is missing"),
        ('interval = "15m"', 'interval = "15m"\nhours = []', "hours", "no hours at all"),
        ('interval = "15m"', 'interval = "15m"\nhours = "6-23"', "hours", "write it as in '06:00-23:00'"),
        ('interval = "15m"', 'interval = "15m"\nhours = ["Moon 06:00-23:00"]', "hours", "is no day"),
        ('interval = "15m"', 'interval = "15m"\nenabled = "perhaps"', "enabled", "valid boolean"),
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
        ('area = "Ravenquay"', 'area = "Ravenquay"\narticles = ["^/news/(open"]', "articles", "no regular expression"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\narticles = "^/news/"', "articles", "tuple"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nrefused_hosts = ["*.ravenquay.example"]', "refused_hosts", "no host name"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nrefused_hosts = ["WWW.ravenquay.example"]', "refused_hosts", "is among hosts too"),
        ('kind = "html", ', 'kind = "html", known = "rumour", ', "listing.0.known", "'page'"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nknown = "page"', "known", "dictionary"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nknown = { platform = "sure" }', "known.platform", "'page'"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nknown = { checked = "lately" }', "known.checked", "date"),
        ('area = "Ravenquay"', 'area = "Ravenquay"\nknown = { seen = "page" }', "known.seen", "is not a key"),
        ('hosts = ["www.ravenquay.example"]', 'hosts = ["www.ravenquay.example/uk/../it"]', "hosts", "no host name"),
        ('hosts = ["www.ravenquay.example"]', 'hosts = ["www.ravenquay.example/uk?x=1"]', "hosts", "no host name"),
        ('hosts = ["www.ravenquay.example"]', 'hosts = ["www.ravenquay.example/newsroom"]', "listing", "not among hosts"),
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


@pytest.mark.parametrize(
    "text",
    ["name = ", "<html>no entry</html>", "name = 'a'\nname = 'b'", "[[[", "a = " + "[" * 5000, "a = {b = " * 500],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: str) -> None:
    refusal(tmp_path, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"name = '\xff\xfe'")
    with pytest.raises(SourceError, match=r"bytes\.toml"):
        load_entry(path)


def test_a_file_that_would_take_long_to_parse_is_refused_unparsed(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(f"{'a.' * 1_000_000}b = 1\n")
    with pytest.raises(SourceError, match=r"keys\.toml: more than 32,768 bytes"):
        load_entry(path)
    path.write_text(f"{'a.' * 13_000}b = 1\n")
    with pytest.raises(SourceError, match=r"keys\.toml: a key of more than forty parts"):
        load_entry(path)


def test_an_entry_may_name_many_hosts_and_patterns_in_one_line(tmp_path: Path) -> None:
    hosts = ", ".join(f'"www.{n}.ravenquay.police.uk"' for n in range(60))
    old = next(line for line in GOOD.splitlines() if line.startswith("hosts"))
    given = load_entry(written(tmp_path, GOOD.replace(old, f"{old[:-1]}, {hosts}]")))
    assert len(given.hosts) >= 60


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


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://www.shared.example/uk/ravenquay", True), ("https://www.shared.example/uk/ravenquay/news/a-1", True), ("http://WWW.Shared.example/uk/ravenquay/", True),
        ("https://www.shared.example/uk/ravenquay?page=2", True), ("https://www.shared.example/uk/ravenquay-north/news/a-1", False),
        ("https://www.shared.example/uk/tarnbridge/news/a-1", False), ("https://www.shared.example/", False), ("https://www.shared.example/UK/ravenquay/", False),
        ("https://www.shared.example/uk/ravenquay/../tarnbridge/news/a-1", False), ("https://www.shared.example/uk/ravenquay/%2e%2e/tarnbridge/", False),
        ("https://www.shared.example/x/../uk/ravenquay/news/a-1", True), ("https://shared.example/uk/ravenquay/", False),
        ("https://www.shared.example@evil.example/uk/ravenquay/", False), ("https://www.ravenquay.example/anything", True),
    ],
)  # fmt: skip
def test_of_a_shared_host_only_what_lies_below_its_path_is_a_sources_own(tmp_path: Path, url: str, owned: bool) -> None:
    hosts = 'hosts = ["www.ravenquay.example", "www.Shared.example/uk/ravenquay/"]'
    entry = load_entry(written(tmp_path, GOOD.replace('hosts = ["www.ravenquay.example"]', hosts)))
    assert entry.owns(url) is owned
    assert entry.host_names == {"www.ravenquay.example", "www.shared.example"}
    assert (canonical(url, entry) is not None) is owned


def test_a_refused_host_is_never_a_sources_own(tmp_path: Path) -> None:
    text = GOOD.replace(
        "[assertions.min]",
        'refused_hosts = ["staging.ravenquay.example", "www.ravenquay.example/draft"]\n[assertions.min]',
    )
    entry = load_entry(written(tmp_path, text))
    assert entry.refuses("https://staging.ravenquay.example/news/a-story")
    assert not entry.owns("https://www.ravenquay.example/draft/a-story")
    assert entry.owns("https://www.ravenquay.example/news/a-story")
    assert owner_of("https://staging.ravenquay.example/news/a-story", [entry]) is None


def test_of_several_sources_on_one_host_the_closest_owns_a_url_whatever_their_order(tmp_path: Path) -> None:
    def entry(name: str, *hosts: str, articles: str = "") -> SourceEntry:
        text = GOOD.replace('hosts = ["www.ravenquay.example"]', f"hosts = {[*hosts]}\n{articles}")
        text = text.replace("https://www.ravenquay.example/", f"https://{hosts[0]}/")
        return load_entry(written(tmp_path, text, f"{name}.toml"))

    whole = entry("a-whole", "www.shared.example")
    part = entry("b-part", "www.shared.example/uk")
    deep = entry("c-deep", "www.shared.example/uk/ravenquay")
    same = entry("d-same", "www.shared.example", articles='articles = ["^/other/"]')
    for entries in ([whole, part, deep, same], [same, deep, part, whole], [deep, same, whole, part]):
        owners = {
            path: getattr(owner_of(f"https://www.shared.example{path}", entries), "id", None)
            for path in ("/uk/ravenquay/a-story", "/uk/ravenquays/a-story", "/fr/a-story", "/other/a-story", "/report/")
        }
        assert owners == {
            "/uk/ravenquay/a-story": "c-deep",
            "/uk/ravenquays/a-story": "b-part",
            "/fr/a-story": "a-whole",
            "/other/a-story": "a-whole",
            "/report/": "a-whole",
        }
    assert (
        owner_of(
            "https://www.shared.example/other/a-story",
            [entry("e", "www.shared.example", articles='articles = ["^/news/"]'), same],
        )
        == same
    )
    for url in ("https://www.tarnbridge.example/", "https://[bad", "", "ftp://www.shared.example/uk"):
        assert owner_of(url, [whole, part, deep]) is None


def test_sources_that_share_a_host_below_other_paths_are_asked_one_after_the_other() -> None:
    groups = host_groups([BUNDLED_ENTRIES[name] for name in ("surrey", "cumbria", "metropolitan")])
    assert [[entry.id for entry in group] for group in groups] == [["surrey", "metropolitan"], ["cumbria"]]


def test_an_entry_written_before_there_was_more_to_say_is_read_and_its_digest_stays(tmp_path: Path) -> None:
    entry = load_entry(written(tmp_path, GOOD))
    assert (entry.articles, entry.refused_hosts, entry.known.platform, entry.known.checked) == ((), (), None, None)
    assert entry.listing[0].known is None
    assert entry.digest == "f6df94add4adb172"


BUNDLED_ENTRIES = load_entries()


@pytest.mark.parametrize("entry", BUNDLED_ENTRIES.values(), ids=BUNDLED_ENTRIES.keys())
def test_every_bundled_entry_says_what_it_rests_on_and_that_nobody_checked_it(entry: SourceEntry) -> None:
    assert len(entry.known.note) > 40
    assert entry.known.hosts
    assert all(listing.known for listing in entry.listing)
    assert entry.known.checked is None, "no entry was ever tried on a live site: `sources check --write` says when"


def test_no_bundled_listing_is_one_that_robots_files_forbid() -> None:
    urls = [listing.url for entry in BUNDLED_ENTRIES.values() for listing in entry.listing]
    assert not [url for url in urls if "GetPaginatedResults" in url or "/api/" in url]


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


def test_every_bundled_entry_names_its_region_and_every_region_has_one() -> None:
    assert {entry.region for entry in BUNDLED_ENTRIES.values()} == set(REGIONS)


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
        ('interval = "15m"', 'interval = "15m"\narticles = ["^/news/"]', False),
        ('interval = "15m"', 'interval = "15m"\nrefused_hosts = ["staging.ravenquay.example"]', False),
        (
            'interval = "15m"',
            'interval = "15m"\nknown = { platform = "page", note = "seen", checked = 2026-01-31 }',
            True,
        ),
        ('kind = "html"', 'kind = "html", known = "page"', True),
    ],
)
def test_digest_differs_with_what_a_reading_depends_on(tmp_path: Path, old: str, new: str, same: bool) -> None:
    before = load_entry(written(tmp_path, GOOD)).digest
    after = load_entry(written(tmp_path, GOOD.replace(old, new))).digest
    assert (before == after) == same
