"""Saving what a crawl read: article, version, change and validators of a batch in the caller's one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from storage import answers, waits
from storage.article_rows import insert_new, move, seen_again, write
from storage.chunks import chunks
from storage.deciding import decide_each
from storage.led_away import LED_AWAY, led_away, shared_targets
from storage.outcomes import NOT_STORED, Outcome, Terms
from storage.places import Address, Item, Place, articles_of_pages, places_of
from storage.text import storable

__all__ = ["Outcome", "save_articles", "save_new_articles"]


def save_articles(
    conn: Connection, crawl_id: int | None, items: Sequence[Item], *, hold: bool = False, reparsed: bool = False
) -> list[Outcome]:
    """Stores what was read, in order, and says what each item was. Nothing is committed here.

    `hold`: an article's text that differs from the stored one is not stored, and its page keeps no validators: it is an edit
    once it was confirmed (saved again without `hold`), for a page that was asked twice may answer twice. `reparsed`: whatever
    differs is ours, or the site's, and no edit.

    Two items of one article are taken one after the other. `Fetched.url` is the URL that was asked for: its page is no
    longer pending, and gets the validators. One story is one article, whatever its addresses: its `url` stays, its text
    follows the page at its address, and it is told as moved once that page leads elsewhere or is gone. Another story at a
    known URL is a new article.
    """
    outcomes: dict[int, Outcome] = {}
    shared = shared_targets(conn, items)
    rest = list(enumerate(items))
    while rest:
        part, *others = chunks(rest)
        places, later = places_of(conn, part)
        outcomes |= _save(conn, crawl_id, places, Terms(hold=hold, reparsed=reparsed), shared)
        rest = later + [item for other in others for item in other]
    return [outcomes[n] for n in range(len(items))]


def save_new_articles(conn: Connection, items: Sequence[Item]) -> list[int | None]:
    """Stores the items of articles that are not known, in order, and leaves the articles of all others as they are: these
    have the article's id in the answer, the stored ones None. Nothing is committed here.
    """
    known: dict[int, int] = {}
    rest = list(enumerate(items))
    while rest:
        part, *others = chunks(rest)
        places, later = places_of(conn, part)
        known |= {place.n: place.known.id for place in places if place.known is not None}
        if new := [place for place in places if place.known is None]:
            _save(conn, None, new, Terms(), set())
        rest = later + [item for other in others for item in other]
    return [known.get(n) for n in range(len(items))]


def _save(
    conn: Connection, crawl_id: int | None, places: Sequence[Place], terms: Terms, shared: set[Address]
) -> dict[int, Outcome]:
    new = [place for place in places if place.known is None]
    differing = [p for p in places if p.known is not None and not _is_same(p)]
    decided, reused = decide_each(conn, crawl_id, differing, terms, shared)
    decisions = [each for each in decided if each[1].outcome not in NOT_STORED]
    held = [place for place, decision in decided if decision.outcome in (Outcome.HELD, Outcome.FOREIGN)]
    new += reused
    stored_anew = {place.n for place in new}
    others = stored_anew | {place.n for place, _ in decided}
    same = [place for place in places if place.n not in others]
    ids = {place.n: place.known.id for place in places if place.known is not None}
    ids |= insert_new(conn, crawl_id, new) if new else {}
    if same:
        seen_again(conn, [(ids[place.n], place.fetched.at) for place in same])
    if moved := [place for place in places if place.moved and place.n not in stored_anew]:
        move(conn, crawl_id, moved)
    if decisions:
        write(conn, crawl_id, decisions)
    apart = {p.n for p in held if p.url == storable(p.fetched.url)} | {p.n for p in places if p.unread}
    _keep_answers(conn, [place for place in places if place.n not in apart], ids)
    if held:
        asked = [(p, p.fetched) for p in held]
        asked += [(p, replace(p.fetched, url=p.url)) for p in held if p.moved]  # else a 304 there would hide the edit
        answers.held(conn, [(p.source, fetched, p.values["content_hash"]) for p, fetched in asked])
    for place, decision in decided:
        if decision.outcome is Outcome.LED_AWAY:
            led_away(conn, place)
    outcomes = {place.n: Outcome.NEW for place in new} | {place.n: Outcome.UNCHANGED for place in same}
    return outcomes | {place.n: decision.outcome for place, decision in decided}


def _keep_answers(conn: Connection, places: Sequence[Place], ids: dict[int, int]) -> None:
    """The validators of what was asked for. Where that led to another address, it answered as well: a listing that shows it
    shows a known article. A page that leads to another article than its own says that its own is gone.
    """
    led = [p for p in places if p.url != storable(p.fetched.url)]
    if there := [p for p in led if p.moved or p.aside]:
        answered = [(p.source, ids[p.n], replace(p.fetched, url=p.url)) for p in there]
        answers.keep_answer(conn, "article", answered)
    owners = articles_of_pages(conn, {(p.source, storable(p.fetched.url)) for p in led})
    given_up = {p.n for p in led if owners.get((p.source, storable(p.fetched.url)), ids[p.n]) != ids[p.n]}
    for place in (p for p in led if p.n in given_up):
        waits.gone(conn, place.source, place.fetched.url, LED_AWAY, place.fetched.at)
    kept = [(p.source, _addresses(p), ids[p.n], p.fetched) for p in places if p.n not in given_up]
    if kept:
        answers.stored(conn, kept)


def _addresses(place: Place) -> set[str]:
    return {place.url} if place.known is None else {place.url, place.known.url}


def _is_same(place: Place) -> bool:
    """Whether nothing at all differs, told without reading the stored text."""
    row, values = place.known, place.values
    return (
        not place.own
        and row.removed_at is None
        and row.record_hash == values["record_hash"]
        and row.normalisation == values["normalisation"]
        and row.reader == values["reader"]
        and row.reader_version == values["reader_version"]
        and row.entry == values["entry"]
    )
