"""How a cost grows with its input: a quotient of processor times taken side by side, so that no slow or busy machine is in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

TIMES = 16
"""How much larger the large input is: a linear cost grows as much, a quadratic one 256 times."""

_ATTEMPTS = 6
_LEAST_SECONDS = 0.004  # the clock of a process may tick in milliseconds: what is quicker is done again and again


def growth(small: Callable[[], Any], large: Callable[[], Any], enough: float) -> float:
    """How many times the processor time of `small` does `large` take? The least of some attempts, and no further one
    once it is below `enough`: another program's noise only adds to an attempt, a cost that grows adds to all of them. Two far
    beyond it are no noise.
    """
    least = float("inf")
    for attempt in range(_ATTEMPTS):
        before = _seconds(small)
        least = min(least, _seconds(large, times=1) / before)
        if least < enough or (attempt and least > 4 * enough):
            break
    return least


def _seconds(call: Callable[[], Any], times: int = 2) -> float:
    """Seconds of one call, the mean of as many as the clock needs."""
    count, spent = 0, 0.0
    while count < times or spent < _LEAST_SECONDS:
        started = time.process_time()
        call()
        spent += time.process_time() - started
        count += 1
    return spent / count
