"""The shapes of numbers that police ask to be quoted. Those of `NAMED` and `NUMBERS` are known anywhere in a text; any other number is a
reference only behind words such as 'quoting' or 'log number'. All examples are invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """A reference that needs no words around it. `hint`, if any, is in every text that holds one: a cheap question first."""

    name: str
    example: str
    pattern: re.Pattern[str]
    hint: str = ""


# Where a number without a name in front may begin: looked at closer, by the shapes below, from the start of its token.
CANDIDATE = re.compile(r"\d[\w/*-]{5,}")

NUMBERS = (
    Shape("force, year and number", "44190123456", re.compile(r"[1-9]\d{10}(?!\d|[.,]\d)")),
    Shape("year and number", "5219012345, 2000123456", re.compile(r"(?:52[12]\d|(?:1[5-9]|2\d)00)\d{6}(?!\d|[.,]\d)")),
    Shape(
        "station, number, year",
        "40/12345/19, JD/1234/2018, 22/GA/1234/20, RY/MD/108/20, 20WS/123456E/20",
        re.compile(
            r"(?:[A-Z]{1,3}|\d{2}[A-Z]{0,2})/(?:[A-Z][A-Z\d]{1,2}/)?\s?\d{1,6}[A-Z]?/\s?(?:20)?[012]\d(?![\d/])", re.I
        ),
    ),
    Shape("beat, year, number", "C4/17/1234", re.compile(r"[A-Z]\d/[12]\d/\s?\d{1,5}(?![\d/])")),
    Shape("number and year", "12345/19", re.compile(r"\d{5,6}/[12]\d(?![\w/])")),
    Shape("year*number", "20*123456", re.compile(r"[12]\d\*\d{4,7}(?!\d)")),
    Shape(
        "force-day-number",
        "SC-12122018-012, DP-20201205-123",
        re.compile(r"[A-Z]{2,3}-?(?:\d{8}|\d{6})-\d{1,5}\b", re.I),
    ),
    Shape(
        "number_day",
        "0431_21032021, 00196_I_16012021",
        re.compile(r"\d{1,6}_(?:[IS]_)?[0-3]\d[01]\d(?:20)?[12]\d(?!\w)", re.I),
    ),
)

NAMED = (
    Shape("PR number", "PR/P19012345", re.compile(r"PR/\s?P?\d{8,12}"), "PR/"),
    Shape("IML number", "IML 123456", re.compile(r"IML[\s:-]{0,2}\d{5,7}\b"), "IML"),
    Shape(
        "CAD number",
        "CAD 1234/30MAR",
        re.compile(r"C[Aa][Dd][\s:]{0,2}\d{1,5}/\s?\d{1,2}\s?[A-Z][A-Za-z]{2,3}(?:20)?\d{0,2}\b"),
        "/",
    ),
    Shape("NYP number", "NYP-12122018-0123", re.compile(r"NYP[ -]?(?:\d{8}|\d\d/\d\d/\d{4})\s?-\s?\d{1,5}\b"), "NYP"),
    Shape("DPP number", "DPP/0012/08/12/2020/01/C", re.compile(r"DPP/\d{4}/\d\d/\d\d/\d{4}(?:/\d\d/[A-Z])?"), "DPP/"),
    Shape("CF number", "CF0123456789", re.compile(r"CF\d{10}"), "CF"),
    Shape("CRI number", "CRI/06AB/0001234/20", re.compile(r"CRI/\w{4}/\d{7}/\d\d\b"), "CRI/"),
    Shape("CRIS number", "CRIS 1234567/21", re.compile(r"CRIS[\s:]{0,2}\d{5,7}/\d\d\b"), "CRIS"),
)

# Any other number behind such words: '031874', '28:412', '345-290719', 'G1/17/1234'
TOKEN = re.compile(
    r"52[12]\d\s\d{6}(?!\d)|(?=[A-Z/_-]{0,12}\s?\d)[A-Z0-9]+(?:[/*_:-]{1,2}\s?(?=[A-Z/_-]{0,8}\d)[A-Z0-9]+|\s?/\s?\d+|/[A-Z]\b)*",
    re.I,
)

CUES = (
    "quot",
    "ref",
    "incident",
    "log",
    "cad",
    "crime",
    "occurrence",
    "event",
    "citing",
    "cite",
    "isr",
    "cris",
    "serial",
    "cyfeirn",
    "ddyfynnu",
)
_LINK = (
    r"the|our|this|with|following|any|all|police|force|constabulary|number|numbers|num|nos?|ref|refs|reference|references|incidents?|crimes?"
    r"|logs?|cad|occurrence|event|serial|isr|cris|iml|case|investigation|is|as|of|to|please|quote|quoting|urn|id|lot|command|control|enquiry|niche|ois|file|call|card|collision|tracker|on|inc|ccs|are|which|cyfeirnod|rhif"
)
# 'quoting the crime reference number', 'Incident number:'; group 1 is the first word, group 2 the words after it.
CUE = re.compile(
    rf"(quot(?:e|es|ing)|cit(?:e|ing)|ref(?:erenc(?:e|es|ing)|er(?:ring)?|s)?|incidents?|logs?|cad|crimes?|occurrence|event|isr|cris|serial|cyfeirnod|ddyfynnu)"
    rf"(?![a-z])((?:[\s.:;,'\"/()#-]{{1,4}}(?:{_LINK})(?![a-z])){{0,7}})[\s.:;,'\"(#-]{{0,5}}(?=[a-z/_-]{{0,12}}\s?\d)"
)
# Between the references of a list: '37/123/20 (High Street) and 37/124/20'
AND = re.compile(r"(?:\s?\([^()\n]{0,60}\))?\s?(?:,|and|or|&|/)\s?(?:and\s|or\s)?(?:for\s)?", re.I)
