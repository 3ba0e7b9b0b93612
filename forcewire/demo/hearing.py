"""Follows one story through what is told of it, and writes what is wrong into a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from forcewire.demo.accidents import Break
from forcewire.demo.reports import Report, Told, line_of
from forcewire.demo.sight import Sight
from forcewire.demo.states import FIELDS, Point, Texts

_SLACK = timedelta(minutes=5)


class Hearing:
    """Follows one story: how far into its life the changes have come that were told so far."""

    def __init__(self, sight: Sight) -> None:
        self.story, self._sight = sight.story, sight
        self._there = self._text = self._address = 0
        self._told: list[tuple[str, tuple[str, ...]]] = []
        self._told_at: list[datetime] = []
        self._known: set[Texts] = set()

    def hear(self, change: Told, report: Report) -> None:
        """The next change that was told of the story."""
        if change.minor:
            self._hear_minor(change, report)
        elif change.change == "new":
            self._hear_new(change, report)
        elif change.change in ("edited", "removed", "restored", "moved"):
            if self._sight.known_at is None:
                report.false.append(f"{line_of(change)}: the story was not told as new before")
            elif change.change == "edited":
                self._hear_edit(change, report)
            elif change.change == "moved":
                self._hear_move(change, report)
            else:
                self._hear_presence(change, report)
        self._told.append((change.change, tuple(change.fields)))
        self._told_at.append(change.at)

    def _hear_new(self, change: Told, report: Report) -> None:
        story = self.story
        if self._sight.known_at is not None:
            report.doubled.append(f"{line_of(change)}: told as new before")
        elif not story.is_there(change.at):
            report.false.append(f"{line_of(change)}: the story is not there")
        else:
            self._sight.known_at = change.at
            self._there, self._text, self._address = (
                _latest(points, change.at) for points in (story.there, story.texts, story.addresses)
            )
            self._known.add(story.texts[self._text].value)
            self._found("new", change, story.there[0], self._sight.new(), report)

    def _hear_edit(self, change: Told, report: Report) -> None:
        texts, fields = self.story.texts, set(change.fields)
        later = [n for n in _true_at(texts, change.at) if n > self._text]
        candidates = [n for n in later if texts[n].value not in self._known]
        for n in reversed(candidates):
            before = [texts[self._text], *(p for p in texts[self._text + 1 : n] if p.value in self._known)]
            if any(_differ(point.value, texts[n].value) == fields for point in before):
                self._pass(texts, self._text, n, report)
                self._text = n
                self._known.add(texts[n].value)
                self._found("edited", change, texts[n], self._sight.text(n), report)
                return
        if candidates:
            n = candidates[-1]
            wanted = sorted(_differ(texts[self._text].value, texts[n].value))
            report.wrong_fields.append(f"{line_of(change)}: it changed {', '.join(wanted)} by {texts[n].row}")
            self._text = n
            self._known.add(texts[n].value)
        elif later:
            report.false.append(f"{line_of(change)}: a text that came back is no edit ({texts[later[-1]].row})")
            self._text = later[-1]
        elif ("edited", tuple(change.fields)) in self._told:
            report.doubled.append(f"{line_of(change)}: told before")
        else:
            report.false.append(f"{line_of(change)}: no word of it was changed ({self._about(change.at)})")

    def _hear_presence(self, change: Told, report: Report) -> None:
        there, back = self.story.there, change.change == "restored"
        later = [n for n in _true_at(there, change.at) if n > self._there and there[n].value == back]
        if there[self._there].value == back:
            report.doubled.append(f"{line_of(change)}: told before")
        elif not later:
            report.false.append(f"{line_of(change)}: it is {'not ' * back}there ({self._about(change.at)})")
        else:
            self._pass(there, self._there, later[-1], report)
            self._there = later[-1]
            seen = self._sight.there(later[-1])
            self._found(change.change, change, there[later[-1]], seen, report)

    def _hear_move(self, change: Told, report: Report) -> None:
        points = self.story.addresses
        later = [n for n in _true_at(points, change.at) if n > self._address]
        if later:
            self._pass(points, self._address, later[-1], report)
            self._address = later[-1]
            self._found("moved", change, points[later[-1]], self._sight.move(later[-1]), report)
        else:
            kind = report.doubled if any(what == "moved" for what, _ in self._told) else report.false
            kind.append(f"{line_of(change)}: it stands where it stood ({self._about(change.at)})")

    def _hear_minor(self, change: Told, report: Report) -> None:
        report.minor += 1
        before = max((at for at in self._told_at if at < change.at), default=self.story.rows[0].at)
        rows = [row for row in self.story.rows if row.at <= change.at and row.what != "new"]
        if not any(row.at >= before or isinstance(row.event, Break) for row in rows):
            report.idle.append(f"{line_of(change)}: nothing happened to it")

    def close(self, report: Report) -> None:
        """After the last change: what should have been told and was not."""
        if self._sight.known_at is None:
            seen = self._sight.new()
            if seen is not None:
                report.missed.append(f"{self.story.there[0].row}: seen at {seen:%d %B %H:%M}")
            return
        chains: list[tuple[Sequence[Point[Any]], int]] = [
            (self.story.there, self._there),
            (self.story.texts, self._text),
            (self.story.addresses, self._address),
        ]
        for points, now in chains:
            self._pass(points, now, len(points), report)

    def _pass(self, points: Sequence[Point[Any]], now: int, to: int, report: Report) -> None:
        """The points between two were never told of: those that somebody saw are missed."""
        for n in range(now + 1, to):
            point = points[n]
            if point.value in self._known or point.since >= self._sight.until:
                continue  # a text that came back is not told again
            seen = self._sight.seen(points, n)
            if seen is not None and not self._undone(points, now, n):
                report.missed.append(f"{point.row}: seen at {seen:%d %B %H:%M}")
            elif to < len(points):
                report.folded += 1

    def _undone(self, points: Sequence[Point[Any]], now: int, n: int) -> bool:
        """Whether the point says nothing new to somebody who knows point `now`: it is restored before anybody knew it gone."""
        return bool(points[n].value == points[now].value)

    def _found(self, what: str, change: Told, point: Point[Any], seen: datetime | None, report: Report) -> None:
        report.found[what] += 1
        if point.since >= self._sight.began:
            report.delays[what].append(change.at - point.since)
        if seen is not None and change.at > seen + _SLACK:
            report.late.append(f"{line_of(change)}: seen at {seen:%d %B %H:%M} ({point.row})")

    def _about(self, at: datetime) -> str:
        last = [row for row in self.story.rows if row.at <= at][-1]
        broken = [
            f"broken from {begins:%d %B %H:%M} to {ends:%d %B %H:%M}"
            for begins, ends in self._sight.spots
            if begins <= at
        ]
        return "; ".join([f"last: {last.what} at {last.at:%d %B %H:%M}, {last.note}", *broken[-1:]])


def _true_at(points: Sequence[Point[Any]], at: datetime) -> list[int]:
    """The points that were so at a time, or a moment before it."""
    ends = [*(point.since for point in points[1:]), datetime.max.replace(tzinfo=at.tzinfo)]
    return [n for n, end in enumerate(ends) if points[n].since <= at and end > at - _SLACK]


def _latest(points: Sequence[Point[Any]], at: datetime) -> int:
    return max((n for n, point in enumerate(points) if point.since <= at), default=0)


def _differ(old: Texts, new: Texts) -> set[str]:
    return {name for name, before, after in zip(FIELDS, old, new, strict=True) if before != after}
