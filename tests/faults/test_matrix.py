"""The fault matrix: what each fault on each platform must come to, by tests/faults/rules.py. The whole of it: make test-faults."""

from __future__ import annotations

import pytest

from tests.faults.__main__ import cells_of
from tests.faults.platforms import PLATFORMS
from tests.faults.rules import CELLS, ROLES
from tests.faults.site_faults import FAULTS

_NAMES = [platform.name for platform in PLATFORMS]


def _spread() -> list[tuple[str, str, str]]:
    """Each fault once, each platform twice at least: the role and the platform move on with the fault."""
    by_fault: dict[str, list[str]] = {}
    for role, fault in CELLS:
        by_fault.setdefault(fault, []).append(role)
    return [
        (roles[number % len(roles)], fault, _NAMES[number % len(_NAMES)])
        for number, (fault, roles) in enumerate(by_fault.items())
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("role", "fault", "platform"), _spread())
def test_one_cell_of_each_fault(role: str, fault: str, platform: str) -> None:
    [cell] = cells_of(role, fault, [platform])
    assert cell.wrong == []


@pytest.mark.faults
@pytest.mark.parametrize(("role", "fault"), CELLS)
def test_all_platforms(role: str, fault: str) -> None:
    cells = cells_of(role, fault, _NAMES)
    assert len(cells) == len(_NAMES)
    assert {cell.platform: cell.wrong for cell in cells if cell.wrong} == {}


def test_the_rules_name_every_fault_and_the_spread_every_platform() -> None:
    ruled = {fault for role in ("listing", "article", "robots") for fault in ROLES[role]}
    assert set(FAULTS) <= ruled
    assert {platform for _, _, platform in _spread()} == set(_NAMES)
