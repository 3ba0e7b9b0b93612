"""Every document is valid, whatever the news say: W3C's checks, as far as they are known (`validator`), and feedparser's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest

from feeds.build import EntryMemory, Press, document, document_names
from storage.database import reading
from storage.records import Precision
from tests.feeds.validator import faults

NOW = datetime(2024, 6, 1, tzinfo=UTC)
NASTY = (
    "a\x00b\x08c\x0bd\x1fe\x7ff\x85g\u2028h",
    "a\ufffeb\uffffc\U0001fffed\ufdd0e\ufffdf",
    "caf\xc3\xa9, \xc2\xa350, \x91quoted\x92, don\xe2\x80\x99t",
    "a ]]> b <![CDATA[ c",
    "<script>alert(1)</script></b>",
    "&amp; &lt;b&gt; &#60;i&#62; &copy; &unknown; AT&T &copy2 R&D &1 &apos",
    '<!DOCTYPE x [<!ENTITY a "b">]>&a;',
    "نداء \u202eللشهود\u202c שלום",
    "👮🏽‍♀️🚓",
    "Appeal " * 15_000,
    "# * - > 1. `x` **",
    "\"'<>&",
    "a < b & c > d",
    "<?import x?> <b>",
    "[a](/relative 'x&y') [b](//host/ä?q=|) <http://x.example/[]> [c](mailto:a@b.example) [d](tel:101) [e](ftp://x.example)",
    "| a | b |\n| --- | --- |\n| <td> | [x](y) |\n\n1. one\n   * two\n\n> q\n\n    code\n\n***\n",
    "[x](https://x.example/\x00 &#xD800; \x1f)",
)
ADDRESSES = (
    "https://i.example/a b.jpg",
    "https://i.example?x.jpg",
    "https://user:pw@i.example/a.png",
    "https://ex_ample.example/a.png",
    "https://ü.example/ä.webp",
    "https://i.example/100%.gif",
    "https://i.example/a|b[1]{2}.jpg",
    "data:image/png;base64,AA",
    "https://localhost/a.png",
)


@pytest.fixture
def nasty(store: Any) -> Any:
    store.source("Northmarch", region="Wales", language="cy")
    store.source(
        "Sedge & <Tarn> R&D;",
        id="tarn",
        force="\x0bSedge & Tarn ]]> Police",
        home_url="javascript:alert(1)",
        language="xx",
    )
    for n, text in enumerate(NASTY):
        kind = "missing" if n % 2 else "appeal"
        article = store.article(
            "tarn", published_at=NOW - timedelta(days=30), seen_at=NOW - timedelta(days=20), kind=kind
        )
        store.rewrite(article, title=text, description=text, body=text, tags=[text, text, ""], language=text[:9])
    for n, address in enumerate(ADDRESSES):
        dated = {"published_at": datetime(1 if n % 2 else 2099, 1, 1, tzinfo=UTC), "seen_at": NOW - timedelta(days=2)}
        store.article("tarn", body="", description=None, image_url=address, url=f"https://tarn.example/|{n}", **dated)
    store.article("tarn", published_at=None, published_precision=Precision.UNKNOWN, language="en_gb", seen_at=NOW)
    edited = store.article("tarn", title="Old & <b>words</b>")
    store.again(edited, NOW - timedelta(days=1), title="New &copy; words </i>", body="Other words.\n")
    return store


def test_no_document_has_a_fault(nasty: Any) -> None:
    found, memory = [], EntryMemory()
    with reading(nasty.engine) as conn:
        names = document_names(conn)
        for name in names:
            data = document(
                conn, Press("https://news.example.org", hub="https://hub.example/"), name, memory=memory
            ).data
            found += faults(name, data, NOW)
            if name.endswith((".rss", ".atom")):
                read = feedparser.parse(data, response_headers={"content-type": "application/xml; charset=utf-8"})
                found += [f"{name}: {read.bozo_exception}"] if read.bozo else []
    assert found == []
    assert {"feeds.opml", "all/archive/2024-05-02.atom", "sedge-and-tarn-randd/archive/2024-05.json"} <= set(names)


def test_a_search_has_no_fault(nasty: Any, served: Any) -> None:
    for name in ("all.rss", "all.atom", "all.json"):
        assert faults(name, served.data(name, kind="appeal,missing", since="2024-01-01"), NOW) == []


def test_what_is_gone_is_no_fault_but_in_a_namespace_that_the_validator_does_not_know(nasty: Any, served: Any) -> None:
    nasty.remove(1, NOW)
    data = served.data("all.atom")
    assert faults("all.atom", data, NOW) == []
    assert b"http://purl.org/atompub/tombstones/1.0" in data
    assert b"tombstones" not in served.data("northmarch.atom") + served.data("all.rss")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("all.rss", b"<title>UK", b"<title>&lt;b&gt;&lt;/b&gt;UK"),
        ("all.rss", b"<title>UK", b"<title>&amp;copy;UK"),
        ("all.rss", b"<ttl>", b"<ttl>x"),
        ("all.rss", b'isPermaLink="false"', b'isPermaLink="true"'),
        ("all.rss", b"&lt;p&gt;", b"&lt;p onclick='x'&gt;"),
        ("all.rss", b"&lt;p&gt;", b"&lt;/b&gt;&lt;p&gt;"),
        ("all.rss", b"<pubDate>Wed", b"<pubDate>wed"),
        ("all.rss", b'length="0"', b'length=""'),
        ("all.atom", b"<updated>2024-05-01T09", b"<updated>2025-05-01T09"),
        ("all.atom", b'rel="self"', b'rel="next"'),
        ("all.atom", b"<id>tag:", b"<id>tag"),
        ("all.atom", b'xml:lang="en-GB"', b'xml:lang="xxx"'),
        ("all.atom", b"<title>Appeal", "<title>\xc3\xa9Appeal".encode()),
        ("all.json", b'"image"', b'"picture"'),
        ("all.json", b"2024-05-01T08:01:00", b"1924-05-01T08:01:00"),
        ("feeds.opml", b'type="rss"', b""),
    ],
)
def test_the_checks_find_what_is_wrong(store: Any, served: Any, name: str, good: bytes, bad: bytes) -> None:
    store.source("Northmarch")
    store.article(image_url="https://i.example/a.jpg")
    data = served.data(name)
    assert good in data
    assert faults(name, data, NOW) == []
    assert faults(name, data.replace(good, bad), NOW) != []
