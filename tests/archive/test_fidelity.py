"""Real records through real HTTP: what the store holds must be what the pages said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.fidelity import COUNT, SEED, foreign_shapes, measure, own_shapes, table
from tests.archive.records import ArchiveRecord, sampled
from tests.archive.serving import AREAS, Served

pytestmark = [pytest.mark.archive, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def archive(archive_path: Path) -> dict[str, list[ArchiveRecord]]:
    return sampled(archive_path, AREAS, COUNT, SEED)


def check(sites: list[Served], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measured = measure(sites, folder)
    with capsys.disabled():
        print(f"\n{table(measured)}")
    assert not {each.of.name: each.missed() for each in measured if each.missed()}
    assert not {each.of.name: each.summary.reason for each in measured if each.summary.verdict == "failed"}


def test_store_holds_what_each_area_printed_in_its_own_page_shape(
    archive: dict[str, list[ArchiveRecord]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(own_shapes(archive), tmp_path, capsys)


@pytest.mark.slow
def test_store_holds_what_templates_said_that_nobody_wrote_a_reader_for(
    archive: dict[str, list[ArchiveRecord]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every record in three of the four templates; `python -m tests.archive` draws each in all."""
    check(foreign_shapes(archive, each_in=3), tmp_path, capsys)
