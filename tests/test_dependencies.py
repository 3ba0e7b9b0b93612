"""What Forcewire runs with: each package that is imported is asked for, and each that is asked for is imported; versions, licences."""

from __future__ import annotations

import re
import runpy
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINNED = {
    canonicalize_name(name): version
    for name, _, version in (
        line.partition("==")
        for line in (ROOT / "deploy/container/requirements.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
}
# tzdata holds no code, SQLAlchemy imports the driver that a URL names, and parsel reads each page by way of Scrapy: a new one is tried first.
NOT_IMPORTED = {"tzdata", "psycopg", "parsel"}
_IMPORT = re.compile(r"^ *(?:from ([\w.]+) import|import ([\w.]+))", re.MULTILINE)


def asked_for(extra: str | None = None) -> dict[str, Requirement]:
    lines = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


def imported() -> set[str]:
    """Top-level names that the four packages import from elsewhere, wherever in a module."""
    names: set[str] = set()
    for package in ("crawler", "storage", "feeds", "forcewire"):
        for path in (ROOT / package).rglob("*.py"):
            names |= {found.partition(".")[0] for found in map("".join, _IMPORT.findall(path.read_text("utf-8")))}
    return names - {*sys.stdlib_module_names, "crawler", "storage", "feeds", "forcewire"}


def test_what_is_imported_is_asked_for_and_nothing_else():
    whose = packages_distributions()
    used = {canonicalize_name(each) for name in imported() for each in whose.get(name, ())}
    core, extras = asked_for(), {**asked_for("postgresql"), **asked_for("notify")}
    assert used - {*core, *extras} == set()
    assert {*core, *extras} - used <= NOT_IMPORTED


@pytest.mark.parametrize("extra", [None, *PROJECT["optional-dependencies"]])
def test_a_new_major_version_is_not_taken_by_itself(extra):
    free = {name for name, each in asked_for(extra).items() if not any(one.operator == "<" for one in each.specifier)}
    assert free <= {"tzdata", "types-pyyaml"}  # these follow the world's clocks, and PyYAML


def test_the_image_has_a_version_of_each_that_is_allowed():
    for name, each in {**asked_for(), **asked_for("postgresql"), **asked_for("notify")}.items():
        assert each.specifier.contains(PINNED[name]), name


def test_licences_are_known_and_go_with_ours():
    read = runpy.run_path(str(ROOT / "docs" / "licences.py"))
    assert [name for name, said in read["rows"]() if not read["goes_with_ours"](said)] == []


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("(Apache-2.0 AND GPL-2.0-only) OR AGPL-3.0-only", False),
        ("GPL-3.0-or-later", False),
        ("MIT AND SSPL-1.0", False),
        (None, False),
    ],
)
def test_a_licence_that_does_not_go_with_ours_is_noticed(said, goes):
    assert runpy.run_path(str(ROOT / "docs" / "licences.py"))["goes_with_ours"](said) is goes


def test_the_list_of_licences_names_what_the_image_holds():
    listed = {
        line.split(" | ")[0].strip("| ")
        for line in (ROOT / "docs/licences.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    }
    assert listed - {"package"} >= {*asked_for(), "psycopg"}
    # An older Python needs some more.
    assert {*PINNED} - listed <= {"backports-zstd", "importlib-metadata", "zipp", "typing-extensions"}
