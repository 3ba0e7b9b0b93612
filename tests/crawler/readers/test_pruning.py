"""What a template puts among and below a story's paragraphs is no part of the story."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from storage.records import Record
from tests.crawler.readers.conftest import entry_for
from tests.growth import grows_no_faster

HEAD = "<html><head><title>Man jailed after marina burglaries</title></head><body><main><h1>Man jailed after marina burglaries</h1>"
ONE = "A man who burgled five boats at Ottlesham marina has been jailed for three years."
TWO = "Anyone who knows about thefts of this kind is asked to call 101 and to quote 24/00123456."
OTHER = "Officers visited a school fair in Saltby last weekend and met hundreds of families there."


def read(inside: str) -> Record:
    url = "https://www.ravenquay.example/news/1"
    page = f"{HEAD}<div class='story'>{inside}</div></main></body></html>"
    return GenericReader(entry_for("www.ravenquay.example")).article(HtmlResponse(url, body=page.encode()))


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='wp-caption'><img src='x'><p>{OTHER}</p></div>",
        f"<figure><img src='x'><figcaption>{OTHER}</figcaption></figure>",
        f"<div class='authorBio'><p>{OTHER}</p></div>",
        f"<section id='relatedStories'><p>{OTHER}</p></section>",
        f"<div class='inlineNewsletter newsletter-signup'><p>{OTHER}</p></div>",
        "<div class='k'><a href='/a'>Witness appeal after crash in Dunmere</a><a href='/b'>Knife bin returns to Saltby</a></div>",
        "<div class='k'><span>Facebook</span><div>Bluesky</div><div>Send it on</div><div>Print it</div></div>",
        "<p>Article continues below advertisement</p>",
    ],
)
def test_box_among_the_paragraphs_goes_and_the_paragraphs_stay(box: str) -> None:
    assert read(f"<p>{ONE}</p>{box}<p>{TWO}</p>").body == f"{ONE}\n\n{TWO}\n"


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Reference: 24/00123456</p>",
        "<ul><li>Peter Example, 34</li><li>Jo Sample, 29</li></ul>",
        "<ul><li><a href='/report'>Report it online</a></li><li><a href='/support'>Support for victims</a></li></ul>",
        "<h2>Sentences</h2><p>Three years.</p>",
        "<div class='contact'><p>Crime reference: 24/00123456</p></div>",
        "<blockquote>Boats are homes too</blockquote>",
        "<p><a href='/report'>Report it online</a></p>",
    ],
)
def test_short_lines_that_an_editor_wrote_stay(kept: str) -> None:
    plain = read(f"<p>{ONE}</p>{kept}<p>{TWO}</p>").body
    assert len(plain) > len(f"{ONE}\n\n{TWO}\n") + 8


@pytest.mark.parametrize(
    "summary",
    [
        "<ul><li><h3>It happened in Mill Lane on Friday at 7.10pm</h3></li><li><h3>Nobody was hurt</h3></li></ul>",
        "<ul><li><h3>It happened in Mill Lane on Friday at 7.10pm.</h3></li></ul>",
        "<div><span>It happened in Mill Lane on Friday at 7.10pm.</span></div>",
    ],
)
def test_what_a_story_sums_up_above_its_first_sentence_stays_whatever_time_it_names(summary: str) -> None:
    assert "It happened in Mill Lane on Friday at 7.10pm" in read(f"{summary}<p>{ONE}</p><p>{TWO}</p>").body


def test_stamp_above_the_first_sentence_goes() -> None:
    assert read(f"<div><span>Šodien, 17:40</span></div><p>{ONE}</p><p>{TWO}</p>").body == f"{ONE}\n\n{TWO}\n"


def test_comments_end_a_story_however_long_they_are() -> None:
    comments = "".join(f"<li><b>reader{n}</b><p>{OTHER}</p></li>" for n in range(30))
    story = f"<p>{ONE}</p><p>{TWO}</p><p>{ONE} {TWO}</p>"
    by_count = read(f"{story}<div class='x'><h3>30 comments</h3><ol class='y'>{comments}</ol></div>").body
    by_name = read(f"{story}<div id='comments'><ol>{comments}</ol></div>").body
    assert by_count == by_name == f"{ONE}\n\n{TWO}\n\n{ONE} {TWO}\n"


def test_story_under_a_name_that_misleads_stays_whole() -> None:
    assert read(f"<div class='promo sidebar'><p>{ONE}</p><p>{TWO}</p></div>").body == f"{ONE}\n\n{TWO}\n"


def test_story_without_a_sentence_is_left_as_it_is() -> None:
    assert read("<div class='caption'><div>Found safe and well</div></div>").body == "Found safe and well\n"


def test_teasers_below_a_short_story_are_not_the_story() -> None:
    teasers = "".join(
        f"<div class='q'><h3><a href='/{n}'>Knife bin {n}</a></h3><p>{OTHER} {n}</p></div>" for n in range(12)
    )
    page = f"{HEAD.replace('<main>', '<main><article>')}<p>{ONE}</p></article><div>{teasers}</div></main></body></html>"
    response = HtmlResponse("https://www.ravenquay.example/news/1", body=page.encode())
    assert GenericReader(entry_for("www.ravenquay.example")).article(response).body == f"{ONE}\n"


def test_cards_of_other_pages_go_wherever_they_stand() -> None:
    card = f"<div class='g'><a href='/a'><h3>Witness appeal after crash</h3></a><p>{OTHER}</p></div>"
    story = f"<p>{ONE}</p><p>{TWO}</p><p>{ONE} {TWO}</p><p>{TWO} {ONE}</p>"
    assert read(f"{story}<div>{card}{card}{card}</div>").body == read(story).body
    assert read(f"{story}{card}").body == read(story).body


def test_section_under_a_linked_heading_amid_the_story_stays() -> None:
    section = f"<div><h2><a href='/court'>At court</a></h2><p>{OTHER}</p></div>"
    assert OTHER in read(f"<p>{ONE}</p>{section}<p>{TWO}</p>").body


def test_box_that_asks_for_an_address_goes_unless_it_says_whom_to_call() -> None:
    story = f"<p>{ONE}</p><p>{TWO}</p><p>{ONE} {TWO}</p>"
    form = "<form><input type='email'><button>Go</button></form>"
    assert read(f"{story}<div><p>Get the best of our news in your inbox.</p>{form}</div>").body == read(story).body
    call = "Call 101 or leave your address with us."
    assert call in read(f"{story}<div><p>{call}</p>{form}</div>").body


def test_pruning_takes_time_that_grows_with_the_page() -> None:
    def page(times: int) -> str:
        cards = f"<div><a href='/a'><h3>Witness appeal</h3></a><p>{OTHER}</p></div><input type='email'>" * times
        return f"<p>{ONE}</p>" * times + "<div>" * 200 + cards

    grows_no_faster(page, read, 800)
