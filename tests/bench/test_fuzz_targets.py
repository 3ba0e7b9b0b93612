"""What atheris does for ten minutes each, some dozen inputs of it: whatever bytes come, a target reads them or refuses them in its words."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import TARGETS as NAMES
from bench.fuzz_targets import TARGETS, Target, make_target
from bench.fuzzing import mutate

# Every reader has a test of its own, with more inputs: tests/crawler/readers/test_any_bytes.py
QUICK = [name for name in TARGETS if name != "readers"]


@cache
def target(name: str) -> Target:
    return make_target(name)


def test_every_target_can_be_named() -> None:
    assert list(TARGETS) == list(NAMES)


@pytest.mark.parametrize("name", QUICK)
def test_its_own_examples_are_no_trouble(name: str) -> None:
    assert [target(name).trouble(seed) for seed in target(name).seeds] == [None] * len(target(name).seeds)


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.binary(max_size=30))
def test_any_bytes_are_read_or_refused(name: str, drawn: int, more: bytes) -> None:
    seeds, dice = target(name).seeds, random.Random(drawn)
    data = mutate(dice.choice(seeds) + more, dice, seeds, target(name).pieces)[:60_000]
    assert target(name).trouble(data) is None


def test_what_no_input_may_raise_is_trouble() -> None:
    def fails(_: bytes) -> None:
        raise RecursionError("deep")

    assert (told := Target(fails, [b""]).trouble(b"x")) is not None
    assert told.startswith("RecursionError: deep at test_fuzz_targets.py:")
