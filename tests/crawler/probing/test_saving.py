"""A page is kept as it was served, with where it is from and what is read now; nothing is overwritten in silence."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from crawler.meaning import describe
from crawler.probing.case_names import CaseExists, case_name
from crawler.probing.saving import save_article, save_cases, save_listing
from crawler.probing.site import plain_entry
from crawler.readers import make_reader
from storage.records import Link

URL = "https://www.fenwold.example/news/2026/Van-taken_from-yard.aspx?id=7"
HTML = (
    '<html lang="en"><head><title>Van taken from yard</title></head><body><h1>Van taken from yard</h1><p>Published: 09:15 04/06/2026</p>'
    "<p>A van worth £9,000 was taken from a yard in Quay Street. Call 101 with what you know.</p></body></html>"
)


def kept(folder: Path, body: bytes, url: str = URL, **more: Any) -> Path:
    response = HtmlResponse(
        url,
        body=body,
        headers={"Content-Type": "text/html; charset=windows-1252"} if b"\xa3" in body and b"\xc2" not in body else {},
    )
    record = describe(make_reader(plain_entry(URL)).article(response))
    return save_article(folder, response, record, **more)


def test_a_page_is_kept_byte_for_byte_with_its_record(tmp_path: Path) -> None:
    case = kept(tmp_path, HTML.encode(), link=Link(url=URL, published_raw="4 June 2026"), force="Fenwold Constabulary")
    assert case.name == "van-taken-from-yard-id-7"
    assert (case / "page.html").read_bytes() == HTML.encode()
    meta = tomllib.loads((case / "meta.toml").read_text("utf-8"))
    assert {key: meta[key] for key in ("url", "force", "origin", "listed_date")} == {
        "url": URL, "force": "Fenwold Constabulary", "origin": "saved", "listed_date": "4 June 2026",
    }  # fmt: skip
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert expected["title"] == "Van taken from yard"
    assert expected["published_at"] == "2026-06-04T08:15:00+00:00"


def test_a_kept_page_is_read_again_to_the_same_record(tmp_path: Path) -> None:
    case = kept(tmp_path, HTML.encode())
    record = make_reader(plain_entry(URL)).article(
        HtmlResponse(URL, body=(case / "page.html").read_bytes(), encoding="utf-8")
    )
    read = dataclasses.asdict(record)
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert {"title", "description", "body", "published_at", "published_precision", "image_url"} <= set(expected)
    for name, value in expected.items():
        got = read[name].isoformat() if hasattr(read[name], "isoformat") else read[name]
        assert (list(got) if isinstance(got, tuple) else got) == value, name


def test_a_page_of_another_encoding_is_kept_as_utf_8_and_says_so(tmp_path: Path) -> None:
    case = kept(tmp_path, HTML.encode("windows-1252"))
    assert "£9,000" in (case / "page.html").read_text("utf-8")
    assert tomllib.loads((case / "meta.toml").read_text("utf-8"))["served_as"] == "cp1252"


@pytest.mark.parametrize("listed", ["Posted 🚔 4 June 2026", 'a "quoted" \\ day', "4 June\x7f\t2026\r\n", "é\u2028"])
def test_what_a_listing_said_is_kept_letter_by_letter(listed: str, tmp_path: Path) -> None:
    case = kept(tmp_path, HTML.encode(), link=Link(url=URL, published_raw=listed), force="Fenwold 🚓 Police")
    meta = tomllib.loads((case / "meta.toml").read_text("utf-8"))
    assert (meta["listed_date"], meta["force"]) == (listed, "Fenwold 🚓 Police")


def test_a_case_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    case = kept(tmp_path, HTML.encode())
    (case / "expected.json").write_text("corrected by hand", "utf-8")
    with pytest.raises(CaseExists, match="--replace"):
        kept(tmp_path, HTML.encode())
    assert (case / "expected.json").read_text("utf-8") == "corrected by hand"
    kept(tmp_path, HTML.encode(), replace=True)
    assert (case / "expected.json").read_text("utf-8") != "corrected by hand"


LONG = "https://www.fenwold.example/news/appeal-for-witnesses-following-serious-collision-on-the-a99-near-"
TWINS = [
    (f"{LONG}kettleby/", f"{LONG}huntingfen/"),
    ("https://www.fenwold.example/a/story", "https://www.fenwold.example/b/story"),
    ("https://www.fenwold.example/news/\N{POLICE CAR}", "https://www.fenwold.example/news/\N{AMBULANCE}"),
    ("https://www.fenwold.example/news/listing-html", "https://www.fenwold.example/listing-html"),
]


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("twins", TWINS, ids=["cut", "folder", "no letters", "a listing's name"])
def test_two_addresses_never_share_a_case(twins: tuple[str, str], replace: bool, tmp_path: Path) -> None:
    for _ in range(2 if replace else 1):
        cases = [kept(tmp_path, HTML.encode(), url, replace=replace) for url in twins]
    assert [tomllib.loads((case / "meta.toml").read_text("utf-8"))["url"] for case in cases] == list(twins)
    assert sorted(tmp_path.iterdir()) == sorted(cases)
    assert all(len(case.name) <= 70 for case in cases)


def test_a_case_whose_name_was_taken_is_there_all_the_same(tmp_path: Path) -> None:
    first, second = (kept(tmp_path, HTML.encode(), url) for url in TWINS[1])
    for name in ("page.html", "meta.toml", "expected.json"):
        (first / name).unlink()
    with pytest.raises(CaseExists):
        kept(tmp_path, HTML.encode(), TWINS[1][1])
    assert kept(tmp_path, HTML.encode(), TWINS[1][0]) == first
    assert second.name.startswith("story-")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "story").mkdir()
    (tmp_path / "story" / "page.html").write_text("mine", "utf-8")
    kept(tmp_path, HTML.encode(), TWINS[1][0], replace=True)
    assert (tmp_path / "story" / "page.html").read_text("utf-8") == "mine"


def test_cases_are_written_all_or_none(tmp_path: Path) -> None:
    there = kept(tmp_path, HTML.encode(), TWINS[1][1])
    pages = [HtmlResponse(url, body=HTML.encode()) for url in (URL, TWINS[1][1])]
    read = [(page, describe(make_reader(plain_entry(URL)).article(page)), None) for page in pages]
    with pytest.raises(CaseExists):
        save_cases(tmp_path, (), read, force="Fenwold", replace=False)
    assert list(tmp_path.iterdir()) == [there]
    assert len(save_cases(tmp_path, (), [read[0], read[0]], force="Fenwold", replace=False)) == 1, "two links to a page"


def test_a_listing_is_kept_with_its_links(tmp_path: Path) -> None:
    html = (
        "<ul>"
        + "".join(
            f'<li><h3><a href="/news/story-{n}-of-june">Story {n} about a van</a></h3>{n} June 2026</li>'
            for n in (1, 2, 3)
        )
        + "</ul>"
    )
    response = HtmlResponse("https://www.fenwold.example/news/", body=html.encode(), encoding="utf-8")
    listing = make_reader(plain_entry(response.url)).listing(response, "html")
    case = save_listing(tmp_path, response, "html", listing)
    assert case.name == "listing-html"
    links = json.loads((case / "links.json").read_text("utf-8"))["links"]
    assert [link["url"].rsplit("/", 1)[1] for link in links] == [f"story-{n}-of-june" for n in (1, 2, 3)]
    assert not (case / "meta.toml").exists(), "tests of articles would take it for one"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/", "front-page"),
        ("https://a.example/news/a-story/", "a-story"),
        ("https://a.example/n/%C3%A9t%C3%A9.html", "t"),
        ("https://a.example/n/../../etc/passwd", "passwd"),
        ("https://a.example/n/%2e%2e%2f%2e%2e%2fx", "x"),
        ("https://a.example/n/%F0%9F%9A%93", "page"),
    ],
)
def test_a_case_has_a_name_that_every_system_takes(url: str, name: str) -> None:
    assert case_name(url) == name


def test_a_name_that_is_cut_ends_with_what_tells_it_from_others() -> None:
    name = case_name("https://a.example/n/" + "word-" * 40)
    assert re.fullmatch(r"(?:word-){10}wor-[0-9a-f]{6}", name), name
    assert case_name("https://a.example/n/" + "a" * 60) == "a" * 60
