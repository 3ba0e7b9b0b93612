"""Keeps pages of a source as test cases: those asked for, or those that a check reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.probing.checking import check
from crawler.probing.live import read_article
from crawler.probing.look import not_news
from crawler.probing.saving import case_name, check_absent, save_article, save_listing
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers import make_reader
from storage.records import Link

Say = Callable[[str], None]


async def keep_pages(session: Session, urls: Sequence[str], folder: Path, say: Say, *, replace: bool) -> list[Path]:
    """Keeps these articles. Raises `CaseExists` before anything is asked for, and `NoNews` for what cannot be read."""
    reader = make_reader(session.entry)
    for url in urls:
        check_absent(folder / case_name(url), replace=replace)
    cases = []
    for url in urls:
        say(f"reading {url}")
        response, record = await read_article(session, reader, Link(url=url))
        if why := not_news(reader, response, record):
            raise NoNews("not news", f"a page that is not news: {why}: {url}", url)
        cases.append(save_article(folder, response, record, force=session.entry.force, replace=replace))
    return cases


async def keep_checked(session: Session, folder: Path, say: Say, *, replace: bool) -> list[Path]:
    """Keeps the listing in use and three of its articles, also where a check finds something wrong with them: such pages
    are the better tests. Raises `NoNews` when nothing can be read.
    """
    found = await check(session, say, twice=False)
    if not found.kept or found.kept_listing is None:
        raise NoNews("no links", found.wrong[0] if found.wrong else f"nothing to keep of {session.entry.id}")
    response, kind, listing = found.kept_listing
    for case in (f"listing-{kind}", *(case_name(each.url) for each, _, _ in found.kept)):
        check_absent(folder / case, replace=replace)
    cases = [save_listing(folder, response, kind, listing, replace=replace)]
    for each, record, link in found.kept:
        cases.append(save_article(folder, each, record, link=link, force=session.entry.force, replace=replace))
    return cases
