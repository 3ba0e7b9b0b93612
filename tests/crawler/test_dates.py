"""Dates as forces print them: every shape that was seen, and the sentences and numbers that only look like one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import dates
from storage.records import Precision
from tests.growth import grows_no_faster


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# As printed, then the UTC minute, or the day alone. Printed times are London time: summer ones stand an hour later than UTC.
SHAPES = [
    ("15:08 13/03/2020", "2020-03-13 15:08"),
    ("15:59 08/08/2020", "2020-08-08 14:59"),
    ("2018-09-27T17:12:18+01:00", "2018-09-27 16:12"),
    ("2020-08-12T08:48+00:00", "2020-08-12 08:48"),
    ("2020-08-12T08:48:00.000Z", "2020-08-12 08:48"),
    ("2020-08-12T08:48:00", "2020-08-12 07:48"),
    ("2020-08-12 08:48:00 UTC", "2020-08-12 08:48"),
    ("2020-08-12 08:48 BST", "2020-08-12 07:48"),
    ("Published: 17 May 99", "1999-05-17"),
    ("2020-08-12", "2020-08-12"),
    ("Posted on 17 May 2017 at 02:33pm in Local appeals", "2017-05-17 13:33"),
    ("Last modified: 12 March 2021 at 04:27pm", "2021-03-12 16:27"),
    ("19 Nov 2019", "2019-11-19"),
    ("5 Jul 2019", "2019-07-05"),
    ("30 November 2017", "2017-11-30"),
    ("24 October 2019", "2019-10-24"),
    ("Posted at 14:23 on 31st December 2020", "2020-12-31 14:23"),
    ("Posted at 09:48 on 12th August 2020", "2020-08-12 08:48"),
    ("Posted on 13:29:00 on 13th November 2019", "2019-11-13 13:29"),
    ("January 11, 2021", "2021-01-11"),
    ("Tuesday, March 2, 2021", "2021-03-02"),
    ("September 02, 2022", "2022-09-02"),
    ("Published 4 March 2020", "2020-03-04"),
    ("**Published 4 March 2020**", "2020-03-04"),
    ("**Pubished 3rd June 2020**", "2020-06-03"),
    ("2 July 20200", "2020-07-02"),
    ("**Wednesday 20 January, 2021**", "2021-01-20"),
    ("**Tuesday 12 May 2020**", "2020-05-12"),
    ("**Tuesday, December 22, 2020**", "2020-12-22"),
    ("Friday 26 March 2021", "2021-03-26"),
    ("Fridayt 26 March 2021", "2021-03-26"),
    ("Thursday, 11 June 2020", "2020-06-11"),
    ("09 Nov 2020 10:59", "2020-11-09 10:59"),
    ("_Date published: 23 March 2021 10:29_", "2021-03-23 10:29"),
    ("_Dated: 18 September 2020 16:51:48_", "2020-09-18 15:51"),
    ("Mar 31, 2021 20:10 BST", "2021-03-31 19:10"),
    ("Dec 25, 2020 07:00 GMT", "2020-12-25 07:00"),
    ("News • Dec 25, 2020 07:00 GMT", "2020-12-25 07:00"),
    ("Published at 4.50pm on Thursday 17 December 2020.", "2020-12-17 16:50"),
    ("Published at 1pm on Monday 15 February 2021.", "2021-02-15 13:00"),
    ("_Published on Monday 14 December 2020. _", "2020-12-14"),
    ("23rd December 2020", "2020-12-23"),
    ("25th October 2020", "2020-10-25"),
    ("Release date: 29/Dec/2020 11:57", "2020-12-29 11:57"),
    ("18 Dec 2020 14:23", "2020-12-18 14:23"),
    ("26/03/2019", "2019-03-26"),
    ("## 26/03/2019", "2019-03-26"),
    ("22 Dec 20 8:47 AM", "2020-12-22 08:47"),
    ("Published: 09:45 20/11/2025", "2025-11-20 09:45"),
    ("08:59 30/11/2021", "2021-11-30 08:59"),
    ("12 Chw 2014", "2014-02-12"),
    ("12 Rhag 2019", "2019-12-12"),
    ("Cyhoeddwyd: 15:59 08/08/2020", "2020-08-08 14:59"),
    ("Dydd Mawrth 3 Mawrth 2020", "2020-03-03"),
    ("Dydd Gwener, 8 Mai 2020", "2020-05-08"),
    ("1af Medi 2020", "2020-09-01"),
    ("Posted on 1af Tachwedd 2026 am 2.15yp", "2026-11-01 14:15"),
    ("Cyhoeddwyd 1af Tachwedd 2026 am 2:15 y.p.", "2026-11-01 14:15"),
    ("1af Tachwedd 2026 am 9.05 y.b.", "2026-11-01 09:05"),
    ("1af Tachwedd 2026 am 12:20yb", "2026-11-01 00:20"),
    ("1af Tachwedd 2026 am 7yh", "2026-11-01 19:00"),
    ("22 September 2026 16:30", "2026-09-22 15:30"),
    ("Friday, 11 February 2022 - 10:44", "2022-02-11 10:44"),
    ("Posted on Friday 26 May 2023", "2023-05-26"),
    ("Published on: 1 May 2020", "2020-05-01"),
    ("17 December 2020, 4.50pm", "2020-12-17 16:50"),
    ("1 June 2020 at noon", "2020-06-01 11:00"),
    ("1 June 2020 12 noon", "2020-06-01 11:00"),
    ("3 February 2021 at 12.05am", "2021-02-03 00:05"),
    ("29 February 2020", "2020-02-29"),
]


@pytest.mark.parametrize(("printed", "stated"), SHAPES)
def test_every_printed_shape_is_read_to_its_day_or_minute(printed: str, stated: str) -> None:
    found = dates.date_line(printed)
    assert found is not None
    assert found.utc == utc(stated)
    assert found.precision is (Precision.MINUTE if ":" in stated else Precision.DAY)


@pytest.mark.parametrize(("printed", "stated"), SHAPES)
def test_find_agrees_with_the_date_line(printed: str, stated: str) -> None:
    found = dates.find(f"Ravenquay. {printed}")
    assert found is not None
    assert found.utc == utc(stated)


def test_mail_dates_of_feeds_are_read_with_their_zone() -> None:
    found = dates.find("Sun, 21 Jun 2026 12:15:00 +0100")
    assert found is not None
    assert (found.utc, found.zoned) == (utc("2026-06-21 11:15"), True)


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    "names",
    [
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
        "Ion Chw Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag",
        "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER",
    ],
)
def test_months_are_known_in_english_and_welsh_whatever_the_case(month: int, names: str) -> None:
    found = dates.date_line(f"7 {names.split()[month - 1]} 2021")
    assert found is not None
    assert found.day == date(2021, month, 7)


def test_a_month_name_decides_over_the_place_of_the_number() -> None:
    for printed in ("December 6, 2020", "6 December 2020", "6 Dec 2020", "06/12/2020"):
        found = dates.find(printed)
        assert found is not None
        assert found.day == date(2020, 12, 6)


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        ("00:59 28/03/2021", "2021-03-28 00:59"),
        ("01:30 28/03/2021", "2021-03-28 01:30"),  # an hour that the clocks skip
        ("02:00 28/03/2021", "2021-03-28 01:00"),
        ("00:59 31/10/2021", "2021-10-30 23:59"),
        ("01:30 31/10/2021", "2021-10-31 00:30"),  # an hour that comes twice: the first
        ("02:00 31/10/2021", "2021-10-31 02:00"),
        ("23:59 31/12/2020", "2020-12-31 23:59"),
        ("00:00 01/07/2020", "2020-06-30 23:00"),
    ],
)
def test_both_clock_changes_follow_london(printed: str, stated: str) -> None:
    found = dates.date_line(printed)
    assert found is not None
    assert found.utc == utc(stated)


def test_a_summer_midnight_keeps_its_london_day() -> None:
    found = dates.find("2020-06-30T23:30:00Z")
    assert found is not None
    assert found.day == date(2020, 7, 1)


@pytest.mark.parametrize(
    ("printed", "month_first", "day"),
    [
        ("06/12/2020", False, date(2020, 12, 6)),
        ("06/12/2020", True, date(2020, 6, 12)),
        ("12/23/2016", False, date(2016, 12, 23)),  # no month 23: only one order is possible
        ("23/12/2016", True, date(2016, 12, 23)),
        ("06.12.2020", True, date(2020, 12, 6)),  # with stops the day is first everywhere
        ("6 December 2020", True, date(2020, 12, 6)),
    ],
)
def test_numbers_are_day_first_unless_the_page_is_american(printed: str, month_first: bool, day: date) -> None:
    found = dates.date_line(printed, month_first=month_first)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("3 o Fawrth 2021", date(2021, 3, 3)),
        ("Dydd Mawrth, 2il o Fawrth 2021", date(2021, 3, 2)),
        ("Dydd Iau 9fed o Fedi 2021", date(2021, 9, 9)),
        ("5ed o Dachwedd 2020", date(2020, 11, 5)),
        ("12 o Orffennaf 2020", date(2020, 7, 12)),
        ("1af o Fai 2020", date(2020, 5, 1)),
        ("24 o Ragfyr 2020", date(2020, 12, 24)),
        ("Cyhoeddwyd ar 6 o Fehefin 2020", date(2020, 6, 6)),
        ("23. Dezember 2016", date(2016, 12, 23)),
        ("23.Dezember 2016", date(2016, 12, 23)),
        ("Freitag, 23. Dezember 2016, 14:30 Uhr", date(2016, 12, 23)),
        ("23.12.2016", date(2016, 12, 23)),
        ("23. 12. 2016", date(2016, 12, 23)),
        ("Veröffentlicht am 3. März 2017", date(2017, 3, 3)),
        ("Publié le 1er août 2018 à 14h30", date(2018, 8, 1)),
        ("mardi 14 février 2017", date(2017, 2, 14)),
        ("Publicado el 2 de marzo de 2019", date(2019, 3, 2)),
        ("sexta-feira, 7 de setembro de 2018", date(2018, 9, 7)),
        ("Pubblicato il 15 luglio 2015", date(2015, 7, 15)),
        ("Geplaatst op 9 mei 2014", date(2014, 5, 9)),
        ("12 października 2019", date(2019, 10, 12)),
        ("4 апреля 2018", date(2018, 4, 4)),
        ("2016/12/23", date(2016, 12, 23)),
        ("2016.12.23 10:15", date(2016, 12, 23)),
        ("2019年7月3日", date(2019, 7, 3)),
    ],
)
def test_days_are_read_in_welsh_and_the_languages_of_europe(printed: str, day: date) -> None:
    found = dates.date_line(printed)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "slip", ["Febuary", "Feburary", "Januray", "Decmber", "Novembre", "Septembar", "Ocotber", "Auguest"]
)
def test_a_slip_in_a_month_name_is_forgiven(slip: str) -> None:
    found = dates.date_line(f"Published on Wednesday 24 {slip} 2021.")
    assert found is not None
    assert found.day.month == {"F": 2, "J": 1, "D": 12, "N": 11, "S": 9, "O": 10, "A": 8}[slip[0]]


@pytest.mark.parametrize("word", ["Marrow", "Deceased", "Octopus", "Augment", "Mayor", "members", "Junction", "Sunday"])
def test_another_word_between_two_numbers_is_no_month(word: str) -> None:
    assert dates.find(f"24 {word} 2021") is None


def test_a_time_in_a_zone_that_is_not_known_here_is_left_out() -> None:
    """Read as London's it would be hours off."""
    found = dates.date_line("Mar 31, 2021 20:10 PST")
    assert found is not None
    assert (found.day, found.at) == (date(2021, 3, 31), None)


@pytest.mark.parametrize(
    "text", ["on 3 March 20 officers", "3 March 101", "12 May 10:30", "the 5 December 12 noon bus"]
)
def test_two_figures_are_a_year_only_at_the_end_or_before_a_time(text: str) -> None:
    assert dates.find(text) is None


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Published on Wednesday 6 January 2021 (edited on Monday 11 January 2021)", "published"),
        ("Published: 09:45 20/11/2025", "published"),
        ("Posted on 17 May 2017 at 02:33pm", "published"),
        ("Date published: 23 March 2021 10:29", "published"),
        ("Release date: 29/Dec/2020 11:57", "published"),
        ("First published 29 December 2018", "published"),
        ("Issued 1 May 2020", "published"),
        ("Cyhoeddwyd 1 Mai 2020", "published"),
        ("Last modified: 12 March 2021 at 04:27pm", "modified"),
        ("Last updated 28 September 2020 — see all updates", "modified"),
        ("Updated: 1 May 2020", "modified"),
        ("Page last reviewed: 1 May 2020", "modified"),
        ("Diweddarwyd: 1 Mai 2020", "modified"),
        ("Current timestamp: 13/07/2025 03:37:49", "rendered"),
        ("Printed: 1 May 2020", "rendered"),
        ("1 May 2020", ""),
        ("**Tuesday 12 May 2020**", ""),
    ],
)
def test_a_label_says_what_the_date_is(printed: str, label: str) -> None:
    found = dates.date_line(printed)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    "sentence",
    [
        "The collision was on Friday 26 March 2021 at about 4.50pm in Quay Street.",
        "On 12 May 2020 a man was arrested.",
        "Police are appealing for witnesses (1 October 2020).",
        "A man, 34, was charged on 3 March 2020",
        "Call 101 and quote log number 1234 of 30/08/26",
        "quoting incident number 1710 of 5 March 2020",
        "Reference: Incident 123 of 22 December 2020",
        "CAD 7449/30MAR",
        "Updates on Operation Rovik since 1 May 2020",
        "Date of birth: 4 March 1980 of Tarnbridge",
        "Releasedate unknown",
        "The event runs from 3 May 2020 to 5 May 2020 at Marrowdale",
        "Court date: 4 March 2020 at Wexmoor Crown Court",
        "Between 1 May 2020 and 3 May 2020",
        "Dogs stolen 12/03/2020",
        "CCTV image 12/03/2020",
    ],
)
def test_a_line_that_says_more_than_a_date_is_no_date_line(sentence: str) -> None:
    assert dates.date_line(sentence) is None


@pytest.mark.parametrize(
    "text",
    [
        "40/65750/19", "46/178764/22", "41/98123/20", "35/1234/20", "PR/P19259492", "20*157072", "0431_21032021", "20WV/319479D/20",
        "CR/123456/20", "0800 555 111", "0161 496 0000", "18001 101", "61016", "5220174585", "55170188557", "192.168.10.20", "999", "24/7",
        "3-0", "2.5", "Monday 14th – Sunday 20th November", "yesterday (19/2)", "1 October", "12:30", "May 2020", "Published 24 April", "Published",
        "Posted on in Blogs, News stories", "", "   ", "1/2/3/4", "2020", "Mawrth", "1.2.3.4", "101",
    ],
)  # fmt: skip
def test_references_numbers_and_parts_of_dates_are_no_dates(text: str) -> None:
    assert dates.find(text) is None
    assert dates.date_line(text) is None


@pytest.mark.parametrize(
    "text",
    ["31/02/2020", "32 March 2020", "30 February 2021", "29 February 2021", "00/01/2020", "13/13/2020", "2020-13-01", "2020-02-30T10:00:00Z"],
)  # fmt: skip
def test_an_impossible_day_is_no_date(text: str) -> None:
    assert dates.find(text) is None
    assert dates.date_line(text) is None


@pytest.mark.parametrize("text", ["25:99 13/03/2020", "13/03/2020 24:00", "13 March 2020 99:99", "10:61 13/03/2020"])
def test_an_impossible_time_leaves_the_day(text: str) -> None:
    found = dates.find(text)
    assert found is not None
    assert found.day == date(2020, 3, 13)
    assert found.precision is Precision.DAY


def test_a_year_far_ahead_is_read_as_printed() -> None:
    """Forces print wrong years; whether a date is plausible is for the crawl to say, and the article is never lost by it."""
    found = dates.date_line("10:00 01/02/2099")
    assert found is not None
    assert found.utc == utc("2099-02-01 10:00")


@pytest.mark.parametrize(
    "text", ["2020-01-01T00:00:00+99:99", "2020-01-01T25:00:00Z", "1 May 2020 10:00 +9999", "1900-01-01T00:00:00+23:59"]
)
def test_an_impossible_zone_raises_nothing(text: str) -> None:
    dates.find(text)


def test_the_raw_text_is_the_line_without_its_emphasis() -> None:
    found = dates.date_line("**Wednesday  20 January, 2021**")
    assert found is not None
    assert found.raw == "Wednesday 20 January, 2021"


@given(st.integers(788918400, 3786912000).map(lambda s: datetime.fromtimestamp(s, dates.LONDON).replace(tzinfo=None, fold=0)), st.sampled_from(["%H:%M %d/%m/%Y", "%d %B %Y %H:%M", "%A, %B %d, %Y %I:%M %p", "%d %b %Y at %I.%M%p"]))  # fmt: skip
def test_any_minute_printed_in_a_known_shape_comes_back(at: datetime, shape: str) -> None:
    found = dates.date_line(at.strftime(shape))
    assert found is not None
    assert found.day == at.date()
    assert found.utc == at.replace(second=0, microsecond=0, tzinfo=dates.LONDON).astimezone(UTC)


@given(st.text(max_size=300))
def test_any_text_is_a_date_or_none(text: str) -> None:
    dates.find(text)
    dates.date_line(text)
    dates.label_of(text)


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "a", "1/", "1/1/", "1-", " ", "1 of ", "may ", "1 may ", "12:", "1.1.", "published ", "date ", "_", "*", "2020-", "mon ", "1st ", "+01"]
)  # fmt: skip
def test_a_long_line_is_searched_in_linear_time(unit: str) -> None:
    def search(text: str) -> None:
        dates.find(text)
        dates.date_line(text)
        dates.label_of(text)

    grows_no_faster(lambda n: unit * n, search, 100_000 // len(unit))


@pytest.mark.parametrize(
    ("printed", "seen", "stated"),
    [
        ("Posted on Thursday 22 March at 5.34pm", date(2020, 12, 28), "2018-03-22 17:34"),
        ("Published at 8am on Monday 21 December", date(2020, 12, 28), "2020-12-21 08:00"),
        ("Published on 9 December", date(2020, 12, 28), "2020-12-09"),
        ("Published on 28th February", date(2021, 3, 2), "2021-02-28"),
        ("Published on 29 December", date(2021, 1, 3), "2020-12-29"),
        ("Published 24 April", date(2020, 12, 28), None),  # it may be of any year
        ("Published on Wednesday, July 28", date(2020, 12, 28), None),  # no Wednesday within four years
        ("Published 29 February", date(2021, 3, 2), None),
    ],
)
def test_a_date_without_year_is_of_the_year_before_it_was_seen_only_where_that_is_certain(
    printed: str, seen: date, stated: str | None
) -> None:
    unsure = dates.yearless(printed)
    assert unsure is not None
    assert unsure.label == "published"
    found = unsure.before(seen)
    assert (found.utc if found else None) == (utc(stated) if stated else None)
