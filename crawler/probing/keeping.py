"""Keeps pages of a source as test cases: those asked for, or those that a check reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from scrapy.http import Response

from crawler.probing.case_names import article_case, check_absent
from crawler.probing.checking import check
from crawler.probing.live import read_article
from crawler.probing.look import not_news
from crawler.probing.saving import save_cases
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers import make_reader
from storage.records import Link, Record

Say = Callable[[str], None]


async def keep_pages(session: Session, urls: Sequence[str], folder: Path, say: Say, *, replace: bool) -> list[Path]:
    """Keeps these articles, all of them or none. Raises `NoNews` for what cannot be read, and `CaseExists`, before
    anything is asked for where the address alone tells it.
    """
    reader = make_reader(session.entry)
    for url in urls:
        check_absent(article_case(folder, url), replace=replace)
    read: list[tuple[Response, Record, Link | None]] = []
    for url in dict.fromkeys(urls):
        say(f"reading {url}")
        response, record = await read_article(session, reader, Link(url=url))
        if why := not_news(reader, response, record):
            raise NoNews("not news", f"a page that is not news: {why}: {url}", url)
        read.append((response, record, None))
    return save_cases(folder, (), read, force=session.entry.force, replace=replace)


async def keep_checked(session: Session, folder: Path, say: Say, *, replace: bool) -> list[Path]:
    """Keeps the listing in use and three of its articles, also where a check finds something wrong with them: such pages
    are the better tests. Raises `NoNews` when nothing can be read, and `CaseExists`.
    """
    found = await check(session, say, twice=False)
    if not found.kept or found.kept_listing is None:
        raise NoNews("no links", found.wrong[0] if found.wrong else f"nothing to keep of {session.entry.id}")
    return save_cases(folder, [found.kept_listing], found.kept, force=session.entry.force, replace=replace)
