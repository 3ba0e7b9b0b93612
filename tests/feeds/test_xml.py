"""What RSS 2.0 (rssboard.org/rss-specification) and RFC 4287 demand, whatever the news say."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from lxml import etree, html

from feeds.identity import DEFAULT_TAGGING_ENTITY, entry_id

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
NASTY = {
    "control characters": "a\x00b\x08c\x0bd\x1fe\x7ff\x85g\u2028h",
    "non-characters": "a\ufffeb\uffffc\U0001fffed",
    "cdata end": "a ]]> b <![CDATA[ c",
    "script": "<script>alert(1)</script>",
    "entities": "&amp; &lt;b&gt; &#60;i&#62; &copy; &unknown; AT&T",
    "entity bomb": '<!DOCTYPE x [<!ENTITY a "b">]>&a;',
    "right to left": "نداء \u202eللشهود\u202c שלום",
    "emoji": "👮🏽‍♀️🚓",
    "long": "Appeal " * 15_000,
    "marks": "# * - > 1. `x` **",
    "quotes": "\"'<>&",
}


def parsed(data: bytes) -> Any:
    return etree.fromstring(data)


@pytest.fixture
def nasty(store: Any, published: Any) -> Any:
    store.source("Northmarch")
    store.source(
        "Sedge & <Tarn>", id="tarn", force="\x0bSedge & <b>Tarn</b> ]]> Police", home_url="javascript:alert(1)"
    )
    for text in NASTY.values():
        store.rewrite(store.article("tarn"), title=text, description=text, body=text)
    store.article("tarn", description=None, body="", url="javascript:alert(1)", image_url='https://i.example/"><a>.png')
    return published()


@pytest.fixture
def plain(store: Any, published: Any) -> Any:
    store.source("Northmarch", force="Northmarch Constabulary")
    store.article(image_url="https://i.example/gate.jpg")
    store.article(description=None, image_url="https://i.example/picture")
    return published()


@pytest.mark.parametrize("name", ["northmarch.rss", "all.rss", "sedge-and-tarn.rss"])
def test_rss_holds_what_the_specification_demands(nasty: Any, name: str) -> None:
    root = parsed(nasty.data(name))
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    (channel,) = root
    for required in ("title", "link", "description", "language", "lastBuildDate", "ttl", "generator"):
        assert len(channel.findall(required)) == 1
        assert channel.findtext(required)
    assert channel.findtext("ttl") in {"15", "30", "60"}
    assert channel.findtext("link", "").startswith("https://")
    (own,) = channel.findall("atom:link[@rel='self']", NS)
    assert dict(own.attrib) == {
        "rel": "self",
        "type": "application/rss+xml",
        "href": f"https://news.example.org/feeds/{name}",
    }
    assert parsedate_to_datetime(channel.findtext("lastBuildDate", "")).tzinfo is UTC
    for item in channel.findall("item"):
        for once in ("title", "description", "guid", "pubDate", "dc:creator"):
            assert len(item.findall(once, NS)) == 1
            assert item.findtext(once, namespaces=NS)
        assert len(item.findall("link")) <= 1
        assert item.findtext("link", "https://").startswith("https://")
        assert item.find("author") is None
        assert item.find("guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(item.findtext("pubDate", "")).year == 2024
        tags = [child.tag for child in item]
        assert tags.index("description") < tags.index(f"{{{NS['content']}}}encoded")
        for enclosure in item.findall("enclosure"):
            assert set(enclosure.attrib) == {"url", "length", "type"}
            assert enclosure.get("url", "").isascii()


@pytest.mark.parametrize("name", ["northmarch.atom", "all.atom", "sedge-and-tarn.atom"])
def test_atom_holds_what_rfc_4287_demands(nasty: Any, name: str) -> None:
    root = parsed(nasty.data(name))
    assert root.tag == f"{{{NS['atom']}}}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    for required in ("id", "title", "updated", "author", "subtitle"):
        assert len(root.findall(f"atom:{required}", NS)) == 1
    links = {link.get("rel"): link.get("href") for link in root.findall("atom:link", NS)}
    assert links["self"] == f"https://news.example.org/feeds/{name}"
    assert set(links) - {"prev-archive"} == {"alternate", "self"}
    assert links["alternate"].startswith("https://")
    ids = [entry.findtext("atom:id", namespaces=NS) for entry in root.findall("atom:entry", NS)]
    assert len(set(ids)) == len(ids)
    for entry in root.findall("atom:entry", NS):
        for required in ("id", "title", "updated", "published", "content"):
            assert len(entry.findall(f"atom:{required}", NS)) == 1
            assert entry.findtext(f"atom:{required}", namespaces=NS)
        assert entry.findtext("atom:author/atom:name", namespaces=NS)
        rels = [link.get("rel") for link in entry.findall("atom:link", NS)]
        assert sorted(rels) in (["alternate"], ["alternate", "enclosure"], ["enclosure"])
        updated, published = (
            datetime.fromisoformat(entry.findtext(f"atom:{name}", "", NS)) for name in ("updated", "published")
        )
        assert updated.utcoffset() == published.utcoffset() == timedelta(0)
        assert updated >= published
        assert {category.get("scheme") for category in entry.findall("atom:category", NS)} == {
            f"tag:{DEFAULT_TAGGING_ENTITY}:area",
            f"tag:{DEFAULT_TAGGING_ENTITY}:kind",
        }


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_feed_of_nasty_news_is_read_whole(nasty: Any, ending: str) -> None:
    feed = nasty.read(f"sedge-and-tarn.{ending}")
    assert feed.bozo == 0
    assert len(feed.entries) == len(NASTY) + 1
    assert {entry.author for entry in feed.entries} == {"Sedge & <b>Tarn</b> ]]> Police"}
    by_name = dict(zip(reversed(NASTY), feed.entries[1:], strict=True))
    assert "نداء \u202eللشهود\u202c שלום" in by_name["right to left"].content[0].value
    assert "👮🏽‍♀️🚓" in by_name["emoji"].title
    assert "a ]]&gt; b" in by_name["cdata end"].content[0].value
    assert by_name["long"].content[0].value.count("Appeal") == 15_000


def test_nothing_acts_in_what_readers_show_as_html(nasty: Any) -> None:
    rss = parsed(nasty.data("all.rss"))
    shown = [rss.findtext("channel/title", ""), rss.findtext("channel/description", "")]
    for item in rss.iter("item"):
        shown += [item.findtext("title", ""), item.findtext("description", "")]
        shown += [item.findtext("content:encoded", "", NS)]
    shown += [content.text for content in parsed(nasty.data("all.atom")).iterfind(".//atom:content", NS)]
    for text in shown:
        for element in html.fragment_fromstring(text, create_parent="div").iter():
            assert element.tag in {"div", "p", "h1", "ul", "ol", "li", "strong", "em", "code", "blockquote", "a", "hr"}
            assert not set(element.attrib) - {"href", "rel", "title", "start"}
    titles = [str(html.fromstring(f"<p>{item.findtext('title')}</p>").xpath("string()")) for item in rss.iter("item")]
    assert NASTY["script"] in titles
    assert NASTY["entities"] in titles


def test_rss_title_is_encoded_only_where_it_would_be_read_as_markup(store: Any, published: Any) -> None:
    store.source()
    store.article(title="Food & drink: R&D <b>AT&amp;T</b>")
    (title,) = parsed(published().data("all.rss")).xpath("//item/title/text()")
    assert title == "Food & drink: R&D &#x3C;b>AT&#x26;amp;T&#x3C;/b>"


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_feed_says_what_the_article_says(plain: Any, ending: str) -> None:
    feed = plain.read(f"northmarch.{ending}")
    assert feed.bozo == 0
    assert feed.feed.title == "Northmarch police news"
    assert feed.feed.link == "https://www.northmarch.example/news/"
    assert plain.read(f"all.{ending}").feed.link == "https://news.example.org/"
    entry = feed.entries[1]
    assert entry.id == entry_id(DEFAULT_TAGGING_ENTITY, "northmarch", "https://www.northmarch.example/news/1")
    assert entry.title == "Appeal after a gate was taken, number 1"
    assert entry.link == "https://www.northmarch.example/news/1"
    assert entry.author == "Northmarch Constabulary"
    assert entry.summary == "Officers ask for witnesses."
    assert entry.content[-1].value.startswith("<p>A <strong>five-bar gate</strong> went missing.</p>")
    assert entry.published_parsed[:6] == (2024, 5, 1, 8, 1, 0)
    assert {(tag.scheme.rpartition(":")[2], tag.label or tag.term) for tag in entry.tags} == {
        ("area", "Northmarch"),
        ("kind", "appeal"),
    }
    assert [(image.href, image.type) for image in entry.enclosures] == [("https://i.example/gate.jpg", "image/jpeg")]


def test_picture_of_unknown_type_is_linked_from_atom_alone(plain: Any) -> None:
    # An RSS enclosure without a type is not valid, and a wrong type is worse than none.
    assert plain.read("northmarch.rss").entries[0].enclosures == []
    (image,) = parsed(plain.data("northmarch.atom")).findall("atom:entry[1]/atom:link[@rel='enclosure']", NS)
    assert dict(image.attrib) == {"rel": "enclosure", "href": "https://i.example/picture"}


def test_story_without_a_standfirst_is_summed_up_by_its_first_words_in_rss(plain: Any) -> None:
    item = plain.read("northmarch.rss").entries[0]
    assert item.summary == "A five-bar gate went missing. blue heavy"
    assert item.content[0].value.startswith("<p>")
    (first, _) = parsed(plain.data("northmarch.atom")).findall("atom:entry", NS)
    assert first.find("atom:summary", NS) is None


def test_feed_without_entries_is_valid_and_dated_by_the_store(store: Any, published: Any) -> None:
    store.source("Northmarch")
    made = published()
    for ending in ("rss", "atom"):
        feed = made.read(f"northmarch.{ending}")
        assert (feed.bozo, feed.entries) == (0, [])
        assert feed.feed.updated_parsed[:6] == (2024, 5, 1, 8, 0, 0)
