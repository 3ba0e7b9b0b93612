"""Where the archive of real records lies, for the tests that need it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.archive.records import archive_folder


@pytest.fixture(scope="session")
def archive_path() -> Path:
    """The archive's folder; without one the test says why it is skipped, and in CI a folder without records is a failure."""
    folder, there = archive_folder()
    if not there:
        if os.environ.get("CI") and folder.exists():
            pytest.fail(f"{folder} exists and holds no articles.jsonl.gz")
        pytest.skip(f"no archive of real records at {folder} (FORCEWIRE_ARCHIVE)")
    return folder
