"""`sources probe`, `add`, `check` and `save` on the demo's newsroom, as a person types them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.entries import BUNDLED
from crawler.probing.checked import SourceCheck
from forcewire.demo.faults import CutShort, RedirectTo, Status, wall
from forcewire.demo.forces import FORCES
from forcewire.demo.hostile_listings import EmptyListing
from forcewire.demo.hostile_pages import FutureDate, NoTitle
from forcewire.demo.newsroom import Newsroom

Forcewire = Callable[..., Any]
HERE = ("--allow-loopback", "--delay", "0")
SITES = [site.id for site in FORCES]


@pytest.fixture(scope="module")
def served() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(served: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    monkeypatch.chdir(tmp_path)
    yield served
    served.mend()


@pytest.fixture
def story(newsroom: Newsroom) -> Callable[[str], str]:
    return lambda site: next(s for s in newsroom.sites if s.id == site).url(newsroom.articles(site)[1].path)


@pytest.mark.parametrize("site", SITES)
def test_every_kind_of_story_is_probed(site: str, story: Callable[[str], str], forcewire: Forcewire) -> None:
    ran = forcewire("sources", "probe", story(site), *HERE, "--json")
    assert (ran.code, ran.json["what"]) == (0, "article")
    fields = {each["field"]: each for each in ran.json["fields"]}
    assert fields["title"]["sure"] in ("sure", "likely")
    assert fields["published_at"]["sure"] in ("sure", "likely")
    assert fields["published_at"]["value"].startswith("2026-06-1")
    assert all(each["why"] and each["sure"] for each in fields.values())
    assert ran.json["platform"]["name"] == next(force.kind for force in FORCES if force.id == site).replace(
        "own_newsroom", "generic"
    )


@pytest.mark.parametrize("site", SITES)
def test_every_kind_of_listing_is_probed(site: str, newsroom: Newsroom, forcewire: Forcewire) -> None:
    ran = forcewire("sources", "probe", newsroom.base_urls[site] + "/", *HERE, "--json")
    assert (ran.code, ran.json["what"]) == (0, "listing")
    assert len(ran.json["links"]) >= 8


def test_a_probe_for_a_person_says_where_how_sure_and_why(story: Callable[[str], str], forcewire: Forcewire) -> None:
    out = forcewire("sources", "probe", story("aldmoor-and-tarn"), *HERE).out
    assert "platform: wordpress, sure: generator says WordPress" in out
    assert "h1, title tag and og:title agree" in out
    assert "published_at" in out


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (wall, "blocked"),
        (CutShort, "cut short"),
        (lambda **more: RedirectTo(location="https://www.elsewhere.example/", **more), "redirect"),
        (lambda **more: RedirectTo(location="/", **more), "redirect"),
        (NoTitle, "not news"),
    ],
)
def test_a_story_that_fails_says_what_it_is(
    fault: Callable[..., Any], kind: str, newsroom: Newsroom, story: Callable[[str], str], forcewire: Forcewire
) -> None:
    newsroom.fault("marrowdale", fault(path=newsroom.articles("marrowdale")[1].path))
    ran = forcewire("sources", "probe", story("marrowdale"), *HERE, "--json")
    assert (ran.code, ran.json["what"], ran.json["kind"]) == (1, "no news", kind)
    ran = forcewire("sources", "probe", story("marrowdale"), *HERE)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("forcewire: ")
    assert ran.err.count("\n") == 1


def test_an_address_that_the_entry_takes_for_no_article_is_told(
    newsroom: Newsroom, story: Callable[[str], str], forcewire: Forcewire, tmp_path: Path
) -> None:
    [path] = [p for p in newsroom.write_entries(tmp_path / "mine") if p.stem == "marrowdale"]
    path.write_text("articles = ['^/appeals/']\n" + path.read_text("utf-8"), "utf-8")
    ran = forcewire("sources", "probe", story("marrowdale"), "--sources", path.parent, *HERE, "--json")
    assert (ran.json["source"], ran.json["what"]) == ("marrowdale", "article")
    assert "takes no such address" in ran.json["against"][-1]


def test_a_live_site_needs_a_contact_and_this_machine_a_word(newsroom: Newsroom, forcewire: Forcewire) -> None:
    ran = forcewire("sources", "probe", "https://www.beds.police.uk/")
    assert (ran.code, "FORCEWIRE_CONTACT" in ran.err) == (1, True)
    ran = forcewire("sources", "probe", newsroom.base_url)
    assert (ran.code, "--allow-loopback" in ran.err) == (1, True)


def test_an_unknown_reader_is_one_line(forcewire: Forcewire) -> None:
    ran = forcewire("sources", "probe", "https://www.fenwold.example/", "--reader", "papyrus")
    assert (ran.code, "papyrus" in ran.err) == (1, True)


def test_a_probed_page_can_be_kept(story: Callable[[str], str], forcewire: Forcewire, tmp_path: Path) -> None:
    ran = forcewire("sources", "probe", story("wexmoor"), *HERE, "--save", "kept", "--json")
    [case] = ran.json["saved"]
    assert {file.name for file in (tmp_path / case).iterdir()} == {"page.html", "meta.toml", "expected.json"}
    again = forcewire("sources", "probe", story("wexmoor"), *HERE, "--save", "kept")
    assert (again.code, "--replace" in again.err) == (1, True)


@pytest.mark.parametrize("site", SITES)
def test_every_kind_of_site_is_added_checked_and_crawled(
    site: str, newsroom: Newsroom, forcewire: Forcewire, tmp_path: Path
) -> None:
    force = next(force for force in FORCES if force.id == site)
    ran = forcewire("sources", "add", newsroom.base_urls[site], "--area", force.area, *HERE, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["reader"] == ("generic" if force.kind == "own_newsroom" else force.kind)
    assert all(one["links"] >= 8 for one in ran.json["listings"])
    assert ran.json["next"].startswith(f"forcewire sources check {site} --sources my-sources")
    entry = tomllib.loads((tmp_path / "my-sources" / f"{site}.toml").read_text("utf-8"))
    assert entry["area"] == force.area
    if force.title_suffix:
        assert force.title_suffix in entry["title_suffixes"]
    checked = forcewire("sources", "check", site, *HERE, "--json")
    assert [(row["verdict"], row["wrong"]) for row in checked.json] == [("ok", [])]
    assert checked.code == 0
    crawled = forcewire("crawl", site, "--sources", "my-sources", *HERE, "--database", "news.db", "--json")
    assert [row["verdict"] for row in crawled.json] == ["ok"]
    assert crawled.json[0]["new"] >= 8


def test_a_feed_is_found_where_the_platform_has_one_though_no_page_announces_it(
    newsroom: Newsroom, forcewire: Forcewire
) -> None:
    ran = forcewire("sources", "add", newsroom.base_urls["wexmoor"], "--area", "Wexmoor", *HERE, "--json")
    assert [one["url"].removeprefix(newsroom.base_urls["wexmoor"]) for one in ran.json["listings"]] == [
        "/news/wexmoor/news/GetNewsRss/",
        "/news/wexmoor/news/",
    ]


def test_a_feed_alone_tells_the_platform_by_what_it_leads_to(newsroom: Newsroom, forcewire: Forcewire) -> None:
    feed = f"{newsroom.base_urls['wexmoor']}/news/wexmoor/news/GetNewsRss/"
    ran = forcewire("sources", "add", feed, "--area", "Wexmoor", *HERE, "--json")
    assert ran.json["reader"] == "single_online_home"
    assert [one["kind"] for one in ran.json["listings"]] == ["rss", "html"]


def test_adding_from_a_story_or_a_listing_comes_to_the_same(
    newsroom: Newsroom, story: Callable[[str], str], forcewire: Forcewire
) -> None:
    from_story = forcewire("sources", "add", story("marrowdale"), "--area", "A", "--id", "a", *HERE, "--json").json
    from_listing = forcewire(
        "sources",
        "add",
        f"{newsroom.base_urls['marrowdale']}/news",
        "--area",
        "B",
        "--id",
        "b",
        "--replace",
        *HERE,
        "--json",
    ).json
    assert {one["url"] for one in from_story["listings"]} == {one["url"] for one in from_listing["listings"]}
    assert "mind: source a reads this host already" in from_listing["not_used"]


def test_a_listing_of_another_source_is_not_added_again(
    newsroom: Newsroom, forcewire: Forcewire, tmp_path: Path
) -> None:
    words = ("sources", "add", newsroom.base_urls["marrowdale"], "--area")
    assert forcewire(*words, "Marrowdale", *HERE).code == 0
    again = forcewire(*words, "Other", *HERE)
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "source marrowdale has this listing already" in again.err
    assert not (tmp_path / "my-sources" / "other.toml").exists()
    asked = newsroom.log.total
    listing = forcewire("sources", "add", f"{newsroom.base_urls['marrowdale']}/news/", "--area", "Other", *HERE)
    assert (listing.code, newsroom.log.total) == (1, asked), "nothing is asked for when the address itself is taken"
    assert forcewire(*words, "Other", *HERE, "--replace").code == 0


def test_an_address_that_is_no_news_is_told_and_what_was_used_instead(newsroom: Newsroom, forcewire: Forcewire) -> None:
    contact = f"{newsroom.base_urls['marrowdale']}/Contact.aspx"
    ran = forcewire("sources", "add", contact, "--area", "Marrowdale", *HERE)
    assert ran.code == 0
    assert ran.err.startswith(f"{contact}: a page that is not news: ")
    assert ran.err.endswith(" instead\n")
    assert ran.err.count("\n") == 1
    assert "/news" in ran.err.partition("; used ")[2]


def test_an_address_that_is_used_needs_no_word(
    newsroom: Newsroom, story: Callable[[str], str], forcewire: Forcewire
) -> None:
    for n, url in enumerate([newsroom.base_urls["ravenquay"], story("ravenquay")]):
        ran = forcewire("sources", "add", url, "--area", "R", "--id", f"r{n}", "--replace", *HERE)
        assert (ran.code, ran.err) == (0, "")


def test_adding_twice_asks_for_a_word(newsroom: Newsroom, forcewire: Forcewire, tmp_path: Path) -> None:
    words = ("sources", "add", newsroom.base_urls["marrowdale"], "--area", "Marrowdale", *HERE)
    assert forcewire(*words).code == 0
    before = (tmp_path / "my-sources" / "marrowdale.toml").read_text("utf-8")
    asked = newsroom.log.total
    again = forcewire(*words)
    assert (again.code, "--replace" in again.err, newsroom.log.total) == (1, True, asked)
    assert (tmp_path / "my-sources" / "marrowdale.toml").read_text("utf-8") == before
    assert forcewire(*words, "--replace").code == 0


@pytest.mark.parametrize("words", [("--area", " "), ("--area", "X", "--id", "../x"), ("--area", "X", "--force", "")])
def test_names_that_are_none_are_refused(
    words: tuple[str, ...], newsroom: Newsroom, forcewire: Forcewire, tmp_path: Path
) -> None:
    ran = forcewire("sources", "add", newsroom.base_url, *words, *HERE)
    assert ran.code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def folder(newsroom: Newsroom, tmp_path: Path) -> Path:
    newsroom.write_entries(tmp_path / "mine", links=3)
    return tmp_path / "mine"


def test_all_sources_are_checked_in_a_line_each_and_nothing_is_stored(
    folder: Path, forcewire: Forcewire, tmp_path: Path
) -> None:
    ran = forcewire("sources", "check", "--sources", folder, *HERE)
    assert ran.code == 0, ran.out
    assert [line.split()[:2] for line in ran.out.splitlines()[1:7]] == [[site, "ok"] for site in sorted(SITES)]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (wall(), "blocked: HTTP 403"),
        (Status(status=404, path="/news"), "HTTP 404"),
        (NoTitle(path="/news/*"), "cannot be read"),
    ],
    ids=["blocked", "no listing", "no title"],
)
def test_a_source_that_fails_is_wrong_in_one_line_and_spares_the_others(
    fault: Any, words: str, newsroom: Newsroom, folder: Path, forcewire: Forcewire
) -> None:
    newsroom.fault("marrowdale", fault)
    ran = forcewire("sources", "check", "marrowdale", "ravenquay", "--sources", folder, *HERE)
    assert ran.code == 1
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert lines["marrowdale"].split()[1] == "wrong"
    assert words in lines["marrowdale"]
    assert lines["ravenquay"].split()[1] == "ok"


def test_an_empty_listing_is_wrong(newsroom: Newsroom, forcewire: Forcewire, tmp_path: Path) -> None:
    newsroom.write_entries(tmp_path / "mine", kinds=("html",))
    newsroom.fault("wexmoor", EmptyListing())
    [row] = forcewire("sources", "check", "wexmoor", "--sources", "mine", *HERE, "--json").json
    assert (row["verdict"], "no links to stories" in row["wrong"][0]) == ("wrong", True)


def test_a_clock_outside_the_story_is_no_difference(newsroom: Newsroom, folder: Path, forcewire: Forcewire) -> None:
    newsroom.settings("wexmoor", ticking=True)
    try:
        assert forcewire("sources", "check", "wexmoor", "--sources", folder, *HERE).code == 0
    finally:
        newsroom.settings("wexmoor", ticking=False)


def test_a_date_in_the_future_is_a_note(newsroom: Newsroom, folder: Path, forcewire: Forcewire) -> None:
    newsroom.fault("marrowdale", FutureDate())
    [row] = forcewire("sources", "check", "marrowdale", "--sources", folder, *HERE, "--json").json
    assert any("in the future" in note for article in row["articles"] for note in article["notes"])


def test_the_day_is_written_into_ones_own_copy_only_where_it_is_ok(
    newsroom: Newsroom, folder: Path, forcewire: Forcewire
) -> None:
    newsroom.fault("marrowdale", wall())
    before = {path.name: path.read_bytes() for path in BUNDLED.glob("*.toml")}
    ran = forcewire("sources", "check", "marrowdale", "ravenquay", "--sources", folder, "--write", *HERE, "--json")
    assert [row["marked"] for row in ran.json] == [False, True]
    assert "checked" in tomllib.loads((folder / "ravenquay.toml").read_text("utf-8"))["known"]
    assert "known" not in tomllib.loads((folder / "marrowdale.toml").read_text("utf-8"))
    assert {path.name: path.read_bytes() for path in BUNDLED.glob("*.toml")} == before


def test_a_day_that_cannot_be_written_spares_the_report_and_the_others(
    folder: Path, forcewire: Forcewire, tmp_path: Path
) -> None:
    own = folder / "marrowdale.toml"
    own.write_text(f'known.platform = "page"\n{own.read_text("utf-8")}', "utf-8")
    words = ("sources", "check", "marrowdale", "ravenquay", "--sources", folder, "--write", *HERE)
    ran = forcewire(*words)
    assert ran.code == 1
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert (lines["marrowdale"].split()[1], lines["ravenquay"].split()[1]) == ("ok", "ok")
    assert "the day was not written" in lines["marrowdale"]
    assert f"known.checked = {datetime.now(UTC).date()} in {folder}: ravenquay" in ran.out
    assert "marrowdale.toml: known.checked could not be set" in ran.err
    rows = forcewire(*words, "--json")
    assert rows.code == 1
    assert [(row["verdict"], row["marked"], "not written" in " ".join(row["notes"])) for row in rows.json] == [
        ("ok", False, True), ("ok", True, False),
    ]  # fmt: skip


def test_a_folder_that_cannot_be_written_spares_the_report(
    forcewire: Forcewire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "forcewire.commands.sources_check.run_checks", lambda wanted, *_: [SourceCheck(entry.id) for entry in wanted]
    )
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".new").write_text("a file where a folder is wanted", "utf-8")
    ran = forcewire("sources", "check", "bedfordshire", "--write", "--sources", tmp_path / "mine")
    assert (ran.code, ran.out.splitlines()[1].split()[:2]) == (1, ["bedfordshire", "ok"])
    assert ".new: File exists" in ran.err


def test_a_copy_that_is_made_to_write_the_day_is_told(
    forcewire: Forcewire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "forcewire.commands.sources_check.run_checks", lambda wanted, *_: [SourceCheck(entry.id) for entry in wanted]
    )
    words = ("sources", "check", "bedfordshire", "--write")
    ran = forcewire(*words)
    assert (ran.code, ran.err) == (0, "")
    assert (
        "copied the bundled entry to my-sources/bedfordshire.toml; it wins over the bundled one from now on" in ran.out
    )
    assert "copied" not in forcewire(*words).out, "it is there now"
    assert forcewire(*words, "--json").json[0]["copied"] is False


def test_which_sources_must_be_said(forcewire: Forcewire) -> None:
    assert forcewire("sources", "check").code == 2
    assert forcewire("sources", "check", "bedfordshire", "--all").code == 2
    ran = forcewire("sources", "check", "nowhere", "--allow-loopback")
    assert (ran.code, "nowhere" in ran.err) == (1, True)
    assert "FORCEWIRE_CONTACT" in forcewire("sources", "check", "bedfordshire").err


def test_listing_and_articles_of_a_check_are_kept(folder: Path, forcewire: Forcewire) -> None:
    ran = forcewire(
        "sources", "save", "ravenquay", "--from-check", "--sources", folder, "--out", "cases", *HERE, "--json"
    )
    assert len(ran.json["cases"]) == 4
    for case in map(Path, ran.json["cases"][1:]):
        assert json.loads((case / "expected.json").read_text("utf-8"))["title"]
        assert tomllib.loads((case / "meta.toml").read_text("utf-8"))["force"] == "Ravenquay City Police"
    again = forcewire("sources", "save", "ravenquay", "--from-check", "--sources", folder, "--out", "cases", *HERE)
    assert (again.code, "--replace" in again.err) == (1, True)


def test_single_pages_are_kept_and_what_is_no_story_is_not(
    newsroom: Newsroom, folder: Path, story: Callable[[str], str], forcewire: Forcewire, tmp_path: Path
) -> None:
    words = ("sources", "save", "marrowdale", "--sources", folder, "--out", "cases", *HERE)
    assert forcewire(*words, story("marrowdale")).code == 0
    assert len(list((tmp_path / "cases" / "marrowdale").iterdir())) == 1
    ran = forcewire(*words, f"{newsroom.base_urls['marrowdale']}/Contact.aspx")
    assert (ran.code, "not news" in ran.err) == (1, True)
    ran = forcewire(*words, "https://www.elsewhere.example/x")
    assert (ran.code, "not on" in ran.err) == (1, True)
    assert forcewire(*words).code == 2


def test_a_single_note_is_told_in_the_singular(capsys: pytest.CaptureFixture[str]) -> None:
    from crawler.probing.checked import SourceCheck
    from forcewire.commands.sources_check import show

    show([SourceCheck("fenwold", "ok", notes=["a date in the future"])], verbose=False)
    assert "  1 note: a date in the future" in capsys.readouterr().out
