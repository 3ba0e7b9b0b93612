"""An article is shown field by field with where each stands and how sure it is; a listing with its links, feeds and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawler.options import CrawlOptions
from crawler.probing.look import Look, look
from crawler.probing.session import Job, LookFailed, Session, run_job
from crawler.probing.site import plain_entry
from crawler.probing.sureness import Finding
from crawler.probing.trouble import NoNews

Site = Any
Probe = Callable[..., Look]
META = '<meta property="og:title" content="{title}"><meta property="og:description" content="A van was taken.">'


def put(site: Site, path: str, body: str, **more: Any) -> str:
    site.pages[path] = type(site.pages["/robots.txt"])(body, **more)
    return f"{site.base}{path}"


def by_name(found: Look) -> dict[str, Finding]:
    return {each.name: each for each in found.fields}


@pytest.fixture
def fields(site: Site, probe: Probe, article_html: Callable[..., str]) -> Callable[..., dict[str, Finding]]:
    def run(path: str = "/news/2026/van", **more: Any) -> dict[str, Finding]:
        return by_name(probe(put(site, path, article_html(**more)), as_="article"))

    return run


def test_a_headline_that_three_places_state_is_sure(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(head=META.format(title="Appeal after van taken from yard"))["title"]
    assert found.value == "Appeal after van taken from yard"
    assert found.sure == "sure"
    assert found.where == ["h1", "title tag", "og:title"]
    assert found.why == "h1, title tag and og:title agree"


def test_a_headline_that_one_place_contradicts_says_which(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(head=META.format(title="Two men charged"))["title"]
    assert found.sure == "likely"
    assert "but og:title says 'Two men charged'" in found.why


def test_a_date_that_print_and_meta_agree_on_is_sure(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(head='<meta property="article:published_time" content="2026-06-04T08:15:00Z">')["published_at"]
    assert (found.sure, str(found.value)) == ("sure", "2026-06-04 08:15:00+00:00")
    assert "meta article:published_time" in found.where


def test_a_date_on_which_print_and_meta_disagree_is_never_sure(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(head='<meta property="article:published_time" content="2026-06-01T08:15:00Z">')["published_at"]
    assert found.sure in ("likely", "doubtful")
    assert "2026-06-01" in found.why


def test_an_hour_between_print_and_meta_hints_at_summer_time(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(head='<meta property="article:published_time" content="2026-06-04T09:15:00Z">')["published_at"]
    assert found.sure == "likely"
    assert "an hour apart" in found.why
    assert "summer time" in found.why


def test_a_date_from_one_source_says_so(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields()["published_at"]
    assert found.sure == "likely"
    assert "only one source" in found.why
    assert "09:15 04/06/2026" in found.why


def test_a_page_without_a_date_says_so(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(path="/news/van", date="")["published_at"]
    assert (found.value, found.sure) == (None, "none")


def test_a_body_names_the_element_it_stands_in(fields: Callable[..., dict[str, Finding]]) -> None:
    body = '<div class="wysiwyg"><p>A grey van was taken from a yard in Quay Street at night.</p><p>Call 101 with what you know about it, please.</p></div>'
    assert fields(body=body)["body"].where == ["article > div.wysiwyg"]


def test_an_address_that_the_page_states_otherwise_is_told(fields: Callable[..., dict[str, Finding]]) -> None:
    found = fields(head='<link rel="canonical" href="https://www.elsewhere.example/van">')["url"]
    assert found.sure == "likely"
    assert found.others[0].value == "https://www.elsewhere.example/van"


def test_what_other_readers_make_of_a_page_is_told(site: Site, probe: Probe, article_html: Callable[..., str]) -> None:
    # "Leave a reply" is furniture for the WordPress reader alone.
    body = "<p>A grey van was taken from a yard in Quay Street on Saturday.</p><p>Leave a comment</p><p>Call 101 with what you know about this.</p>"
    seen = probe(put(site, "/news/2026/van", article_html(body=body)))
    told = {(each.field, reader) for each in seen.differences for reader in each.readers}
    assert ("body", "wordpress") in told
    assert any("lacks 'Leave a comment'" in str(each.value) for each in seen.differences)
    assert by_name(seen)["body"].sure == "doubtful"


def test_a_story_without_a_date_at_an_address_of_news_is_an_article(
    site: Site, probe: Probe, article_html: Callable[..., str]
) -> None:
    seen = probe(put(site, "/news-appeals/van-taken", article_html(date="")))
    assert seen.what == "article"
    assert seen.against == ["no date stated or printed"]


def test_news_about_careers_and_advice_is_no_service_page(
    site: Site, probe: Probe, article_html: Callable[..., str]
) -> None:
    assert probe(put(site, "/news/advice-after-burglaries", article_html())).what == "article"


def listing(number: int = 6, *, dates: bool = True, head: str = "", title: str = "Latest news", more: str = "") -> str:
    cards = "".join(
        f'<li><h3><a href="/news/2026/story-{n}-about-a-van">Story {n} about a van that was taken</a></h3>{f"<p>{n} June 2026</p>" if dates else ""}</li>'
        for n in range(1, number + 1)
    )
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1><ul>{cards}</ul>{more}</main></body></html>"


def test_a_listing_shows_links_dates_feeds_sitemap_and_next_page(site: Site, probe: Probe) -> None:
    site.pages["/robots.txt"] = type(site.pages["/robots.txt"])(
        "User-agent: *\nDisallow:\nSitemap: /sitemap.xml", headers={"Content-Type": "text/plain"}
    )
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/news/rss"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" hreflang="cy" href="/cy/">'
    )
    seen = probe(put(site, "/news/", listing(head=head, more='<a rel="next" href="/news/?page=2">Next</a>')))
    assert seen.what == "listing"
    assert seen.listing is not None
    assert [link.published_raw for link in seen.listing.links] == [f"{n} June 2026" for n in range(1, 7)]
    assert seen.listing.next_url == f"{site.base}/news/?page=2"
    assert seen.feeds == [f"{site.base}/news/rss"]
    assert seen.sitemaps == [f"{site.base}/sitemap.xml"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<rss version="2.0"><channel><item><title>A van</title><link>{base}/news/van</link><pubDate>Thu, 04 Jun 2026 09:15:00 +0100</pubDate></item></channel></rss>', "rss"),
        ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A van</title><link href="{base}/news/van"/></entry></feed>', "atom"),
        ('<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{base}/news/van</loc></url></urlset>', "sitemap"),
        ('[{{"link": "{base}/news/van", "title": {{"rendered": "A van"}}, "date_gmt": "2026-06-04T08:15:00"}}]', "api"),
    ],
)  # fmt: skip
def test_a_feed_is_a_listing_whatever_its_address(body: str, kind: str, site: Site, probe: Probe) -> None:
    seen = probe(
        put(
            site,
            "/x",
            body.format(base=site.base),
            headers={"Content-Type": "text/xml" if kind != "api" else "application/json"},
        )
    )
    assert (seen.what, seen.kind) == ("listing", kind)
    assert seen.listing is not None
    assert [link.url for link in seen.listing.links] == [f"{site.base}/news/van"]


def test_a_page_can_be_taken_for_what_a_person_says(site: Site, probe: Probe) -> None:
    seen = probe(put(site, "/patrols/", listing(3, dates=False, title="Patrols")), as_="listing")
    assert seen.listing is not None
    assert len(seen.listing.links) == 3


def test_one_page_costs_two_requests(site: Site, probe: Probe, article_html: Callable[..., str]) -> None:
    probe(put(site, "/news/2026/van", article_html()))
    assert site.paths() == ["/robots.txt", "/news/2026/van"]
    assert all(asked.headers["user-agent"].startswith("Forcewire/") for asked in site.asked)


def test_a_look_waits_between_two_requests_and_says_who_asks(site: Site, article_html: Callable[..., str]) -> None:
    url = put(site, "/news/2026/van", article_html())
    options = CrawlOptions(allow_loopback=True, delay=0.3, contact="desk@fenwold.example")
    run_job(Job(plain_entry(url), lambda session: look(session, url, known=False)), options)
    assert min(site.gaps()) >= 0.3
    assert all("(+desk@fenwold.example)" in asked.headers["user-agent"] for asked in site.asked)


def test_a_fault_of_ours_is_told_and_never_raised_as_it_is(site: Site) -> None:
    async def work(session: Session) -> None:
        raise ZeroDivisionError("a fault")

    with pytest.raises(LookFailed, match="a fault of ours: ZeroDivisionError: a fault"):
        run_job(Job(plain_entry(site.base), work), CrawlOptions(allow_loopback=True))


def sitemap_of(site: Site, *paths: str, kind: str = "url") -> Any:
    inner = "".join(f"<{kind}><loc>{site.base}{path}</loc></{kind}>" for path in paths)
    root = "urlset" if kind == "url" else "sitemapindex"
    body = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'
    return type(site.pages["/robots.txt"])(body, headers={"Content-Type": "text/xml"})


def test_an_index_of_sitemaps_shows_the_stories_of_the_one_that_has_some(site: Site, probe: Probe) -> None:
    site.pages["/smap.xml"] = sitemap_of(site, "/a.xml", "/b.xml", "/c.xml", kind="sitemap")
    site.pages["/b.xml"] = sitemap_of(site, "/about/", "/contact/")
    site.pages["/c.xml"] = sitemap_of(site, "/news/van-taken/", "/news/man-charged/")
    seen = probe(f"{site.base}/smap.xml")
    assert (seen.what, seen.kind, seen.final_url) == ("listing", "sitemap", f"{site.base}/smap.xml")
    assert seen.listing is not None
    assert [link.url for link in seen.listing.links] == [
        f"{site.base}/news/van-taken/",
        f"{site.base}/news/man-charged/",
    ]
    assert seen.signs[-1] == f"an index of 3 sitemaps; the links are those of {site.base}/c.xml"


def test_an_index_of_sitemaps_without_stories_names_them_and_few_are_asked_for(
    site: Site, no_news: Callable[..., NoNews]
) -> None:
    paths = [f"/part-{n}.xml" for n in range(9)]
    site.pages["/smap.xml"] = sitemap_of(site, *paths, kind="sitemap")
    for path in paths:
        site.pages[path] = sitemap_of(site)
    error = no_news(f"{site.base}/smap.xml")
    assert str(error).startswith("an index of 9 sitemaps, ")
    assert f"probe one of them: {site.base}/part-0.xml, {site.base}/part-1.xml" in str(error)
    assert sum("/part-" in path for path in site.paths()) == 4
