"""Pictures: exact, the same bytes for the same numbers, readable without colour, and nothing in them that runs or loads."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from lxml import etree
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.site.app import create_app
from feeds.site.context import Site
from feeds.site.pictures import POLICY, Figure, UnknownFigure, figure, figure_names
from feeds.site.pictures.drawing import STYLE, Chart, draw, ticks
from feeds.site.pictures.kept import Pictures
from storage.database import open_store, reading, writing
from storage.tables import ARTICLE, CHANGE
from tests.storage.invented import CLOCKS_BACK, HOSTILE, invent, write

TODAY = CLOCKS_BACK + timedelta(days=4)
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {SVG + name for name in ("svg", "title", "desc", "style", "defs", "pattern", "path", "g", "text", "rect")}
NAMES = [
    "all-days", "changes-days", "kinds", "coverage", "hours", "weekdays",
    "area-ostry-and-b-vale-b-days", "area-ostry-and-b-vale-b-kinds", "area-wexmoor-days", "area-wexmoor-kinds",
]  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('pictures') / 'store.db'}")
    with writing(engine) as conn:
        write(conn, invent(CLOCKS_BACK, seed=3), datetime(2026, 1, 1, tzinfo=UTC))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def figures(engine: Engine) -> dict[str, Figure]:
    with reading(engine) as conn:
        return {name: figure(conn, name, TODAY) for name in NAMES}


@pytest.fixture(scope="module")
def drawn(figures: dict[str, Figure]) -> dict[str, bytes]:
    return {name: each.svg() for name, each in figures.items()}


def bars(svg: bytes) -> list[tuple[float, float, float, float]]:
    """x, y, width and height of every bar."""
    found = etree.fromstring(svg).iterfind(f".//{SVG}g[@class='color-0']//{SVG}rect")
    return [tuple(float(rect.get(name)) for name in ("x", "y", "width", "height")) for rect in found]  # type: ignore[misc]


def test_the_names_are_those_that_can_be_asked_for(engine: Engine) -> None:
    with reading(engine) as conn:
        assert sorted(figure_names(conn)) == sorted(NAMES)
        for name in (
            "",
            "area-",
            "area-nowhere-days",
            "area-wexmoor-hours",
            "area-wexmoor",
            "kinds.svg",
            "../kinds",
            "Kinds",
        ):
            with pytest.raises(UnknownFigure):
                figure(conn, name, TODAY)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_says_what_the_picture_shows(figures: dict[str, Figure], name: str) -> None:
    found = figures[name]
    assert all(len(row) == len(found.columns) for row in found.rows)
    shown = [tuple(row) for row in zip(*(numbers for _, numbers in found.chart.series), strict=True)]
    told = [row[2:] if name == "coverage" else row[1:] for row in found.rows]
    assert (told[::-1] if name.endswith("days") and name != "weekdays" else told) == shown
    assert len(found.chart.labels) == len(found.rows)
    assert sum(map(sum, shown)) > 0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_picture_runs_or_loads(drawn: dict[str, bytes], name: str) -> None:
    root = etree.fromstring(drawn[name])
    for node in root.iter():
        assert isinstance(node.tag, str), "no comment, no processing instruction"
        assert node.tag in ELEMENTS
        for attribute, value in node.attrib.items():
            assert not attribute.startswith(("on", "{")), attribute
            assert attribute not in ("href", "src", "style")
            assert "url(" not in value
    (style,) = root.iter(f"{SVG}style")
    assert style.text == STYLE
    assert re.findall(r"url\(([^)]*)\)|@import", STYLE) == ["#hatched"]
    assert len(drawn[name]) < 15_000


def test_the_policy_allows_the_style_and_nothing_else(drawn: dict[str, bytes]) -> None:
    (style,) = etree.fromstring(drawn["kinds"]).iter(f"{SVG}style")
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in POLICY
    assert POLICY.startswith("default-src 'none';")
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("name", NAMES)
def test_the_same_numbers_give_the_same_bytes(drawn: dict[str, bytes], figures: dict[str, Figure], name: str) -> None:
    assert figures[name].svg() == drawn[name]


def test_names_of_others_stay_text(figures: dict[str, Figure], drawn: dict[str, bytes]) -> None:
    texts = ["".join(node.itertext()) for node in etree.fromstring(drawn["kinds"]).iter(f"{SVG}text")]
    assert [text for text in texts if text.startswith("</text>")], "cut to a length, and escaped"
    assert max(map(len, texts)) <= 24
    assert HOSTILE.encode() not in b"".join(drawn.values())
    of_area = etree.fromstring(drawn["area-ostry-and-b-vale-b-days"])
    assert "<b>Vale</b>" in (of_area.findtext(f"{SVG}desc") or "")
    assert figures["area-ostry-and-b-vale-b-days"].alt.startswith("Ostry & <b>Vale</b> Police published ")


def test_a_screen_reader_is_told_what_a_picture_says(figures: dict[str, Figure], drawn: dict[str, bytes]) -> None:
    for name, found in figures.items():
        root = etree.fromstring(drawn[name])
        assert root.get("role") == "img"
        told = [root.find(f".//*[@id='{id}']") for id in str(root.get("aria-labelledby")).split()]
        assert [node.text if node is not None else None for node in told] == [found.title, found.alt]
        assert (root.get("width"), root.get("height")) == (str(found.width), str(found.height))


def test_of_what_is_withheld_a_picture_shows_a_number(figures: dict[str, Figure]) -> None:
    assert figures["kinds"].rows[-1][0] == "Withheld"
    of_kinds, of_days = (sum(int(row[1]) for row in figures[name].rows) for name in ("kinds", "all-days"))
    assert of_kinds == of_days


@pytest.mark.parametrize("numbers", [[0, 1, 2, 3, 10], [100, 250, 999, 0, 1], [7] * 5])
def test_bars_begin_at_nothing_and_are_as_long_as_their_numbers(numbers: list[int]) -> None:
    labels = ["a", "b", "c", "d", "e"]
    standing = bars(draw(Chart(labels=labels, series=[("N", numbers)], shown=frozenset("a")), "t", "d"))
    lying = bars(draw(Chart(labels=labels, series=[("N", numbers)], lying=True), "t", "d"))[::-1]
    there = [number for number in numbers if number]
    for found, lengths in (standing, [bar[3] for bar in standing]), (lying, [bar[2] for bar in lying]):
        assert len(found) == len(there)
        unit = max(lengths) / max(there)
        # A tenth of a unit is as exact as an SVG of this size need be.
        assert lengths == pytest.approx([number * unit for number in there], abs=0.11 + 0.11 * max(there) / 100)
    assert len({round(y + height, 0) for _, y, _, height in standing}) == 1
    assert len({x for x, *_ in lying}) == 1


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (26, [0, 10, 20, 30]),
        (99, [0, 20, 40, 60, 80, 100]),
        (101, [0, 50, 100, 150]),
    ],
)
def test_an_axis_has_few_round_numbers(most: int, expected: list[int]) -> None:
    assert ticks(most) == expected


def test_an_axis_reaches_the_most_and_begins_at_nothing() -> None:
    for most in range(3000):
        found = ticks(most)
        assert found[0] == 0
        assert found[-2] < max(most, 1) <= found[-1]
        assert len(found) <= 6


@pytest.mark.parametrize(
    "chart",
    [
        Chart(labels=[], series=[("N", [])], lying=True),
        Chart(labels=["a", "b"], series=[("N", [0, 0])], lying=True),
        Chart(labels=["a", "b"], series=[("N", [0, 0]), ("M", [0, 0])], shown=frozenset("a")),
    ],
)
def test_where_there_is_nothing_a_picture_says_so(chart: Chart) -> None:
    root = etree.fromstring(draw(chart, "t", "d"))
    assert [node.text for node in root.iter(f"{SVG}text")] == ["Nothing to show"]


def test_series_differ_without_colour(drawn: dict[str, bytes]) -> None:
    legend = [node.text for node in etree.fromstring(drawn["changes-days"]).iter(f"{SVG}text")][-3:]
    assert legend == ["Edits", "Withdrawals", "Returns"]
    looks = dict(re.findall(r"rect\.(color-\d)\{(fill:[^;}]+)", STYLE))
    assert looks == {"color-1": "fill:url(#hatched)", "color-2": "fill:none"}


def test_what_counts_is_said_in_a_sentence(figures: dict[str, Figure]) -> None:
    found = figures["area-wexmoor-days"]
    total = sum(int(row[1]) for row in found.rows)
    most = max(found.rows[::-1], key=lambda row: int(row[1]))
    day = str(most[0]).removesuffix(" (so far)")
    assert found.alt == f"Wexmoor Police published {total} stories in the last 30 days, most on {day} ({most[1]})."
    assert found.rows[0][0] == "Thursday 29 October 2026 (so far)"
    assert "30 September to 29 October 2026" in found.note


class TestServed:
    @pytest.fixture
    def client(self, engine: Engine) -> TestClient:
        return TestClient(create_app(Site(engine=engine, press=Press(base_url="https://news.example"))))

    def test_a_picture_comes_with_its_own_policy_and_a_tag(self, client: TestClient) -> None:
        answer = client.get("/pictures/kinds.svg")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert etree.fromstring(answer.content).tag == f"{SVG}svg"
        again = client.get("/pictures/kinds.svg", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["content-security-policy"] == POLICY, "it takes the place of the one that a browser kept"

    @pytest.mark.parametrize("name", ["area-nowhere-days", "nothing", "area-wexmoor-%00days", "%3Cscript%3E"])
    def test_what_there_is_not_is_not_found(self, client: TestClient, name: str) -> None:
        answer = client.get(f"/pictures/{name}.svg")
        assert answer.status_code in (400, 404)
        assert "<script" not in answer.text


def test_a_picture_is_drawn_again_when_there_is_a_new_story_or_another_day(engine: Engine) -> None:
    pictures, moment = Pictures(), datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)

    def get(day: date = TODAY) -> bytes:
        with reading(engine) as conn:
            return pictures.get(conn, "area-wexmoor-days", day)

    before = get()
    assert get() is before, "drawn once"
    assert get(TODAY + timedelta(days=1)) != before
    assert get() == before
    with writing(engine) as conn:
        number = conn.scalars(sa.select(ARTICLE.c.id).where(ARTICLE.c.source_id == "ostry")).first()
        values = {"published_at": moment, "first_seen_at": moment, "source_id": "wexmoor"}
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == number).values(values))
        change = {"article_id": number, "version": 1, "change": "new", "minor": False, "fields": [], "at": moment}
        conn.execute(CHANGE.insert(), change)
    assert get() != before
