"""Reads a news site never seen before: no selector, no class name. Every platform's reader starts from here."""

from __future__ import annotations

import re
from typing import ClassVar

from lxml.etree import _Element
from scrapy.http import Response

from crawler import markdown
from crawler.entries import SourceEntry
from crawler.readers.base import Listing, Reader
from crawler.readers.boxes import below_heading, is_caption
from crawler.readers.embedded import embedded_story, stated_body, within_stated
from crawler.readers.headline import Headline, choose
from crawler.readers.layout import Layout, Weigher
from crawler.readers.lines import is_byline
from crawler.readers.listings import read_listing
from crawler.readers.page import Page, open_page
from crawler.readers.pruning import prune
from crawler.readers.published import Published, publication, time_element
from crawler.readers.sent_on import sent_on
from crawler.readers.stated_dates import american
from crawler.readers.story import Story, StoryReader
from crawler.selectors import NotNews, PageChanged, SentOn
from crawler.text import decode, fold
from storage.records import Link, Record

_TAGS = re.compile(r"<[^>]{1,200}>")
_STANDFIRST = re.compile(r"stand-?first|summary|strap-?line|excerpt|\b(?:lead|intro|deck|description)\b", re.I)
_NOT_FOUND = re.compile(
    r"\W*(?:(?:error )?404\b.*|page (?:cannot be |not |can.t be )found.*|not found|sorry, (?:this|the) page .{0,40}(?:not|n.t) .*)",
    re.I,
)
_HARDLY = 0.2  # of the stated body: so little is a line that asks for JavaScript, or a teaser
_OUT_OF_ORDER = re.compile(
    r"\W*(?:(?:error|http|status)\W+)*(?:(?:403|429|50[0-4])\b\W*)?(?:forbidden|access denied|too many requests|internal server error|bad gateway"
    r"|service (?:temporarily )?unavailable|gateway time-?out|(?:(?:site|service|website) )?(?:is )?(?:temporarily )?(?:down for|under|undergoing) maintenance"
    r"|just a moment|attention required|checking your browser.{0,40})\W*",
    re.I,
)
_STUB = 400  # characters: what a page says that sends its visitors on, or that is out of order
_DEFAULT_IMAGE = re.compile(
    r"default[-_]og|opengraph-image|og[-_]default|default[-_](?:image|share|social)|/logo[-_.]|placeholder", re.I
)


class GenericReader(Reader):
    """Headline, date, standfirst and body from what a page states for machines, then its structure, then its text."""

    name: ClassVar[str] = "generic"
    version: ClassVar[int] = 3
    furniture: ClassVar[tuple[str, ...]] = ()
    article_path: ClassVar[str | None] = None
    not_news: ClassVar[str | None] = None

    def __init__(self, entry: SourceEntry) -> None:
        super().__init__(entry)
        own = ["|".join(f"(?:{pattern})" for pattern in self.furniture)] if self.furniture else []
        self.extra = [re.compile(pattern, re.I) for pattern in (*own, *entry.furniture)]

    def listing(self, response: Response, kind: str) -> Listing:
        return read_listing(response, kind, self.entry, article_path=self.article_path, not_news=self.not_news)

    def article(self, response: Response, link: Link | None = None) -> Record:
        page = open_page(response)
        target = sent_on(response, page)
        try:
            record = self.read(page, link)
        except PageChanged:
            if target is not None:
                raise SentOn(target, page.url) from None
            raise
        if len(record.body) < _STUB:
            if target is not None:
                raise SentOn(target, page.url)
            if _OUT_OF_ORDER.fullmatch(record.title):
                raise NotNews("a notice of the server", page.url)
        return record

    def names(self, page: Page) -> list[str]:
        """What the site calls itself: cut from headlines where it stands behind a separator."""
        entry = self.entry
        return [
            n
            for n in (
                page.first("og:site_name"),
                entry.force,
                entry.name,
                f"{entry.area} Police",
                page.first("pressroom:name"),
            )
            if n
        ]

    def read(self, page: Page, link: Link | None) -> Record:
        weigher = Weigher(page.root, states_body=page.states_body)
        head = choose(page, weigher.headings, self.entry.title_prefixes, self.entry.title_suffixes, self.names(page))
        if head is None:
            raise PageChanged("no headline", page.url)
        if _NOT_FOUND.fullmatch(head.text):
            raise NotNews("a page that says it was not found", page.url)
        if head.element is not None:
            head.element = weigher.nearest(head.element)
        layout = weigher.layout(head.element, page.first("og:description", "description"))
        story = self.story(page, weigher, head, layout) if layout is not None else Story()
        if not story.blocks and story.standfirst is not None:
            story.blocks, story.standfirst = [story.standfirst], None
        self.confirm(page, story)
        if not story.blocks:
            raise PageChanged("no paragraph of text" if layout is None else "no story below the headline", page.url)
        words = sum(len(b.plain) for b in story.blocks)
        if sum(b.link_chars for b in story.blocks) > 0.6 * words and words > 200:
            raise NotNews("a page of links", page.url)
        return self.record(page, head, story, link)

    def confirm(self, page: Page, story: Story) -> None:
        """Holds the story against what the page's data say it is: what follows its end goes, and a page that shows none takes it
        from there, which `meta` says.
        """
        stated = stated_body(page)
        shown = sum(len(b.plain) for b in story.blocks)
        if stated is not None and shown > _HARDLY * len(stated):
            story.blocks = within_stated(story.blocks, stated)
        elif (stated is not None or not story.blocks) and (found := embedded_story(page)) is not None:
            story.blocks, page.meta["story-from"] = found

    def published(self, response: Response) -> Published:
        """When a page says it was published, whether or not its story can be read. Raises as `open_page` does."""
        page = open_page(response)
        headings = Weigher(page.root, states_body=page.states_body).headings
        head = choose(page, headings, self.entry.title_prefixes, self.entry.title_suffixes, self.names(page))
        return publication(page, head.element if head else None)[0]

    def story(self, page: Page, weigher: Weigher, head: Headline, layout: Layout) -> Story:
        """The story's blocks, and the dates and flags printed around it."""
        protected: set[_Element] = {layout.story, *weigher.chain(layout.story)}
        if head.element is not None:
            protected |= {head.element, *weigher.chain(head.element)}
        skip = weigher.skipped(protected, named=layout.named)
        blocks = markdown.blocks(layout.zone, page.base_url, skip)
        if head.element is None:
            blocks = below_heading(blocks)
        story = layout.story

        def inside(element: _Element) -> bool:
            return element is story or story in weigher.chain(element)

        story_reader = StoryReader(head.text, self.extra, inside, month_first=american(page))
        found = story_reader.read(blocks, head.element)
        found.blocks = prune(found.blocks, story)
        lead = found.standfirst
        if lead is not None and found.blocks and (is_byline(lead.plain) or is_caption(lead, layout.zone)):
            found.standfirst = None
        found.timed = time_element(layout.zone, skip)
        return found

    def record(self, page: Page, head: Headline, story: Story, link: Link | None) -> Record:
        published, modified = publication(
            page,
            head.element,
            printed=story.printed,
            place=story.printed_in,
            timed=story.timed,
            labelled=story.labelled,
            unsure=story.unsure,
            yearless=story.yearless,
            story_read=True,
            link=link,
        )
        modified = modified or story.modified
        description = self.description(page, story)
        if story.standfirst is not None and fold(story.standfirst.plain) != fold(description or ""):
            story.blocks.insert(0, story.standfirst)
        return Record(
            source=self.entry.id,
            area=self.entry.area,
            url=page.url,
            title=head.text,
            description=description,
            body=markdown.render(story.blocks),
            published_at=published.at,
            published_precision=published.precision,
            published_raw=published.raw,
            published_from=published.source,
            modified_at=modified.utc if modified and (published.at is None or modified.utc > published.at) else None,
            language=self.language(page),
            tags=tuple(dict.fromkeys(story.tags)),
            image_url=self.image(page),
            meta={**page.meta, **({"json-ld": page.ld} if page.ld else {})},
            reader=self.name,
            reader_version=self.version,
        )

    def description(self, page: Page, story: Story) -> str | None:
        """The description that the page states, or a paragraph that it marks as the standfirst: a first paragraph is none."""
        stated = page.first("og:description", "description", "twitter:description", "dcterms.description")
        if stated and "<" in stated:
            stated = decode(_TAGS.sub(" ", stated))
        if stated or story.standfirst is None:
            return stated or None
        element = story.standfirst.element
        marked = _STANDFIRST.search(
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        )
        return story.standfirst.plain.strip() if marked else None

    def language(self, page: Page) -> str:
        stated = (page.root.get("lang") or "")[:2].lower()
        return stated if stated == "cy" else self.entry.language

    def image(self, page: Page) -> str | None:
        """The picture a page states, unless it is the site's own for pages that have none."""
        url = page.first("og:image", "og:image:url", "twitter:image")
        return None if not url or _DEFAULT_IMAGE.search(url) else url
