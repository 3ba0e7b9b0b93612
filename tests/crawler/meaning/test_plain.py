"""Markdown marks go, numbers keep their own."""

from __future__ import annotations

import pytest

from crawler.meaning.plain import plain


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("quoting **46/1234/21**.", "quoting 46/1234/21."),
        ("_now_ and __then__ and ***more***", "now and then and more"),
        ("20*123456 and 20\\*123456", "20*123456 and 20*123456"),
        ("0431_21032021 and 0431\\_21032021", "0431_21032021 and 0431_21032021"),
        ("55190012345\\. \\#OpRovik", "55190012345. #OpRovik"),
        ("[our form](https://x.example/44190123456) here", "our form here"),
        ("[our form](<https://x.example/a(1)>) here", "our form here"),
        ("at https://x.example/40/12345/19 or www.x.example", "at  or "),
        ("number\u00a0\u200b12 – ‘today’", "number 12 - 'today'"),
    ],
)
def test_plain_is_what_a_reader_sees(markdown: str, words: str) -> None:
    assert plain(markdown) == words
