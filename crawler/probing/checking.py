"""One source tried live: every listing once, the one in use and three articles twice. The two reads must agree."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.probing.checked import ArticleCheck, ListingCheck, SourceCheck
from crawler.probing.discovered import Say
from crawler.probing.judging import compare_links, judge, judge_articles
from crawler.probing.live import own_links, read_article, read_listing
from crawler.probing.look import not_news
from crawler.probing.rereading import disagreements
from crawler.probing.sampling import sample
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers import make_reader
from crawler.readers.base import Reader
from storage.records import Link

_ARTICLES = 3
_DEAD = ("no such host", "no answer", "certificate")
_GONE = ("404", "410", "redirect", "soft 404")


async def check(session: Session, say: Say, *, twice: bool = True) -> SourceCheck:
    """Tries the session's entry. Raises nothing but a fault of ours: what goes wrong is told in the result."""
    entry, reader = session.entry, make_reader(session.entry)
    found = SourceCheck(entry.id)
    try:
        links = await _listings(session, reader, found, say)
        if links:
            await _articles(session, reader, links, found, say)
            if not found.articles:
                found.wrong.append("none of the listed articles is there")
            judge_articles(found, entry)
            if twice:
                await _again(session, reader, links, found, say)
    except NoNews as error:
        found.wrong.append(str(error))
    for article in found.articles:
        found.wrong += [f"{line} ({article.url})" for line in article.wrong]
    found.verdict = "wrong" if found.wrong else "ok"
    found.requests = session.requests
    return found


async def _listings(session: Session, reader: Reader, found: SourceCheck, say: Say) -> list[Link]:
    """Asks for all listings of the entry; the links of the first one that works."""
    entry = session.entry
    links: list[Link] = []
    dead: set[str] = set()
    for listing in entry.listing:
        say(f"{entry.id}: {listing.url}")
        each = ListingCheck(listing.kind, listing.url)
        found.listings.append(each)
        if (host := urlsplit(listing.url).netloc) in dead:
            each.trouble = f"not asked for, because {host} cannot be reached: {listing.url}"
            continue
        try:
            response, shown = await read_listing(session, reader, listing)
        except NoNews as error:
            each.trouble = str(error)
            if error.kind in _DEAD:
                dead.add(host)
            continue
        own = own_links(shown, response.url, entry)
        each.links, each.dated = len(own), sum(1 for link in own if link.published_raw)
        if not own:
            each.trouble = f"no links to stories on {listing.url}"
        elif not links:
            links, each.used = own, True
            found.kept_listing = response, listing.kind, shown
    working = [each for each in found.listings if each.trouble is None]
    for each in found.listings:
        if each.trouble is not None:
            (found.notes if working else found.wrong).append(f"listing {each.kind}: {each.trouble}")
    least = entry.assertions.min.links
    if links and len(links) < least:
        found.wrong.append(f"{len(links)} links on the listing where at least {least} are expected")
    return links


async def _articles(session: Session, reader: Reader, links: Sequence[Link], found: SourceCheck, say: Say) -> None:
    """Three articles, from the newest to the last that is listed. One that is listed and gone is a note: sites do that."""
    for link in sample(list(links)):
        if len(found.articles) == _ARTICLES:
            return
        say(f"{session.entry.id}: {link.url}")
        each = ArticleCheck(link.url)
        try:
            response, record = await read_article(session, reader, link)
        except NoNews as error:
            if error.kind in _GONE:
                found.notes.append(f"listed, but {error}")
                continue
            found.articles.append(each)
            each.wrong.append(str(error))
            continue
        found.articles.append(each)
        found.kept.append((response, record, link))
        each.title, each.published_at = record.title, record.published_at
        judge(each, record, link, session.entry)
        if why := not_news(reader, response, record):
            each.wrong.append(f"a link of the listing leads to a page that is not news: {why}")


async def _again(session: Session, reader: Reader, links: Sequence[Link], found: SourceCheck, say: Say) -> None:
    """The listing and the articles once more: what differs between two reads would be an edit that nobody made."""
    used = next(each for each in found.listings if each.used)
    listing = next(one for one in session.entry.listing if one.url == used.url)
    say(f"{session.entry.id}: {listing.url} again")
    response, shown = await read_listing(session, reader, listing)
    compare_links(found, links, own_links(shown, response.url, session.entry))
    by_url = {each.url: each for each in found.articles}
    for _, record, link in found.kept:
        say(f"{session.entry.id}: {link.url} again")
        each = by_url[link.url]
        try:
            _, second = await read_article(session, reader, link)
        except NoNews as error:
            each.wrong.append(f"read once, and the second time: {error}")
            continue
        wrong, minor = disagreements(record, second)
        each.wrong += [f"two reads differ: {line}" for line in wrong]
        each.notes += [f"two reads differ: {line}" for line in minor]
