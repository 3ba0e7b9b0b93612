"""The schedule under any order of events, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.engine import Engine

from storage.database import open_store
from tests.storage import postgresql
from tests.storage.schedule_machine import ScheduleMachine


def run(engine: Engine, *, examples: int, steps: int) -> None:
    class Machine(ScheduleMachine):
        pass

    Machine.engine = engine
    many = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=many,
        phases=[Phase.explicit, Phase.generate],  # to make a failure shorter takes minutes here
        report_multiple_bugs=False,
        database=None,
    )
    run_state_machine_as_test(Machine, settings=how)


def test_on_sqlite(engine: Engine) -> None:
    run(engine, examples=6, steps=25)


@pytest.mark.slow
def test_on_sqlite_for_long(engine: Engine) -> None:
    run(engine, examples=25, steps=40)


@pytest.mark.slow
def test_on_postgresql() -> None:
    with postgresql.server() as url:
        engine = open_store(url)
        run(engine, examples=10, steps=25)
        engine.dispose()
