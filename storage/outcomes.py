"""What a page that was read again is: an edit, a minor change, a flip, our own doing, a return, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.beside import weighed
from storage.changes import NORMALISATION, changed_fields, content_hash
from storage.furniture import story_differences, story_words
from storage.likeness import REDRAWN as REDRAWN
from storage.likeness import corrected, may_be_a_notice
from storage.pieces import Differences, differences, overlap
from storage.versions import DETAILS, SHOWN, TEXT, changed_details, keep_published, minor_state, words_of


class Outcome(StrEnum):
    """What saving an item did. Held: the text differs, and nothing is stored until it is confirmed; foreign: likewise, because it
    is another article's; led away: the page leads to another one that does not tell its story, so its own is gone.
    """

    NEW = "new"
    EDITED = "edited"
    MINOR = "minor"
    FLIP = "flip"
    UNCHANGED = "unchanged"
    RESTORED = "restored"
    REPARSED = "reparsed"
    HELD = "held"
    FOREIGN = "foreign"
    LED_AWAY = "led away"


NOT_STORED = (Outcome.HELD, Outcome.FOREIGN, Outcome.LED_AWAY)

_MOST_MINOR = 5  # in a week; what changes more often is the site's doing: a picture of the day, a random one
_WEEK = timedelta(days=7)


@dataclass(slots=True)
class Seen:
    """What the store holds of an article: it with its current version, its last versions (newest first) and the states of
    its last minor changes ("before after", newest first) with their moments.
    """

    current: Mapping[str, Any]
    versions: list[Any]
    states: list[tuple[str, datetime]]


@dataclass(slots=True)
class Decision:
    """What to write: all columns of the article that may change, and all that a record fills of a version: of the row
    `version_id`, or of a new row where that is None. `keeps_text`: the words are the stored ones, not the page's. `untold`: what is
    shown of the article differs, and no change tells of it.
    """

    outcome: Outcome
    article: dict[str, Any]
    version: dict[str, Any]
    version_id: int | None
    keeps_text: bool = False
    untold: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)

    def hold(self) -> None:
        """Nothing is written before somebody looked again."""
        self.outcome = Outcome.HELD
        self.changes.clear()

    def add(self, change: str, version: int, at: datetime, fields: list[str], **more: Any) -> None:
        self.changes.append(
            {"change": change, "version": version, "at": at, "fields": fields, "minor": False, "state": None}
            | {"version_before": None}
            | more
        )


@dataclass(slots=True, frozen=True)
class Terms:
    """How a text that differs is taken. `hold`: it is no edit before somebody looked again; `furniture`: digests of the source's
    pieces that make none; `reparsed`: the page is one that was kept, so that whatever differs is our doing.
    """

    hold: bool = False
    reparsed: bool = False
    furniture: frozenset[str] = frozenset()


def decide(seen: Seen, new: dict[str, Any], at: datetime, terms: Terms | None = None) -> Decision:
    """Compares a page's values with what the store holds. The page is there: a removed article is restored."""
    old = seen.current
    terms = terms or Terms()
    ours = terms.reparsed or any(old[name] != new[name] for name in ("reader", "reader_version", "entry"))
    keep_published(old, new)
    article = {
        "version": old["version"],
        "changed_at": old["changed_at"],
        "last_seen_at": at,
        "removed_at": None,
        "erased_at": None,
        **_published(old, new, ours),
    }
    decision = Decision(Outcome.UNCHANGED, article, new, old["version_id"])
    if old["removed_at"] is not None:
        decision.add("restored", old["version"], at, [])
    if old["erased_at"] is not None:
        # What it said before is not known any more, and that is as it should be: it says this now, if it says it twice.
        if terms.hold:
            decision.hold()
    elif new["content_hash"] == _hash_now(old):
        _same_text(decision, seen, new, at, ours)
    elif ours or old["normalisation"] != NORMALISATION or _is_redrawn(old, new, at):
        if terms.hold and may_be_a_notice(old, new):
            decision.hold()
        else:
            _reparsed(decision, old, new, at)
    else:
        _other_text(decision, seen, new, at, terms)
    if old["removed_at"] is not None and decision.outcome is not Outcome.HELD:
        decision.outcome = Outcome.RESTORED
    decision.untold = not decision.changes and any(old[name] != decision.version[name] for name in SHOWN)
    return decision


def _is_redrawn(old: Mapping[str, Any], new: Mapping[str, Any], at: datetime) -> bool:
    """Whether the site's pages came in another design since we last saw this one, and what it says is still the story."""
    changed: datetime | None = old["template_changed_at"]
    return changed is not None and old["last_seen_at"] < changed <= at and overlap(old["body"], new["body"]) >= REDRAWN


def _hash_now(old: Mapping[str, Any]) -> str:
    """The stored text's hash by the normalisation of today."""
    return str(old["content_hash"]) if old["normalisation"] == NORMALISATION else content_hash(words_of(old))


def _published(old: Mapping[str, Any], new: Mapping[str, Any], ours: bool) -> dict[str, Any]:
    """The first date a site claimed stays: a later one may be an edit's. But where a new reader reads another date, and
    the site had never claimed a second one, the first was our mistake.
    """
    first = old["first_published_at"]
    mistaken = ours and first == old["published_at"]
    if new["published_at"] is None or (first is not None and not mistaken):
        return {"published_at": first, "published_precision": old["first_published_precision"]}
    return {name: new[name] for name in ("published_at", "published_precision")}


def _same_text(decision: Decision, seen: Seen, new: dict[str, Any], at: datetime, ours: bool) -> None:
    """The words stay as first stored, unless another reader renders them; the details follow the page."""
    old = seen.current
    if not ours:
        decision.version = new | {name: old[name] for name in TEXT}
    fields = changed_details(old, new)
    if not fields:
        return
    if ours:
        decision.outcome = Outcome.REPARSED
        decision.add("reparsed", old["version"], at, fields)
        return
    before, after = minor_state(old), minor_state(new)
    lately = [moment for _, moment in seen.states if at - moment < _WEEK]
    if len(lately) >= _MOST_MINOR or any(after in state.split() for state, _ in seen.states):
        decision.outcome = Outcome.FLIP
        return
    decision.outcome = Outcome.MINOR
    decision.add("edited", old["version"], at, fields, minor=True, state=f"{before} {after}")


def _reparsed(decision: Decision, old: Mapping[str, Any], new: dict[str, Any], at: datetime) -> None:
    """The page's words take the stored ones' place, and it is no edit: the reader, its entry or the normalisation is not the one that
    made the stored text, so the difference may be ours; or the site corrected a line of all its pages.
    """
    decision.outcome = Outcome.REPARSED
    fields = changed_fields(words_of(old), words_of(new)) + changed_details(old, new)
    decision.add("reparsed", old["version"], at, fields)


def _other_text(decision: Decision, seen: Seen, new: dict[str, Any], at: datetime, terms: Terms) -> None:
    old = seen.current
    for version in seen.versions:
        if version.content_hash == new["content_hash"] and version.normalisation == NORMALISATION:
            decision.outcome = Outcome.FLIP
            decision.article |= {"version": version.number, "changed_at": version.seen_at}
            decision.version_id = version.id
            return
    before, after = words_of(old), words_of(new)
    if terms.furniture:
        found = differences(before, after)
        if found and not story_differences(found, terms.furniture):  # none: the pieces stand in another order
            if corrected(found, terms.furniture):
                _reparsed(decision, old, new, at)
            else:
                _only_furniture(decision, old, new, found)
            return
    if terms.hold:
        decision.hold()
        return
    number = seen.versions[0].number + 1
    fields, minor = weighed(story_words(before, terms.furniture), story_words(after, terms.furniture))
    decision.outcome = Outcome.MINOR if minor else Outcome.EDITED
    decision.article |= {"version": number} if minor else {"version": number, "changed_at": at}
    decision.version_id = None
    decision.add("edited", number, at, fields, minor=minor, version_before=old["version"])


def _only_furniture(decision: Decision, old: Mapping[str, Any], new: dict[str, Any], found: Differences) -> None:
    """The stored words stay, and what they tell (its kind, its references), unless the page only lost what was never the story's."""
    if found.added:
        decision.version = new | {name: old[name] for name in (*TEXT, *DETAILS, "content_hash", "normalisation")}
        decision.keeps_text = True
