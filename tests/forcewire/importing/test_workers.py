"""A fault while one text is read is that text's alone; one that ends a process is said in one line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from forcewire.importing.given import Given
from forcewire.importing.workers import WorkerDiedError, deriving
from tests.forcewire.importing.conftest import story

AT = datetime(2020, 12, 28, 12, 50, tzinfo=UTC)


class Faulty(dict):
    """Entries that cannot be looked up: what stands here for a fault in any part that reads."""

    def get(self, area, default=None):
        raise {"Norchester": ZeroDivisionError("division\nby zero"), "Eastmere": MemoryError()}[area]


def part(area: str, *numbers: int) -> list[tuple[Given, str]]:
    texts = [story(n, area) for n in numbers]
    return [(Given(f"row {n}", text.path, text.text.encode(), AT, True), "") for n, text in enumerate(texts)]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_fault_while_a_text_is_read_refuses_that_text_in_one_line(capfd, processes):
    with deriving([part("Norchester", 1, 2), part("Norchester", 3)], Faulty(), processes) as made:
        refused = [each for of in made for each in of]
    assert [each.name for each in refused] == ["row 0", "row 1", "row 0"]
    assert all(each.reason.endswith("ZeroDivisionError division by zero") for each in refused)
    assert capfd.readouterr().err == ""


def test_a_process_that_cannot_go_on_says_why(capfd):
    with (
        pytest.raises(WorkerDiedError, match=r"cannot go on: MemoryError$"),
        deriving([part("Eastmere", 1)], Faulty(), 2) as made,
    ):
        list(made)
    assert capfd.readouterr().err == ""
