import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.text import one_line, shortened, web_address, xml_text

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT)
def test_xml_text_can_always_be_written_and_read_as_xml(text: str) -> None:
    element = etree.Element("a")
    element.text = xml_text(text)
    assert (etree.fromstring(etree.tostring(element, encoding="UTF-8")).text or "") == element.text


@pytest.mark.parametrize("text", ["a\tb\nc", "naïve “quotes”", "עברית العربية", "🚓", "]]>", "a\u200eb"])
def test_xml_text_keeps_what_xml_allows(text: str) -> None:
    assert xml_text(text) == text


def test_one_line_parts_words_where_a_control_character_did() -> None:
    assert one_line(" two\x0bwords\x00\u2028here\ud800 ") == "two words here"


def test_shortened_ends_at_a_word() -> None:
    assert shortened("one two three four", 12) == "one two…"
    assert shortened("x" * 20, 10) == "x" * 9 + "…"
    assert shortened("short", 10) == "short"


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://a.example/b?c=d&e=%20#f", "https://a.example/b?c=d&e=%20#f"),
        ("https://a.example/é–x y", "https://a.example/%C3%A9%E2%80%93x%20y"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/\x00b", "https://a.example/b"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("javascript:alert(1)", None),
        (" java\tscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/x", None),
        ("https://", None),
        ("http://[bad", None),
        ('https://a"b.example/', None),
        ("https://" + "ü" * 300 + ".example/", None),
        ("", None),
        (None, None),
    ],
)
def test_web_address_is_an_ascii_uri_or_none(url: str | None, uri: str | None) -> None:
    assert web_address(url) == uri


@given(ANY_TEXT)
def test_web_address_never_raises(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        address = web_address(url)
        assert address is None or (address.isascii() and address.startswith(("http://", "https://")))
