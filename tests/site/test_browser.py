"""A real browser walks the site on phone and desktop, in light and dark; axe-core looks at each page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from feeds.build import Press
from feeds.site.context import Site
from tests.feeds.conftest import NewsStore
from tests.site.conftest import running
from tests.site.pages.conftest import one_of_each

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDTHS, SCHEMES = {"phone": 390, "desktop": 1280}, ("light", "dark")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)"),
    pytest.mark.timeout(180),
]


class Walker:
    """A browser's page, what went wrong on it, and which hosts it asked."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.wrong: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self.hosts.add("/".join(request.url.split("/")[:3])))

    def go(self, path: str) -> None:
        assert self.page.goto(self.url + path, wait_until="load") is not None

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(self.url)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, int]]]:
    news = NewsStore(tmp_path_factory.mktemp("browser") / "forcewire.db")
    ids = one_of_each(news)
    with running(Site(news.engine, Press("https://news.example.org"))) as server:
        yield server.url, ids
    news.engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (pip install playwright)")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module", params=[(width, scheme) for width in WIDTHS for scheme in SCHEMES], ids="-".join)
def walker(browser: Any, served: tuple[str, dict[str, int]], request: pytest.FixtureRequest) -> Iterator[Walker]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 800}, color_scheme=scheme)
    yield Walker(context.new_page(), served[0])
    context.close()


def test_a_reader_finds_an_area_its_feed_a_story_and_what_changed(walker: Walker) -> None:
    page = walker.page
    walker.go("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Areas").click()
    page.locator(".tiles").get_by_role("link", name="Northmarch").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Northmarch"
    feed = page.get_by_role("link", name="Atom of Northmarch police news").first
    assert (
        page.request.get(walker.url + feed.get_attribute("href"))
        .headers["content-type"]
        .startswith("application/atom+xml")
    )
    walker.go("/")
    page.get_by_role("searchbox", name="Search all stories").fill("arrested gate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=arrested+gate")
    assert page.locator("mark").count() >= 2
    page.get_by_role("link", name="Two arrested over a gate").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Two arrested over a gate"
    source = page.get_by_role("link", name="Read it at Northmarch Police")
    assert source.get_attribute("href") == "https://www.northmarch.example/news/1"
    page.get_by_label("From").select_option("1")
    page.get_by_label("To").select_option("2")
    page.get_by_role("button", name="Compare").click()
    assert walker.path.endswith("/diff/1/2")
    assert page.locator(".diff del").evaluate("e => getComputedStyle(e).textDecorationLine") == "line-through"
    assert page.locator(".diff ins").evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
    page.get_by_role("link", name="Next edit").click()
    assert walker.path.endswith("/diff/2/3")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Status").click()
    assert page.get_by_role("row", name="Northmarch Police").count() == 1
    assert walker.wrong == []
    assert walker.hosts == {walker.url}


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    browser: Any, served: tuple[str, dict[str, int]], width: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    url, ids = served
    stories = [f"/articles/{ids[name]}" for name in ("plain", "welsh", "spared", "gone", "withheld")]
    lists = ["/", "/areas/northmarch", "/areas/northmarch/2024-05", "/changes", "/search?q=gate", "/search?q=zzzz"]
    others = ["/status", "/subscribe", "/about", "/areas/nortmarch", f"/articles/{ids['plain']}/diff/1/3"]
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 800})
    for path in (*lists, *stories, *others):
        page.emulate_media(color_scheme="light")
        page.goto(url + path)
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        page.emulate_media(color_scheme="dark")
        found += page.evaluate("async () => (await axe.run({runOnly: ['color-contrast']})).violations")
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == [], path
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, path
    page.close()


def test_keyboard_comes_first_to_a_way_past_the_menu(walker: Walker) -> None:
    walker.go("/changes")
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    walker.page.keyboard.press("Enter")
    assert walker.page.evaluate("document.activeElement.id") == "main"
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate("document.activeElement.closest('main') !== null")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert walker.page.evaluate(outline) == "solid"
