from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from protego import Protego

from crawler.robots import AGENT, wished_delay

_REAL = Path(os.environ.get("FORCEWIRE_REAL_PAGES", "../shared/real-pages")) / "robots"


def test_real_robots_file_is_understood() -> None:
    if not _REAL.is_dir():
        pytest.skip(f"no real robots files in {_REAL} (FORCEWIRE_REAL_PAGES names their folder)")
    expected = json.loads((_REAL / "expect.json").read_text("utf-8"))
    rules = Protego.parse((_REAL / expected["file"]).read_bytes().decode("utf-8-sig"))
    assert {url: rules.can_fetch(url, AGENT) for url, _ in expected["rules"]} == dict(expected["rules"])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("User-agent: *\nCrawl-delay: 10", 10),
        ("User-agent: *\r\nCrawl-delay: 2.5\r\n", 2.5),
        ("User-agent: other\nCrawl-delay: 10", 0),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: Forcewire\nCrawl-delay: 3", 3),
        ("User-agent: *\nRequest-rate: 1/20s", 20),
        ("User-agent: *\nCrawl-delay: nonsense", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: -4", 0),
    ],
)
def test_wished_delay(text: str, seconds: float) -> None:
    assert wished_delay(Protego.parse(text)) == seconds
