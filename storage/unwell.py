"""What is not well now: sources, those that broke together, the service itself. Pure functions of what the store tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.conditions import Condition
from storage.health import SourceHealth
from storage.incidents import StoredIncident
from storage.states import State
from storage.troubles import span_said

TOGETHER = 3
"""Sources of an incident that are not read at the same time: so many are told as one thing."""

_STILL_TOGETHER = 2  # with fewer left, each is its own trouble again
_FIRST_CRAWL = timedelta(days=1)  # a source that was just added is not read yet, which is no news
_UNREAD = (State.STALE, State.BLOCKED, State.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwell:
    """`subject`: source:ID, platform:READER, network or service:WHAT; `name` is for people. `after`: how long it must last before
    it is told.
    """

    subject: str
    name: str
    state: State
    sources: tuple[str, ...] = ()
    why: str
    trouble: str | None = None
    since: datetime
    last_good_at: datetime | None = None
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Seen:
    """How all is at one moment. `unwell` by subject; `well`: the sentence to a subject that is well; `part_of`: the subject that tells
    of another one; `names` of subjects.
    """

    unwell: dict[str, Unwell] = field(default_factory=dict)
    well: dict[str, str] = field(default_factory=dict)
    part_of: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def seen(
    sources: Sequence[SourceHealth],
    incidents: Iterable[StoredIncident],
    conditions: Iterable[Condition],
    now: datetime,
    *,
    watched: Collection[str] | None = None,
    told: Collection[str] = (),
    after: timedelta = timedelta(0),
) -> Seen:
    """`watched`: the sources that are crawled, None for all of them; `told`: subjects that operators know of, which go on with fewer
    sources than they begin with.
    """
    found = Seen()
    health = {each.source: each for each in sources if watched is None or each.source in watched}
    for incident in incidents:
        _together(found, incident, health, now, told, after)
    for each in health.values():
        subject = f"source:{each.source}"
        found.names[subject] = each.name
        if each.state is State.OK:
            found.well[subject] = each.why
        elif subject not in found.part_of:
            found.unwell[subject] = _source(each, now, after)
    for condition in conditions:
        _service(found, condition)
    return found


def _source(health: SourceHealth, now: datetime, after: timedelta) -> Unwell:
    never = health.last_crawl_at is None
    return Unwell(
        subject=f"source:{health.source}",
        name=health.name,
        state=health.state,
        sources=(health.source,),
        why=health.why,
        trouble=None if health.state is State.QUIET else health.trouble,
        since=min(health.since or now, now),
        last_good_at=health.last_good_at,
        after=max(after, _FIRST_CRAWL) if never else after,
    )


def _together(
    found: Seen,
    incident: StoredIncident,
    health: dict[str, SourceHealth],
    now: datetime,
    told: Collection[str],
    after: timedelta,
) -> None:
    subject = f"platform:{incident.platform}" if incident.platform else "network"
    unread = [health[each] for each in incident.sources if each in health and health[each].state in _UNREAD]
    unread = [each for each in unread if f"source:{each.source}" not in found.part_of]
    if subject in found.unwell or len(unread) < (_STILL_TOGETHER if subject in told else TOGETHER):
        return
    what = f"{len(unread)} sources of {incident.platform}" if incident.platform else f"{len(unread)} sources"
    worst = max(unread, key=lambda each: [*State].index(each.state))
    ids = tuple(sorted(each.source for each in unread))
    found.unwell[subject] = Unwell(
        subject=subject,
        name=what,
        state=worst.state,
        sources=ids,
        why=f"{what} are not read any more since {span_said(now - incident.began_at)}. Of {worst.name}: {worst.why}",
        trouble=worst.trouble,
        since=min(incident.began_at, now),
        last_good_at=max((each.last_good_at for each in unread if each.last_good_at), default=None),
        after=after,
    )
    found.names[subject] = what
    found.part_of.update({f"source:{each}": subject for each in ids})


def _service(found: Seen, condition: Condition) -> None:
    subject, said = f"service:{condition.name}", f"On {condition.host}: {condition.message}"
    before = found.unwell.get(subject)
    found.names[subject] = condition.name
    found.unwell[subject] = Unwell(
        subject=subject,
        name=condition.name,
        state=State.BROKEN,
        why=f"{before.why} {said}" if before else said,
        since=min(condition.since, before.since) if before else condition.since,
    )
