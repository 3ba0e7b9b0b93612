from __future__ import annotations

import json

import pytest

from forcewire.saved import LARGEST, as_response

STORY = """<!doctype html><html lang="en"><head><title>Bridge closed | Wexmoor Constabulary</title>
<meta property="og:title" content="Bridge closed after lorry strikes parapet">
<meta property="article:published_time" content="2026-06-16T08:00:00Z"></head>
<body><main><article><h1>Bridge closed after lorry strikes parapet</h1>
<p>A bridge near Ottlesham has been closed after a lorry struck its parapet, and will stay closed for some days.</p>
<p>Nobody was hurt. Sergeant Imelda Quarrendyne said: “Please find another way to work – £20 of fuel is cheaper.”</p>
</article></main></body></html>"""
URL = "https://www.wexmoor.example/news/bridge-closed"


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "bridge.html"
    path.write_text(STORY, "utf-8")
    return path


def test_read_prints_the_record_as_json(forcewire, page):
    ran = forcewire("read", page, "--url", URL + "?utm_source=x#top", "--json")
    assert ran.code == 0
    record = ran.json
    assert record["title"] == "Bridge closed after lorry strikes parapet"
    assert record["url"] == URL
    assert record["published_at"] == "2026-06-16T08:00:00+00:00"
    assert "£20 of fuel" in record["body"]
    assert (record["reader"], record["area"]) == ("generic", "www.wexmoor.example")


def test_read_for_a_person_shows_fields_and_body(forcewire, page):
    out = forcewire("read", page, "--url", URL).out
    assert "published_precision  minute\n" in out
    assert out.endswith("cheaper.”\n")


def test_entry_is_found_by_the_host(forcewire, page):
    record = forcewire("read", page, "--url", "https://www.beds.police.uk/news/a", "--json").json
    assert (record["source"], record["area"], record["reader"]) == (
        "bedfordshire",
        "Bedfordshire",
        "single_online_home",
    )


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://www.mynewsdesk.com/uk/metpoliceuk/news/bridge-closed-400000", "metropolitan"),
        ("https://www.mynewsdesk.com/uk/surrey-police/news/bridge-closed-400000", "surrey"),
        ("https://www.mynewsdesk.com/uk/a-bakery/news/bread-400000", "www-mynewsdesk-com"),
        ("https://www.bedfordshire.police.uk/news-and-appeals/bridge-closed", "bedfordshire"),
        ("http://www.scotland.police.uk/what-s-happening/news/2020/march/bridge-closed/", "scotland"),
    ],
)
def test_entry_is_found_by_an_old_host_and_by_the_path_on_a_shared_one(forcewire, page, url, source):
    assert forcewire("read", page, "--url", url, "--json").json["source"] == source


def test_a_host_that_a_source_refuses_is_not_read(forcewire, page):
    ran = forcewire("read", page, "--url", "https://staging.avonandsomerset.police.uk/news/2026/01/bridge-closed/")
    assert (ran.code, ran.out) == (1, "")
    assert "avon-and-somerset refuses this host" in ran.err


def test_another_reader_may_be_named(forcewire, page):
    record = forcewire("read", page, "--url", URL, "--reader", "WordPress", "--json").json
    assert record["reader"] == "wordpress"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.html", "--url", URL], "missing.html: No such file"),
        ([".", "--url", URL], ".: Is a directory"),
        (["bridge.html", "--url", "wexmoor"], "'wexmoor' is no http address"),
        (["bridge.html", "--url", "https://[::1"], "is no http address"),
        (
            ["bridge.html", "--url", URL, "--reader", "tabloid"],
            "no reader is called 'tabloid'; there are drupal, generic",
        ),
        (["empty.html", "--url", URL], "an empty page on"),
        (["picture.png", "--url", URL], "no page of text on"),
        (["bridge.html", "--url", URL, "--sources", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(forcewire, page, monkeypatch, words, said):
    monkeypatch.chdir(page.parent)
    (page.parent / "empty.html").touch()
    (page.parent / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    ran = forcewire("read", *words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("forcewire: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_page_larger_than_a_crawl_reads_is_refused(forcewire, tmp_path):
    big = tmp_path / "big.html"
    with big.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "larger than 10 MiB" in forcewire("read", big, "--url", URL).err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_is_read(forcewire, tmp_path, encoding):
    path = tmp_path / "page.html"
    charset = "" if encoding.startswith("utf-8") else f'<meta charset="{encoding}">'
    path.write_bytes(STORY.replace("<head>", "<head>" + charset).encode(encoding))
    assert "work – £20 of fuel" in forcewire("read", path, "--url", URL, "--json").json["body"]


def test_rows_answer_in_their_order_and_a_bad_one_costs_only_itself(forcewire, page, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    (elsewhere / "here.html").write_text(STORY, "utf-8")
    rows = tmp_path / "rows.jsonl"
    lines = [
        json.dumps({"url": URL, "file": "bridge.html"}),
        json.dumps({"url": URL, "file": "here.html", "reader": "drupal"}),
        json.dumps({"url": URL, "file": "missing.html"}),
        "",
        "{nonsense",
        json.dumps({"url": URL, "file": "bridge.html", "reader": "tabloid"}),
        json.dumps({"url": 3, "file": "bridge.html"}),
        json.dumps(["list"]),
        json.dumps({"url": URL, "file": str(page), "reader": None}),
    ]
    rows.write_text("\n".join(lines))
    ran = forcewire("read", "--jsonl", rows)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert ["record" in answer for answer in answers] == [True, True, False, False, False, False, False, True]
    assert all({"file", "url"} < set(answer) and len(answer) == 3 for answer in answers)
    assert answers[1]["record"]["reader"] == "drupal"
    assert answers[2]["error"] == "missing.html: No such file or directory"
    assert answers[3]["error"].startswith("line 5: no JSON")
    assert answers[5]["error"] == "line 7: url is no text"


def test_a_page_without_a_story_still_says_when_it_was_published(forcewire, tmp_path):
    (tmp_path / "bare.html").write_text(
        "<html><body><h1>Bridge shut</h1><p>Posted on 3 May 2021</p></body></html>", "utf-8"
    )
    (tmp_path / "undated.html").write_text("<html><body><h1>Bridge shut</h1></body></html>", "utf-8")
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps({"url": URL, "file": name}) for name in ("bare.html", "undated.html")))
    bare, undated = (json.loads(line) for line in forcewire("read", "--jsonl", rows).out.splitlines())
    assert "error" in bare
    assert bare["published_at"].startswith("2021-05-03")
    assert bare["published_precision"] == "day"
    assert set(undated) == {"file", "url", "error"}


def test_good_rows_alone_are_exit_code_0(forcewire, page, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"url": URL, "file": "bridge.html"}) + "\n")
    assert forcewire("read", "--jsonl", rows).code == 0
    assert "missing.jsonl: No such file" in forcewire("read", "--jsonl", tmp_path / "missing.jsonl").err


def test_one_reader_object_reads_all_pages_of_an_entry(monkeypatch):
    from forcewire import saved

    made = []
    real = saved.make_reader
    monkeypatch.setattr(saved, "make_reader", lambda entry, name: made.append(name) or real(entry, name))
    pages = saved.SavedPages({})
    for number in range(5):
        pages.read(STORY.encode(), f"{URL}-{number}")
    assert made == ["generic"]


def test_a_reader_that_chokes_costs_one_page(monkeypatch):
    from crawler.readers.generic import GenericReader
    from forcewire.saved import SavedPageError, SavedPages

    monkeypatch.setattr(GenericReader, "article", lambda *_: {}["nothing"])
    with pytest.raises(SavedPageError, match=r"the reader generic failed at .*: KeyError: 'nothing'"):
        SavedPages({}).read(STORY.encode(), URL)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!doctype html><p>x", "HtmlResponse"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html>', "HtmlResponse"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><rss>', "XmlResponse"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "XmlResponse"),
        (b' {"title": "x"}', "TextResponse"),
        (b"%PDF-1.4 x", "Response"),
        (b"GIF89a\0\0", "Response"),
    ],
)
def test_kind_of_a_page_is_told_from_how_it_begins(body, kind):
    assert type(as_response(body, URL)).__name__ == kind
