"""An id that marks a place to link to names nothing; one that a template gave does."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.readers.generic import GenericReader
from tests.crawler.readers.conftest import entry_for

HEAD = "<html><head><title>Boat owners asked to lock their cabins</title></head><body><main><h1>Boat owners asked to lock their cabins</h1>"
ONE = "Officers in Ottlesham have seen nine burglaries of boats since the beginning of March."
TWO = "Each of the nine boats was entered through a hatch that had no lock, between dusk and dawn."
THREE = "What was taken has been offered for sale on the pages of websites where people share things."


def body(inside: str) -> str:
    page = f"{HEAD}<div class='story'>{inside}</div></main></body></html>"
    response = HtmlResponse("https://www.ravenquay.example/news/1", body=page.encode())
    return GenericReader(entry_for("www.ravenquay.example")).article(response).body


@pytest.mark.parametrize(
    "id_", ["sharing", "comments", "cookies-and-consent", "feedback", "related-crimes", "disclaimer"]
)
def test_id_of_a_heading_is_made_of_its_words(id_: str) -> None:
    assert "## What is shared" in body(f"<p>{ONE}</p><h2 id='{id_}'>What is shared</h2><p>{TWO}</p>")


def test_sections_that_differ_in_nothing_but_their_id_are_parts_of_the_text() -> None:
    parts = "".join(
        f"<section id='{id_}'><h2>{head}</h2><p>{text}</p></section>"
        for id_, head, text in (("what", "What", ONE), ("cookies", "Cabins", TWO), ("where", "Where", THREE))
    )
    assert all(text in body(parts) for text in (ONE, TWO, THREE, "Cabins"))


def test_row_whose_id_says_its_own_words_stays() -> None:
    row = "<tr id='{}'><td><p><b>{}</b></p><p>{}</p></td><td><p>In short: mind your boat.</p></td></tr>"
    rows = row.format("locks-of-cabins-and-hatches", "1. Locks of cabins and hatches", ONE) + row.format(
        "sharing-of-pictures-and-disclaimer", "2. Sharing of pictures and disclaimer", TWO
    )
    assert TWO in body(f"<p>{ONE} {THREE}</p><table>{rows}</table>")


@pytest.mark.parametrize(
    "box",
    [
        f"<section id='comments'><h2>Comments</h2><p>{THREE}</p></section>",
        f"<div id='related-stories'><h2>Related stories</h2><p>{THREE}</p></div>",
        f"<div id='cookies'><h2>Cookies</h2><p>{THREE}</p></div><div id='newsletter'><h2>News</h2><p>x</p></div><div id='share'><h2>Share</h2></div>",
        f"<div id='share-this-page-with-others'><p>{THREE}</p></div>",
    ],
)
def test_id_that_a_template_gave_is_still_a_name(box: str) -> None:
    assert THREE not in body(f"<p>{ONE}</p><p>{TWO}</p>{box}")


def test_table_that_names_its_rows_is_data_however_many_paragraphs_a_cell_holds() -> None:
    rows = "".join(
        f"<tr><th scope='row'><p>{name}</p><p><i>Since March</i></p></th><td>{told}</td><td>No</td></tr>"
        for name, told in (("Dunmere", "Yes"), ("Saltby", "No"))
    )
    assert "| Saltby _Since March_ | No | No |" in body(f"<p>{ONE}</p><table>{rows}</table><p>{TWO}</p>")
