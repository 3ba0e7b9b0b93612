"""What is told of what is not well: tables of cases, and a machine that tries what nobody thought of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from storage.alert_decisions import RELAPSE, REMINDED, Event, Step, StoredAlert, decide
from storage.states import State
from storage.unwell import Seen, Unwell

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARN = "source:tarn"


def unwell(subject: str, state: str, since: datetime, after: timedelta = timedelta(0)) -> Unwell:
    source = subject.partition(":")[2]
    return Unwell(
        subject=subject,
        name=source.title(),
        state=State(state),
        sources=(source,),
        why=f"It is {state}.",
        since=since,
        after=after,
    )


class World:
    """What decisions are made of, and what was told. `say` is one round."""

    def __init__(self) -> None:
        self.now = START
        self.alerts: list[StoredAlert] = []
        self.told: list[tuple[datetime, str, int, Event]] = []

    def say(self, seen: Seen, *, can_tell: bool = True) -> list[tuple[str, Event]]:
        told = []
        for step in self.steps(seen, can_tell):
            number = self._store(step)
            if step.event:
                told.append((step.alert.subject, step.event))
                self.told.append((self.now, step.alert.subject, number, step.event))
        assert self.steps(seen, can_tell) == []  # a second service, or the next round
        return told

    def steps(self, seen: Seen, can_tell: bool) -> list[Step]:
        lately = [each for each in self.alerts if each.ended_at and self.now - each.ended_at < RELAPSE]
        return decide(seen, self.going_on(), lately, self.now, can_tell=can_tell)

    def going_on(self) -> list[StoredAlert]:
        return [each for each in self.alerts if each.ended_at is None]

    def _store(self, step: Step) -> int:
        alert = step.alert
        if alert.id is None:
            alert = replace(alert, id=len(self.alerts) + 1)
            self.alerts.append(alert)
        assert alert.id is not None
        self.alerts[alert.id - 1] = alert
        return alert.id


# A round an hour: the state of one source, and what is told of it then. - is nothing.
COURSES = {
    "well": ("ok ok ok", "- - -"),
    "one time": ("broken broken ok ok", "began - ended -"),
    "worse": ("quiet stale broken ok", "began worse worse ended"),
    "milder, and back": ("broken stale quiet broken ok", "began - - - ended"),
    "it comes and goes": ("broken ok broken ok broken ok", "began ended began - - -"),
    "it comes and goes and gets worse": ("quiet ok quiet ok broken ok", "began ended began - worse -"),
    "well for a day": ("broken ok broken " + "ok " * 25 + "ok", "began ended began " + "- " * 24 + "ended -"),
    "never well for a whole day": ("broken ok broken " + "ok " * 20 + "broken " + "ok " * 20 + "ok", "began ended began " + "- " * 41 + "-"),
    "again after more than a day": ("broken " + "ok " * 26 + "broken ok", "began ended " + "- " * 25 + "began ended"),
    "it lasts": ("broken " * 169 + "broken", "began " + "- " * 167 + "lasts -"),
}  # fmt: skip


@pytest.mark.parametrize("course", COURSES)
def test_what_is_told_in_the_course_of_time(course: str) -> None:
    states, expected = (each.split() for each in COURSES[course])
    world, told = World(), []
    for state in states:
        said = world.say(one(TARN, state, world.now))
        told.append(said[0][1] if said else "-")
        world.now += HOUR
    assert told == expected


def one(subject: str, state: str, since: datetime, after: timedelta = timedelta(0)) -> Seen:
    if state == "ok":
        return Seen(well={subject: "Read well."})
    return Seen(unwell={subject: unwell(subject, state, since, after)})


def test_old_troubles_are_one_round_and_the_worst_comes_first() -> None:
    world = World()
    bad = {f"source:s{n}": unwell(f"source:s{n}", "broken" if n % 2 else "quiet", START - 90 * HOUR) for n in range(50)}
    steps = world.steps(Seen(unwell=bad), True)
    assert [step.event for step in steps] == [Event.BEGAN] * 50
    assert [step.alert.state for step in steps] == ["broken"] * 25 + ["quiet"] * 25
    assert all(step.alert.began_at == START - 90 * HOUR for step in steps)


def test_what_must_last_first_is_told_when_it_has_lasted_since_it_began() -> None:
    world, after = World(), timedelta(hours=2)
    assert world.say(one(TARN, "broken", START, after)) == []
    world.now += HOUR
    assert world.say(one(TARN, "ok", START)) == []
    world.now += HOUR
    assert world.say(one(TARN, "broken", world.now, after)) == []
    world.now += 2 * HOUR
    assert world.say(one(TARN, "broken", START, after)) == [(TARN, Event.BEGAN)]
    assert World().say(one(TARN, "broken", START - 3 * HOUR, after)) == [(TARN, Event.BEGAN)]


def test_with_nobody_to_tell_what_goes_on_waits_and_what_ends_is_silent() -> None:
    world = World()
    both = Seen(unwell={name: unwell(name, "broken", START) for name in (TARN, "source:wexmoor")})
    assert world.say(both, can_tell=False) == []
    world.now += HOUR
    assert world.say(one(TARN, "broken", START), can_tell=False) == []
    assert world.say(one(TARN, "broken", START)) == [(TARN, Event.BEGAN)]


def test_acknowledged_is_not_told_again_until_it_gets_worse_or_ends() -> None:
    world = World()
    world.say(one(TARN, "quiet", START))
    world.alerts[0] = replace(world.alerts[0], acknowledged_at=START, acknowledged_by="somebody")
    world.now += REMINDED + HOUR
    assert world.say(one(TARN, "quiet", START)) == []
    assert world.say(one(TARN, "broken", START)) == [(TARN, Event.WORSE)]
    assert world.alerts[0].acknowledged_at is None
    world.now += HOUR
    world.alerts[0] = replace(world.alerts[0], acknowledged_at=world.now)
    assert world.say(one(TARN, "ok", START)) == [(TARN, Event.ENDED)]


def test_a_reminder_takes_along_what_was_told_before_that_day() -> None:
    world = World()
    names = [f"source:{name}" for name in ("early", "later", "fresh")]
    for name, days in zip(names, (0, 3, 6.5), strict=True):
        world.now = START + timedelta(days=days)
        world.say(Seen(unwell={each: unwell(each, "broken", START) for each in names[: names.index(name) + 1]}))
    world.now = START + REMINDED
    seen = Seen(unwell={each: unwell(each, "broken", START) for each in names})
    assert sorted(world.say(seen)) == [("source:early", Event.LASTS), ("source:later", Event.LASTS)]


def test_what_went_into_another_alert_ends_with_it() -> None:
    world = World()
    world.say(one(TARN, "broken", START))
    world.now += HOUR
    whole = unwell("platform:kit", "broken", START)
    together = Seen(unwell={"platform:kit": whole}, part_of={TARN: "platform:kit"})
    assert world.say(together) == [("platform:kit", Event.BEGAN)]
    assert world.alerts[0].part_of == "platform:kit"
    world.now += HOUR
    # All others are well; this one is not, and was told as part of the whole alone: it is told on its own, and as no relapse.
    assert sorted(world.say(one(TARN, "broken", START))) == [("platform:kit", Event.ENDED), (TARN, Event.BEGAN)]
    assert world.going_on()[0].relapses == 0


def test_a_source_that_is_crawled_no_more_is_said_to_be_just_that() -> None:
    world = World()
    world.say(one(TARN, "broken", START))
    world.now += HOUR
    assert world.say(Seen()) == [(TARN, Event.ENDED)]
    assert "not crawled any more" in world.alerts[0].why


class Machine(RuleBasedStateMachine):
    """Sources change, operators acknowledge, channels come and go, time passes; rounds look now and then."""

    SUBJECTS = ("source:a", "source:b", "source:c")
    STATES = ("ok", "quiet", "stale", "blocked", "broken")

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.states = dict.fromkeys(self.SUBJECTS, "ok")
        self.can_tell = True
        self.ended_unheard: set[int] = set()

    @rule(subject=st.sampled_from(SUBJECTS), state=st.sampled_from(STATES))
    def change(self, subject: str, state: str) -> None:
        self.states[subject] = state

    @rule(hours=st.sampled_from((0.02, 0.5, 1, 6, 23, 25, 80, 170)))
    def wait(self, hours: float) -> None:
        self.world.now += timedelta(hours=hours)

    @rule()
    def lose_or_gain_the_channels(self) -> None:
        self.can_tell = not self.can_tell

    @precondition(lambda self: self.world.going_on())
    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        alert = data.draw(st.sampled_from(self.world.going_on()))
        self.world.alerts[alert.id - 1] = replace(alert, acknowledged_at=self.world.now)

    @rule()
    def look(self) -> None:
        before = {each.subject: each for each in self.world.going_on()}
        told = self.world.say(self.seen(), can_tell=self.can_tell)
        assert self.can_tell or not told
        if not self.can_tell:
            open_ones = {each.id for each in self.world.going_on()}
            self.ended_unheard |= {each.id for each in before.values() if each.id not in open_ones}
        assert len({subject for subject, _ in told}) == len(told)
        for subject, event in told:
            known = before.get(subject)
            if event is Event.LASTS:
                assert known.acknowledged_at is None
                assert self.world.now - known.noticed_at >= timedelta(days=1)
            if event is Event.WORSE:
                assert self.STATES.index(self.states[subject]) > self.STATES.index(known.told_state)
        if self.can_tell:
            untold = {each.subject for each in self.world.going_on() if each.told_state is None}
            assert not untold
            bad = {subject for subject, state in self.states.items() if state != "ok"}
            assert bad <= {each.subject for each in self.world.going_on()}

    def seen(self) -> Seen:
        found = Seen()
        for subject, state in self.states.items():
            if state == "ok":
                found.well[subject] = "Read well."
            else:
                found.unwell[subject] = unwell(subject, state, self.world.now)
        return found

    @invariant()
    def each_begin_is_told_once_and_each_end_once_after_it(self) -> None:
        told: defaultdict[int, list[Event]] = defaultdict(list)
        for _, _, number, event in self.world.told:
            told[number].append(event)
        for number, events in told.items():
            assert events[0] is Event.BEGAN
            assert Event.BEGAN not in events[1:]
            assert Event.ENDED not in events[:-1]
            has_ended = self.world.alerts[number - 1].ended_at is not None
            assert number in self.ended_unheard or has_ended is (events[-1] is Event.ENDED)

    @invariant()
    def nothing_is_told_all_day_long(self) -> None:
        for subject in self.SUBJECTS:
            begins = [at for at, name, _, event in self.world.told if name == subject and event is Event.BEGAN]
            for first, third in zip(begins, begins[2:], strict=False):
                assert third - first >= RELAPSE


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
