"""When a page was published: the templates of common publishing systems in several languages, and what must never win."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.entries import SourceEntry
from crawler.readers.generic import GenericReader
from crawler.readers.page import open_page
from crawler.readers.published import Published, from_url, publication
from crawler.selectors import ReadError
from forcewire.saved import as_response, plain_entry
from storage.records import Precision, Record

URL = "https://press.example.org/a-story"
ONE = "A barge was taken from its mooring at Ottlesham on the night of 3 May 2011, and was found upstream by a walker at noon."
TWO = "Nobody was hurt. The lock at Marrowdale reopened in the afternoon, after the harbour master had looked at it for damage."
STORY = f"<p>{ONE}</p><p>{TWO}</p>"
TITLE = "Barge stolen at Ottlesham"


@pytest.fixture(scope="module")
def entry() -> SourceEntry:
    return plain_entry("https://press.example.org")


def html(body: str, head: str = "", lang: str = "en") -> str:
    return f'<!doctype html><html lang="{lang}"><head><title>{TITLE} | Ottlesham Press</title>{head}</head><body>{body}</body></html>'


def read(page: str, entry: SourceEntry, url: str = URL) -> Record:
    return GenericReader(entry).article(as_response(page.encode(), url))


H1 = f"<h1>{TITLE}</h1>"
CARDS = "".join(
    f'<div class="card"><a href="/o/{n}">Another story of some length {n}</a><span class="date">{n}.11.2017</span></div>' for n in range(1, 5)
)  # fmt: skip
TEMPLATES = {
    "json-ld": ('<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Barge stolen at Ottlesham","datePublished":"2016-12-23T10:15:00+01:00","dateModified":"2017-01-04T10:15:00+01:00"}</script>', H1 + STORY, "de"),
    "json-ld of a graph": ('<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage","datePublished":"2016-12-23T10:15:00+00:00"},{"@type":"Person","name":"A"}]}</script>', H1 + STORY, "en"),
    "json-ld of several articles": ('<script type="application/ld+json">[{"@type":"Article","headline":"Lock reopens","datePublished":"2017-11-02"},{"@type":"Article","headline":"Barge stolen at Ottlesham","datePublished":"2016-12-23"}]</script>', H1 + STORY, "en"),
    "broken json-ld": ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"Barge "stolen"","datePublished": "2016-12-23T10:15:00Z"}</script>', H1 + STORY, "en"),
    "open graph": ('<meta property="article:published_time" content="2016-12-23T10:15:00Z"><meta property="article:modified_time" content="2019-01-01T10:15:00Z">', H1 + STORY, "en"),
    "dublin core": ('<meta name="DC.date.issued" content="2016-12-23"><meta name="DC.publisher" content="Press 2011-01-01">', H1 + STORY, "en"),
    "a meta tag of its own": ('<meta name="cXenseParse:recs:publishtime" content="2016-12-23T10:15:00.000Z"><meta name="expires" content="2018-01-01">', H1 + STORY, "en"),
    "figures run together": ('<meta name="pubdate" content="20161223101500"><meta name="date.modified" content="20180101">', H1 + STORY, "en"),
    "a mail date": ('<meta name="date" content="Fri, 23 Dec 2016 10:15:00 GMT">', H1 + STORY, "en"),
    "a date as Java prints it": ('<meta name="publish-date" content="Fri Dec 23 10:15:00 CET 2016">', H1 + STORY, "en"),
    "microdata": ("", f'<article itemscope itemtype="https://schema.org/Article">{H1}<span itemprop="datePublished" content="2016-12-23T10:15:00+01:00">vor drei Tagen</span><span itemprop="dateModified" content="2017-03-01">x</span>{STORY}</article>', "de"),
    "html 5 theme": ("", f'<article>{H1}<div class="entry-meta"><span class="posted-on">Posted on <a href="/a-story" rel="bookmark"><time class="entry-date published" datetime="2016-12-23T10:15:00+00:00">December 23, 2016</time><time class="updated" datetime="2017-01-05T10:15:00+00:00">January 5, 2017</time></a></span></div>{STORY}</article>', "en"),
    "pubdate": ("", f'<article><header>{H1}<time pubdate datetime="2016-12-23">Friday</time></header>{STORY}</article><aside><time datetime="2017-11-01">1 Nov</time></aside>', "en"),
    "hatom": ("", f'<div class="hentry">{H1}<abbr class="published" title="2016-12-23T10:15:00+0100">vor drei Tagen</abbr>{STORY}</div>', "de"),
    "hatom in text": ("", f'<div class="hentry">{H1}<abbr class="published">am 23.12.16</abbr>{STORY}</div>', "de"),
    "old theme, English": ("", f'<div class="post"><h2>{TITLE}</h2><small>December 23rd, 2016 by <a href="/author/jo">Jo</a></small><div class="entry">{STORY}</div></div>', "en"),
    "old theme, foot": ("", f'<div class="post">{H1}<div class="entry">{STORY}<p class="postmetadata alt"><small>This entry was posted on Friday, December 23rd, 2016 at 10:15 am and is filed under <a href="/c/n">News</a>.</small></p></div></div>', "en"),
    "old theme, German": ("", f'<div class="post">{H1}<div class="entry-meta"><span class="meta-prep">Veröffentlicht am</span> <a href="/a-story"><span class="entry-date">23. Dezember 2016</span></a> von <a href="/a/jo">Jo</a></div>{STORY}</div>', "de"),
    "foot, German": ("", f'<div class="post">{H1}{STORY}<footer class="entry-footer">Geschrieben von Jo am Freitag, 23. Dezember 2016 um 10:15 Uhr</footer></div>', "de"),
    "blog of days": ("", f'<div class="blog-posts"><h2 class="date-header"><span>Freitag, 23. Dezember 2016</span></h2><div class="post"><h3 class="post-title">{TITLE}</h3><div class="post-body">{STORY}</div></div></div>', "de"),
    "submitted by": ("", f'<div class="node">{H1}<div class="submitted">Submitted by Jo on Fri, 12/23/2016 - 10:15</div><div class="content">{STORY}</div></div>', "en"),
    "created on": ("", f'{H1}<dl class="article-info"><dd class="createdby">Geschrieben von: Jo</dd><dd class="create">Erstellt: Freitag, 23. Dezember 2016 10:15</dd><dd class="modified">Zuletzt aktualisiert: 4. Januar 2018</dd></dl>{STORY}', "de"),
    "French paper": ("", f'<header>{H1}<p class="meta">Par Jo Marne | Publié le 23/12/2016 à 10h15</p></header><div>{STORY}</div>', "fr"),
    "French, updated as well": ("", f'<header>{H1}<div class="info"><span>Publié le 23 décembre 2016 à 10h15</span> <span>Mis à jour le 2 janvier 2017 à 09h00</span></div></header><div>{STORY}</div>', "fr"),
    "Spanish": ("", f'{H1}<div class="firma">Jo Marne<br>Madrid, 23 de diciembre de 2016</div><div>{STORY}</div>', "es"),
    "Italian": ("", f'{H1}<p class="data">Pubblicato il 23 dicembre 2016 da Jo</p><div>{STORY}</div>', "it"),
    "Dutch": ("", f'{H1}<div>Geplaatst op vrijdag 23 december 2016</div><div>{STORY}</div>', "nl"),
    "Portuguese": ("", f'{H1}<div>23 de dezembro de 2016</div><div>{STORY}</div>', "pt"),
    "Polish": ("", f'{H1}<div class="data">23 grudnia 2016</div><div>{STORY}</div>', "pl"),
    "named within a line": ("", f'<div><span class="kind">View</span> <span class="published_date">December 23, 2016, 8:50 PM EST</span></div>{H1}<div>{STORY}</div>', "en"),
    "figures beside an American time": ("", f'{H1}<div class="byline">By Jo Marne | 12/5/16 7:15 AM EST</div><div>{STORY}</div>'.replace("12/5/16", "12/23/16"), "en"),
    "updated, in an element named for the publication": ("", f'{H1}<p class="published">Updated <span class="timestamp">December 23, 2016 18:58:00</span></p><div>{STORY}</div>', "en"),
    "American figures": ("", f'{H1}<div class="byline">By Jo Marne, 12/23/2016</div><div>{STORY}</div>', "en-US"),
    "above the headline": ("", f'<div><p class="date">23.12.2016</p>{H1}<div>{STORY}</div></div><div>{CARDS}</div>', "de"),
    "a clock above": ("", f'<div class="clock">Tuesday, 4 November 2025</div><div>{H1}<p class="published-date">23 December 2016</p><div>{STORY}</div></div>', "en"),
    "canonical address": ('<link rel="canonical" href="https://press.example.org/2016/12/23/barge/">', H1 + STORY, "en"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_day_is_read_from_the_template_of(name: str, entry: SourceEntry) -> None:
    head, body, lang = TEMPLATES[name]
    record = read(html(body, head, lang), entry)
    assert record.published_at is not None
    assert record.published_at.date() == date(2016, 12, 23)
    assert record.published_precision in (Precision.DAY, Precision.MINUTE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_day_of_a_template_does_not_hang_on_a_story_that_can_be_read(name: str, entry: SourceEntry) -> None:
    head, body, lang = TEMPLATES[name]
    page = html(body.replace(STORY, "<p>Soon more.</p>"), head, lang)
    found = GenericReader(entry).published(as_response(page.encode(), URL))
    assert found.at is not None
    assert found.at.date() == date(2016, 12, 23)


UNDATED = {
    "a date in the story": H1 + STORY,
    "a copyright year": f"{H1}{STORY}<footer>© 2016 Ottlesham Press</footer>",
    "a copyright date": f"{H1}{STORY}<div>Copyright 23.12.2016 Ottlesham Press. All rights reserved.</div>",
    "last modified": f"{H1}<p>Last modified: 12 March 2021 at 04:27pm</p>{STORY}",
    "updated in two elements": f"{H1}<div class='date'><span>Updated: </span>August 13, 2010, 5:02 PM</div>{STORY}",
    "updated": f"{H1}{STORY}<p>Updated: 12 March 2021</p>",
    "stand": f"{H1}{STORY}<p>Stand: 12.03.2021</p>",
    "current timestamp": f"<div>Current timestamp: 13/07/2025 03:37:49</div>{H1}{STORY}",
    "printed on": f"{H1}{STORY}<div class='date'>Printed on 13/07/2025</div>",
    "other stories": f"{H1}{STORY}<div>{CARDS}</div>",
    "other stories in a list": f"{H1}{STORY}<h2>More</h2><ul><li><a href='/o/1'>Lock reopens at Marrowdale</a> 4 May 2017</li><li><a href='/o/2'>Weir is mended at Tarnbridge</a> 9 May 2017</li></ul>",
    "comments": f"{H1}{STORY}<h2>2 comments</h2><div class='comment'><b>Jo</b> <span class='comment-date'>4 May 2017 at 10:15</span><p>Well done.</p></div><div class='comment'><b>Al</b> <span class='comment-date'>5 May 2017 at 11:15</span><p>Indeed.</p></div>",
    "a time in an aside": f"{H1}{STORY}<aside><time datetime='2017-05-04'>4 May</time></aside>",
    "references": f"{H1}<p>Reference: 40/56843/22</p>{STORY}<p>Log 1234 of 30/08/26</p>",
    "an event": f"{H1}{STORY}<div class='event'>The next meeting is on 4 May 2017 at Ottlesham</div>",
    "an age and a year": f"{H1}{STORY}<p>Open since 1998</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", UNDATED)
def test_nothing_is_taken_for_the_date_from(name: str, entry: SourceEntry) -> None:
    record = read(html(UNDATED[name]), entry)
    assert (record.published_at, record.published_precision) == (None, Precision.UNKNOWN)


@pytest.mark.parametrize("name", UNDATED)
def test_nothing_is_taken_for_the_date_of_a_page_without_story_from(name: str, entry: SourceEntry) -> None:
    page = html(UNDATED[name].replace(STORY, ""))
    assert GenericReader(entry).published(as_response(page.encode(), URL)).at is None


def test_a_last_edit_is_kept_as_one(entry: SourceEntry) -> None:
    record = read(html(f"{H1}<p>Last modified: 12 March 2021 at 04:27pm</p>{STORY}<p>Posted on 12 March 2021 at 04:25pm in Appeals</p>"), entry)  # fmt: skip
    assert record.published_at == datetime(2021, 3, 12, 16, 25, tzinfo=UTC)
    assert record.modified_at == datetime(2021, 3, 12, 16, 27, tzinfo=UTC)


def test_dated_goes_before_date_published_which_moves_on_edits(entry: SourceEntry) -> None:
    lines = "<p><em>Date published: 23 July 2020 12:29</em></p><p><em>Dated: 22 July 2020 16:51:48</em></p>"
    assert read(html(H1 + lines + STORY), entry).published_at == datetime(2020, 7, 22, 15, 51, tzinfo=UTC)


def test_of_two_labelled_dates_the_pages_own_meta_decides(entry: SourceEntry) -> None:
    head = '<meta property="article:published_time" content="2019-08-16T09:33:00+00:00">'
    body = f"{H1}<div><p>Published on Monday 5 August 2019</p>{STORY}<p>Posted on 16 August 2019 at 10:33am in Appeals</p></div>"  # fmt: skip
    record = read(html(body, head), entry)
    assert record.published_at == datetime(2019, 8, 16, 9, 33, tzinfo=UTC)
    assert record.published_from == "last line"


def test_a_labelled_date_amid_the_story_counts_where_no_other_does(entry: SourceEntry) -> None:
    body = f"<div>{H1}<p>{ONE}</p><p>Release date: 29/Dec/2020 11:57</p><p>{TWO}</p><p>{ONE}</p><p>{TWO}</p></div>"
    record = read(html(body), entry)
    assert record.published_at == datetime(2020, 12, 29, 11, 57, tzinfo=UTC)
    assert "Release date" not in record.body


@pytest.mark.parametrize(
    ("lines", "url", "stated", "precision"),
    [
        ("<div>18</div><div>Dec</div><div>14:23</div>", "/latest-news/2020/december/barge/", "2020-12-18 14:23", "minute"),
        ("<div>02</div><div>Jan</div><div>14:23</div>", "/latest-news/2020/december/barge/", "2021-01-02 14:23", "minute"),
        ("<p><b>Published 24 April</b></p>", "/news/2020/april/barge/", "2020-04-24 00:00", "day"),
        ("<p><b>Published 24 April</b></p>", "/news/2020/barge/", "2020-04-24 00:00", "day"),
        ("<p>Cyhoeddwyd 3 o Fawrth</p>", "/newyddion/2021/mawrth/barge/", "2021-03-03 00:00", "day"),
        ("<p>29 February</p>", "/news/2021/february/barge/", "2021-02-01 00:00", "month"),
        ("", "/news/2021/february/barge/", "2021-02-01 00:00", "month"),
        ("<p><b>Published 24 April</b></p>", "/news/barge/", None, "unknown"),
    ],
)  # fmt: skip
def test_a_date_without_year_takes_it_from_the_address(
    lines: str, url: str, stated: str | None, precision: str, entry: SourceEntry
) -> None:
    record = read(html(f"<div>{H1}{lines}{STORY}</div>"), entry, "https://press.example.org" + url)
    assert record.published_at == (datetime.fromisoformat(f"{stated}+00:00") if stated else None)
    assert record.published_precision == precision
    assert record.body.startswith("A barge")


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("https://a.example/2016/12/23/barge/", "2016-12-23", "day"),
        ("https://a.example/2016-12-23-barge", "2016-12-23", "day"),
        ("https://a.example/news/20161223/barge", "2016-12-23", "day"),
        ("https://a.example/news/barge_2016-12-23.html", "2016-12-23", "day"),
        ("https://a.example/2016/12/barge", "2016-12-01", "month"),
        ("https://a.example/2016/12/23-arrested-at-ottlesham/", "2016-12-01", "month"),
        ("https://a.example/news/2020/april/barge/", "2020-04-01", "month"),
        ("https://a.example/news/2020/maw-mar/barge/", None, "unknown"),
        ("https://a.example/news/appeals/2003/barge/", None, "unknown"),
        ("https://a.example/2016/13/45/barge/", None, "unknown"),
        ("https://a.example/article/20161399/barge", None, "unknown"),
        ("https://a.example/barge?on=2016-12-23", None, "unknown"),
        ("", None, "unknown"),
    ],
)
def test_an_address_says_no_more_than_it_does(url: str, day: str | None, precision: str) -> None:
    found = from_url(url)
    assert (found.at.date().isoformat() if found.at else None, found.precision) == (day, precision)


@pytest.mark.parametrize(
    ("stamp", "at", "precision"),
    [
        ("2016-12-23T20:30:00-05:00", "2016-12-23 00:00", "day"),  # the 24th in London, and nobody saw it on that day
        ("2016-12-23T00:30:00+01:00", "2016-12-23 00:00", "day"),
        ("2016-12-23T12:30:00-05:00", "2016-12-23 17:30", "minute"),
        ("2016-07-23T00:30:00+01:00", "2016-07-22 23:30", "minute"),
        ("2016-12-23T00:00:00+01:00", "2016-12-23 00:00", "day"),
        ("1482488100", "2016-12-23 10:15", "minute"),
        ("0001-01-01T00:00:00Z", None, "unknown"),
        ("1970-01-01T00:00:00Z", None, "unknown"),
        ("nonsense", None, "unknown"),
    ],
)
def test_a_stamp_for_machines_is_believed_with_its_offset(
    stamp: str, at: str | None, precision: str, entry: SourceEntry
) -> None:
    record = read(html(H1 + STORY, f'<meta property="article:published_time" content="{stamp}">'), entry)
    assert record.published_at == (datetime.fromisoformat(f"{at}+00:00") if at else None)
    assert record.published_precision == precision


@pytest.mark.parametrize(
    ("beginning", "url", "day"),
    [
        ("Ottlesham, 23. Dezember 2016 – ", URL, date(2016, 12, 23)),
        ("Ottlesham/Marrowdale, den 23.12.2016. ", URL, date(2016, 12, 23)),
        ("OTTLESHAM, December 23, 2016 - ", URL, date(2016, 12, 23)),
        ("On 23 December 2016, ", URL, None),
        ("Am 23. Dezember 2016 wurde gesagt: ", URL, None),
        ("Ottlesham, 23 December 2016 – ", "https://www.tarnshire.police.uk/a-story", None),
    ],
)
def test_a_press_release_begins_with_its_place_and_day(beginning: str, url: str, day: date | None) -> None:
    record = read(html(f"{H1}<div><p>{beginning}{ONE}</p><p>{TWO}</p></div>"), plain_entry(url.rsplit("/", 1)[0]), url)
    assert (record.published_at.date() if record.published_at else None) == day
    assert ONE.split(",", maxsplit=1)[0] in record.body


def test_a_page_that_says_it_is_american_writes_the_month_first(entry: SourceEntry) -> None:
    for lang, day in (("en-US", date(2016, 12, 6)), ("en", date(2016, 6, 12)), ("en-GB", date(2016, 6, 12))):
        record = read(html(f"{H1}<p>12/06/2016</p><div>{STORY}</div>", lang=lang), entry)
        assert record.published_at is not None
        assert record.published_at.date() == day


def test_a_uk_host_is_never_taken_for_american() -> None:
    page = html(f"{H1}<p>Published 06/12/2020</p>{STORY}", lang="en-us")
    url = "https://www.tarnshire.police.uk/a-story"
    record = read(page, plain_entry("https://www.tarnshire.police.uk"), url)
    assert record.published_at == datetime(2020, 12, 6, tzinfo=UTC)


_WORDS = st.sampled_from(["<time>", "<time datetime='", "<meta name='date' content='", "<abbr title='", "<p>", "</p>", "<h1>", "</h1>", "<a href='/x'>", "</a>", "<li>", "<span itemprop='datePublished'>", "'>", "2016-12-23", "23.12.2016", "23 December", "1482488100", "Posted on ", "10:15", "99:99", "+99:99", "<script type='application/ld+json'>", '{"@type":"Article","datePublished":', "</script>", "\x00", "²", "٣ May 2020"])  # fmt: skip


@given(st.lists(_WORDS | st.text(max_size=12), max_size=40).map("".join))
def test_any_page_has_a_date_or_none(text: str) -> None:
    try:
        page = open_page(as_response(text.encode("utf-8", "replace"), URL))
    except ReadError:
        return
    found, _ = publication(page, None)
    assert isinstance(found, Published)
    assert (found.at is None) == (found.precision is Precision.UNKNOWN)


@pytest.mark.parametrize(("folders", "month"), [("2021/feb/30", 2), ("2021/05/32", 5), ("2021/february/31", 2)])
def test_a_number_in_the_address_that_is_no_day_leaves_the_month(folders: str, month: int) -> None:
    found = from_url(f"https://www.ravenquay.police.example/{folders}/a-story/")
    assert (found.at, found.precision) == (datetime(2021, month, 1, tzinfo=UTC), Precision.MONTH)


BARE = '<time datetime="{}">2 November 2026</time>'


@pytest.mark.parametrize(
    ("stated", "around", "at", "precision"),
    [
        ("2026-11-02T09:15:00Z", "{}", datetime(2026, 11, 2, 9, 15, tzinfo=UTC), Precision.MINUTE),
        ("2026-11-02T09:15:00Z", "Published: {}", datetime(2026, 11, 2, 9, 15, tzinfo=UTC), Precision.MINUTE),
        ("2026-11-02T00:00:00Z", "{}", datetime(2026, 11, 2, tzinfo=UTC), Precision.DAY),
        ("2026-11-05T09:15:00Z", "{}", datetime(2026, 11, 2, tzinfo=UTC), Precision.DAY),
        ("2026-11-02T09:15:00Z", "Officers were called on {} to the quay.", None, Precision.UNKNOWN),
        ("2026-11-02T09:15:00Z", "Updated: {}", None, Precision.UNKNOWN),
        ("2026-11-02T09:15:00Z", f"<p>{ONE}</p>{'<b>Updated</b> ' * 12}{{}}", None, Precision.UNKNOWN),
        ("2026-11-02T09:15:00Z", "<b>Published:</b> {}", datetime(2026, 11, 2, 9, 15, tzinfo=UTC), Precision.MINUTE),
    ],
)
def test_a_time_bare_among_the_paragraphs_states_the_minute_of_its_line(
    stated: str, around: str, at: datetime | None, precision: Precision, entry: SourceEntry
) -> None:
    line = around.format(BARE.format(stated))
    record = read(html(f"{H1}{line}{STORY}"), entry)
    assert (record.published_at, record.published_precision) == (at, precision)
