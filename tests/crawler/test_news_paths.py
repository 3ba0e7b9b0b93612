"""Which links may be articles: every bundled entry takes its own stories' shapes, and refuses forms, shelves and pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.entries import SourceEntry, load_entries, load_entry, owner_of

ENTRIES = load_entries()
GUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

# Addresses of invented stories in the shapes that each site's addresses were seen in.
STORIES = {
    "avon-and-somerset": ["/news/2026/01/man-sought-after-theft/"],
    "bedfordshire": ["/news/bedfordshire/news/2024/06-june/man-sought/", "//www.bedfordshire.police.uk/news-and-appeals/Man-sought"],
    "british-transport": ["/news/btp/news/england/man-sought/", "//media.btp.police.uk/r/12345/man_sought_after_theft_at_st"],
    "cambridgeshire": ["/news/cambridgeshire/news/2025/may/man-sought/", "/news-and-appeals/Man-sought"],
    "cheshire": ["/news/cheshire/news/articles/2021/2/Man-sought/", "/news/cheshire/news/appeals/2021/man-sought/"],
    "city-of-london": ["/news/city-of-london/news/2020/template5/fraud/man-sought/", "/news/city-of-london/news/2021/january/man-sought/"],
    "civil-nuclear": ["/government/news/constables-on-parade", "/government/speeches/on-parade"],
    "cleveland": ["/news/cleveland/news/2019/october/man-sought/", "/news/cleveland/news/2019/man-sought/"],
    "counter-terrorism": ["/man-sought-after-threat/", "/news/man-sought/", "/latest-news/2026/01/man-sought/"],
    "cumbria": ["/news/man-sought", "//www.cumbria.police.uk/News/News-Articles/2020/March/Man-sought.aspx"],
    "derbyshire": ["/news/derbyshire/news/campaigns/north/2026/may/man-sought/", "/news/derbyshire/news/appeals/south/2020/may/a-first-story/a-second-story/"],
    "devon-and-cornwall": [f"/news-article/{GUID}", f"//www.devon-cornwall.police.uk/News/NewsArticle.aspx?id={GUID}"],
    "dorset": [f"/news-article/{GUID}", "//www.dorset.police.uk/news-information/article/2021"],
    "durham": ["/news/durham/news2/2025/may/man-sought/", "//durham.police.uk/news-and-events/Pages/Man-sought.aspx"],
    "dyfed-powys": ["/news/dyfed-powys/news/2021/january-2021/man-sought/", "/cy-GB/newyddion/dyfed-powys/newyddion/2026/ionawr/chwilio-am-ddyn/", "/cy/newyddion/datganiadau-ir-wasg/chwilio-am-ddyn/"],
    "essex": ["/news/essex/news/brought-to-justice/2020/man-jailed/", "/news/essex/news/archive/man-jailed/"],
    "gloucestershire": ["/news/gloucestershire/news/appeal/", "/news/gloucestershire/news/man-sought/"],
    "greater-manchester": ["/news/greater-manchester/news/appeals/2019/september/news/", "/news/greater-manchester/news/appeals/man-sought"],
    "guernsey": ["/article/171234/Man-Sought"],
    "gwent": ["/news/gwent/news/news/2026/mai/man-sought/", "/cy-GB/newyddion/gwent/newyddion/newyddion/2026/mai/chwilio/"],
    "hampshire": ["/news/hampshire/news/appeals/2020/july-2020/man-sought/"],
    "hertfordshire": ["/news/hertfordshire/news/2025/may-2025/man-sought--watford/", "/news-and-appeals/Man-sought-£5,000-taken-1950MD"],
    "humberside": ["/news/humberside/news/news/2026/man-sought/", "/news/man-sought"],
    "isle-of-man": ["/news/man-sought", "/news/1234"],
    "jersey": ["/news-appeals/2015/feb/man-sought/"],
    "kent": ["/news/kent/news2/policing-news/2003/man-sought/", "/news/kent/latest/policing-news/man-sought/", "/news/kent/news2/jsjd/east-kent/"],
    "lancashire": ["/news/2021/march/man-sought/", "/news/2020/december-2020/man-sought/", "/news/2020/man-sought/"],
    "leicestershire": ["/news/leicestershire/news/2024/may-2024/man-sought/"],
    "lincolnshire": ["/news/lincolnshire/news/2021/mar-2021/man-sought/", "/news-campaigns/news/2020/man-sought/"],
    "merseyside": ["/news/merseyside/news/archive/2019/june2/man-sought/"],
    "metropolitan": ["/news/man-sought-dot-dot-dot-424000", "//www.mynewsdesk.com/uk/metpoliceuk/news/man-sought-424000", "/blog_posts/a-day-out-9000"],
    "ministry-of-defence": ["/government/news/constables-on-parade"],
    "national-crime-agency": ["/news/man-sought"],
    "norfolk": ["/news/norfolk/news/news/2025/may/man-sought/", "/news/latest-news/31-12-2020/man-sought", "/news/latest-news/man-sought"],
    "north-wales": ["/news/north-wales/news/news/2025/may/man-sought/", "/cy-GB/newyddion/gogledd-cymru/newyddion/2026/mai/chwilio-am-ddyn/"],
    "north-yorkshire": ["/news/north-yorkshire/news/news/2026/05-may/man-sought/", "//northyorkshire.police.uk/news/man-sought/"],
    "northamptonshire": ["/news/northants/news/in-court/2021/may-21/man-jailed/"],
    "northern-ireland": ["/latest-news/man-sought", "/news/Latest-News/010120-man-sought/"],
    "northumbria": ["/news/northumbria/news/man-sought/", "//beta.northumbria.police.uk/latest-news/2020/december/man-sought/"],
    "nottinghamshire": ["/news/nottinghamshire/news/appeals/2025/may/man-sought/", "/news-article/man-sought-%E2%80%98in-town%E2%80%99"],
    "scotland": ["/what-s-happening/news/2020/march/man-sought/"],
    "south-wales": ["/news/south-wales/news/2021/maw-mar/man-sought/", "/news/south-wales/news/featured/2021/03---march/man-sought/", "/news/south-wales/news/man-sought/"],
    "south-yorkshire": ["/news/south-yorkshire/news/2026/man-sought/", "//www.southyorks.police.uk/find-out/news-and-appeals/2021/march-2021/man-sought/"],
    "staffordshire": ["/news/staffordshire/news/2020/june-2020/man-sought/"],
    "suffolk": ["/news/suffolk/news/news/2025/may/man-sought/", "/news/latest-news/man-sought"],
    "surrey": ["/news/surrey/news/2019/2019_archive/man-sought/", "//www.mynewsdesk.com/uk/surrey-police/news/man-sought-380000"],
    "sussex": ["/news/sussex/news/missing-people/man-sought/", "/news/sussex/news/man-sought/"],
    "thames-valley": ["/news/thames-valley/news/2021/march/15-03-2021/man-sought/", "/news/thames-valley/news/2019/august/19-08-19/man-sought/"],
    "warwickshire": ["/news/warwickshire/news/2020/may/man-sought/"],
    "west-mercia": ["/news/west-mercia/news/2020/may/a-first-story/a-second-story/a-third-story/"],
    "west-midlands": ["/news/west-midlands/news/news/2026/may/man-sought/", "//www.west-midlands.police.uk/news/man-sought"],
    "west-yorkshire": ["/news-appeals/man-sought"],
    "wiltshire": ["/news/wiltshire/news/2025/may-2025/man-sought/", "/article/6543/Man-sought"],
}  # fmt: skip

NO_NEWS = [
    "/", "/news/", "/news/appeals/", "/news/2026/", "/news/2026/may/", "/campaigns/", "/campaigns/knife-crime/", "/advice/advice-and-information/fraud/",
    "/contact/", "/contact/af/contact-us/", "/contact-us/", "/foi-ai/ravenquay-police/disclosure-2020/a-question/", "/police-forces/ravenquay-police/areas/ravenquay/",
    "/ro/report/", "/ro/report/ocr/af/how-to-report-a-crime/", "/report/", "/tua/tell-us-about/", "/hyg/ravenquay/", "/cp/crime-prevention/", "/careers/",
    "/careers/become-a-police-officer/", "/search/", "/news/news-search/?ct=&q=&page=2", "/category/appeals/", "/tag/robbery/", "/cookies/", "/privacy-notice/",
    "/accessibility-statement/", "/about-us/who-we-are/", "/SysSiteAssets/media/images/a-man-in-a-hat.jpg", "/news/2026/a-man-in-a-hat.jpg",
    "/wp-content/uploads/2026/a-poster.pdf", "/sitemap.xml", "/feed/", "mailto:desk@ravenquay.example", "https://www.ravenquay.example/news/2026/may/man-sought/", "",
]  # fmt: skip


def address(entry: SourceEntry, path: str) -> str:
    return path if ":" in path else f"https:{path}" if path.startswith("//") else f"https://{entry.hosts[0]}{path}"


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_stories_of_every_shape_that_a_site_has_had_may_be_articles(entry: SourceEntry) -> None:
    for path in STORIES[entry.id]:
        url = address(entry, path)
        assert entry.may_be_article(url), url


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_forms_advice_pictures_and_shelves_are_no_articles(entry: SourceEntry) -> None:
    taken = [path for path in NO_NEWS if entry.may_be_article(address(entry, path) if path else "")]
    assert not taken


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES.values() if e.reader == "single_online_home"], ids=lambda entry: entry.id
)
def test_below_a_listing_of_single_online_home_folders_are_no_articles(entry: SourceEntry) -> None:
    listing = next(one.url for one in entry.listing if one.kind == "html" and "news-search" not in one.url)
    for folder in (
        "",
        "GetNewsRss/",
        "news/",
        "appeals/",
        "campaigns/",
        "2026/",
        "2026/may/",
        "news/2026/05-may/",
        "?page=2",
    ):
        assert not entry.may_be_article(listing + folder), folder


# An address on GOV.UK does not say whose news it is: the first by id has it.
@pytest.mark.parametrize("entry", [e for e in ENTRIES.values() if e.id != "ministry-of-defence"], ids=lambda e: e.id)
def test_a_story_is_its_own_sources_and_on_every_host_it_had(entry: SourceEntry) -> None:
    for path in STORIES[entry.id]:
        found = owner_of(address(entry, path), ENTRIES.values())
        assert found is not None
        assert found.id == entry.id


def written(folder: Path, extra: str) -> SourceEntry:
    path = folder / "ravenquay.toml"
    path.write_text(
        f"""
name = "Ravenquay"
force = "Ravenquay"
area = "Ravenquay"
reader = "generic"
hosts = ["www.ravenquay.example"]
listing = [{{ kind = "html", url = "https://www.ravenquay.example/latest/" }}]
interval = "15m"
{extra}
[assertions.min]
links = 1
[assertions.fill]
"""
    )
    return load_entry(path)


@pytest.mark.parametrize(
    ("path", "may_be"),
    [
        ("/latest/", False), ("/latest/?page=2", False), ("/latest/?id=7", True), ("/news/1234", True), ("/news/2026", False), ("/2026/05/", False),
        ("/stories/a-man-sought", True), ("/reports/annual", True), ("/report/annual", False), ("/help", False), ("/helping-hands", True), ("/feed.xml", False),
        ("/news/campaigns/a-story", True), ("/a.aspx", True), ("/news/archive/", False),
    ],
)  # fmt: skip
def test_without_patterns_a_sites_other_sections_are_no_articles(tmp_path: Path, path: str, may_be: bool) -> None:
    assert written(tmp_path, "").may_be_article(f"https://www.ravenquay.example{path}") is may_be


@pytest.mark.parametrize(
    ("pattern", "path", "may_be"),
    [
        ("^/stories/", "/stories/a-man-sought", True), ("^/stories/", "/news/a-man-sought", False), ("^/stories/", "/stories/2026/", False),
        (r"^/stories/\d+$", "/stories/2026", True), (r"^/stories/\d+$", "/stories/12", True), ("^/stories/caf\u00e9", "/stories/caf%C3%A9-robbed", True),
        ("^/report/", "/report/a-man-sought", True), ("^/stories/", "/stories/a-man.png", False), ("(?i)^/Stories/", "/stories/a", True),
    ],
)  # fmt: skip
def test_a_pattern_knows_better_than_lists_of_words(tmp_path: Path, pattern: str, path: str, may_be: bool) -> None:
    entry = written(tmp_path, f"articles = ['{pattern}']")
    assert entry.may_be_article(f"https://www.ravenquay.example{path}") is may_be
