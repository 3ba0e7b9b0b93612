"""What counts as not well: sources, those that broke together, the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.conditions import Condition
from storage.health import SourceHealth
from storage.incidents import StoredIncident
from storage.states import State
from storage.unwell import seen

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def health(source: str, state: str = "broken", **given: Any) -> SourceHealth:
    values: dict[str, Any] = {
        **{
            "source": source,
            "name": f"{source.title()} Police",
            "force": "",
            "area": "",
            "home_url": "",
            "state": State(state),
        },
        **{
            "why": f"It is {state}.",
            "since": NOW - 3 * HOUR,
            "trouble": None,
            "reason": None,
            "last_crawl_at": NOW - HOUR,
        },
        **{"last_good_at": NOW - 4 * HOUR, "last_story_at": None, "rhythm": None, "articles_today": 0, "failures": 1},
        **{"page_errors": 0, "incident": None},
    }
    return SourceHealth(**values | given)


def incident(*sources: str, platform: str | None = "kit") -> StoredIncident:
    return StoredIncident(
        id=1, kind="site down", platform=platform, sources=[*sources], began_at=NOW - 2 * HOUR, last_at=NOW, ended_at=None, message=""
    )  # fmt: skip


def condition(name: str, host: str = "one", since: datetime = NOW - HOUR, last_at: datetime = NOW) -> Condition:
    return Condition(name=name, host=host, since=since, last_at=last_at, message=f"{name} fails.")


def test_a_source_is_unwell_in_every_state_but_ok() -> None:
    found = seen([health(state, state) for state in State], [], [], NOW)
    assert found.well == {"source:ok": "It is ok."}
    assert {subject: each.state for subject, each in found.unwell.items()} == {
        f"source:{state}": state for state in State if state is not State.OK
    }


@pytest.mark.parametrize(
    ("states", "told", "subjects"),
    [
        (("broken", "broken"), (), {"source:a", "source:b"}),
        (("broken", "stale", "blocked"), (), {"platform:kit"}),
        (("broken", "broken", "quiet"), (), {"source:a", "source:b", "source:c"}),
        (("broken", "broken", "broken", "quiet"), (), {"platform:kit", "source:d"}),
        (("broken", "broken", "ok"), {"platform:kit"}, {"platform:kit"}),
        (("broken", "ok", "ok"), {"platform:kit"}, {"source:a"}),
        (("ok", "ok", "ok"), {"platform:kit"}, set()),
    ],
)
def test_many_sources_of_an_incident_are_one_thing(states: tuple[str, ...], told: set[str], subjects: set[str]) -> None:
    names = "abcd"[: len(states)]
    sources = [health(name, state) for name, state in zip(names, states, strict=True)]
    assert seen(sources, [incident(*names)], [], NOW, told=told).unwell.keys() == subjects


def test_an_incident_of_no_platform_is_our_own_network() -> None:
    found = seen([health(name) for name in "abc"], [incident(*"abc", platform=None)], [], NOW)
    assert found.unwell.keys() == {"network"}
    assert found.part_of == dict.fromkeys(("source:a", "source:b", "source:c"), "network")
    assert found.unwell["network"].sources == ("a", "b", "c")
    assert found.unwell["network"].since == NOW - 2 * HOUR


def test_what_is_not_watched_is_neither_well_nor_unwell() -> None:
    found = seen([health("a"), health("b"), health("c", "ok")], [incident("a", "b", "c")], [], NOW, watched={"a"})
    assert found.unwell.keys() == {"source:a"}
    assert not found.well


def test_a_source_that_was_just_added_has_a_day_for_its_first_crawl() -> None:
    new = health("a", "stale", last_crawl_at=None, since=None)
    assert seen([new], [], [], NOW).unwell["source:a"].after == timedelta(days=1)
    assert seen([health("a", "stale")], [], [], NOW, after=HOUR).unwell["source:a"].after == HOUR


def test_conditions_of_one_part_on_several_machines_are_one_thing() -> None:
    found = seen([], [], [condition("backup"), condition("backup", "two", NOW - 2 * HOUR)], NOW)
    assert found.unwell.keys() == {"service:backup"}
    backup = found.unwell["service:backup"]
    assert (backup.since, backup.state) == (NOW - 2 * HOUR, State.BROKEN)
    assert backup.why == "On one: backup fails. On two: backup fails."


def test_a_clock_that_was_wrong_begins_nothing_in_the_future() -> None:
    assert seen([health("a", since=NOW + HOUR)], [], [], NOW).unwell["source:a"].since == NOW
