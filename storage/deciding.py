"""What each known article of a batch becomes, and which items are not its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from storage.furniture import known_furniture
from storage.known_articles import seen
from storage.led_away import comes_back, others_lead_there, shows_elsewhere
from storage.likeness import tells_story
from storage.outcomes import Decision, Outcome, Seen, Terms, decide
from storage.places import Address, Place
from storage.same_story import is_another_story, is_own_story, shows_another


def decide_each(
    conn: Connection, crawl_id: int | None, places: Sequence[Place], terms: Terms, shared: set[Address]
) -> tuple[list[tuple[Place, Decision]], list[Place]]:
    """What each known article becomes, and the items that are another story at a known URL. An item from another address than
    its article's can be nothing else: its text is not the article's.
    """
    if not places:
        return [], []
    found = seen(conn, [place.known.id for place in places])
    furniture = known_furniture(conn, {place.source for place in places})
    decisions, reused = [], []
    for place in places:
        place.weigh()
        before = found[place.known.id]
        if (outcome := _of_no_article(conn, place, before, terms, shared)) is Outcome.NEW:
            reused.append(place)
        elif outcome is not None:
            place.moved, place.unread = False, True
            decisions.append((place, Decision(outcome, {}, place.values, None)))
        elif not place.aside or comes_back(conn, crawl_id, place, before):
            place.moved |= place.aside
            place.aside = False
            these = replace(terms, furniture=furniture.get(place.source, frozenset()))
            decision = decide(before, place.values, place.fetched.at, these)
            if decision.outcome is Outcome.HELD:
                place.moved &= tells_story(before.current, place.values)
                if shows_another(conn, place) is not None:
                    decision.outcome = Outcome.FOREIGN
            decisions.append((place, decision))
    return decisions, reused


def _of_no_article(conn: Connection, place: Place, before: Seen, terms: Terms, shared: set[Address]) -> Outcome | None:
    """What an item is that is not its article's: another story at a known URL, or what stands where the article's page led. Both are
    looked at again before they count.
    """
    is_new = _is_new_story(place, before)
    elsewhere = shows_elsewhere(conn, place, before.current, shared)
    if not (is_new or elsewhere):
        return None
    if terms.hold:
        return Outcome.HELD if shows_another(conn, place) is None else Outcome.FOREIGN
    is_notice = not is_new or (place.led and others_lead_there(conn, place, shared))
    return Outcome.LED_AWAY if is_notice else Outcome.NEW


def _is_new_story(place: Place, before: Seen) -> bool:
    if place.aside and place.url not in (place.known.url, place.known.address):
        return is_own_story(before.current, place.values)
    return is_another_story(before.current, place.values)
