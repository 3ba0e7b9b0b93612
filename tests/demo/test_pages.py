"""Every kind draws its articles and listings, with its furniture in its own place."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from parsel import Selector

from forcewire.demo.articles import Banner, ListingView, NewsArticle, Picture, Related, Site, render, render_listing
from forcewire.demo.forces import FORCES
from forcewire.demo.pages import KINDS

ARTICLE = NewsArticle(
    path="/news/a-story/",
    title="Sheep & goats found: “all well”",
    body_html="<p><strong>First.</strong></p>\n<ul><li>one</li></ul>\n<blockquote><p>Said so.</p></blockquote>"
    "<table><tr><td>cell</td></tr></table><p>Call <a href='/101'>101</a>.</p>",
    description="A summary of its own.",
    published_at=datetime(2026, 6, 15, 11, 8, tzinfo=UTC),
    image=Picture("/images/sheep.jpg", "Sheep", "Sheep on a hill", "CCTV image"),
    reference="5226123456",
    related=(Related("An older story", "/news/older/", "1 June"),),
    number=7,
)
PRINTED = {
    "single_online_home": "Published: 12:08 15/06/2026",
    "mynewsdesk": "Jun 15, 2026 12:08 BST",
    "govuk": "15 June 2026",
    "wordpress": "Posted at 12:08 on 15th June 2026",
    "drupal": "Monday June 15, 2026",
    "own_newsroom": "Posted on 12:08:00 on 15th June 2026",
}


@pytest.fixture(params=FORCES, ids=lambda site: site.kind)
def site(request: pytest.FixtureRequest) -> Site:
    return request.param


def words(page: Selector) -> str:
    return " ".join(" ".join(page.css("body ::text").getall()).split())


def test_article_page_holds_title_text_and_the_kind_s_own_date(site: Site) -> None:
    page = Selector(render(site.kind, ARTICLE, site).decode())
    assert ARTICLE.title in "".join(page.css("h1 ::text").getall())
    assert page.css("title::text").get() == ARTICLE.title + site.title_suffix
    assert PRINTED[site.kind] in words(page)
    assert page.css("blockquote p::text").get() == "Said so."
    assert page.css("td::text").get() == "cell"


@pytest.mark.parametrize("template", [2, 3])
def test_redesign_keeps_every_word_and_changes_the_markup(site: Site, template: int) -> None:
    before = render(site.kind, ARTICLE, site)
    after = render(site.kind, ARTICLE, site.changed(template=template))
    assert before != after
    assert words(Selector(before.decode())) == words(Selector(after.decode()))
    assert set(Selector(before.decode()).css("body [class]::attr(class)").getall()).isdisjoint(
        Selector(after.decode()).css("body [class]::attr(class)").getall()
    )


def test_plain_design_has_no_elements_that_name_their_meaning(site: Site) -> None:
    page = Selector(render(site.kind, ARTICLE, site.changed(template=3)).decode())
    assert not page.css("main, article, time, aside, header, footer, nav, figure")


def test_rendering_is_the_same_every_time(site: Site) -> None:
    assert render(site.kind, ARTICLE, site) == render(site.kind, ARTICLE, site)


@pytest.mark.parametrize("size", [20_000, 40_000, 250_000])
def test_padding_fills_a_page_to_the_byte_and_changes_no_story(site: Site, size: int) -> None:
    body = render(site.kind, ARTICLE, site.changed(padding=size))
    assert len(body) == size
    assert "".join(Selector(body.decode()).css("h1 ::text").getall()).strip() == ARTICLE.title


def test_banner_stands_above_the_story(site: Site) -> None:
    page = render(site.kind, ARTICLE, site.changed(banner=Banner("Flood warning", "Stay at home."))).decode()
    assert 0 < page.index("Flood warning") < page.index("<h1")


def test_given_date_string_is_printed_as_it_is_and_an_empty_one_not_at_all(site: Site) -> None:
    given = render(site.kind, ARTICLE.changed(date_string="1 Juin 19", published_at=None), site).decode()
    assert "1 Juin 19" in given
    bare = ARTICLE.changed(date_string="", published_at=None)
    assert PRINTED[site.kind] not in render(site.kind, bare, site).decode()


def test_kickers_and_tail_are_printed_around_the_text(site: Site) -> None:
    page = render(site.kind, ARTICLE.changed(kickers=("Safer Streets",), tail=("ENDS",)), site).decode()
    assert page.index("Safer Streets") < page.index("First.") < page.index("ENDS")


def test_meta_of_an_article_wins_and_none_leaves_one_out(site: Site) -> None:
    meta = {"og:title": "Another headline", "og:image": None, "position": "3"}
    page = Selector(render(site.kind, ARTICLE.changed(meta=meta, page_title=""), site).decode())
    assert page.css('meta[property="og:title"]::attr(content)').get() == "Another headline"
    assert not page.css('meta[property="og:image"]')
    assert page.css('meta[name="position"]::attr(content)').get() == "3"
    assert not page.css("head title")


def test_listing_links_its_cards_and_the_next_page(site: Site) -> None:
    view = ListingView((ARTICLE,), page=2, pages=4, cursor="1_7--News")
    page = Selector(render_listing(site.kind, view, site).decode())
    assert ARTICLE.path in page.css("a::attr(href)").getall()
    wanted = {KINDS[site.kind].wanted(*asked(href, site)) for href in page.css("a::attr(href)").getall()} - {None}
    assert any(each is not None and (each.page == 3 or each.cursor == "1_7--News") for each in wanted)
    last = ListingView((ARTICLE,), page=4, pages=4)
    assert not Selector(render_listing(site.kind, last, site).decode()).css('[rel="next"], .next')


def asked(href: str, site: Site) -> tuple[str, dict[str, str], Site]:
    parts = urlsplit(href)
    here = {"single_online_home": "/news/news-search/", "drupal": "/news-appeals"}.get(site.kind, "")
    return parts.path or here, dict(parse_qsl(parts.query)), site


def test_single_online_home_prints_category_then_date_then_flag() -> None:
    site = FORCES[0]
    page = render(site.kind, ARTICLE.changed(kickers=("News",), flag="Updated News Post"), site).decode()
    order = ['<p class="c-news-article_category">News', "Published: 12:08", "Updated News Post", "First."]
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert "Current timestamp: 16/06/2026 09:00:00" in page


def test_wordpress_gives_utc_without_seconds_and_the_reference_in_its_own_element() -> None:
    page = Selector(render("wordpress", ARTICLE, FORCES[3]).decode())
    assert page.css('meta[property="article:published_time"]::attr(content)').get() == "2026-06-15T11:08+00:00"
    assert page.css(".incident-reference strong::text").get() == " 5226123456 "
    assert "There is 1 related update to this story" in words(page)


def test_drupal_prints_bold_hand_typed_dates() -> None:
    page = Selector(render("drupal", ARTICLE.changed(date_string="**Tuesday 12 May 2020**"), FORCES[4]).decode())
    assert page.css(".field--name-body p:first-child strong::text").get() == "Tuesday 12 May 2020"
