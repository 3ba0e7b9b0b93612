"""Scrapy's own doors: scrapy list, scrapy crawl news -a source=ID."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_ENTRY = """name = "Fenwold Constabulary"
force = "Fenwold Constabulary"
area = "Fenwold"
reader = "generic"
hosts = ["{host}"]
listing = [{{ kind = "rss", url = "http://{host}/feed/" }}]
interval = "15m"
[assertions.min]
links = 1
[assertions.fill]
"""


def scrapy(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("FORCEWIRE_")}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *args],
        cwd=_ROOT,
        env=bare | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_list_knows_the_one_spider() -> None:
    assert scrapy("list").stdout == "news\n"


@pytest.mark.parametrize(
    ("args", "environment", "said"),
    [
        (["-a", "source=bedfordshire"], {}, "FORCEWIRE_CONTACT"),
        (["-a", "source=nowhere"], {"FORCEWIRE_CONTACT": "desk@fenwold.example"}, "no source is called 'nowhere'"),
        ([], {}, "-a source=ID"),
        (
            ["-a", "source=bedfordshire"],
            {"FORCEWIRE_CONTACT": "x@y.example", "FORCEWIRE_DELAY": "soon"},
            "FORCEWIRE_DELAY",
        ),
        (["-a", "source=bedfordshire"], {"FORCEWIRE_SOURCES": "/nowhere"}, "/nowhere"),
        (
            ["-a", "source=bedfordshire"],
            {"FORCEWIRE_CONTACT": "x@y.example", "FORCEWIRE_DATABASE_URL": "sqlite:////nowhere/store.db"},
            "/nowhere",
        ),
    ],
)
def test_crawl_that_may_not_start_says_why_in_one_line(args: list[str], environment: dict[str, str], said: str) -> None:
    done = scrapy("crawl", "news", *args, **environment)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_crawl_from_the_environment(site: Any, tmp_path: Path, database: str) -> None:
    (tmp_path / "fenwold.toml").write_text(_ENTRY.format(host=site.host))
    link = f"{site.base}/news/1/"
    item = f"<item><title>A van</title><link>{link}</link></item>"
    site.pages["/feed/"] = site.pages["/robots.txt"].__class__(
        f"<rss version='2.0'><channel>{item}</channel></rss>", headers={"Content-Type": "application/rss+xml"}
    )
    text = "".join(f"<p>Officers in Fenwold are appealing for witnesses to the theft, part {n}.</p>" for n in range(8))
    site.pages["/news/1/"] = site.pages["/robots.txt"].__class__(
        f"<html><head><title>A van</title></head><body><main><h1>A van was stolen</h1>{text}</main></body></html>"
    )
    done = scrapy(
        "crawl",
        "news",
        "-a",
        "source=fenwold",
        FORCEWIRE_DATABASE_URL=database,
        FORCEWIRE_SOURCES=str(tmp_path),
        FORCEWIRE_CONTACT="desk@fenwold.example",
        FORCEWIRE_DELAY="0",
        FORCEWIRE_ALLOW_LOOPBACK="1",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("fenwold: ok")
    assert "new=1" in done.stdout
    assert site.asked[0].headers["user-agent"].endswith("(+desk@fenwold.example)")
    site.pages["/feed/"].status = 500
    failed = scrapy(
        "crawl", "news", "-a", "source=fenwold", FORCEWIRE_DATABASE_URL=database, FORCEWIRE_SOURCES=str(tmp_path),
        FORCEWIRE_DELAY="0", FORCEWIRE_ALLOW_LOOPBACK="1",
    )  # fmt: skip
    assert failed.returncode == 1
