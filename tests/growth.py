"""What must not grow faster than its input, or not at all. No bound is in seconds: those are a benchmark's (`make bench-hostile`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.growth import TIMES, growth


def grows_no_faster(make: Callable[[int], Any], call: Callable[[Any], Any], large: int) -> None:
    """Fails when a sixteenth of the input takes less than a sixty-fourth of the time: linear is 16, quadratic 256."""
    few, many = make(large // TIMES), make(large)
    assert growth(lambda: call(few), lambda: call(many), 4 * TIMES) < 4 * TIMES


def does_not_grow(small: Callable[[], Any], large: Callable[[], Any]) -> None:
    """Fails when much more of what is there takes more than a few times as long."""
    assert growth(small, large, 5) < 5
