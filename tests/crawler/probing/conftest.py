"""Looking at the small site of the tests with no delay, and pages for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawler.options import CrawlOptions
from crawler.probing.look import Look, look
from crawler.probing.session import Job, run_job
from crawler.probing.site import plain_entry
from crawler.probing.trouble import NoNews

OPTIONS = CrawlOptions(allow_loopback=True, delay=0.0)

STORY = (
    "<p>Officers want to hear from anybody who saw a grey van near the old mill on Saturday night.</p>"
    "<p>It was taken from a yard in Quay Street between 9pm and midnight, and has not been seen since.</p>"
    "<p>Call 101 with what you know, or use the form on our website. Quote log 123 of 4 June.</p>"
)


@pytest.fixture(autouse=True)
def tiny_reader() -> None:
    """A probe asks every reader there is: that of the other tests, which knows three selectors, is none of them."""


@pytest.fixture
def probe() -> Callable[..., Look]:
    """Looks at a URL as `sources probe` does. Raises `NoNews`."""

    def run(url: str, **more: Any) -> Look:
        entry = plain_entry(url)
        return run_job(Job(entry, lambda session: look(session, url, known=False, **more)), OPTIONS)

    return run


@pytest.fixture
def no_news(probe: Callable[..., Look]) -> Callable[..., NoNews]:
    """What a URL is that holds no news."""

    def run(url: str, **more: Any) -> NoNews:
        with pytest.raises(NoNews) as caught:
            probe(url, **more)
        assert "\n" not in str(caught.value)
        return caught.value

    return run


@pytest.fixture
def article_html() -> Callable[..., str]:
    """An article page of an invented force."""

    def make(
        title: str = "Appeal after van taken from yard",
        *,
        head: str = "",
        date: str = "Published: 09:15 04/06/2026",
        body: str = STORY,
    ) -> str:
        return (
            f'<!doctype html><html lang="en"><head><title>{title} | Fenwold Constabulary</title>{head}</head><body><main><article><h1>{title}</h1>'
            f"<p>{date}</p>{body}</article></main></body></html>"
        )

    return make
