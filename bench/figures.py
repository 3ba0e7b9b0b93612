"""Figures with their bounds, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. `bound` is what it must not fall below, or not exceed where `most` is set; None: for information."""

    name: str
    value: float
    unit: str = ""
    bound: float | None = None
    most: bool = False
    note: str = ""

    @property
    def passed(self) -> bool:
        if self.bound is None:
            return True
        return self.value <= self.bound if self.most else self.value >= self.bound

    def row(self) -> str:
        bound = "" if self.bound is None else f"{'<=' if self.most else '>='} {self.bound:g}"
        verdict = "" if self.bound is None else "pass" if self.passed else "FAIL"
        return f"{self.name:58}{self.value:>10.2f} {self.unit:6}{bound:>10} {verdict:5}{self.note}".rstrip()

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"passed": self.passed}


@dataclass(frozen=True, slots=True)
class Run:
    """One contestant's crawl: `cpu` is the crawl's processor time, `mb` the peak of all its processes."""

    pages: int
    seconds: float
    cpu: float
    mb: float

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def rate(name: str, runs: list[Run]) -> list[Figure]:
    """The medians of several runs."""
    each = ", ".join(f"{run.rate:.0f}" for run in runs)
    return [
        Figure(f"{name}: pages a second", median(r.rate for r in runs), "1/s", note=f"  of {each}"),
        Figure(f"{name}: processor time a page", median(1000 * r.cpu / r.pages for r in runs), "ms"),
        Figure(f"{name}: peak memory", median(r.mb for r in runs), "MB"),
    ]


def ratio(name: str, ours: list[Run], bare: list[Run], bound: float) -> Figure:
    """The median of the rounds' ratios: what disturbs a round disturbs both."""
    rounds = [mine.rate / theirs.rate for mine, theirs in zip(ours, bare, strict=True)]
    return Figure(name, median(rounds), "x", bound, note=f"  of {', '.join(f'{each:.2f}' for each in rounds)}")
