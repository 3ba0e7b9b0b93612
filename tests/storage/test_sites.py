"""What hosts said is kept for a day or as long as they asked, and a clock that is set back makes nobody wait for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from storage.database import reading, writing
from storage.sites import Site, keep_robots, keep_wait, site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "https://www.norchester.example"


def kept(engine: Engine) -> Site:
    with reading(engine) as conn:
        return site(conn, ADDRESS)


def test_a_host_that_was_never_asked_has_said_nothing(engine: Engine, now: datetime) -> None:
    assert not kept(engine).robots_hold(now)
    assert not kept(engine).wait_left(now)


@pytest.mark.parametrize("robots", [b"User-agent: *\nDisallow: /x/\n", b"", None])
def test_robots_txt_holds_for_a_day_and_so_does_that_there_is_none(
    engine: Engine, now: datetime, robots: bytes | None
) -> None:
    with writing(engine) as conn:
        keep_robots(conn, ADDRESS, robots, now)
    assert kept(engine).robots == robots
    assert kept(engine).robots_hold(now + DAY - timedelta(seconds=1))
    assert not kept(engine).robots_hold(now + DAY)


def test_robots_txt_of_the_future_is_not_used(engine: Engine, now: datetime) -> None:
    with writing(engine) as conn:
        keep_robots(conn, ADDRESS, b"", now + HOUR)
    assert not kept(engine).robots_hold(now)


def test_a_wait_and_a_robots_txt_leave_each_other_alone(engine: Engine, now: datetime) -> None:
    with writing(engine) as conn:
        keep_robots(conn, ADDRESS, b"old", now)
        keep_wait(conn, ADDRESS, 2 * HOUR, now)
        keep_robots(conn, ADDRESS, b"new", now + HOUR)
    assert kept(engine) == Site(b"new", now + HOUR, now + 2 * HOUR)
    assert kept(engine).wait_left(now + HOUR) == HOUR
    assert not kept(engine).wait_left(now + 2 * HOUR)


def test_a_wait_is_kept_for_a_week_at_most(engine: Engine, now: datetime) -> None:
    with writing(engine) as conn:
        keep_wait(conn, ADDRESS, 400 * DAY, now)
    assert kept(engine).wait_left(now) == 7 * DAY


def test_a_wait_from_before_the_clock_was_set_back_is_not_believed(engine: Engine, now: datetime) -> None:
    with writing(engine) as conn:
        keep_wait(conn, ADDRESS, HOUR, now)
    assert kept(engine).wait_left(now - HOUR) == 2 * HOUR, "an hour back costs an hour"
    assert not kept(engine).wait_left(now - 7 * DAY), "a wrong year does not stop a source for a year"
