"""Markdown of a page's elements, read back by another program: what is rendered says the words and links of the page."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.etree import _Element
from markdown_it import MarkdownIt

from crawler import markdown
from crawler.markdown import DROPPED_TAGS
from crawler.readers.page import parse
from crawler.text import printable
from tests.growth import grows_no_faster

URL = "https://news.ravenquay.example/a/b"
_READER = MarkdownIt("commonmark").enable("table")
_BREAKING = {*markdown.BLOCK_TAGS, "br", "hr"}


def rendered(page: str) -> str:
    root = parse(page)
    return markdown.render(markdown.blocks(root, URL, lambda element: False)) if root is not None else ""


def read_back(text: str) -> _Element:
    return lxml_html.fromstring(f"<div>{_READER.render(text)}</div>")


def words(root: _Element | None) -> list[str]:
    """The words of a tree as a person sees them: block elements part words, inline ones do not."""
    parts: list[str] = []

    def visit(element: _Element) -> None:
        if isinstance(element.tag, str) and element.tag not in DROPPED_TAGS:
            apart = " " if element.tag in _BREAKING else ""
            parts.append(apart + (element.text or ""))
            for child in element:
                visit(child)
                parts.append(child.tail or "")
            parts.append(apart)

    if root is not None:
        visit(root)
    return "".join(parts).split()


def links(root: _Element | None) -> list[tuple[str, str]]:
    """The links with words, next to each other ones to one place joined: that is how they look."""
    found: list[tuple[str, str]] = []
    for a in root.iter("a") if root is not None else ():
        text = "".join(str(t) for t in a.itertext())
        if a.get("href") and text.strip():
            found.append((str(a.get("href")), "".join(text.split())))
    return found


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>A man.</p><p>A woman.</p>", "A man.\n\nA woman.\n"),
        ("<h2>What happened</h2><p>A man.</p>", "## What happened\n\nA man.\n"),
        ("<h3>A <b>bold</b> heading</h3>", "### A bold heading\n"),
        ("<h1>One</h1><h2>Two</h2><h6>Six</h6>", "# One\n\n## Two\n\n###### Six\n"),
        ("<ul><li>one</li><li>two</li></ul>", " * one\n * two\n"),
        ("<ol><li>one</li><li>two</li></ol>", " 1. one\n 2. two\n"),
        ('<ol start="7"><li>one</li><li>two</li></ol>', " 7. one\n 8. two\n"),
        ('<ol start="x"><li>one</li></ol>', " 1. one\n"),
        ("<p>one<br>two</p>", "one\\\ntwo\n"),
        ("<p>one<br><br>two</p>", "one\n\ntwo\n"),
        ("<p>one<br> <br>&nbsp;<br>two</p>", "one\n\ntwo\n"),
        ("<p>one<br></p><p><br>two</p>", "one\n\ntwo\n"),
        ("<p><b>a <a href='/x'>b</a> c</b></p>", "**a [b](https://news.ravenquay.example/x) c**\n"),
        ("<p><i>said</i> he</p>", "_said_ he\n"),
        ("<p><b> </b>a<b></b> <i></i>b</p>", "a b\n"),
        ("<p><strong>Wanted:</strong> a man</p>", "**Wanted:** a man\n"),
        ("<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two\n"),
        ("<p>#OpSceptre starts</p>", "\\#OpSceptre starts\n"),
        ("<p>1. first</p>", "1\\. first\n"),
        ("<p>1.5 metres</p>", "1.5 metres\n"),
        ("<p>- not a list</p>", "\\- not a list\n"),
        ("<p>+44 161</p>", "+44 161\n"),
        ("<p>&gt; not a quote</p>", "\\> not a quote\n"),
        ("<p>---</p>", "\\---\n"),
        ("<p>• typed bullet</p>", "• typed bullet\n"),
        ("<p>one<br>===</p>", "one\\\n\\===\n"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "\\<script>alert(1)\\</script>\n"),
        ("<p>a*b_c_d [x](y) `z` &amp;amp; ~~no~~</p>", "a\\*b_c_d \\[x\\](y) \\`z\\` \\&amp; \\~~no\\~~\n"),
        ("<p>20*157072 and 0431_21032021</p>", "20\\*157072 and 0431_21032021\n"),
        ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb\n"),
        ("<p>a<script>alert(1)</script>b<style>p{}</style></p>", "ab\n"),
        ("<p>a<!-- no -->b<?php no ?>c</p>", "abc\n"),
        ("<p><a href='javascript:alert(1)'>a</a> <a href='#top'>b</a> <a>c</a> <a href=''>d</a></p>", "a b c d\n"),
        ("<p><a href='mailto:a@b.example'>mail</a></p>", "[mail](mailto:a@b.example)\n"),
        ("<p><a href='/a (b)'>x</a></p>", "[x](<https://news.ravenquay.example/a%20(b)>)\n"),
        ("<p><a href='/x'></a>word</p>", "word\n"),
        ("<p>zero\u200bwidth so\u00adft</p>", "zerowidth soft\n"),
        ("<p>a&nbsp;&nbsp; b\u2003c</p>", "a b c\n"),
        ("<div>bare <p>para</p> tail</div>", "bare\n\npara\n\ntail\n"),
        ("<p>a<sup>2</sup></p>", "a2\n"),
        ("<p>Crime Stoppers [email&#160;protected]</p>", "Crime Stoppers \\[email protected\\]\n"),
        ("<table><tr><th>Area</th><th>Calls</th></tr><tr><td>a|b</td><td>2</td></tr></table>",
         "| Area | Calls |\n| --- | --- |\n| a\\|b | 2 |\n"),
        ("<table><tr><td>only a frame</td></tr></table>", "only a frame\n"),
        ("<dl><dt>Where</dt><dd>Tarnbridge</dd></dl>", "Where\n\nTarnbridge\n"),
        ("<details><summary>More</summary><p>inside</p></details>", "More\n\ninside\n"),
        ("", ""),
        ("<p> </p><p></p>", ""),
    ],
)  # fmt: skip
def test_elements_become_this_markdown(page: str, text: str) -> None:
    assert rendered(page) == text


ROUND_TRIPS = [
    "<ul><li>one<ul><li>one a<ul><li>deep</li></ul></li><li>one b</li></ul></li><li>two</li></ul>",
    "<ol><li>one<ul><li>a</li></ul></li><li>two<ol start='4'><li>b</li></ol></li></ol>",
    "<ul><li><p>one</p><p>more of one</p></li><li>two</li></ul>",
    "<ul><li>one</li></ul><p>between</p><ul><li>two</li></ul>",
    "<ul><li><a href='/x'>a link</a></li><li><b>bold</b> item</li></ul>",
    "<ul><li></li><li>two</li></ul>",
    "<ul><p>a list without items</p></ul>",
    "<ul><li><blockquote><p>quoted in an item</p></blockquote></li></ul>",
    "<ul><li><h3>heading in an item</h3><p>text</p></li></ul>",
    "<ul><li>before<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></li></ul>",
    "<ol>" + "<li>x</li>" * 120 + "</ol>",
    "<ul><li><ul><li>no words of its own</li><li>b</li></ul></li><li>c</li></ul>",
    "<ul><li><ol start='3'><li><blockquote>quote<p>more</p></blockquote></li></ol></li></ul>",
    "<ul><li>a<ul><li><blockquote><blockquote>quote</blockquote></blockquote>b</li></ul></li></ul>",
    "<ul><li><blockquote>0<ol><li>0<b><br><br>0</b></li></ol></blockquote></li></ul>",
    "<ul><li>a<ul><li><hr>b<hr>c</li></ul></li></ul>",
    "<ul><li>a<ul><li><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table></li></ul></li></ul>",
    "<ol start='²'><li>a</li></ol><ol start='-3'><li>a</li></ol>",
    "<p>Look!<a href='/x'>here</a> [!]<a href='/x'>there</a></p>",
    "<p>a<br>:--<br>b<br>--<br>c<br>-- | --<br>&gt;d<br>+<br>=</p>",
    "<ol><li>one</li></ol><ol><li>another list</li></ol>",
    "<ul><li>one</li></ul><ol><li>another list</li></ol>",
    "<blockquote><p>one</p><ul><li>a</li><li>b</li></ul><p>two<br>three</p></blockquote>",
    "<blockquote><p>one</p><blockquote><p>two</p></blockquote></blockquote><blockquote>three</blockquote>",
    "<p>see <a href='https://a.example/x?y=1&z=2'>the [list] of (all)</a>.</p>",
    "<p><a href='https://a.example/a_b*c'>a_b*c</a></p>",
    "<p><a href='https://a.example/(x)'>(x)</a> <a href='https://a.example/y%22z'>y</a></p>",
    "<p><b>bold <a href='/x'>link</a></b> and <a href='/x'><b>bold</b></a></p>",
    "<p><b>Wanted</b>: <b>Appeal</b><i>!</i> <b><i>both</i></b> <i>one <b>two</b> three</i></p>",
    "<p>pre<b>fix</b>ed wo<i>r</i>d <b>“Quoted.”</b>next <i>(in brackets)</i>next</p>",
    "<p><b>one</b><b>two</b><b> three</b></p><p><i>a</i><b>b</b><i>c</i></p>",
    "<p><b>Line one<br>line two</b></p><p><i>a<br><br>b</i></p>",
    "<p># not</p><p>## not</p><p>#</p><p>1) not</p><p>* not</p><p>*</p><p>+ not</p><p>    code?</p><p>***</p><p>___</p><p>_ _ _</p><p>- - -</p>",
    "<p>```</p><p>~~~ x</p><p>| a | b |</p><p>[a]: https://x.example</p><p>![a](b)</p><p>&lt;https://x.example&gt;</p>",
    "<p>&amp;copy; &amp;#35; &amp;lt; &lt;b&gt; \\ \\\\ \\* a\\</p>",
    "<p>a<br>- b<br># c<br>1. d<br>&gt; e<br>=====<br>f</p>",
    "<p>text</p><p>---</p><p>text<br>---</p>",
    "<p>snake_case __init__ 2*3*4 **not bold** _not_ ~~x~~ ^a^</p>",
    "<p>a | b</p><p>--- | ---</p><p>a | b<br>--- | ---<br>c | d</p>",
    "<table><tr><th>A | B</th><th>C</th></tr><tr><td><b>x</b> y</td><td><a href='/l'>l | m</a></td></tr><tr><td>only one</td></tr></table>",
    "<table><tr><td>a<br>b</td><td>c</td></tr><tr><td><p>d</p></td><td>e\\</td></tr></table><p>after</p>",
    "<table><tbody><tr><td></td><td></td></tr><tr><td></td><td>x</td></tr></tbody></table>",
    "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><table><tr><td>e</td><td>f</td></tr><tr><td>g</td><td>h</td></tr></table>",
    "<table><caption>All calls</caption><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
    "<pre>one\n  two\n\n# three</pre>",
    "<h2>1. Numbered #</h2><h2># hash</h2><h3>trailing ##</h3><h2>one<br>two</h2><h2><a href='/x'>link</a></h2><h2><i>it</i></h2>",
    "<center><font>old <u>page</u></font></center>",
    "<p>emoji 👮\u200d♀️ and ﬀ and é and 1\u00a0000</p>",
    "<p>\"<b>quoted</b>\" '<i>x</i>' -<b>y</b>- .<b>z</b>. £<b>50</b>,<i>000</i></p>",
    "<p><b>a</b>*<b>b</b> _<i>c</i>_ <b>*</b> <i>_</i></p>",
    "<p><b>(a)</b>b <i>a.</i>b c<b>.d</b> <b>“e</b>f”</p>",
    "<p>a<b>b </b>c <b> d</b>e <i> f </i>g</p>",
]


@pytest.mark.parametrize("page", ROUND_TRIPS)
def test_words_and_links_come_back_from_the_markdown(page: str) -> None:
    said = f"<body>{page}</body>"
    back = read_back(rendered(said))
    assert words(back) == words(parse(said))
    assert links(back) == [(urljoin(URL, url), text) for url, text in links(parse(said))]


@pytest.mark.parametrize(
    ("page", "tag", "count"),
    [
        ("<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>", "ul/li/ul/li", 2),
        ("<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>", "ul/li/ul/li/ul/li", 1),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "ol/li/ul/li", 1),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "ul/li/p", 2),
        ("<ol>" + "<li>x</li>" * 12 + "</ol>", "ol/li", 12),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c|d</td><td>e</td></tr></table>", "table/tbody/tr/td", 2),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "blockquote/p", 2),
        ("<blockquote><p>a</p><ul><li>b</li></ul></blockquote>", "blockquote/ul/li", 1),
        ("<p>a<br>b<br>c</p>", "p/br", 2),
        ("<p>a <b>b <a href='/x'>c</a> <i>d</i></b></p>", "p/strong/a", 1),
        ("<p>a <b>b <a href='/x'>c</a> <i>d</i></b></p>", "p/strong/em", 1),
        ("<h4>a</h4>", "h4", 1),
        ("<p>word<b>Bold.</b>word</p>", "p/strong", 1),
        ("<p>wo<i>r</i>d</p>", "p/em", 1),
        ("<p><b>Wanted:</b>now</p>", "p/strong", 1),
        ("<ul><li>a</li></ul><p>b</p><ul><li>c</li></ul>", "ul", 2),
    ],
)
def test_structure_comes_back_from_the_markdown(page: str, tag: str, count: int) -> None:
    assert len(read_back(rendered(page)).findall(tag)) == count


def test_an_ordered_list_keeps_its_start() -> None:
    back = read_back(rendered("<ol start='7'><li>a</li><li>b</li></ol>"))
    assert [ol.get("start") for ol in back.iter("ol")] == ["7"]


def test_a_page_nested_20000_deep_is_read_without_recursion() -> None:
    for tag in ("div", "b", "ul><li", "blockquote", "a href='/x'", "table><tr><td", "span"):
        assert len(rendered(f"<{tag}>" * 20_000 + "deep words")) < 2_000_000, tag
        grows_no_faster(lambda n, tag=tag: f"<{tag}>" * n + "deep words", rendered, 20_000)


TEXT = st.text(
    alphabet=st.sampled_from([*"abcXYZ019 .,:!-_*#[]()<>&|\\`~'\"=+/", "\n", " ", "é", "•", "“", "”"]), max_size=14
) | st.sampled_from(["1. ", "- ", "# ", "a", " ", "one. "])
INLINE = ("b", "i", "strong", "em", "span", "a", "u")
BLOCK = ("p", "div", "ul", "ol", "blockquote", "h2", "h3", "section", "table")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _inline(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def element(drawn: tuple[str, list[str]]) -> str:
        tag, inner = drawn
        if tag == "a":  # a link in a link is no HTML
            return '<a href="/x">' + re.sub(r"</?a\b[^>]*>", "", "".join(inner)) + "</a>"
        return f"<{tag}>{''.join(inner)}</{tag}>"

    return st.tuples(st.sampled_from(INLINE), st.lists(children, max_size=3)).map(element)


INLINES = st.lists(st.recursive(TEXT.map(_escaped) | st.just("<br>"), _inline, max_leaves=6), max_size=4).map("".join)


def _block(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def element(drawn: tuple[str, list[str], str]) -> str:
        tag, inner, text = drawn
        if tag in ("p", "h2", "h3"):
            return f"<{tag}>{text}</{tag}>"
        if tag in ("ul", "ol"):
            return f"<{tag}>{''.join(f'<li>{one}</li>' for one in inner)}</{tag}>"
        if tag == "table":
            return "<table>" + f"<tr><td>{text}</td><td>b</td></tr>" * 2 + "</table>"
        return f"<{tag}>{text}{''.join(inner)}</{tag}>"

    return st.tuples(st.sampled_from(BLOCK), st.lists(children, max_size=3), INLINES).map(element)


@given(st.lists(st.recursive(INLINES, _block, max_leaves=8), max_size=4).map("".join))
@settings(max_examples=100, deadline=None)
def test_words_of_any_page_come_back_from_its_markdown(page: str) -> None:
    said = f"<body>{page}</body>"
    text = rendered(said)
    assert words(read_back(text)) == words(parse(said)), text


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    said = f"<body><p>{_escaped(text)}</p></body>"
    root = parse(said)
    if root is None:
        return
    shown = "".join(words(read_back(rendered(said))))
    given_ = printable("".join(words(root)))
    assert shown == given_


def _hidden(address: str, key: int) -> str:
    return f"{key:02x}" + "".join(f"{byte ^ key:02x}" for byte in address.encode())


@pytest.mark.parametrize("key", [0x00, 0x42, 0xFF])
def test_address_that_cloudflare_hides_is_read_whatever_its_key(key: int) -> None:
    code = _hidden("press@ravenquay.example", key)
    for page in (
        f'<p>Write to <a href="/cdn-cgi/l/email-protection" data-cfemail="{code}">[email&#160;protected]</a> now</p>',
        f'<p>Write to <span data-cfemail="{code}">[email&#160;protected]</span> now</p>',
        f'<p>Write to <a href="/cdn-cgi/l/email-protection#{code}"><span data-cfemail="{code}">x</span></a> now</p>',
    ):
        assert rendered(page) == "Write to [press@ravenquay.example](mailto:press@ravenquay.example) now\n"
    linked = f'<p>Write to <a href="/cdn-cgi/l/email-protection#{code}?subject=x">us</a></p>'
    assert rendered(linked) == "Write to [us](mailto:press@ravenquay.example)\n"


def test_address_that_cannot_be_read_is_one_constant() -> None:
    for page in (
        '<p>Write to <a href="/cdn-cgi/l/email-protection" data-cfemail="zz">[email&#160;protected]</a></p>',
        '<p>Write to <a href="/cdn-cgi/l/email-protection">[email&#160;protected]</a></p>',
    ):
        assert rendered(page) == "Write to \\[email protected\\]\n"
