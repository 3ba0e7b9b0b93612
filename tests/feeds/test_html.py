import pytest
from lxml import html

from feeds.html import MOST_BODY, excerpt, to_html
from tests.growth import grows_no_faster

PAGE = "https://www.northmarch.example/news/1"

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a onclick=alert(1) href='//a.example'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](https://a.example/x.png)',
    '[x](https://a.example "onmouseover=alert(1)")',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "| a |\n| - |\n| <script>alert(1)</script> |",
    "<style>@import 'https://a.example/x.css'</style>",
    "<form action=https://a.example><input name=q><button>go</button></form>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<base href='https://a.example'>",
    "<meta http-equiv=refresh content='0;url=https://a.example'>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "\x00<scr\x00ipt>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
HARMLESS_TAGS = {
    *("div", "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li"),
    *("a", "b", "code", "em", "i", "strong", "table", "thead", "tbody", "tr", "th", "td"),
}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "a {} b", "**{}**", "> {}", " * {}", "# {}"])
def test_to_html_leaves_nothing_that_acts(payload: str, around: str) -> None:
    root = html.fragment_fromstring(to_html(around.format(payload), PAGE), create_parent="div")
    for element in root.iter():
        assert element.tag in HARMLESS_TAGS
        assert set(element.attrib) <= {"href", "title", "rel", "start"}
        assert element.get("href", "https:").split(":")[0] in ("http", "https", "mailto", "tel")


def test_to_html_keeps_the_marks_of_a_story() -> None:
    body = (
        "## What happened\n\nA **bold** and _italic_ [link](https://a.example/b).\\\nNext line\n\n * one\n * two\n\n"
        " 3. three\n\n> said\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n* * *\n"
    )
    root = html.fragment_fromstring(to_html(body, PAGE), create_parent="div")
    tags = " ".join(element.tag for element in root.iter())
    assert tags == "div h2 p strong em a br ul li li ol li blockquote p table thead tr th th tbody tr td td hr"
    assert root.find(".//ol").get("start") == "3"
    assert root.find(".//a").get("href") == "https://a.example/b"


def test_to_html_resolves_relative_links_against_the_page() -> None:
    root = html.fragment_fromstring(to_html("[a](/b) [c](d) [e](//f.example/)", PAGE), create_parent="div")
    assert [a.get("href") for a in root.iter("a")] == [
        "https://www.northmarch.example/b",
        "https://www.northmarch.example/news/d",
        "https://f.example/",
    ]


def test_to_html_keeps_a_line_that_looks_like_a_link_definition() -> None:
    assert "[1]: https://a.example/" in to_html("[1]: https://a.example/\n\nsee [1]", PAGE)


MONSTERS = {
    "brackets": (lambda n: "[" * n, 30_000),
    "quotes": (lambda n: "> " * n + "x", 100_000),
    "emphasis": (lambda n: "*a " * n, 20_000),
    "links": (lambda n: "[a](" * n, 10_000),
    "a table": (lambda n: "| " * n + "\n" + "|-" * n + "|\n" + "|x|\n" * (n // 2), 30_000),
    "references": (lambda n: "[a]: https://a.example/" + "x" * 5_000 + "\n\n" + "[a]" * n, 40_000),
    "less than": (lambda n: "<" * n, MOST_BODY),
    "words": (lambda n: "word " * n, MOST_BODY // 5),
}


@pytest.mark.parametrize("monster", MONSTERS)
def test_to_html_of_a_monster_is_bounded_in_size_and_linear_in_time(monster: str) -> None:
    make, number = MONSTERS[monster]
    assert len(to_html(make(10 * number), PAGE)) < 5_000_000
    grows_no_faster(make, lambda body: to_html(body, PAGE), number)


def test_to_html_of_a_body_too_long_ends_with_a_link_to_the_source() -> None:
    made = to_html("A paragraph.\n\n" * 40_000, PAGE)
    assert made.endswith(f'<a href="{PAGE}" rel="noopener noreferrer">This story goes on at its source.</a></p>')
    assert len(made) < 2 * MOST_BODY


def test_to_html_keeps_right_to_left_text() -> None:
    assert "نداء للشهود \u202bשלום\u202c" in to_html("نداء للشهود \u202bשלום\u202c", PAGE)


def test_to_html_takes_out_what_xml_forbids_even_when_written_as_a_reference() -> None:
    assert to_html("a\ud800\x00b &#11; &#0; &#xD800; &#xFFFE;\x1f", PAGE) == "<p>ab ? ? ? ?</p>"


def test_excerpt_is_the_first_words_without_marks() -> None:
    assert excerpt("<p>A &amp; <strong>b</strong> &lt;c&gt;</p>\n<p>next</p>") == "A & b <c> next"
    assert len(excerpt("<p>" + "word " * 500 + "</p>")) <= 300
