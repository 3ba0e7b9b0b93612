"""Listings of invented forces as news sites lay them out, each with the articles that it holds and nothing else.

A layout is the page around its items, one item, and where the next page is. The words, paths and menus around them are those that
readers stumble over: two hundred links of a menu, sections that look like stories, headlines of a word or two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

HOST = "https://www.ravenquay.example"


@dataclass(frozen=True)
class Item:
    """One article of a listing: its date as printed, in the shape of the layout."""

    slug: str
    title: str
    day: str
    summary: str = "Officers are asking anyone who saw what happened to come forward, whatever the hour, and to bring their pictures."
    number: int = 0


ITEMS = [
    Item("appeal-after-man-robbed-in-quay-street", "Appeal after man robbed in Quay Street", "27"),
    Item("burglar-of-tarnbridge-jailed-for-three-years", "Burglar of Tarnbridge jailed for three years", "26"),
    Item("man-charged", "Man charged", "26", "A man of 41 is to stand before magistrates in Aldmoor."),
    Item(
        "three-held-after-raid-at-mill-that-took-half-the-night",
        "Three held after a raid at the old mill of Aldmoor that took half the night and a boat – and a “heron”",
        "25",
    ),
    Item("missing-osric-venn-found", "Missing Osric Venn found", "24", "Thank you to all who shared it."),
    Item("officers-thank-harbour-crew-for-rescue", "Officers thank harbour crew for rescue", "24"),
    Item("new-patrols-for-marrowdale-town-centre", "New patrols for Marrowdale town centre", "23"),
    Item("statement", "Statement", "22", "The chief constable has spoken about the events of Saturday."),
]
ITEMS = [Item(i.slug, i.title, i.day, i.summary, 31870 + 13 * n) for n, i in enumerate(reversed(ITEMS))][::-1]
WELSH = [
    Item("apel-ar-ol-lladrad-yn-stryd-y-cei", "Apêl ar ôl lladrad yn Stryd y Cei", "27", "Mae swyddogion yn apelio am dystion ar ôl y digwyddiad yn y dref."),
    Item("dyn-wedi-ei-gyhuddo-o-fwrgleriaeth", "Dyn wedi ei gyhuddo o fwrgleriaeth", "26", "Mae dyn 41 oed i ymddangos gerbron ynadon."),
    Item("arestio-tri-ar-ol-cyrch-yn-y-felin", "Arestio tri ar ôl cyrch yn y felin", "25", "Cafodd tri o bobl eu harestio fore Gwener."),
    Item("diolch-i-griw-yr-harbwr-am-achub", "Diolch i griw yr harbwr am achub", "24", "Mae swyddogion wedi diolch i'r criw am eu gwaith."),
]  # fmt: skip


def _menu(lists: int, each: int, around: str = "<div class='mega'>{}</div>") -> str:
    """A menu of many links that look like any other, in no element that says so."""
    names = (
        "Crime prevention advice",
        "Neighbourhood policing teams",
        "Our priorities and performance",
        "Victims and witnesses of crime",
        "Join us as a special constable",
    )
    columns = "".join(
        f"<div><h3><a href='/your-community/part-{n}/'>{names[n % 5]} part {n}</a></h3><ul>"
        + "".join(
            f"<li><a href='/your-community/part-{n}/page-number-{k}/'>{names[k % 5]} {n}-{k}</a></li>"
            for k in range(each)
        )
        + "</ul></div>"
        for n in range(lists)
    )
    return around.format(columns)


_NAV = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/news/'>News</a></li><li><a href='/contact-us/'>Contact us</a></li></ul></nav>"
_FOOT = "<footer><ul><li><a href='/privacy-notice/'>Privacy notice of the force</a></li><li><a href='/publication-scheme/lists-and-registers/'>Lists and registers we hold</a></li></ul><p>&copy; Ravenquay Police</p></footer>"


@dataclass(frozen=True)
class Layout:
    """`item` has the places {path}, {title}, {day}, {summary}, {number}; `date` the printed date of a link, None for none."""

    around: str
    item: str
    path: str = "/news/ravenquay/2021/march/{slug}/"
    url: str = "/news/"
    date: Callable[[Item], str | None] = lambda item: None
    following: str | None = None
    items: list[Item] = field(default_factory=lambda: ITEMS)

    def address(self, item: Item) -> str:
        return HOST + self.path.format(slug=item.slug, number=item.number)

    def page(self) -> str:
        inner = "\n".join(
            self.item.format(
                path=escape(self.path.format(slug=i.slug, number=i.number)),
                title=escape(i.title),
                day=i.day,
                summary=escape(i.summary),
                number=i.number,
            )
            for i in self.items
        )
        return self.around.replace("[ITEMS]", inner)


def _body(main: str, *, menu: str = "", aside: str = "", paging: str = "") -> str:
    return f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>News | Ravenquay Police</title></head><body><header><a href='/'><img alt='Ravenquay Police'></a>{_NAV}{menu}</header>{main}{aside}{paging}{_FOOT}</body></html>"


_NUMBERS = "<ul class='pages'><li>1</li><li><a href='/news/?page=2'>2</a></li><li><a href='/news/?page=3'>3</a></li><li><a href='/news/?page=40'>40</a></li></ul>"
LAYOUTS: dict[str, Layout] = {
    "whole card is a link, below a menu of 200": Layout(
        _body("<main><h1>News</h1><ul class='cards'>[ITEMS]</ul></main>", menu=_menu(10, 19), paging=_NUMBERS),
        "<li><a href='{path}'><img src='/i/{number}.jpg' alt=''><h3>{title}</h3><p>{summary}</p><p>Published: 14:23 {day}/03/2021</p></a></li>",
        date=lambda i: f"Published: 14:23 {i.day}/03/2021",
        following="/news/?page=2",
    ),
    "picture, heading and 'read more' all lead there": Layout(
        _body("<div id='content'><h1>Latest news</h1>[ITEMS]</div>", menu=_menu(4, 12), paging="<div><a href='/news/?page=2'>Load more</a></div>"),
        "<div class='item'><a href='{path}'><img src='/i/{number}.jpg'></a><h3><a href='{path}'>{title}</a></h3><div>Published: 14:23 {day}/03/2021</div><p>{summary}</p><a href='{path}'>Read more</a></div>",
        date=lambda i: f"Published: 14:23 {i.day}/03/2021",
        following="/news/?page=2",
    ),
    "the only link says 'read more'": Layout(
        _body("<main><h1>News</h1>[ITEMS]</main>", menu=_menu(6, 10)),
        "<div class='teaser'><h3>{title}</h3><p class='when'>{day} March 2021</p><p>{summary}</p><p><a href='{path}'>Read more</a></p></div>",
        date=lambda i: f"{i.day} March 2021",
    ),
    "'read more' names the story for screen readers": Layout(
        _body("<main><h1>News</h1><section>[ITEMS]</section></main>"),
        "<div><div><strong>{title}</strong></div><div>{day}.03.2021</div><div>{summary}</div><a href='{path}' aria-label='Read more about {title}'>Read more</a></div>",
        date=lambda i: f"{i.day}.03.2021",
    ),
    "table of date, headline and place": Layout(
        _body(
            "<div><h1>News releases</h1><table><thead><tr><th><a href='/news/?sort=date'>Date</a></th><th><a href='/news/?sort=title'>Headline</a></th><th>Area</th></tr></thead><tbody>[ITEMS]</tbody></table></div>",
            paging="<p><a href='/news/?start=8'>Next 8</a></p>",
        ),
        "<tr><td>{day}/03/2021</td><td><a href='{path}'>{title}</a></td><td><a href='/news/?area=aldmoor'>Aldmoor and district</a></td></tr>",
        date=lambda i: f"{i.day}/03/2021",
    ),
    "definition list, the day first": Layout(
        _body("<div id='main'><h2>Press office</h2><dl>[ITEMS]</dl></div>"),
        "<dt>{day} March 2021</dt><dd><a href='{path}'>{title}</a><br>{summary}</dd>",
        path="/press/{slug}.html",
        url="/press/",
        date=lambda i: f"{i.day} March 2021",
    ),
    "headings and paragraphs without any box": Layout(
        _body("<h1>News</h1>[ITEMS]", menu=_menu(8, 8), paging="<a href='/news/2/'>2</a> <a href='/news/3/'>3</a>"),
        "<h2><a href='{path}'>{title}</a></h2><p>Posted on {day} March 2021</p><p>{summary}</p><hr>",
        path="/news/{slug}",
        date=lambda i: f"Posted on {i.day} March 2021",
    ),
    "boxes without meaning, most read beside them": Layout(
        _body(
            "<div><div><div><div>Newsroom</div>[ITEMS]</div></div></div>",
            aside="<div><div>Most read</div><div><a href='/news/missing-osric-venn-found'>Missing Osric Venn found</a></div><div><a href='/news/statement'>Statement</a></div></div>"
            "<div><div>Quick links</div><div><a href='/news/appeals/'>Appeals for information</a></div><div><a href='/news/missing-people/'>Missing people</a></div><div><a href='/crime-map-of-ravenquay/'>Crime map of Ravenquay</a></div></div>",
        ),
        "<div><div><div><a href='{path}'>{title}</a></div><div>{day} Mar 2021, 09:48</div></div><div>{summary}</div></div>",
        path="/news/{slug}",
        date=lambda i: f"{i.day} Mar 2021, 09:48",
    ),
    "Welsh": Layout(
        _body(
            "<main><h1>Newyddion</h1><ul>[ITEMS]</ul></main>",
            menu="<div><a href='/cyngor/cyngor-atal-troseddau/'>Cyngor atal troseddau</a><a href='/amdanom-ni/ein-blaenoriaethau-ni/'>Ein blaenoriaethau ni</a><a href='/ymuno-a-ni/dod-yn-swyddog/'>Dod yn swyddog gyda ni</a></div>",
            paging="<a href='/newyddion/?tudalen=2'>Tudalen nesaf</a>",
        ),
        "<li><h3>{title}</h3><p>Cyhoeddwyd: {day} Mawrth 2021</p><p>{summary}</p><a href='{path}'>Darllen mwy</a></li>",
        path="/newyddion/{slug}/",
        url="/newyddion/",
        date=lambda i: f"Cyhoeddwyd: {i.day} Mawrth 2021",
        following="/newyddion/?tudalen=2",
        items=WELSH,
    ),
    "pages of the site in the same cards": Layout(
        _body(
            "<main><div class='grid'>[ITEMS]</div><h2>You may need</h2><div class='grid'>"
            + "".join(
                f"<div class='card'><a href='{p}'><img src='/p.jpg' alt=''></a><h3><a href='{p}'>{t}</a></h3><p>What to do and who to tell.</p></div>"
                for p, t in [("/hate-crime/what-is-hate-crime/", "What is hate crime and who can help"), ("/alerts/sign-up-for-alerts/", "Sign up for alerts in your area"), ("/stop-search/your-rights/", "Your rights when we stop and search you")]
            )
            + "</div></main>"
        ),
        "<div class='card'><a href='{path}'><img src='/i/{number}.jpg' alt=''></a><h3><a href='{path}'>{title}</a></h3><time datetime='2021-03-{day}T14:23:00+00:00'>{day} March</time><p>{summary}</p></div>",
        date=lambda i: f"2021-03-{i.day}T14:23:00+00:00",
    ),
    "one page, the story in its query": Layout(
        _body(
            "<form id='aspnetForm' action='/News/Index.aspx'><div><h1>News</h1>[ITEMS]</div></form>",
            menu="<div><a href='/Contact.aspx?id=4'>Contact the press office of the force</a><a href='/News/Feeds.aspx'>Feeds for newsrooms</a></div>",
        ),
        "<div><a href='{path}'>{title}</a><br>Release date: {day}/Mar/2021 11:57</div>",
        path="/News/NewsArticle.aspx?id=7f3c{number}-52d1-ee11-904d-6045bdd24049",
        url="/News/Index.aspx",
        date=lambda i: f"Release date: {i.day}/Mar/2021 11:57",
    ),
    "days as headings above lists": Layout(
        _body("<main><h1>Newyddion</h1><h2>27 March 2021</h2><ul>[ITEMS]</ul></main>"),
        "<li><a href='{path}'>{title}</a></li>",
        path="/article/{number}",
        url="/articles",
        date=lambda i: "27 March 2021",
    ),
    "a weblog with excerpts, tags and authors": Layout(
        _body(
            "<div id='primary'>[ITEMS]</div>",
            aside="<div id='secondary'><h3>Recent posts</h3><ul><li><a href='/2021/03/27/appeal-after-man-robbed-in-quay-street/'>Appeal after man robbed in Quay Street</a></li></ul><h3>Archives</h3><ul><li><a href='/2021/03/'>March 2021</a></li><li><a href='/2021/02/'>February 2021</a></li></ul>"
            "<h3>Categories</h3><ul><li><a href='/category/appeals-for-witnesses/'>Appeals for witnesses and others</a></li></ul></div>",
            paging="<div><a href='/?paged=2'>Older posts</a></div>",
        ),
        "<article><h2><a href='{path}' rel='bookmark'>{title}</a></h2><div>Posted on <a href='{path}'><time datetime='2021-03-{day}T09:48:00+00:00'>{day} March 2021</time></a> by <a href='/author/press-office/'>Press office of the force</a></div>"
        "<div><p>{summary} Read what to do on <a href='/help-for-victims/after-a-robbery/'>our page for victims of robbery</a> … <a href='{path}'>Continue reading <span>{title}</span></a></p></div>"
        "<div>Posted in <a href='/category/appeals-for-witnesses/'>Appeals for witnesses and others</a> <a href='/tag/robbery-in-the-street/'>robbery in the street</a> <a href='{path}#comments'>3 comments on this</a></div></article>",
        path="/2021/03/27/{slug}/",
        url="/",
        date=lambda i: f"2021-03-{i.day}T09:48:00+00:00",
        following="/?paged=2",
    ),
    "links to share each story": Layout(
        _body("<main><ol>[ITEMS]</ol></main>", paging="<a href='/news/?after=MTYxNjgwMzIwMA' aria-label='Next'>&rsaquo;</a>"),
        "<li><span>{day} March 2021</span> <a href='{path}' title='{title}'>{title}</a> <a href='https://www.facebook.com/sharer/?u={path}'>Share this story on Facebook</a> <a href='mailto:?subject={title}'>E-mail it</a> <a href='{path}?print=1'>Print this story on paper</a></li>",
        date=lambda i: f"{i.day} March 2021",
        following="/news/?after=MTYxNjgwMzIwMA",
    ),
    "rows that only a picture and a bare line make": Layout(
        _body("<div><h1>News</h1>[ITEMS]</div>", menu=_menu(5, 9)),
        "<div><a href='{path}'><img src='/i/{number}.jpg' alt='{title}'></a><span>{title}</span><span>{day}-03-2021</span></div>",
        path="/newsroom/{number}/",
        url="/newsroom/",
        date=lambda i: f"{i.day}-03-2021",
    ),
    "cards without dates below a menu with headings": Layout(
        _body("<main><h1>News</h1><div>[ITEMS]</div></main>", menu=_menu(10, 19)),
        "<div class='card'><img src='x.jpg'><h3><a href='{path}'>{title}</a></h3><p>{summary}</p></div>",
    ),
    "bare lines without dates below a menu with headings": Layout(
        _body("<main><h1>News</h1><ul>[ITEMS]</ul></main>", menu=_menu(10, 19)), "<li><a href='{path}'>{title}</a></li>"
    ),
    "an empty link stretched over the card": Layout(
        _body("<main><h1>News</h1><div>[ITEMS]</div></main>", menu=_menu(3, 9)),
        "<div><div><h5>{title}</h5><p>{day} Mar 2021</p><p>{summary}</p><a class='stretched' href='{path}'></a></div></div>",
        date=lambda i: f"{i.day} Mar 2021",
    ),
    "a day in three boxes": Layout(
        _body("<div>[ITEMS]</div>"),
        "<div><div><span>{day}</span><span>Mar</span><span>2021</span></div><div><h4><a href='{path}'>{title}</a></h4><p>{summary}</p></div></div>",
        date=lambda i: f"{i.day} Mar 2021",
    ),
    "tabs and years of the news itself": Layout(
        _body(
            "<main><h1>News</h1><div><a href='/news/ravenquay/news/?ct=appeals'>Appeals for witnesses</a><a href='/news/ravenquay/news/2021/'>All news of 2021</a></div><ul>[ITEMS]</ul></main>",
            menu=_menu(5, 15),
        ),
        "<li><article><a href='{path}'><figure><img alt=''></figure><div><h2>{title}</h2><p>Force-wide</p><p>14:23 {day}/03/2021</p></div></a></article></li>",
        path="/news/ravenquay/news/2021/march/{slug}/",
        url="/news/ravenquay/news/",
        date=lambda i: f"14:23 {i.day}/03/2021",
    ),
    "lines of one paragraph": Layout(
        _body("<div><p>[ITEMS]</p></div>"),
        "{day}/03/2021 <a href='{path}'>{title}</a><br>",
        date=lambda i: f"{i.day}/03/2021",
    ),
    "an edit beside the publication": Layout(
        _body("<div>[ITEMS]</div>"),
        "<div><h3><a href='{path}'>{title}</a></h3><p>Last updated: 30/03/2021</p><p>Published: {day}/03/2021</p></div>",
        date=lambda i: f"Published: {i.day}/03/2021",
    ),
    "stories at the root, beside pages there": Layout(
        _body(
            "<main>[ITEMS]</main>",
            menu="<div><a href='/our-priorities-for-the-year/'>Our priorities for the year</a><a href='/who-we-are-and-why/'>Who we are and why</a></div>",
        ),
        "<article><h2><a href='{path}'>{title}</a></h2><time datetime='2021-03-{day}'>lately</time></article>",
        path="/{slug}/",
        date=lambda i: f"2021-03-{i.day}",
    ),
    "cells that nobody closed": Layout(
        _body("<table><tr><td>[ITEMS]</table>", menu=_menu(3, 9)),
        "<p><font><b><a href='{path}'>{title}</a></b><br>{day}/03/21 - {summary}",
    ),
}  # fmt: skip
