"""How a story's text changes: a figure put right, words added, an appeal that becomes an arrest and then a court case.

Each edit either raises a number, adds words or takes an original paragraph away, so that no text ever returns by chance.
"""

from __future__ import annotations

import re
from datetime import datetime
from random import Random

from forcewire.demo.articles import NewsArticle
from forcewire.demo.composer import Writer
from forcewire.demo.news import body_html, with_dates

# How often each sort came in 181 real edits of a story's text, and the fields that it changes.
SORTS: dict[str, tuple[int, tuple[str, ...]]] = {
    "headline": (4, ("title",)),
    "description": (3, ("description",)),
    "figure": (27, ("body",)),
    "words": (18, ("body",)),
    "punctuation": (8, ("body",)),
    "sentence": (40, ("body",)),
    "paragraph taken out": (11, ("body",)),
    "paragraphs": (19, ("body",)),
    "headline and body": (21, ("title", "body")),
    "next stage": (30, ("title", "description", "body")),
}
_PHRASES = (
    "it is now known",
    "according to witnesses",
    "as has been confirmed",
    "officers now say",
    "it is understood",
)
_NEWS = (
    "Officers have since spoken to {count2} households in {street2} and thanked them for {count} pieces of information.",
    "A {age}-year-old from {town2} has come forward as a witness and is helping with enquiries.",
    "A further sighting was reported in {street2} at {time2}, and is being looked into.",
    "The cordon in {street} has been lifted and the road is open again.",
    "CCTV from {count2} cameras between {street} and {street2} has now been secured.",
)
STAGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "appeal": (
        ("arrest", "Arrest made after {crime} in {town}", "A {age}-year-old has been arrested on suspicion of being involved in {crime} in {town}."),
        ("charge", "{name} charged after {crime} in {town}", "{name}, {age}, of {street2}, {town2}, has been charged following {crime} in {town}."),
        ("court", "{name} jailed after {crime} in {town}", "{name}, {age}, has been sentenced at the Crown Court for {crime} in {town}."),
    ),
    "missing": (
        ("found", "FOUND: {noun} missing from {town}", "The {noun} who was reported missing from {town} has been found safe and well."),
        ("thanks", "Thank you: missing {noun} from {town} is home", "Thank you to everybody who shared our appeal for the {noun} from {town}."),
    ),
    "charge": (("court", "{name} sentenced at {town} court", "{name}, {age}, has been sentenced after admitting the offences in {town}."),),
}  # fmt: skip
_LATER = ("Latest on events in {town}", "Here is what we know by now about events in {town} and around {street}.")
_TEXT = re.compile(r">([^<>]+)<")
_NUMBER = re.compile(r"(?<![#\d.£,&])\b\d{1,3}\b(?![;\d,])")
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)
_STAMP = re.compile(r"^UPDATE(?: \d+)?: ")


class Retold:
    """A story's words while they are edited."""

    def __init__(self, article: NewsArticle, writer: Writer, random: Random, serial: int, published: datetime) -> None:
        self.title, self.description, self.body = article.title, article.description, article.body_html
        self._writer, self._random, self._serial, self._published = writer, random, serial, published

    def change(self, sort: str, stage: int = 0) -> None:
        """Change what `SORTS` says that this sort changes."""
        if sort in ("headline", "headline and body"):
            self.title = f"UPDATE {self._serial}: " + _STAMP.sub("", self.title)
        if sort == "description" and self.description:
            self.description += " " + self._sentence()
        if sort in ("sentence", "headline and body"):
            self._insert(self._sentence())
        if sort == "paragraphs":
            self._insert(*(self._sentence() + " " + self._sentence() for _ in range(3)))
        if sort == "figure":
            self._raise_number()
        if sort == "words":
            self._before_stop(f", {_PHRASES[self._serial % len(_PHRASES)]}")
        if sort == "punctuation":
            self._before_stop("!")
        if sort == "paragraph taken out":
            self._take_out()
        if sort == "next stage":
            self._next_stage(stage)

    def _filled(self, text: str) -> str:
        return with_dates(self._writer.fill(text), self._published)

    def _sentence(self) -> str:
        return f"Update {self._serial}: {self._filled(self._random.choice(_NEWS))}"

    def _insert(self, *paragraphs: str) -> None:
        blocks = list(_PARAGRAPH.finditer(self.body))
        at = blocks[min(1, len(blocks) - 1)].end()
        self.body = self.body[:at] + "".join(f"\n{body_html(text)}" for text in paragraphs) + self.body[at:]

    def _raise_number(self) -> None:
        numbers = [
            (text.start(1) + number.start(), number[0])
            for text in _TEXT.finditer(self.body)
            for number in _NUMBER.finditer(text[1])
        ]
        if not numbers:
            self._insert(self._sentence())
            return
        at, number = self._random.choice(numbers)
        raised = str(int(number) + self._random.randrange(1, 9)).zfill(len(number))
        self.body = self.body[:at] + raised + self.body[at + len(number) :]

    def _before_stop(self, words: str) -> None:
        stops = [found.start() for found in re.finditer(r"\.(?=</p>)", self.body)]
        at = self._random.choice(stops[:-1] or stops) if stops else self.body.rindex("</p>")
        self.body = self.body[:at] + words + self.body[at:]

    def _take_out(self) -> None:
        blocks = list(_PARAGRAPH.finditer(self.body))[2:-1]
        originals = [block for block in blocks if "Update " not in block[0]]
        if not originals or len(blocks) < 2:
            self._insert(self._sentence())
            return
        block = self._random.choice(originals)
        self.body = self.body[: block.start()].rstrip() + "\n" + self.body[block.end() :].lstrip()

    def _next_stage(self, stage: int) -> None:
        stages = STAGES.get(self._writer.kind, ())
        if stage < len(stages):
            _, title, lead = stages[stage]
        else:
            title, lead = f"UPDATE {self._serial}: {_LATER[0]}", f"Update {self._serial}. {_LATER[1]}"
        title, lead = self._filled(title), self._filled(lead)
        self.title = title[:1].upper() + title[1:]
        closing = _PARAGRAPH.findall(self.body)[-1]
        self.body = "\n".join([body_html(f"{lead}\n\n{self._sentence()}\n\n{self._sentence()}"), closing])
        if self.description:
            self.description = lead
