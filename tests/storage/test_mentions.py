"""What gives an erased article away on the kept pages of others: its headline, in whatever way it is written, and links to it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.database import reading, writing
from storage.erasing import erase_due
from storage.mentions import Traces
from storage.rules import RetentionRule
from storage.tables import ARTICLE, KEPT_PAGE

WEEK = timedelta(days=7)
ADDRESS = "https://www.norchester.example/news/2026/ottoline-quimby/"


@pytest.fixture(params=[0, 100], ids=["one", "among many"])
def traces(request: pytest.FixtureRequest) -> Traces:
    made = Traces()
    for n in range(request.param):
        made.add_headline(f"Wanted: lamp{n}")
    made.add_headline("Missing: Siân “Ottoline” Quimby")
    made.add_headline("Update")
    made.add_address(ADDRESS)
    return made


@pytest.mark.parametrize(
    "text",
    [
        "<li>Missing: Siân “Ottoline” Quimby</li>",
        "<li>MISSING:&nbsp;Si&acirc;n &ldquo;Ottoline&rdquo;\n  Quimby</li>",
        "<img alt='Missing: Siân &quot;Ottoline&quot; Quimby'>",
        "<li><b>Missing:</b> Sia\u0302n <em class=x>Ottoline</em> Quim\u00adby</li>",
        "<description>&lt;li&gt;Missing: Si&amp;acirc;n Ottoline Quimby&lt;/li&gt;</description>",
        json.dumps({"title": "Missing: Siân &#8220;Ottoline&#8221; Quimby"}),
        json.dumps({"link": ADDRESS}).replace("/", "\\/"),
        "<a href='/news/2026/ottoline-quimby'>more</a>",
        "<a href='/news/2026/ottoline-quimby?utm_source=box'>more</a>",
        "<a href='https://WWW.norchester.example/News/2026/Ottoline-Quimby/'>more</a>",
        "<a href=ottoline-quimby>Missing: Siâ…</a>",
    ],
)
def test_a_page_that_shows_the_headline_or_leads_to_the_article_is_found(traces: Traces, text: str) -> None:
    assert traces.are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>Update: a lamp was taken</p>",
        "<p>Missing: a lamp. Ask for Ottoline. Quimby Lane is closed</p>",
        "<p>Missing: Siân Ottoline Quimbyson</p>",
        "<a href='/news/2026/ottoline-quimby-road'>A road</a>",
        "<a href='/news/2026/'>All news</a>",
    ],
)
def test_a_page_that_shows_a_part_of_it_is_left(traces: Traces, text: str) -> None:
    assert not traces.are_in(text)


def test_addresses_are_known_by_their_query_and_in_either_way_of_writing_a_letter() -> None:
    traces = Traces()
    traces.add_address("https://www.norchester.example/story?id=12")
    traces.add_address("https://www.norchester.example/newyddion/ar%20goll/t%C5%B7")
    assert traces.are_in('<a href="story?id=12"><a href="/story?id=12&amp;lang=cy">')
    assert not traces.are_in('<a href="/story?id=123"><a href="/story">')
    assert traces.are_in("<a href='/newyddion/ar%20goll/t%c5%b7'>")
    assert traces.are_in("<a href='/newyddion/ar goll/tŷ'>")
    home = Traces()
    home.add_address("https://www.norchester.example/")
    assert not home.are_in('<a href="/">')


@pytest.fixture
def keep(engine: Engine, now: datetime) -> Callable[..., None]:
    def kept(url: str, body: bytes, *, source: str = "norchester", **more: Any) -> None:
        values = {"source_id": source, "url": url, "served_url": url, "fetched_at": now, "status": 200, **more}
        with writing(engine) as conn:
            conn.execute(KEPT_PAGE.insert().values(**values, body=zlib.compress(body)))

    return kept


@pytest.fixture
def left(engine: Engine) -> Callable[[], list[str]]:
    def urls() -> list[str]:
        with reading(engine) as conn:
            return [url.rpartition("/")[2] for url in conn.scalars(sa.select(KEPT_PAGE.c.url).order_by(KEPT_PAGE.c.id))]

    return urls


@pytest.fixture
def appeal(engine: Engine, save: Callable[..., list[str]], page: Callable[..., Any], now: datetime) -> None:
    """Withdrawn, and due for erasing in a week; its first headline had the name."""
    save(page(1, title="Missing: Siân Quimby", sensitive=True), page(2))
    save(page(1, title="Missing girl is found", body="Thank you.\n", at=now + timedelta(hours=1)))
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == 1).values(removed_at=now))


def test_erasing_takes_the_kept_pages_that_show_the_article_and_no_others(
    engine: Engine,
    appeal: None,
    page: Callable[..., Any],
    keep: Callable[..., None],
    left: Callable[[], list[str]],
    now: datetime,
) -> None:
    name = "Missing: Siân Quimby"
    own = page(2)[0].url
    keep(own, f"<h1>Lamp</h1><aside>{name}</aside>".encode(), article_id=2, version=1)
    keep(f"{own}/latin", name.encode("latin-1"), content_type="text/html; charset=iso-8859-1")
    keep(f"{own}/undeclared", name.encode("latin-1"), content_type="text/html")
    keep(f"{own}/wrong", name.encode(), content_type="text/html; charset=nonsense")
    keep(f"{own}/link", f"<a href='{page(1)[0].url}'>Read on</a>".encode())
    keep(f"{own}/later-headline", b"Missing girl is found")
    for n in range(50):
        keep(f"{own}/clean-{n}", b"<h1>Lamp</h1><p>Missing lamp is found</p>")
    keep("https://www.eastmere.example/other", name.encode(), source="eastmere")
    assert erase_due(engine, "norchester", RetentionRule(erase_after=WEEK), now=now + WEEK) == 1
    assert left() == [*(f"clean-{n}" for n in range(50)), "other"]


def test_a_page_that_is_kept_while_the_others_are_looked_through_is_looked_at_too(
    engine: Engine,
    appeal: None,
    keep: Callable[..., None],
    left: Callable[[], list[str]],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from storage import erasing

    mentioned = erasing._mentioned

    def looked_through(*args: Any) -> Any:
        found = mentioned(*args)
        if not args[2]:
            monkeypatch.setattr("storage.erasing._mentioned", mentioned)
            keep("https://www.norchester.example/meanwhile", "Missing: Siân Quimby".encode())
        return found

    monkeypatch.setattr("storage.erasing._mentioned", looked_through)
    keep("https://www.norchester.example/before", b"A lamp")
    assert erase_due(engine, None, RetentionRule(erase_after=WEEK), now=now + WEEK) == 1
    assert left() == ["before"]


def test_no_page_is_read_where_nothing_is_erased(
    engine: Engine, appeal: None, keep: Callable[..., None], now: datetime
) -> None:
    asked: list[str] = []
    keep("https://www.norchester.example/before", b"A lamp")
    sa.event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert erase_due(engine, None, RetentionRule(erase_after=2 * WEEK), now=now + WEEK) == 0
    assert not [statement for statement in asked if "kept_page" in statement]
