"""The life of one story: when it is edited, gets another picture, is withdrawn, comes back, or moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from forcewire.demo.articles import Picture
from forcewire.demo.clock import Happening
from forcewire.demo.events import Event, Minor, Move, Restore, Unlist, Withdraw
from forcewire.demo.plans import Plan, Publish
from forcewire.demo.retelling import SORTS, STAGES
from forcewire.demo.retold import Respace, Retell, TakeBack
from forcewire.demo.rhythm import until_edit, until_next_stage, until_restored, until_withdrawal

EDITED, MINOR = (
    0.04,
    0.064,
)  # of all stories; the archive's 181 edits of text and 292 others, mended for how rarely it looked
WITHDRAWN = {"missing": 0.035, "appeal": 0.01}  # of a kind's stories, within weeks
_WITHDRAWN_ELSE = 0.003
_RESTORED, _TAKEN_BACK, _AGAIN = 0.3, 0.06, 0.3
_MOVED, _UNLISTED, _SLIPPED = 0.004, 0.01, 0.002
_WITHOUT_DESCRIPTION = ("own_newsroom", "drupal")
_OG_TYPES = ("article", "website", "news")


@dataclass
class Life:
    """Draws what becomes of a story. `busy` multiplies how often anything does."""

    plan: Plan
    random: Random
    busy: float = 1.0
    gone_as: int | str = 404
    rows: list[Happening] = field(default_factory=list)

    def happenings(self) -> list[Happening]:
        """The story's rows in order, its publication first; no two at one moment."""
        plan, random = self.plan, self.random
        self._add(plan.published, "new", Publish(site=plan.site.id, plan=plan), note=plan.kind)
        moments = sorted([*self._edits(), *self._minors(), *self._ends()], key=lambda each: each[0])
        address, gone, edits, stage, latest = plan.path, False, 0, 0, plan.published
        for at, what, sort in moments:
            at = max(at, latest + timedelta(minutes=1))
            if what == "edited":
                edits += 1
                self._edit(at, sort, address, edits, stage)
                stage += sort == "next stage"
            elif what == "taken back" and edits:
                self._add(at, "none", TakeBack(site=plan.site.id, path=address), note="taken back")
            elif what == "minor":
                self._add(at, "minor", self._minor(sort, address), note=sort)
            elif what == "withdrawn" and not gone:
                self._add(
                    at, "removed", Withdraw(site=plan.site.id, path=address, status=self.gone_as), note="withdrawn"
                )
                if random.random() >= _RESTORED:
                    break
                gone, back = True, at + until_restored(random)
                self._add(back, "restored", Restore(site=plan.site.id, path=address), note="restored")
                at = back
            elif what == "moved":
                target, address = address, _moved(address)
                move = Move(site=plan.site.id, path=target, to=address)
                self._add(at, "moved", move, note="moved", address=address)
            elif what == "unlisted":
                self._add(at, "none", Unlist(site=plan.site.id, path=address), note="unlisted")
            latest = at
        return self.rows

    def _add(self, at: datetime, what: Any, event: Event, **more: Any) -> None:
        self.rows.append(Happening(at, self.plan.site.id, self.plan.path, what, event, **more))

    def _edit(self, at: datetime, sort: str, address: str, serial: int, stage: int) -> None:
        plan, fields = self.plan, SORTS[sort][1]
        if plan.site.kind in _WITHOUT_DESCRIPTION:
            fields = tuple(name for name in fields if name != "description")
        stages, note = STAGES.get(plan.kind, ()), sort
        if sort == "next stage" and stage < len(stages):
            note = f"{plan.kind} to {stages[stage][0]}"
        reprinted = bool(plan.site.date_label) and self.random.random() < 0.2
        event = Retell(
            site=plan.site.id, path=address, sort=sort, serial=serial, index=plan.index, published=plan.published,
            stage=stage, reprinted=reprinted,
        )  # fmt: skip
        self._add(at, "edited", event, fields=fields, note=note)

    def _edits(self) -> Iterator[tuple[datetime, str, str]]:
        random, at, chance = self.random, self.plan.published, EDITED * self.busy
        while random.random() < chance:
            chance = _AGAIN
            sort = random.choices(list(SORTS), [weight for weight, _ in SORTS.values()])[0]
            if sort == "description" and self.plan.site.kind in _WITHOUT_DESCRIPTION:
                sort = "headline"
            at += until_next_stage(random) if sort == "next stage" else until_edit(random)
            yield at, "edited", sort
            if random.random() < _TAKEN_BACK:
                at += until_edit(random)
                yield at, "taken back", ""

    def _minors(self) -> Iterator[tuple[datetime, str, str]]:
        random, at, chance = self.random, self.plan.published, MINOR * self.busy
        while random.random() < chance:
            chance = _AGAIN
            at += until_edit(random)
            yield at, "minor", random.choice(("picture", "picture", "token", "meta time", "og:type", "spaces"))

    def _ends(self) -> Iterator[tuple[datetime, str, str]]:
        random, published = self.random, self.plan.published
        if random.random() < WITHDRAWN.get(self.plan.kind, _WITHDRAWN_ELSE) * self.busy:
            yield published + until_withdrawal(random), "withdrawn", ""
        elif random.random() < _SLIPPED * self.busy:
            yield published + timedelta(seconds=random.randrange(120, 7200)), "withdrawn", ""
        if random.random() < _MOVED * self.busy:
            yield published + until_withdrawal(random), "moved", ""
        if random.random() < _UNLISTED * self.busy:
            yield published + until_withdrawal(random), "unlisted", ""

    def _minor(self, sort: str, address: str) -> Event:
        if sort == "spaces":
            return Respace(site=self.plan.site.id, path=address)
        return Minor(site=self.plan.site.id, path=address, fields=self._detail(sort))

    def _detail(self, sort: str) -> dict[str, Any]:
        random, plan = self.random, self.plan
        if sort == "picture":
            return {"image": Picture(f"/uploads/{plan.index}-{random.randrange(10**6)}.jpg", "A street")}
        if sort == "token":
            return {
                "image": Picture(f"/uploads/{plan.index}.jpg?anchor=center&token={random.randrange(10**9)}", "A street")
            }
        if sort == "meta time":
            return {"meta": {"article:modified_time": f"2026-01-01T00:00:{random.randrange(60):02}+00:00"}}
        if sort == "og:type":
            return {"meta": {"og:type": random.choice(_OG_TYPES)}}
        raise AssertionError(sort)


def _moved(path: str) -> str:
    """The address after a move: the same name in another folder, or the name with a word more."""
    head, slash, name = path.rstrip("/").rpartition("/")
    end = "/" if path.endswith("/") else ""
    if "/news/news/" in path:
        return path.replace("/news/news/", "/news/archive/", 1)
    number = name.rpartition("-")[2]
    if number.isdigit() and len(number) > 3:
        return f"{head}{slash}updated-{name}{end}"
    return f"{head}{slash}{name}-updated{end}"
