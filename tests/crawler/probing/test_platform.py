"""A platform is told by its signs, and a sign that others share proves nothing alone."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.probing.platform import guess
from crawler.readers import READERS
from crawler.readers.page import open_page

SITES = {
    "single_online_home": '<img src="/SysSiteAssets/media/logo.svg">',
    "wordpress": '<meta name="generator" content="WordPress 6.8"><script src="/wp-includes/a.js"></script>',
    "drupal": '<meta name="generator" content="Drupal 10"><script data-drupal-selector="drupal-settings-json">{}</script>',
    "mynewsdesk": '<footer>Powered by Mynewsdesk</footer><a href="/rss/current_news/1">RSS</a>',
    "govuk": '<meta name="govuk:format" content="news"><link href="https://assets.publishing.service.gov.uk/a.css">',
    "umbraco": '<meta name="generator" content="Umbraco 10"><img src="/media/ab12cd34/van.jpg">',
    "sharepoint": '<meta name="GENERATOR" content="Microsoft SharePoint"><script>var _spPageContextInfo={}</script>',
    "prgloo": '<script src="https://cdn.prgloo.com/a.js"></script>',
    "joomla": '<meta name="generator" content="Joomla! - Open Source Content Management">',
    "guid_newsroom": '<a href="/news-article/0f8fad5b-d9cb-469f-a165-70867728950e">A van</a>',
    "generic": "<p>Nothing that tells.</p>",
}


def looked_at(html: str, **headers: str):
    response = HtmlResponse(
        "https://www.fenwold.example/x", body=f"<html><body>{html}</body></html>".encode(), headers=headers
    )
    return guess([response], [open_page(response)], "")


@pytest.mark.parametrize("platform", SITES)
def test_each_platform_is_told_by_its_signs(platform: str) -> None:
    found = looked_at(SITES[platform])
    assert found.platform == platform
    assert found.signs
    assert found.reader == (platform if platform in READERS else "generic")


def test_a_header_gives_a_platform_away() -> None:
    assert looked_at("<p>x</p>", **{"X-Generator": "Drupal 10 (https://www.drupal.org)"}).platform == "drupal"


def test_one_weak_sign_is_no_proof() -> None:
    found = looked_at('<img src="/media/ab12cd34/van.jpg">')
    assert (found.platform, found.sure) == ("generic", "doubtful")
    assert "umbraco" in found.others


def test_two_platforms_at_once_are_never_sure() -> None:
    found = looked_at(SITES["wordpress"] + SITES["drupal"])
    assert found.sure != "sure"
    assert found.others
