"""The judge finds each fault that a monitor can have, and none where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from forcewire.demo.accidents import Break, Mend
from forcewire.demo.clock import Happening, What
from forcewire.demo.events import Event
from forcewire.demo.faults import Status
from forcewire.demo.fleet import Fleet
from forcewire.demo.states import FIELDS, blind_spots, lives
from forcewire.demo.truth import Looks, Report, judge

MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTHING = Event(site="quern")


@dataclass
class Change:
    change: str
    at: datetime
    fields: Sequence[str] = ()
    url: str = "http://127.0.0.1:1/a/"
    source: str = "quern"
    minor: bool = False


def at(hours: float) -> datetime:
    return MIDNIGHT + hours * HOUR


def row(hours: float, what: What, *fields: str, note: str = "", address: str | None = None) -> Happening:
    return Happening(at(hours), "quern", "/a/", what, NOTHING, fields, note, address)


def judged(rows: list[Happening], changes: list[Change], *looks: float, until: float = 100) -> Report:
    return judge(rows, changes, until=at(until), looks=Looks.of_rounds([at(hours) for hours in looks], rows))


def only(report: Report, name: str) -> str:
    """The one case that the report holds, of the sort that it must be."""
    cases = {each: getattr(report, each) for each in ("missed", "doubled", "false", "wrong_fields", "late", "idle")}
    assert {each: len(found) for each, found in cases.items() if found} == {name: 1}, report
    return str(cases[name][0])


NEW = row(1, "new")
FOUND = Change("new", at(2))


def test_what_was_told_at_the_first_look_is_found() -> None:
    rows = [NEW, row(3, "edited", "title"), row(5, "removed"), row(9, "restored"), row(11, "moved", address="/b/")]
    told = [
        FOUND,
        Change("edited", at(4), ["title"]),
        Change("removed", at(8)),
        Change("restored", at(10)),
        Change("moved", at(14), ["url"], url="http://127.0.0.1:1/b/"),
    ]
    report = judged(rows, told, 2, 4, 6, 8, 10, 12, 14)
    assert report.faultless, report
    assert not report.late
    assert report.found == {"new": 1, "edited": 1, "removed": 1, "restored": 1, "moved": 1}
    assert report.median_delay("removed") == 3 * HOUR


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([NEW], []),
        ([NEW, row(3, "edited", "title")], [FOUND]),
        ([NEW, row(3, "removed")], [FOUND]),
        ([NEW, row(3, "removed"), row(9, "restored")], [FOUND, Change("removed", at(6))]),
        ([NEW, row(3, "moved", address="/b/")], [FOUND]),
        ([NEW, row(3, "edited", "body"), row(5, "edited", "body")], [FOUND, Change("edited", at(6), ["body"])]),
    ],
    ids=["new", "edited", "removed", "restored", "moved", "two edits told as one"],
)
def test_what_somebody_saw_and_nobody_told_is_missed(rows: list[Happening], told: list[Change]) -> None:
    assert only(judged(rows, told, 2, 4, 6, 8, 10, 12), "missed").startswith(str(rows[1] if len(rows) == 2 else ""))


@pytest.mark.parametrize(
    ("told", "sort"),
    [
        (Change("new", at(6)), "doubled"),
        (Change("edited", at(6), ["title"]), "doubled"),
        (Change("edited", at(6), ["body"]), "false"),
        (Change("removed", at(6)), "false"),
        (Change("restored", at(6)), "doubled"),
        (Change("moved", at(6), ["url"]), "false"),
        (Change("new", at(6), url="http://127.0.0.1:1/other/"), "false"),
        (Change("edited", at(6), minor=True), "idle"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.change,
)
def test_what_did_not_happen_is_false_or_told_twice(told: Change, sort: str) -> None:
    rows = [NEW, row(3, "edited", "title")]
    only(judged(rows, [FOUND, Change("edited", at(4), ["title"]), told], 2, 4, 6, 8), sort)


def test_an_edit_with_other_fields_is_wrong_and_found_no_second_time() -> None:
    report = judged([NEW, row(3, "edited", "title", "body")], [FOUND, Change("edited", at(4), ["title"])], 2, 4, 6)
    assert "it changed body, title" in only(report, "wrong_fields")


def test_what_was_told_two_looks_later_is_late() -> None:
    only(judged([NEW, row(3, "edited", "body")], [FOUND, Change("edited", at(8), ["body"])], 2, 4, 6, 8), "late")


def test_two_edits_between_two_looks_may_be_one_with_the_fields_of_both() -> None:
    rows = [NEW, row(3, "edited", "title"), row(3.5, "edited", "body")]
    report = judged(rows, [FOUND, Change("edited", at(4), ["title", "body"])], 2, 4, 6)
    assert report.faultless, report
    assert (report.folded, report.found["edited"]) == (1, 1)


def test_what_came_and_went_between_two_looks_is_nothing() -> None:
    assert judged([row(2.2, "new"), row(3.5, "removed")], [], 2, 4, 6).faultless
    assert judged([NEW, row(2.2, "removed"), row(3.5, "restored")], [FOUND], 2, 4, 6).faultless
    rows = [NEW, row(2.2, "edited", "body"), row(3.5, "none", note="taken back")]
    assert judged(rows, [FOUND], 2, 4, 6).faultless
    only(judged(rows, [FOUND, Change("edited", at(4), ["body"])], 2, 4, 6), "false")


def test_a_text_that_came_back_is_no_edit_and_the_next_one_is_told_from_it() -> None:
    rows = [NEW, row(3, "edited", "title"), row(5, "none", note="taken back"), row(7, "edited", "body")]
    told = [FOUND, Change("edited", at(4), ["title"])]
    assert judged(rows, [*told, Change("edited", at(8), ["body"])], 2, 4, 6, 8).faultless
    only(
        judged(rows, [*told, Change("edited", at(6), ["title"]), Change("edited", at(8), ["body"])], 2, 4, 6, 8),
        "false",
    )


def test_an_edit_behind_a_withdrawal_is_told_when_the_story_is_back() -> None:
    rows = [NEW, row(3, "removed"), row(5, "edited", "body"), row(7, "restored")]
    told = [FOUND, Change("removed", at(6)), Change("restored", at(8)), Change("edited", at(8), ["body"])]
    report = judged(rows, told, 2, 4, 6, 8)
    assert report.faultless, report
    assert not report.late
    only(judged(rows, told[:3], 2, 4, 6, 8), "missed")


def test_a_broken_site_proves_nothing() -> None:
    fault = Status(status=503)
    broken = Happening(at(3), "quern", None, "none", Break(site="quern", fault=fault))
    mended = Happening(at(9), "quern", None, "none", Mend(site="quern", fault=fault))
    rows = [NEW, broken, row(3.5, "edited", "body"), row(5, "edited", "body"), mended]
    report = judged(rows, [FOUND, Change("edited", at(10), ["body"])], 2, 4, 6, 8, 10)
    assert report.faultless, report
    assert not report.late
    assert "broken from 01 June 03:00" in only(
        judged(rows[:2] + rows[4:], [FOUND, Change("removed", at(6))], 2, 4, 6, 8, 10), "false"
    )


def test_without_looks_what_lasts_for_a_day_must_be_told() -> None:
    rows = [NEW, row(3, "edited", "body"), row(4, "edited", "body")]
    only(judge(rows, [FOUND], until=at(30)), "missed")
    assert judge(rows, [FOUND, Change("edited", at(9), ["body"])], until=at(30)).faultless
    assert judge(rows, [FOUND], until=at(20)).faultless
    only(judge(rows, [FOUND, Change("edited", at(40), ["body"])], until=at(60)), "late")


def ideal(fleet: Fleet, rounds: list[datetime], broken: dict[str, list[tuple[datetime, datetime]]]) -> list[Change]:
    """What somebody tells who looks at everything in each round and knows what is so."""
    told: list[Change] = []
    for (site, path), story in lives(fleet.events).items():
        known: tuple[bool, tuple[int, ...], str] | None = None
        gone, seen = 0, set[tuple[int, ...]]()
        for when in rounds:
            if any(begins <= when < ends for begins, ends in broken.get(site, ())) or story.rows[0].at > when:
                continue
            there, text, address = (
                [point.value for point in points if point.since <= when][-1]
                for points in (story.there, story.texts, story.addresses)
            )
            say = lambda what, fields=(), path=path, site=site, when=when: told.append(  # noqa: E731
                Change(what, when, fields, f"http://127.0.0.1:1{path}", site)
            )
            if known is None:
                if there and (story.unlisted_at is None or story.unlisted_at > when):
                    say("new")
                    known = (True, text, address)
                    path = address
                    seen.add(text)
                continue
            was, before, stood = known
            gone = 0 if there else gone + 1
            if not there:
                if gone == 2:
                    say("removed")
                    known = (False, before, stood)
                continue
            if not was:
                say("restored")
            if text != before and text not in seen:
                say("edited", [name for name, a, b in zip(FIELDS, before, text, strict=True) if a != b])
            if stood != address:
                say("moved")
            seen.add(text)
            known = (True, text, address)
    return told


def test_a_faultless_monitor_of_a_fleet_is_found_faultless_and_each_fault_is_seen() -> None:
    fleet = Fleet(12, 14, seed=6, busy=6)
    rounds = [fleet.start + 6 * HOUR * n for n in range(14 * 4)]
    spots, looks = blind_spots(fleet.events), Looks.of_rounds(rounds, fleet.events)
    told = ideal(fleet, rounds, spots)
    report = judge(fleet.events, told, until=rounds[-1] + HOUR, looks=looks)
    late = [line for line in report.late if "moved" not in line]
    assert report.faultless, report
    assert not late, report
    assert min(report.found[what] for what in ("new", "edited", "removed", "restored", "moved")) >= 2, report
    spoilt = 0
    for n in range(0, len(told), 37):
        without = judge(fleet.events, told[:n] + told[n + 1 :], until=rounds[-1] + HOUR, looks=looks)
        twice = judge(
            fleet.events, [*told, replace(told[n], at=told[n].at + HOUR)], until=rounds[-1] + HOUR, looks=looks
        )
        assert not without.faultless, told[n]
        assert not twice.faultless, told[n]
        spoilt += 1
    assert spoilt > 10
