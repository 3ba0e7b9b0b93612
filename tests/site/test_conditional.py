"""When a client is told that it has a document already (RFC 9110, 13)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.site.conditional import http_date, is_known, read_date

ETAG = b'"abc-br"'
MODIFIED = datetime(2026, 10, 5, 12, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "given", [b'"abc-br"', b'W/"abc-br"', b"*", b" * ", b'"x", "abc-br"', b'W/"y",W/"abc-br" , "z"']
)
def test_a_tag_in_the_list_is_known(given: bytes):
    assert is_known(ETAG, MODIFIED, given, None)


@pytest.mark.parametrize("given", [b'"abc"', b'"abc-gzip"', b"abc-br", b"", b'""', b'"abc-br', b'"*"', b"\xff"])
def test_another_tag_or_nonsense_is_not(given: bytes):
    assert not is_known(ETAG, MODIFIED, given, None)


@pytest.mark.parametrize(
    "since",
    [
        b"Mon, 05 Oct 2026 12:30:15 GMT",
        b"Mon, 05 Oct 2026 12:30:16 GMT",
        b"Monday, 05-Oct-26 12:30:15 GMT",
        b"Mon Oct  5 12:30:15 2026",
    ],
)
def test_a_date_that_is_not_before_the_document_in_each_form_of_http(since: bytes):
    assert is_known(ETAG, MODIFIED, None, since)


@pytest.mark.parametrize(
    "since",
    [b"Mon, 05 Oct 2026 12:30:14 GMT", b"", b"0", b"yesterday", b"Mon, 99 Oct 2026 12:30:15 GMT", b"\xff", b"1" * 5000],
)
def test_an_earlier_date_or_nonsense_does_not_count(since: bytes):
    assert not is_known(ETAG, MODIFIED, None, since)


def test_a_tag_wins_over_a_date():
    assert not is_known(ETAG, MODIFIED, b'"other"', http_date(MODIFIED))
    assert is_known(ETAG, MODIFIED, ETAG, b"Mon, 05 Oct 2020 12:30:15 GMT")


def test_a_date_is_read_as_it_is_written():
    assert read_date(http_date(MODIFIED)) == MODIFIED
