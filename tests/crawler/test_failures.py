"""The class of each trouble, told where it happens: pure, without a site."""

from __future__ import annotations

import pytest

from crawler.checks import Findings, judge
from crawler.failures import FetchFailed, StopCrawl, trouble_of
from crawler.no_links import leads_home
from storage.troubles import KEPT_OUT, LOST, OURS, PASSING, Trouble, trouble_said
from tests.crawler.conftest import MakeEntry


@pytest.mark.parametrize(
    ("kind", "status", "trouble"),
    [
        ("dns", None, "dns"), ("tls", None, "tls"), ("timeout", None, "timeout"), ("connection", None, "connection"),
        ("refused address", None, "dns"), ("cut short", 200, "bad answer"), ("unreadable", None, "bad answer"),
        ("http", 500, "site down"), ("http", 503, "site down"), ("http", 200, "site down"), ("http", 404, "gone"),
        ("http", 410, "gone"), ("http", 429, "blocked"), ("http", 408, "timeout"), ("http", 400, "bad answer"),
        ("blocked", 403, "blocked"), ("off site", 302, "redirected"), ("redirect", 302, "redirected"),
        ("page changed", 200, "page changed"), ("reader error", 200, "page changed"), ("wrong page", 200, "wrong page"),
        ("nothing is there", None, "mass removal"), ("robots", None, "robots"), ("clock", None, "clock"),
    ],
)  # fmt: skip
def test_each_failure_has_its_class(kind: str, status: int | None, trouble: str) -> None:
    assert trouble_of(kind, status) == trouble
    assert FetchFailed(kind, "it failed", "https://x.example/", status).trouble == trouble


def test_a_verdict_takes_the_class_of_most_of_its_pages(make_entry: MakeEntry) -> None:
    found = Findings(requests=9, links=9, asked=5, failed=4, complete=True)
    found.failures.update([Trouble.TIMEOUT, Trouble.BLOCKED, Trouble.BLOCKED, Trouble.TIMEOUT, Trouble.BLOCKED])
    assert judge(make_entry(), found)[::2] == ("failed", Trouble.BLOCKED)
    assert judge(make_entry(), Findings(requests=1, complete=True)).trouble is Trouble.LISTING_EMPTY
    stopped = Findings(requests=1, stop=StopCrawl("failed", "robots", "no robots.txt", Trouble.ROBOTS_UNREAD))
    assert judge(make_entry(), stopped).trouble is Trouble.ROBOTS_UNREAD


@pytest.mark.parametrize(
    ("asked", "final", "home"),
    [
        ("/news/", "/", True), ("/news/", "/index.html", True), ("/news/", "/cy/", True), ("/en/news", "/en", True),
        ("/news/", "/news", False), ("/news/", "/media/news/", False), ("/", "/home", False), ("/news", "/?page=2", False),
        ("/en/", "/cy/", False), ("/news/", "/newsroom", False),
    ],
)  # fmt: skip
def test_a_redirect_leads_home_or_elsewhere(asked: str, final: str, home: bool) -> None:
    assert leads_home(f"https://x.example{asked}", f"https://x.example{final}") is home


def test_every_class_says_what_is_wrong_and_stands_in_one_group_at_most() -> None:
    for trouble in Trouble:
        assert trouble_said(trouble, f"it is {trouble} at https://x.example/a")
        assert (trouble in LOST) + (trouble in OURS) + (trouble in KEPT_OUT or trouble in PASSING) <= 1
