"""The grammar of feed names and searches: what each name means, and one sentence for what means nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from feeds import look, selection
from feeds.build import BadQuery, EntryMemory, FeedQuery, Press, UnknownFeed, document
from feeds.look import Look
from feeds.names import KINDS, FeedName
from storage.database import reading

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _news(store: Any) -> None:
    store.source("Northmarch", region="Wales")
    store.source("Sedge and Tarn")


def titles(served: Any, name: str, **asked: Any) -> list[str]:
    feed = served.read(name, **asked)
    assert feed.bozo == 0
    return [entry.title for entry in feed.entries]


@pytest.mark.parametrize(
    "name",
    [
        "all.rss",
        "northmarch/changes.atom",
        "northmarch/wanted.json",
        "all/open.rss",
        "northmarch/archive/2024-05.atom",
        "all/archive/2024-05-01_3.json",
    ],
)
def test_a_name_is_what_it_was_read_from(name: str) -> None:
    assert str(FeedName.parse(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "all",
        "all.xml",
        "../all.rss",
        "all/../all.rss",
        "ALL.rss",
        "all.rss/",
        "all//open.rss",
        "all/archive/2024.rss",
        "all/archive/2024-05-01_0.rss",
        "all/archive/2024-05-01_1.rss",
        "all\n.rss",
        "all/nothing.rss",
        "\x00.rss",
    ],
)
def test_a_name_that_the_grammar_has_no_place_for_is_unknown(served: Any, name: str) -> None:
    with pytest.raises(UnknownFeed, match="there is no feed"):
        served.data(name)


def test_an_unknown_area_or_kind_is_told_with_near_names(served: Any) -> None:
    with pytest.raises(UnknownFeed, match=r"did you mean northmarch/appeal\.atom\?"):
        served.data("northmark/appeal.atom")
    with pytest.raises(UnknownFeed, match=r"did you mean northmarch/appeal\.atom\?"):
        served.data("northmarch/appeals.atom")


def test_each_kind_has_a_feed_of_an_area_and_of_all_empty_or_not(store: Any, served: Any) -> None:
    store.article(title="Held", kind="arrest")
    store.article("sedge-and-tarn", title="Look out", kind="wanted")
    for kind in KINDS:
        expected = {"arrest": (["Held"], ["Held"]), "wanted": ([], ["Look out"])}.get(kind, ([], []))
        assert (titles(served, f"northmarch/{kind}.atom"), titles(served, f"all/{kind}.rss")) == expected


def test_a_rare_kind_has_its_last_stories_however_many_others_came_after_them(
    store: Any, served: Any, monkeypatch: Any
) -> None:
    for n in range(3):
        store.article(title=f"Look out {n}", kind="wanted", references=[f"24/{n}"])
    withdrawn = store.article(title="Look out, withdrawn", kind="wanted")
    store.remove(withdrawn, FIRST + DAY)
    for n in range(6):
        store.article(title=f"Street fair {n}", kind="campaign")
    store.article(title="Look out now", kind="wanted")
    store.article(title="Held", kind="arrest", references=["24/1"])
    store.article("sedge-and-tarn", title="Look out there", kind="wanted")
    monkeypatch.setattr(selection, "LOOKED_AT", 5)
    monkeypatch.setattr(look, "LOOKED_AT", 5)
    expected = ["Look out now", "Look out 2", "Look out 1", "Look out 0"]
    assert titles(served, "northmarch/wanted.atom") == expected
    assert titles(served, "northmarch/open.atom") == [title for title in expected if title != "Look out 1"]
    assert titles(served, "all/wanted.rss") == ["Look out there", *expected]
    monkeypatch.setattr(look, "MOST_ENTRIES", 2)
    assert titles(served, "northmarch/wanted.atom") == expected[:2]


def test_an_appeal_is_open_until_a_later_story_of_the_force_with_its_reference_answers_it(
    store: Any, served: Any
) -> None:
    number = {"references": ["24/123"]}
    store.article(title="answered before", kind="arrest", references=["24/9"])
    store.article(title="still open", kind="wanted", references=["24/9"])
    store.article(title="answered", kind="missing", **number)
    store.article("sedge-and-tarn", title="another force's", kind="appeal", **number)
    store.article(title="other", kind="incident", **number)
    store.article(title="without a number", kind="appeal")
    assert titles(served, "northmarch/open.atom") == ["without a number", "answered", "still open"]
    store.article(title="found", kind="found", references=["24-123"])
    assert titles(served, "northmarch/open.atom") == ["without a number", "still open"]
    assert titles(served, "all/open.atom") == ["without a number", "another force's", "still open"]
    store.remove(2, FIRST + DAY)
    assert titles(served, "northmarch/open.rss") == ["without a number"]


def test_a_search_finds_by_words_kinds_and_days(store: Any, served: Any) -> None:
    store.article(title="A knife was found", kind="appeal")
    store.article(title="A spoon was found", kind="incident", published_at=FIRST - 9 * DAY)
    store.article("sedge-and-tarn", title="Another knife", kind="court")
    assert titles(served, "all.atom", q="knife") == ["Another knife", "A knife was found"]
    assert titles(served, "northmarch.rss", q="knife") == ["A knife was found"]
    assert titles(served, "all.atom", kind="court,incident") == ["Another knife", "A spoon was found"]
    assert titles(served, "all.atom", until="2024-04-22") == ["A spoon was found"]
    assert titles(served, "all.atom", since="2024-04-23", kind="appeal") == ["A knife was found"]
    assert titles(served, "all.atom", q="fork") == []


def test_a_search_is_paged_and_each_story_is_on_one_page(store: Any, served: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("feeds.searches.MOST_ENTRIES", 3)
    for _ in range(8):
        store.article()
    found, asked = [], {"kind": "appeal"}
    while asked:
        root = etree.fromstring(served.data("all.atom", **asked))
        found += [each.text for each in root.iterfind("{*}entry/{*}id")]
        links = {link.get("rel"): link.get("href") for link in root.findall("{*}link")}
        assert links["first"].endswith("/feeds/all.atom?kind=appeal")
        assert links["last"].endswith("/feeds/all.atom?kind=appeal&page=3")
        following = links.get("next", "").partition("?")[2]
        asked = dict(pair.split("=") for pair in following.split("&")) if following else {}
    assert len(found) == len(set(found)) == 8
    assert "previous" in links
    with pytest.raises(BadQuery, match="the last one is 3"):
        served.data("all.json", kind="appeal", page="4")


@pytest.mark.parametrize(
    "text", ["NOT", '"', "a* OR (b", "'; DROP TABLE article; --", "kn\x00ife", "{title}:x", "^", "a NEAR b", "%", "\\"]
)
def test_a_search_text_never_becomes_syntax(store: Any, served: Any, text: str) -> None:
    store.article()
    try:
        assert titles(served, "all.atom", q=text) in ([], ["Appeal after a gate was taken, number 1"])
    except BadQuery as said:
        assert len(str(said)) < 300  # noqa: PT017


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "x" * 10_000}, "10000 characters"),
        ({"since": "yesterday"}, "'yesterday' is no day for since"),
        ({"since": "2024-02-30"}, "no day"),
        ({"until": "2024-01-01T00:00:00"}, "no day"),
        ({"until": "9999-12-31"}, "no day"),
        ({"since": "2024-05-02", "until": "2024-05-01"}, "before it begins"),
        ({"kind": "apeal"}, "did you mean appeal"),
        ({"kind": "zzz"}, "there are appeal, missing"),
        ({"page": "0"}, "no page"),
        ({"page": "99999999999999"}, "no page"),
        ({"page": "٣"}, "no page"),
        ({"kinds": "appeal"}, "no parameter 'kinds'"),
    ],
)
def test_a_search_that_cannot_be_asked_is_told_in_a_sentence(asked: dict[str, str], said: str) -> None:
    with pytest.raises(BadQuery, match=said) as raised:
        FeedQuery.parse(asked)
    assert len(str(raised.value)) < 250
    assert "\n" not in str(raised.value)


def test_what_asks_nothing_is_the_feed_itself(store: Any, served: Any) -> None:
    store.article()
    assert served.data("all.atom", q=" ", kind="", utm_source="mail") == served.data("all.atom")
    assert FeedQuery.parse([("kind", "court"), ("kind", "appeal")]).asked == (("kind", "appeal,court"),)
    with pytest.raises(BadQuery, match="said twice"):
        FeedQuery.parse([("q", "a"), ("q", "b")])
    with pytest.raises(BadQuery, match=r"all\.atom alone"):
        served.data("all/appeal.atom", q="gate")


def test_the_list_has_every_feed_by_region(store: Any, served: Any) -> None:
    root = etree.fromstring(served.data("feeds.opml"))
    groups = {group.get("text"): group for group in root.findall("body/outline")}
    assert list(groups) == ["UK police news", "Wales", "Areas"]
    listed = {each.get("xmlUrl").partition("/feeds/")[2] for each in root.iter("outline") if each.get("xmlUrl")}
    assert listed == {name for name in served.names(archives=False) if name.endswith(".atom")}
    assert [each.get("text") for each in groups["Wales"]] == ["Northmarch police news"]


def test_a_json_feed_says_what_the_others_say(store: Any, served: Any) -> None:
    store.article(image_url="https://i.example/a.jpg", tags=["Rural crime"], language="cy")
    feed = json.loads(served.data("northmarch.json", hub="https://hub.example/"))
    assert feed["feed_url"] == "https://news.example.org/feeds/northmarch.json"
    assert feed["next_url"] == "https://news.example.org/feeds/northmarch/archive/2024-05.json"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    (item,) = feed["items"]
    (entry,) = served.read("northmarch.atom").entries
    assert (item["id"], item["url"], item["title"]) == (entry.id, entry.link, entry.title)
    assert (item["content_html"], item["summary"]) == (entry.content[0].value, "Officers ask for witnesses.")
    assert (item["authors"], item["language"]) == ([{"name": "Northmarch Police"}], "cy")
    assert item["tags"] == ["Northmarch", "appeal", "Rural crime"]
    assert item["attachments"] == [{"url": "https://i.example/a.jpg", "mime_type": "image/jpeg"}]
    assert (item["date_published"], item["image"]) == ("2024-05-01T08:01:00+00:00", "https://i.example/a.jpg")


def test_a_hub_is_named_in_each_format(served: Any) -> None:
    for name in ("all.rss", "all.atom", "all.json"):
        assert b"https://hub.example/" in served.data(name, hub="https://hub.example/")
        assert b"hub" not in served.data(name)


def test_an_article_is_rendered_once_however_many_documents_it_is_in(store: Any, monkeypatch: Any) -> None:
    for _ in range(4):
        store.article()
    rendered: list[str] = []
    ours = Look.edition.__globals__["entries_of"].__globals__

    def counted(*given: Any) -> str:
        rendered.append(given[0])
        return str(to_html(*given))

    to_html = ours["to_html"]
    monkeypatch.setitem(ours, "to_html", counted)
    memory = EntryMemory()
    names = [
        f"{stem}.{end}"
        for stem in ("all", "northmarch", "all/appeal", "northmarch/open")
        for end in ("rss", "atom", "json")
    ]
    for _ in range(2):
        with reading(store.engine) as conn:
            made = {name: document(conn, Press("https://a.example"), name, memory=memory).data for name in names}
        assert len(rendered) == 4
    store.again(1, FIRST + DAY, body="Edited.\n")
    with reading(store.engine) as conn:
        again = {name: document(conn, Press("https://a.example"), name, memory=memory).data for name in names}
        assert again == {name: document(conn, Press("https://a.example"), name).data for name in names}
    assert all(again[name] != made[name] for name in names)
