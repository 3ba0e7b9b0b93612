"""What a site says in place of a story is known, in two languages; what a story says is not taken for it."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.notices import is_notice, notice_of
from storage.records import Record

STORY = "The lamp was taken from a shed in Mill Lane, and officers are asking for help."

GONE = [
    ("Page not found", "Sorry, the page you were looking for could not be found."),
    ("Page not found | Fenwold Police", "Sorry, the page you were looking for could not be found."),
    ("404", "Error"),
    ("404 - Page not found", "Try the search."),
    ("Error 404: page not found", ""),
    ("HTTP 410 Gone", ""),
    ("Oops!", "That page can’t be found. It looks like nothing was found at this location."),
    ("Oops! That page can't be found.", "It looks like nothing was found at this location. Maybe try a search?"),
    ("Oops", "It looks like nothing was found at this location."),
    ("Sorry, we can’t find that page", "Try our search."),
    ("We couldn't find the page you were looking for", ""),
    ("This page does not exist", "The link may be broken or the page removed."),
    ("This article is no longer available", "It may have been removed or archived. [Back to news](/news)"),
    ("Sorry, this content is unavailable", "The release you're looking for has been unpublished."),
    ("This news item has been withdrawn", "Please see our latest news."),
    ("News", "This news item has been withdrawn."),
    ("Archived", "This news release has been archived and can no longer be viewed."),
    ("Content expired", "The content you requested has expired and been removed from our website."),
    ("Fenwold Police", "The content you requested has expired and been removed from our website."),
    ("Appeal to find Zeb Quill, 14", "This news story has been removed."),
    ("Appeal to find Zeb Quill, 14", "This news story has been removed.\n\nPlease see our latest news."),
    ("Appeal to find Zeb Quill, 14", "**This page is no longer available.**"),
    ("Appeal to find Zeb Quill, 14", "The page you requested has been deleted or moved."),
    ("Error", "The link you followed may be broken, or the page may have been removed."),
    ("Heb ganfod y dudalen", "Mae'n ddrwg gennym, ni allwn ddod o hyd i'r dudalen hon."),
    ("Heb ganfod y dudalen", "Mae’n ddrwg gennym, ni allwn ddod o hyd i’r dudalen hon."),
    ("Ni ellir dod o hyd i'r dudalen", "Gwiriwch y cyfeiriad."),
    ("Ni allem ddod o hyd i’r dudalen yr oeddech yn chwilio amdani", ""),
    ("Tudalen heb ei darganfod", "Nid ydym yn gallu canfod y dudalen."),
    ("Tudalen heb ei chanfod", "Efallai ei bod wedi’i symud neu ei dileu."),
    ("Nid yw’r dudalen hon ar gael mwyach", "Efallai ei bod wedi’i symud neu ei dileu."),
    ("Nid yw'r dudalen yn bodoli", ""),
    ("Mae'r erthygl hon wedi'i thynnu'n ôl", ""),
    ("Gwall 404", "Nid ydym yn gallu canfod y dudalen."),
    ("Gwall", "Methu dod o hyd i'r dudalen."),
    ("Apêl i ddod o hyd i Zeb Quill, 14", "Mae'r stori newyddion hon wedi'i dileu."),
]
UNREADABLE = [
    ("One more step", "Please complete the security check to access www.fenwold.example\n\nRay ID: 71fe00", "blocked"),
    ("Attention Required!", "Please complete the captcha.", "blocked"),
    ("Are you a human?", "Please verify that you are not a robot to continue.", "blocked"),
    ("Sorry, you have been blocked", "You are unable to access fenwold.example", "blocked"),
    ("Access denied", "You do not have permission to view this page.", "blocked"),
    ("Too many requests", "You have sent too many requests in a given amount of time.", "blocked"),
    ("You are now in line", "Thank you for your patience. You are in a virtual queue to access our website. You will be redirected automatically.", "blocked"),
    ("Waiting room", "Your estimated wait time is 4 minutes.", "blocked"),
    ("Sign in", "Please sign in with your account to continue to the staff area.", "blocked"),
    ("Mewngofnodi", "Rhaid i chi fewngofnodi i weld y dudalen hon.", "blocked"),
    ("Cadarnhewch nad ydych yn robot", "", "blocked"),
    ("Something went wrong", "We are sorry, an unexpected error occurred while processing your request. Please try again later.", "http"),
    ("Appeal to find Zeb Quill, 14", "Something went wrong. Please try again later.", "http"),
    ("Service unavailable", "The server is temporarily unable to service your request due to maintenance downtime or capacity problems.", "http"),
    ("We are carrying out essential maintenance", "Our website is temporarily unavailable. Please try again later. We apologise for any inconvenience.", "http"),
    ("Maintenance", "The website is currently down for scheduled maintenance. We'll be back soon.", "http"),
    ("Rhywbeth aeth o'i le", "Rhowch gynnig arall arni yn nes ymlaen.", "http"),
]  # fmt: skip
STORIES = [
    ("Appeal withdrawn after man found safe", "A man who was missing from Marlham has been found safe."),
    ("Missing item not found in search of river", STORY),
    ("404 bicycles recovered", STORY),
    ("404 bicycles were not found", STORY),
    ("Queue-jumping driver stopped", STORY),
    ("Man removed from website admits hacking", STORY),
    ("Page from lost diary found in river", STORY),
    ("Article stolen from church not found", STORY),
    ("Content creator not found guilty", STORY),
    ("Police unable to find man", STORY),
    ("Missing man cannot be found", STORY),
    ("Search for Tobias Page: not found yet, says family", STORY),
    ("Withdrawn: appeal to find man", STORY),
    ("Archived", STORY),
    ("Gone", "She went without a word, and her family would like to know where she is."),
    ("Access denied", "A gang who cloned cards to open doors of hotels were jailed today. They denied it all."),
    ("Are you a human shield?", STORY),
    ("Are you a robot, asked the caller", STORY),
    ("Drivers in a queue helped a woman in labour", STORY),
    ("Waiting room thief jailed", STORY),
    ("Something went wrong, driver told officers", STORY),
    ("Website down for maintenance was a fraud", STORY),
    ("We are carrying out maintenance on our 101 telephones", STORY),
    ("Error in court papers corrected", STORY),
    ("Sign in to win: a fraud by text message", STORY),
    ("Forbidden knives handed in", STORY),
    ("Page removed from custody record, inquest hears", STORY),
    ("Update: missing teenager found", "Zeb Quill has been found safe. Thank you for sharing our appeal."),
    ("Appeal to find Zeb Quill, 14", "Zeb Quill, 14, has been found."),
    ("Appeal to find Zeb Quill, 14", "Missing teenager Zeb has now been found safe and well."),
    ("Appeal to find Zeb Quill, 14", "This appeal has now been closed."),
    ("Appeal to find Zeb Quill, 14", "He is no longer missing."),
    ("Road closed in Marlham", "The road has been closed due to a collision. Please avoid the area."),
    ("Road closed in Marlham", "The road is no longer closed. Thank you for your patience."),
    ("Man sought", "We have not been able to find the man. Please call 101."),
    ("Statement", "A man has been removed from the police station. Please try to avoid the area."),
    ("Sorry", STORY),
    ("Apêl wedi'i thynnu'n ôl ar ôl canfod dyn yn ddiogel", STORY),
    ("Dyn heb ei ganfod ar ôl chwilio'r afon", STORY),
    ("Ni ellir dod o hyd i'r dyn sydd ar goll", STORY),
    ("Methu dod o hyd i ferch o Farlham", STORY),
    ("Merch ar goll wedi'i chanfod", "Mae merch a oedd ar goll wedi'i chanfod yn ddiogel. Diolch am rannu ein hapêl."),
    ("Erthyglau gwerthfawr wedi'u dwyn", STORY),
    ("Datganiad ar gael", STORY),
    ("Tudalen newydd yn hanes yr heddlu", STORY),
    ("404 o feiciau wedi'u canfod", STORY),
]


def record(title: str, body: str) -> Record:
    address = "https://fenwold.example/news/1"
    return Record(
        source="fenwold", area="Fenwold", url=address, title=title, body=body, reader="generic", reader_version=1
    )


@pytest.mark.parametrize(("title", "body"), GONE)
def test_page_that_says_it_is_not_there(title: str, body: str) -> None:
    notice = is_notice(record(title, body))
    assert notice is not None
    assert notice.gone


@pytest.mark.parametrize(("title", "body", "kind"), UNREADABLE)
def test_page_that_cannot_be_read_now(title: str, body: str, kind: str) -> None:
    notice = is_notice(record(title, body))
    assert notice is not None
    assert (notice.gone, notice.kind) == (False, kind)


@pytest.mark.parametrize(("title", "body"), STORIES)
def test_story_is_no_notice(title: str, body: str) -> None:
    assert is_notice(record(title, body)) is None


@pytest.mark.parametrize("title", ["Page not found", "Something went wrong", "Are you a human?"])
def test_long_text_under_the_headline_of_a_notice_is_a_story(title: str) -> None:
    assert is_notice(record(title, " ".join([STORY] * 20))) is None


@pytest.mark.parametrize(
    ("heading", "gone"),
    [
        ("Heb ganfod y dudalen", True),
        ("That page can’t be found", True),
        ("Nid yw’r dudalen hon ar gael mwyach", True),
        ("Are you a human?", False),
        ("You are now in line", False),
    ],
)
def test_page_that_no_story_was_read_from_is_known_by_its_heading(heading: str, gone: bool) -> None:
    page = f"<html><body><h1>{heading}</h1></body></html>"
    notice = notice_of(HtmlResponse("https://fenwold.example/news/1", body=page.encode(), encoding="utf-8"))
    assert notice is not None
    assert notice.gone == gone


@pytest.mark.parametrize(
    "heading", ["404 bicycles recovered", "Waiting room thief jailed", "Dyn ar goll heb ei ganfod"]
)
def test_heading_of_a_story_that_could_not_be_read_is_no_notice(heading: str) -> None:
    page = f"<html><body><h1>{heading}</h1></body></html>"
    assert notice_of(HtmlResponse("https://fenwold.example/news/1", body=page.encode(), encoding="utf-8")) is None


def test_error_page_that_no_story_was_read_from_is_a_failure() -> None:
    page = "<html><body><h1>Service unavailable</h1><p>Try again.</p></body></html>"
    notice = notice_of(HtmlResponse("https://fenwold.example/news/1", body=page.encode(), encoding="utf-8"))
    assert notice is not None
    assert (notice.gone, notice.kind) == (False, "http")
