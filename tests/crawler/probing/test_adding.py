"""A source is made from one address of a site that nobody saw before, and a crawl of it works."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.entries import SourceEntry, load_entry
from crawler.options import CrawlOptions
from crawler.probing.adding import discover
from crawler.probing.case_names import CaseExists
from crawler.probing.entry_text import names
from crawler.probing.session import Job, run_job
from crawler.probing.site import plain_entry
from crawler.probing.trouble import NoNews
from crawler.probing.writing import EntryExists, Written, write_source

Site = Any
spec = importlib.util.spec_from_file_location("sites_of_the_tests", Path(__file__).with_name("sites.py"))
assert spec is not None
assert spec.loader is not None
sites = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sites)

ON = date(2026, 6, 20)
LISTING = {"hashed_divs": "/n", "tables": "/News/Default.aspx", "static_blog": "/posts/", "welsh": "/newyddion/"}
ARTICLE = {
    "hashed_divs": "/n/47111",
    "tables": "/News/Article.aspx?id=901",
    "static_blog": "/posts/story-1-of-june/",
    "welsh": "/newyddion/2026/stori-rhif-1/",
}
SUFFIX = {
    "hashed_divs": " : Fenwold Constabulary",
    "tables": None,
    "static_blog": " — Fenwold Police",
    "welsh": " | Heddlu Gwaunfor",
}


def put_up(site: Site, name: str) -> None:
    answer = type(site.pages["/robots.txt"])
    for path, html in sites.SITES[name]().items():
        media = "application/atom+xml" if html.startswith("<?xml") else "text/html; charset=utf-8"
        site.pages[path] = answer(html.replace("{base}", site.base), headers={"Content-Type": media})


Add = Callable[..., Written]


@pytest.fixture
def add(site: Site, tmp_path: Path) -> Add:
    def run(path: str, *, force: str | None = None, replace: bool = False, id_: str = "fenwold") -> Written:
        url = f"{site.base}{path}"
        entry = plain_entry(url, force="Fenwold Police", area="Fenwold")
        found = run_job(
            Job(entry, lambda s: discover(s, url, lambda _: None)), CrawlOptions(allow_loopback=True, delay=0.0)
        )
        who = names(found, "Fenwold", force)
        return write_source(tmp_path / "mine", id_, found, who, given=url, on=ON, replace=replace, say=lambda _: None)

    return run


@pytest.mark.parametrize("name", sites.SITES)
@pytest.mark.parametrize("start", ["front page", "listing", "article"])
def test_a_source_is_made_from_any_address_of_a_site(
    name: str, start: str, site: Site, add: Add, crawl: Callable[..., Any]
) -> None:
    put_up(site, name)
    written = add({"front page": "/", "listing": LISTING[name], "article": ARTICLE[name]}[start])
    entry = load_entry(written.path)
    assert f"{site.base}{LISTING[name]}" in [one.url for one in entry.listing]
    assert entry.hosts == (site.host,)
    summary = crawl(entry)
    assert (summary.verdict, summary.counts.new) == ("ok", len(sites.HEADLINES)), summary.issues


@pytest.mark.parametrize("name", sites.SITES)
def test_what_stands_around_titles_is_measured_and_cut(name: str, site: Site, add: Add) -> None:
    put_up(site, name)
    written = add("/")
    wanted = SUFFIX[name]
    assert written.entry.title_suffixes == ((wanted,) if wanted else ())
    titles = [
        json.loads((case / "expected.json").read_text("utf-8"))["title"]
        for case in written.cases
        if (case / "expected.json").exists()
    ]
    assert len(titles) == 3
    assert set(titles) <= set(sites.HEADLINES)


def test_a_prefix_is_measured_too(site: Site, add: Add) -> None:
    put_up(site, "tables")
    assert add("/").entry.title_prefixes in ((), ("Fenwold Police - ",))


def test_an_announced_feed_goes_before_the_page_of_links(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    assert [(one.kind, one.url) for one in add("/").entry.listing] == [
        ("atom", f"{site.base}/index.xml"),
        ("html", f"{site.base}/posts/"),
    ]


def test_a_feed_leads_to_the_page_of_links_too(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    assert [(one.kind, one.url) for one in add("/index.xml").entry.listing] == [
        ("atom", f"{site.base}/index.xml"),
        ("html", f"{site.base}/posts/"),
    ]


SHELL = '<html><head>{head}</head><body><div id="root"></div><script src="/a.js"></script></body></html>'


def test_a_page_that_a_script_fills_leads_to_its_feed_all_the_same(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    site.pages["/"] = type(site.pages["/robots.txt"])(
        SHELL.format(head='<link rel="alternate" type="application/atom+xml" href="/index.xml">')
    )
    del site.pages["/posts/"]
    assert [one.kind for one in add("/").entry.listing] == ["atom"]


def test_a_page_that_a_script_fills_and_nothing_beside_says_so(site: Site, add: Add) -> None:
    site.pages["/"] = type(site.pages["/robots.txt"])(SHELL.format(head=""))
    with pytest.raises(NoNews, match="without text that a script fills") as caught:
        add("/")
    assert caught.value.kind == "no text"


def test_a_sitemap_is_the_last_resort_and_says_which_paths_are_articles(
    site: Site, add: Add, crawl: Callable[..., Any]
) -> None:
    put_up(site, "static_blog")
    answer = type(site.pages["/robots.txt"])
    for path in ("/posts/", "/index.xml"):
        del site.pages[path]
    site.pages["/"] = answer(
        "<html><body><h1>Fenwold</h1><p>Welcome to our site, which has a menu of its own.</p></body></html>"
    )
    paths = ["/about/", *(f"/posts/story-{n}-of-june/" for n in range(5))]
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    urls = "".join(f"<url><loc>{site.base}{path}</loc></url>" for path in paths)
    xml = {"Content-Type": "text/xml"}
    site.pages["/map.xml"] = answer(f'<urlset xmlns="{xmlns}">{urls}</urlset>', headers=xml)
    site.pages["/index-of-maps.xml"] = answer(
        f'<sitemapindex xmlns="{xmlns}"><sitemap><loc>{site.base}/map.xml</loc></sitemap></sitemapindex>', headers=xml
    )
    site.pages["/robots.txt"] = answer(
        "User-agent: *\nDisallow:\nSitemap: /map.xml", headers={"Content-Type": "text/plain"}
    )
    entry = add("/").entry
    assert [(one.kind, one.url) for one in entry.listing] == [("sitemap", f"{site.base}/map.xml")]
    assert entry.articles == ("^/posts/[^/]",)
    assert crawl(entry).counts.new == 5


def test_the_listing_that_was_given_goes_first(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    assert [one.kind for one in add("/posts/").entry.listing] == ["html", "atom"]


def test_an_index_of_sitemaps_that_was_given_goes_first_and_a_crawl_of_it_is_ok(
    site: Site, add: Add, crawl: Callable[..., Any]
) -> None:
    put_up(site, "static_blog")
    site.pages["/map.xml"] = sitemap_of(site, "/parts/pages.xml", "/parts/stories.xml", kind="sitemap")
    site.pages["/parts/pages.xml"] = sitemap_of(site, "/about/", "/contact/")
    site.pages["/parts/stories.xml"] = sitemap_of(site, *(f"/posts/story-{n}-of-june/" for n in range(5)), "/about/")
    entry = add("/map.xml").entry
    assert (entry.listing[0].kind, entry.listing[0].url) == ("sitemap", f"{site.base}/map.xml")
    summary = crawl(entry)
    assert (summary.verdict, summary.counts.new, summary.issues) == ("ok", 5, [])


def sitemap_of(site: Site, *paths: str, kind: str = "url") -> Any:
    inner = "".join(f"<{kind}><loc>{site.base}{path}</loc></{kind}>" for path in paths)
    root = "urlset" if kind == "url" else "sitemapindex"
    body = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'
    return type(site.pages["/robots.txt"])(body, headers={"Content-Type": "text/xml"})


def test_a_feed_of_other_pages_is_left_out(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    answer = type(site.pages["/robots.txt"])
    items = "".join(f"<item><title>Job {n}</title><link>{site.base}/jobs/{n}</link></item>" for n in range(5))
    site.pages["/index.xml"] = answer(
        f"<rss version='2.0'><channel>{items}</channel></rss>", headers={"Content-Type": "text/xml"}
    )
    assert [one.kind for one in add("/").entry.listing] == ["html"]


def test_the_language_is_that_of_the_pages(site: Site, add: Add) -> None:
    put_up(site, "welsh")
    assert add("/").entry.language == "cy"


def test_the_force_is_as_given_else_as_the_site_calls_itself(site: Site, add: Add) -> None:
    put_up(site, "welsh")
    assert add("/", force="Fenwold Force").entry.force == "Fenwold Force"
    assert add("/", id_="other").entry.force == "Heddlu Gwaunfor"


def test_each_fact_says_what_it_rests_on_and_nothing_is_claimed_that_was_not_seen(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    written = add("/")
    text = written.path.read_text("utf-8")
    assert "# announced by link rel=alternate; 5 links, 5 with a date" in text
    assert "on 3 of 3 articles" in text
    data = tomllib.loads(text)
    assert {one["known"] for one in data["listing"]} == {"page"}
    assert "checked" not in data["known"]


def test_listing_and_articles_are_kept_as_cases(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    cases = add("/").cases
    assert [case.name for case in cases[:2]] == ["listing-atom", "listing-html"]
    assert len(cases) == 5
    meta = tomllib.loads((cases[2] / "meta.toml").read_text("utf-8"))
    assert (meta["origin"], meta["url"]) == ("saved", f"{site.base}/posts/story-0-of-june/")
    assert (cases[2] / "page.html").read_text("utf-8") == site.pages["/posts/story-0-of-june/"].body


def test_stories_with_the_same_last_words_get_a_case_each(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    long = "appeal-for-witnesses-following-serious-collision-on-the-a99-near-"
    paths = [f"/posts/{long}{town}/" for town in ("kettleby", "huntingfen", "quayside", "millbridge")]
    paths.append("/posts/more/story-4-of-june/")
    for n, path in enumerate(paths):
        site.pages[path] = site.pages.pop(f"/posts/story-{n}-of-june/")
        for page in site.pages.values():
            page.body = page.body.replace(f"/posts/story-{n}-of-june/", path)
    kept = [case for case in add("/").cases if (case / "meta.toml").exists()]
    addresses = {tomllib.loads((case / "meta.toml").read_text("utf-8"))["url"] for case in kept}
    assert len(addresses) == len(kept) == 3
    assert {f"{site.base}{path}" for path in paths} > addresses


def test_a_case_that_is_there_leaves_the_source_unwritten(site: Site, add: Add) -> None:
    put_up(site, "static_blog")
    first = add("/")
    first.path.unlink()
    corrected = first.cases[-1] / "expected.json"
    corrected.write_text("corrected by hand", "utf-8")
    with pytest.raises(CaseExists, match="--replace"):
        add("/")
    assert not first.path.exists()
    assert corrected.read_text("utf-8") == "corrected by hand"


def test_an_entry_that_is_there_is_not_overwritten_unasked(site: Site, add: Add) -> None:
    put_up(site, "welsh")
    path = add("/").path
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    with pytest.raises(EntryExists, match="--replace"):
        add("/")
    assert path.read_text("utf-8").endswith("# mine\n")
    add("/", replace=True)
    assert not path.read_text("utf-8").endswith("# mine\n")


def test_the_id_of_a_bundled_source_is_taken(site: Site, add: Add) -> None:
    put_up(site, "welsh")
    with pytest.raises(EntryExists, match="bundled"):
        add("/", id_="bedfordshire")


def test_a_site_without_news_gets_no_entry(site: Site, add: Add, tmp_path: Path) -> None:
    answer = type(site.pages["/robots.txt"])
    site.pages["/"] = answer(
        "<html><body><h1>Fenwold</h1><p>Welcome to our site. There is nothing here yet.</p></body></html>"
    )
    with pytest.raises(NoNews, match="no listing found"):
        add("/")
    assert not (tmp_path / "mine").exists()


def test_names_that_would_break_the_file_are_quoted(site: Site, add: Add) -> None:
    put_up(site, "welsh")
    force = 'The "Fen" \\ Force\t#1'
    assert add("/", force=force).entry.force == force


def test_a_minute_is_enough(site: Site, add: Add) -> None:
    put_up(site, "hashed_divs")
    add("/")
    assert len(site.asked) <= 20  # with a second and a half between two of them: half a minute


def test_what_the_platform_rests_on_is_said_only_where_a_sign_was_seen(site: Site, add: Add) -> None:
    put_up(site, "welsh")
    assert add("/").entry.known.platform is None
    answer = type(site.pages["/robots.txt"])
    for path, html in sites.SITES["welsh"]().items():
        site.pages[path] = answer(html.replace("</head>", '<meta name="generator" content="WordPress 6.8"></head>'))
    assert add("/", replace=True).entry.known.platform == "page"


def test_news_on_a_host_beside_is_told(site: Site, add: Add) -> None:
    from scrapy.http import HtmlResponse

    from crawler.probing.discovery import elsewhere
    from crawler.readers.page import open_page

    def told(url: str, href: str, text: str = "News") -> str | None:
        html = f'<html><body><nav><a href="{href}">{text}</a></nav></body></html>'
        return elsewhere(open_page(HtmlResponse(url, body=html.encode())), plain_entry(url))

    assert told("https://www.fenwold.example/", "https://news.fenwold.example/") == "https://news.fenwold.example/"
    assert told("https://www.fenwold.example/", "https://fenwold.example/news") is None  # one site with its www
    assert told("https://www.fenwold.example/", "https://www.elsewhere.example/news") is None
    assert told("https://www.fenwold.police.example/", "https://police.example/news") is None
    assert told("https://www.fenwold.example/", "https://jobs.fenwold.example/", "Careers") is None


def test_a_second_host_belongs_to_the_site_when_a_person_says_so() -> None:
    entry = plain_entry("https://www.fenwold.example/", more_hosts=("news.fenwold.example",))
    assert entry.owns("https://news.fenwold.example/van")
    with pytest.raises(NoNews, match="no host name"):
        plain_entry("https://www.fenwold.example/", more_hosts=("news fenwold",))


def test_the_same_entry_type_is_read_back(site: Site, add: Add) -> None:
    put_up(site, "tables")
    written = add("/")
    assert isinstance(written.entry, SourceEntry)
    assert written.entry == load_entry(written.path)
