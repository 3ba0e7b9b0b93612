"""Documents in memory."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import brotli
import pytest

from feeds.site.caching import Kept, Shelf

MODIFIED = datetime(2026, 10, 5, 12, 30, 15, tzinfo=UTC)
DATA = b"<feed>" + b"Some story. " * 300 + b"</feed>"


def kept(data: bytes = DATA, key: str = "feeds/all.atom") -> Kept:
    made = Kept(key, "all", "application/atom+xml", data)
    made.dress(MODIFIED, 120, 0)
    return made


def ask(document: Kept, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    start, body = document.answer(method, given)
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


@pytest.mark.parametrize(
    ("accepted", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress), ("identity", bytes)]
)
def test_each_coding_has_its_own_length_and_tag(accepted, unpack):
    status, headers, body = ask(kept(), accept_encoding=accepted)
    assert (status, unpack(body), headers["content-length"]) == (200, DATA, str(len(body)))
    assert headers.get("content-encoding", "identity") == accepted
    assert headers["vary"] == "Accept-Encoding"
    assert ask(kept(), accept_encoding=accepted, if_none_match=headers["etag"])[::2] == (304, b"")
    others = {"gzip", "br", "identity"} - {accepted}
    assert all(ask(kept(), accept_encoding=other, if_none_match=headers["etag"])[0] == 200 for other in others)


def test_the_headers_of_a_304_are_those_that_a_cache_updates():
    full, unchanged = ask(kept())[1], ask(kept(), if_none_match="*")[1]
    assert unchanged.items() <= full.items()
    assert {"etag", "cache-control", "vary", "last-modified"} <= unchanged.keys()
    assert "content-length" not in unchanged


def test_head_has_the_headers_of_get_and_no_body():
    assert ask(kept(), "HEAD") == (200, ask(kept())[1], b"")


def test_its_own_date_is_known_and_an_earlier_one_is_not():
    date = ask(kept())[1]["last-modified"]
    assert date == "Mon, 05 Oct 2026 12:30:15 GMT"
    assert ask(kept(), if_modified_since=date)[0] == 304
    assert ask(kept(), if_modified_since=date.replace(":15", ":14"))[0] == 200
    assert ask(kept(), if_modified_since=date, if_none_match='"other"')[0] == 200


def test_fields_that_come_in_several_lines_are_one_list():
    headers = [(b"accept-encoding", b"deflate"), (b"accept-encoding", b"br"), (b"if-none-match", b'"x"')]
    start, _ = kept().answer("GET", [*headers, (b"if-none-match", kept()._tags["br"])])
    assert start["status"] == 304


def test_other_bytes_have_another_tag():
    assert ask(kept())[1]["etag"] != ask(kept(DATA + b" "))[1]["etag"]


def test_a_full_shelf_gives_up_what_was_asked_for_longest_ago():
    one = kept().size
    shelf = Shelf(room=3 * one + one // 2)
    for key in "abc":
        shelf.put(kept(key=key))
    shelf.get("a")
    shelf.put(kept(key="d"))
    assert [each.key for each in shelf] == ["c", "a", "d"]
    assert shelf.filled == 3 * one
    shelf.drop("a")
    shelf.put(kept(key="c"))
    assert (len(shelf), shelf.filled) == (2, 2 * one)


def test_one_document_does_not_push_all_others_out():
    shelf = Shelf(room=kept().size * 2)
    shelf.put(kept(key="a"))
    shelf.put(kept(bytes(range(256)) * 100, key="big"))
    assert [each.key for each in shelf] == ["a"]
