"""The units, read by systemd's own programs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, program

UNITS = sorted((DEPLOY / "systemd").glob("*.*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def test_systemd_finds_nothing_wrong(tmp_path: Path):
    """`verify` looks whether programs are there: those of an installation are not, so a file stands for them."""
    analyze = program("systemd-analyze")
    stand_in = tmp_path / "forcewire"
    stand_in.write_text("#!/bin/sh\n")
    stand_in.chmod(0o755)
    for path in UNITS:
        if path.suffix in (".service", ".timer"):
            text = path.read_text("utf-8").replace("/opt/forcewire/.venv/bin/forcewire", str(stand_in))
            (tmp_path / path.name).write_text(text)
    units = [str(each) for each in tmp_path.iterdir() if each.suffix in (".service", ".timer")]
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "forcewire" in line]
    assert ours == []


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_little_is_open_to_it(path):
    done = subprocess.run(
        [program("systemd-analyze"), "security", "--offline=true", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    [exposure] = re.findall(r"Overall exposure level for \S+ (\d+\.\d+)", done.stdout)
    assert float(exposure) < 2.0


def hardening(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    return set(
        re.findall(r"^\w+=.*", text[text.index("CapabilityBoundingSet=") :].partition("[Install]")[0], re.MULTILINE)
    )


def test_all_services_are_closed_alike():
    service, *others = (
        hardening(DEPLOY / "systemd" / f"forcewire{name}.service") for name in ("", "-crawl", "-backup")
    )
    assert len(service) > 25
    for other in others:
        assert other - {"PrivateNetwork=yes"} == service


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".timer"], ids=lambda path: path.name)
def test_timer_has_its_service_and_a_time_that_comes(path):
    assert path.with_suffix(".service").exists()
    [when] = re.findall(r"^OnCalendar=(.+)", path.read_text("utf-8"), re.MULTILINE)
    subprocess.run([program("systemd-analyze"), "calendar", when], check=True, capture_output=True, timeout=60)
