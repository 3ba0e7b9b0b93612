"""Pages asked for in one call are all kept, each in a case of its own, or none is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.entries import SourceEntry
from crawler.options import CrawlOptions
from crawler.probing.keeping import keep_pages
from crawler.probing.session import Job, run_job
from crawler.probing.trouble import NoNews

Site = Any
Keep = Callable[..., list[Path]]
PATHS = ("/news/2025/story-of-june/", "/news/2026/story-of-june/")


@pytest.fixture
def answer(site: Site) -> Callable[..., Any]:
    return type(site.pages["/robots.txt"])


@pytest.fixture
def keep(
    site: Site,
    answer: Callable[..., Any],
    article_html: Callable[..., str],
    make_entry: Callable[..., SourceEntry],
    tmp_path: Path,
) -> Keep:
    for path in PATHS:
        site.pages[path] = answer(article_html(f"Appeal after van taken, {path}"))

    def run(*paths: str, replace: bool = False) -> list[Path]:
        urls = [f"{site.base}{path}" for path in paths]
        job = Job(
            make_entry(reader="generic"),
            lambda session: keep_pages(session, urls, tmp_path / "kept", lambda _: None, replace=replace),
        )
        return run_job(job, CrawlOptions(allow_loopback=True, delay=0.0))

    return run


@pytest.mark.parametrize("replace", [False, True])
def test_two_stories_with_the_same_last_words_are_both_kept(replace: bool, site: Site, keep: Keep) -> None:
    cases = keep(*PATHS, replace=replace)
    urls = [tomllib.loads((case / "meta.toml").read_text("utf-8"))["url"] for case in cases]
    assert urls == [f"{site.base}{path}" for path in PATHS]


def test_two_addresses_of_one_page_are_one_case(site: Site, answer: Callable[..., Any], keep: Keep) -> None:
    site.pages["/news/old-address/"] = answer(status=301, headers={"Location": PATHS[0]})
    assert len(keep(PATHS[0], PATHS[0], "/news/old-address/")) == 1


def test_nothing_is_kept_where_one_page_cannot_be(keep: Keep, tmp_path: Path) -> None:
    with pytest.raises(NoNews):
        keep(PATHS[0], "/news/nowhere/")
    assert not (tmp_path / "kept").exists()
