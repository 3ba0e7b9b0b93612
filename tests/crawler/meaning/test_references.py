"""What a reader would quote to police is found in every shape, and other numbers are not taken for it."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.meaning.reference_patterns import NAMED, NUMBERS
from crawler.meaning.references import references
from tests.growth import grows_no_faster


def found(body: str, published: date | None = None) -> tuple[str, ...]:
    return references("Appeal after theft in Ambleford", body, area="Northshire", published=published)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Please call 101 quoting reference 5219012345.", ["5219012345"]),
        ("give the call handler the reference number ** 5221001234 ** thank you", ["5221001234"]),
        ("call 101 quoting reference 5220 123456.", ["5220123456"]),
        ("quoting occurrence number 55190012345\\. Alternatively, contact", ["55190012345"]),
        ("call on 101, quoting 44200012345. If", ["44200012345"]),
        ("quoting crime reference 46/12345/21.", ["46/12345/21"]),
        ("on **01999 123456** quoting **46/123/21**.", ["46/123/21"]),
        ("(Crime reference 41/1234/20)", ["41/1234/20"]),
        ("quoting crime reference C4/17/1234 or report", ["C4/17/1234"]),
        ("quoting reference number JD/1234/2018.", ["JD/1234/2018"]),
        ("Quoting HW/RF/103/20.", ["HW/RF/103/20"]),
        ("quote crime reference number 20WS/123456E/20.", ["20WS/123456E/20"]),
        ("quoting reference 12345/19, or", ["12345/19"]),
        ("quoting reference: 4321/21.", ["4321/21"]),
        ("quoting IML 123456, or", ["IML 123456"]),
        ("please quote IML-123456.", ["IML 123456"]),
        ("with reference 20\\*123456: ", ["20*123456"]),
        ("with reference 20*12345 in", ["20*12345"]),
        ("quoting reference PR/ 45200012345 via", ["PR/45200012345"]),
        ("quoting crime reference CR/012345/20 Release", ["CR/012345/20"]),
        ("Tweet @NorthCC quoting Cad 1234/30MAR.", ["CAD 1234/30MAR"]),
        ("quoting CAD316/24th Oct20.", ["CAD 316/24OCT20"]),
        ("quoting CRIS 1234567/21.", ["CRIS 1234567/21"]),
        ("Incident Number:\n\n0431\\_21032021", ["0431_21032021"]),
        ("using reference 00196\\_I\\_16012021 or", ["00196_I_16012021"]),
        ("quoting incident 117i of 29 December or", ["117i of 29 December"]),
        ("quoting reference 112s 151219 or", ["112s 151219"]),
        ("reference number NYP-12122018-0123", ["NYP-12122018-0123"]),
        ("quoting SC-02102020-405.", ["SC-02102020-405"]),
        ("quoting log number LC-20181017-1234", ["LC-20181017-1234"]),
        ("quoting CF0123456789 or", ["CF0123456789"]),
        ("Quote reference: DPP/0012/08/12/2020/01/C", ["DPP/0012/08/12/2020/01/C"]),
        ("quoting incident number 28:412. Or", ["28:412"]),
        ("quoting reference 345-290719 in", ["345-290719"]),
        ("quoting event number 012345.", ["012345"]),
        ("quoting incident number 370 of 12 March.", ["370 of 12 March"]),
        ("quoting incident number 370 of Friday, the 12th of March 2021.", ["370 of 12 March 2021"]),
        ("quoting reference number 69 of February 2.", ["69 of 2 February"]),
        ("quoting log 0545 of Friday, March 5th", ["0545 of 5 March"]),
        ("quoting serial 1573 of 19/12.", ["1573 of 19/12"]),
        ("quoting log 346 of 12/08.", ["346 of 12/08"]),
        ("quoting incident 2455 of 25/03/2020.", ["2455 of 25/03/2020"]),
        ("quoting reference number 1245 29/11/17.", ["1245 29/11/17"]),
        ("quoting log 74 - 16/02/2021.", ["74 of 16/02/2021"]),
        ("quoting ISR 601 of November 3", ["ISR 601 of 3 November"]),
        ("quoting reference 807 and 1799 of 25/07/20, or", ["807 of 25/07/20", "1799 of 25/07/20"]),
        ("quoting log reference number 152.", ["log 152"]),
        ("gan ddyfynnu cyfeirnod 193 o 09/11/19.", ["193 of 09/11/19"]),
    ],
)
def test_a_reference_is_found_as_a_reader_would_quote_it(sentence: str, expected: list[str]) -> None:
    assert found(f"A bicycle was taken.\n\nAnyone who saw it can help: {sentence}") == tuple(expected)


@pytest.mark.parametrize("shape", [*NUMBERS, *NAMED], ids=lambda shape: shape.name)
def test_each_shape_needs_no_words_around_it(shape) -> None:  # type: ignore[no-untyped-def]
    for example in shape.example.split(", "):
        assert found(f"Shed broken into ({example}).") == (example,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Call 101, or Crimestoppers on 0800 555 111, quoting Operation Rovik.",
        "The incident number to call is 01632 960123.",
        "Please reference 07700 900123 when you call.",
        "Text 61016 or call 0800 40 50 40.",
        "Detectives refer to 2019 figures: 12,345 crimes, 150 incidents.",
        "Crime 2018/19 fell; crime: 1,234 offences in 2019/20.",
        "The reference is to 12/03/2021, the day of the fire.",
        "Offences against girls aged 13/14/15 were admitted.",
        "The bicycle has the serial number 43661234.",
        "A blue van, registration number AB12 CDE, was taken on the A370 at 10.45pm.",
        "Northshire Police is charity number 1234567 and company 01234567.",
        "PC 12345 Rowe said the event drew 5000 people.",
        "They gave a quote of £14,000 and quoted 350 pounds.",
        "Following incidents on 12 March, 30 officers went out.",
        "The log book of 2018 was returned; 101 calls rose.",
        "See https://www.northshire.example/report/44190123456 or [here](https://x.example/40/12345/19).",
        "Weighing £12345678901 in total, open 24/7/365.",
    ],
)
def test_other_numbers_are_no_references(sentence: str) -> None:
    assert found(sentence) == ()


def test_references_keep_their_order_and_stand_once() -> None:
    body = (
        "Quote 37/1234/21 (High Street) or 37/1236/21 (Mill Lane).\n\nUpdate: quoting 37/1236/21 and CAD 12 of 3 May.\n\n"
        "Crime/incident number: log 12 03/05/21"
    )
    assert found(body) == ("37/1234/21", "37/1236/21", "CAD 12 of 3 May")


def test_a_number_said_again_more_fully_stands_once() -> None:
    assert found("Quote P19012345. Or call 101 quoting PR/P19012345.") == ("PR/P19012345",)
    assert found("Log 370 is open. Quote log 370, that is log 370 of 12 March.") == ("370 of 12 March",)
    assert found("quoting incident 248 of 28th. Reference: 248 of March 28") == ("248 of 28 March",)


def test_numbers_of_two_days_are_two_references() -> None:
    assert found("quoting incident 12 of 3 May or incident 12 of 4 May") == ("12 of 3 May", "12 of 4 May")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "1 March 2021"),
        ("today's date", "1 March 2021"),
        ("yesterday", "28 February 2021"),
        ("today, 1 March", "1 March"),
    ],
)
def test_today_becomes_the_day_of_publication(words: str, day: str) -> None:
    assert found(f"quoting incident 66 of {words}.", date(2021, 3, 1)) == (f"66 of {day}",)


def test_without_a_day_of_publication_today_stays() -> None:
    assert found("quoting incident 66 of today.") == ("66 of today",)


def test_the_headline_is_read_as_well() -> None:
    assert references("Stolen bicycle (ref 41/1234/20)", "No more is known.", area="Northshire", published=None) == (
        "41/1234/20",
    )


def test_a_number_behind_and_is_no_reference_when_it_counts_something() -> None:
    assert found("quoting 41/1234/20, and 150 officers will help") == ("41/1234/20",)


@pytest.mark.parametrize(
    "unit", ["1", " ", "a", "quoting 1 ", "incident number ", "44190123456 ", "[a](", "CAD 1/", "quoting 12 and "]
)
def test_one_thing_again_and_again_is_read_in_linear_time(unit: str) -> None:
    grows_no_faster(lambda n: unit * n, found, 300_000 // len(unit))
