"""What a hostile site may send costs a crawl a bounded time and memory, and nobody else anything: no false change, no other source's story.

A spread of the cases; `make test-faults` plays them all, at each place, and `python -m tests.faults.hostile` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.hostile import Ground, ground
from tests.faults.hostile_cases import CASES, PLACES

SPREAD = [
    ("slow loris in the body", "story"),
    ("endless chunks", "listing"),
    ("endless headers", "robots"),
    ("gzip bomb", "story"),
    ("zstd bomb", "listing"),
    ("gzip cut in the middle", "story"),
    ("XML bomb: quadratic", "listing"),
    ("1,000 redirects", "story"),
    ("a length that is shorter", "story"),
    ("cut at byte -200", "story"),
    ("9 MB of table", "story"),
    ("endless paging", "listing"),
    ("Retry-After of 400 digits", "listing"),
    ("robots.txt with patterns that take for ever", "robots"),
]
EVERY = [(name, place) for name, case in CASES.items() for place in PLACES if place in case.places]


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    with ground() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place"), SPREAD)
def test_a_hostile_answer_is_bounded_and_does_no_harm(here: Ground, name: str, place: str) -> None:
    outcome = here.run(name, place)
    assert outcome.wrong == [], outcome


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "place"), EVERY)
def test_every_hostile_answer_is_bounded_and_does_no_harm(here: Ground, name: str, place: str) -> None:
    outcome = here.run(name, place)
    assert outcome.wrong == [], outcome
