"""Other watchers, each in a virtual environment of its own outside the repository, at the version that was measured."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

VERSIONS = {"urlwatch": "2.29", "webchanges": "3.37.0", "changedetection.io": "0.60.10"}


def default_cache() -> Path:
    """Where the environments are kept: in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "forcewire-bench"


def installed(name: str, cache: Path) -> Path:
    """The command of a watcher, installed from PyPI the first time. Raises `SystemExit` where that fails."""
    folder = cache / f"{name}-{VERSIONS[name]}"
    command = folder / "bin" / name
    if command.exists():
        return command
    print(f"installing {name} {VERSIONS[name]} into {folder} ...", file=sys.stderr, flush=True)
    venv.create(folder, with_pip=False, clear=True)
    pip = [*_pip(), "--python", str(folder / "bin" / "python"), "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, f"{name}=={VERSIONS[name]}"], capture_output=True, text=True, check=False)
    if done.returncode or not command.exists():
        raise SystemExit(f"{name} cannot be installed: {done.stderr.strip()[-2000:]}")
    return command


def _pip() -> list[str]:
    """pip of this Python, or of the one that its environment was made of: it installs into others."""
    for python in (sys.executable, str(Path(sys.base_prefix) / "bin" / "python3")):
        pip = [python, "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode == 0:
            return pip
    raise SystemExit("the other watchers cannot be installed: this Python has no pip")
