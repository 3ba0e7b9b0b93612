"""Makes docs/site-front.png and docs/site-article.png from a run of the demo, whose forces are invented. Needs chromium and playwright."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from forcewire import walkthrough

PORT = 8719
SITE = f"http://127.0.0.1:{PORT}"
SIZE = {"width": 1200, "height": 860}
STORY = "attempted murder"


def today(now: datetime) -> datetime:
    """A morning so that the demo's day is over by now."""
    return (now - timedelta(hours=7)).replace(minute=0, second=0, microsecond=0)


def take(folder: Path) -> None:
    """The two pictures, of the site that is served."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(SITE, wait_until="networkidle")
        page.screenshot(path=folder / "site-front.png")
        page.goto(f"{SITE}/search?q={STORY.replace(' ', '+')}")
        page.locator(".stories .headline a").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / "site-article.png")
        browser.close()


def wait() -> None:
    """Until the site answers."""
    for _ in range(100):
        try:
            urlopen(SITE, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the site did not answer within 20 seconds")


def main() -> None:
    """Writes the pictures."""
    walkthrough.morning_before = today
    with tempfile.TemporaryDirectory() as folder:
        walkthrough.walk_through(Path(folder) / "demo", keep_serving=False)
        store = f"sqlite:///{folder}/demo/forcewire.db"
        command = [sys.executable, "-m", "forcewire", "serve", "--database", store, "--port", str(PORT)]
        with subprocess.Popen(command) as server:
            try:
                wait()
                take(Path(__file__).parent)
            finally:
                server.terminate()


if __name__ == "__main__":
    assert today(datetime.now(UTC)).date() == datetime.now(UTC).date(), "run it after 9 in the morning: it shows a day"
    main()
