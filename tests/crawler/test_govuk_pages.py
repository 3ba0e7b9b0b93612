"""GOV.UK's API refuses an article now and then: its page is read in its place, and what the page says besides is no edit."""

from __future__ import annotations

import json
from typing import Any

import pytest

PATHS = [f"/government/news/pump-number-{n}-was-stolen" for n in range(1, 5)]
TEXT = (
    "<p>Officers want to hear from anybody who saw pump {n} being carried along Weir Lane between Saturday evening and noon on Sunday.</p>"
    "<p>It is {colour}, weighs {n}40 kilograms and stood beside the sluice of reservoir {n} since the spring, behind a locked gate.</p>"
    "<p>The gate was lifted off its hinges. A trailer with one rear light was seen near by, and its driver may be a witness.</p>"
)
PAGE = (
    "<!doctype html><html><head><title>Pump {n} was stolen</title></head><body><main><h1>Pump {n} was stolen</h1>"
    "<p>Published 4 June 2026</p>{text}<p>Ring the front desk of the Reservoirs Police on 555 0100 with what you know.</p></main></body></html>"
)


@pytest.fixture
def articles(site: Any, make_entry: Any) -> Any:
    put_up(site, "green")
    cards = "".join(f"<li><h3><a href='{path}'>A pump was stolen</a></h3></li>" for path in PATHS)
    answer = type(site.pages["/robots.txt"])
    site.pages["/news/"] = answer(f"<html><body><main><h1>News</h1><ul>{cards}</ul></main></body></html>")
    listing = [{"kind": "html", "url": f"{site.base}/news/"}]
    return make_entry(reader="govuk", listing=listing, articles=["^/government/news/.+"])


def put_up(site: Any, colour: str, refused: tuple[str, ...] = ()) -> None:
    answer = type(site.pages["/robots.txt"])
    for n, path in enumerate(PATHS, 1):
        text = TEXT.format(n=n, colour=colour)
        told = {
            "title": f"Pump {n} was stolen",
            "details": {"body": text},
            "first_published_at": "2026-06-04T09:00:00Z",
        }
        site.pages[path] = answer(PAGE.format(n=n, text=text))
        refusal = answer("", status=403)
        site.pages[f"/api/content{path}"] = refusal if path in refused else answer(json.dumps(told))


def test_page_read_in_place_of_the_api_is_no_edit_and_one_after_it_is_seen(
    site: Any, crawl: Any, articles: Any
) -> None:
    assert crawl(articles).counts.new == len(PATHS)
    for refused in (tuple(PATHS[:1]), (), tuple(PATHS), ()):
        put_up(site, "green", refused)
        counts = crawl(articles, revisit="all").counts
        assert (counts.edited, counts.new, counts.removed) == (0, 0, 0), refused
    kept = dict(site.pages)
    put_up(site, "blue")
    site.pages |= {path: page for path, page in kept.items() if PATHS[0] not in path}
    assert crawl(articles, revisit="all").counts.edited == 1


def test_story_that_moved_is_read_from_the_api_by_its_old_address_too(site: Any, crawl: Any, articles: Any) -> None:
    """Else API and page would take turns at each look, and an edit would pass for the difference between them."""
    crawl(articles)
    new = f"{PATHS[0]}-updated"
    answer = type(site.pages["/robots.txt"])
    site.pages[new], site.pages[f"/api/content{new}"] = site.pages[PATHS[0]], site.pages.pop(f"/api/content{PATHS[0]}")
    site.pages[PATHS[0]] = answer("", status=301, headers={"Location": new})
    site.pages["/news/"].body = site.pages["/news/"].body.replace(f"'{PATHS[0]}'", f"'{new}'")
    for _ in range(3):
        counts = crawl(articles, revisit="all").counts
        assert (counts.edited, counts.new, counts.removed) == (0, 0, 0)
    told = site.pages[f"/api/content{new}"]
    told.body = told.body.replace("green", "blue")
    site.pages[new].body = site.pages[new].body.replace("green", "blue")
    assert crawl(articles, revisit="all").counts.edited == 1
