"""From what is not well, and what operators were told of before, to what they are told now. Pure functions of a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from storage.states import State
from storage.unwell import Seen, Unwell

RELAPSE = timedelta(days=1)
"""What comes back within this is told once more, and then not until it has been well for as long."""

REMINDED = timedelta(weeks=1)
"""What lasts is told again as often, unless somebody acknowledged it."""

_JOINS = timedelta(days=1)  # a reminder takes along all that was told longer ago
_GONE = "It is not crawled any more: its entry was removed or switched off."
_OVER = "It is well again."
_RANK = {state: rank for rank, state in enumerate(State)}


class Event(StrEnum):
    """What a notice tells of an alert."""

    BEGAN = "began"
    WORSE = "worse"
    LASTS = "lasts"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """A row of `alert`; the columns say what is what. `id` is None for one that is not stored yet."""

    id: int | None = None
    subject: str
    state: str
    sources: list[str] = field(default_factory=list)
    why: str
    trouble: str | None = None
    began_at: datetime
    last_good_at: datetime | None = None
    opened_at: datetime
    relapses: int = 0
    well_since: datetime | None = None
    told_state: str | None = None
    noticed_at: datetime | None = None
    notice_id: int | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    ended_at: datetime | None = None
    part_of: str | None = None
    end_told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of an alert, and what is told of it; `before` is the state that was told last. `name` is for people."""

    alert: StoredAlert
    event: Event | None = None
    before: str | None = None
    name: str = ""


def decide(
    seen: Seen, going_on: Iterable[StoredAlert], lately: Iterable[StoredAlert], now: datetime, *, can_tell: bool = True
) -> list[Step]:
    """The alerts that differ from what is stored; those with an event are one notice. `going_on`: all that did not end; `lately`: those
    that ended within `RELAPSE`. With `can_tell` False there is nobody to tell: what begins waits until there is, and what ends is silent.
    """
    open_ones = {each.subject: each for each in going_on}
    ended = _last_ended(lately)
    steps = [_seen_well(open_ones[subject], seen, now, can_tell) for subject in open_ones.keys() - seen.unwell.keys()]
    for subject, unwell in seen.unwell.items():
        steps.append(_seen_unwell(open_ones.get(subject), ended.get(subject), unwell, now, can_tell))
    if can_tell:
        steps = _reminded(steps, seen, now)
    changed = [step for step in steps if step.event or step.alert != open_ones.get(step.alert.subject)]
    named = (replace(step, name=seen.names.get(step.alert.subject, "")) for step in changed)
    return sorted(
        named, key=lambda step: (step.event is Event.ENDED, -_RANK[State(step.alert.state)], step.alert.subject)
    )


def _last_ended(lately: Iterable[StoredAlert]) -> Mapping[str, StoredAlert]:
    told = (each for each in lately if each.told_state and not each.part_of)
    return {each.subject: each for each in sorted(told, key=lambda each: (each.opened_at, each.id or 0))}


def _seen_unwell(
    known: StoredAlert | None, ended: StoredAlert | None, unwell: Unwell, now: datetime, can_tell: bool
) -> Step:
    alert = known or StoredAlert(
        subject=unwell.subject,
        state=unwell.state,
        why=unwell.why,
        began_at=unwell.since,
        opened_at=now,
        relapses=ended.relapses + 1 if ended and ended.ended_at and now - ended.ended_at < RELAPSE else 0,
    )
    is_same = (alert.state, alert.trouble) == (unwell.state, unwell.trouble)
    alert = replace(
        alert,
        state=str(unwell.state),
        sources=list(unwell.sources),
        why=alert.why if is_same else unwell.why,  # it tells the time: each round would write it anew
        trouble=unwell.trouble,
        last_good_at=unwell.last_good_at,
        well_since=None,
    )
    if not can_tell:
        return Step(alert)
    if alert.told_state is None:
        lasted = now - min(alert.began_at, alert.opened_at)
        return Step(alert) if lasted < unwell.after else Step(_told(alert, now), Event.BEGAN)
    if _RANK[unwell.state] > _RANK[State(alert.told_state)]:
        worse = replace(alert, why=unwell.why, acknowledged_at=None, acknowledged_by=None)
        return Step(_told(worse, now), Event.WORSE, alert.told_state)
    return Step(alert)


def _told(alert: StoredAlert, now: datetime) -> StoredAlert:
    return replace(alert, told_state=alert.state, noticed_at=now)


def _seen_well(alert: StoredAlert, seen: Seen, now: datetime, can_tell: bool) -> Step:
    whole = seen.part_of.get(alert.subject)
    if whole is not None:
        return Step(replace(alert, ended_at=now, part_of=whole))
    since = alert.well_since or now
    alert = replace(alert, well_since=since)
    if alert.told_state is None:
        return Step(replace(alert, ended_at=now))
    is_gone = alert.subject.startswith("source:") and alert.subject not in seen.well
    if alert.relapses and now - since < RELAPSE and not is_gone:
        return Step(alert)
    why = _GONE if is_gone else seen.well.get(alert.subject, _OVER)
    over = replace(alert, ended_at=now, why=why)
    return Step(over, Event.ENDED, alert.told_state) if can_tell else Step(over)


def _reminded(steps: list[Step], seen: Seen, now: datetime) -> list[Step]:
    """One reminder a week for all that lasts, not one for each on a day of its own."""

    def lasts(step: Step, since: timedelta) -> bool:
        alert = step.alert
        waits = step.event is None and alert.well_since is None and alert.ended_at is None
        return bool(waits and not alert.acknowledged_at and alert.noticed_at and now - alert.noticed_at >= since)

    def reminder(alert: StoredAlert) -> Step:
        why = seen.unwell[alert.subject].why
        return Step(replace(alert, noticed_at=now, why=why), Event.LASTS, alert.told_state)

    if not any(lasts(step, REMINDED) for step in steps):
        return steps
    return [reminder(step.alert) if lasts(step, _JOINS) else step for step in steps]
