"""Which coding a client gets (RFC 9110, 12.5.3)."""

from __future__ import annotations

import gzip

import brotli
import pytest

from feeds.site.compression import chosen_coding, is_worth_packing, packed


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZip, Deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br ; q=0.9 , gzip ; q=0.8", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("gzip;q=0.000", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0", ""),
        ("*;q=0", ""),
        ("deflate", ""),
        ("gzip;q=nonsense", ""),
        ("gzip;q=2", ""),
        ("gzip;q=nan", ""),
        (",,;;=,", ""),
        ("br;level=4;q=1", "br"),
        ("\xff\xfe", ""),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(accepted: str, coding: str):
    assert chosen_coding(accepted.encode("latin-1")) == coding


def test_a_coding_gives_the_data_back_and_the_same_bytes_each_time():
    data = b"One story after another. " * 100
    assert gzip.decompress(packed(data, "gzip")) == brotli.decompress(packed(data, "br")) == packed(data, "") == data
    assert packed(data, "gzip") == packed(data, "gzip")
    assert len(packed(data, "br")) < len(data) // 4


def test_text_is_packed_and_pictures_and_small_answers_are_not():
    assert all(
        is_worth_packing(each, 5000) for each in ("text/html; charset=utf-8", "image/svg+xml", "application/json")
    )
    assert is_worth_packing("application/problem+json", 5000)
    assert not is_worth_packing("image/png", 5000)
    assert not is_worth_packing("text/html", 100)
