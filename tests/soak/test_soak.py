"""Two days of the service in half a minute: all that `make soak` looks at but growth, which takes longer to show."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.soak.run import soak


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_days_of_the_service_are_told_as_they_were_and_no_crawl_comes_late(tmp_path: Path) -> None:
    soaked = soak(tmp_path, forces=4, days=2, minutes=0.6, interval="6h", workers=4, seed=2)
    assert soaked.judged["faultless"], soaked
    assert soaked.late[0] < 1, soaked
    assert soaked.crawls["ok"] >= 12, soaked
    assert (soaked.exit_code, soaked.crawls.get("open", 0)) == (0, 0), soaked
    assert set(soaked.answers) <= {200, 503}, soaked
    assert soaked.answers[200] > 10, soaked
    assert (tmp_path / "public" / "feeds" / "all.atom").exists()
    assert list((tmp_path / "backups").glob("*.db"))
