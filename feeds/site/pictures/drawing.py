"""A chart as a small SVG document: pygal draws it; what its scripts would need, and what would move from day to day, is cut out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from lxml import etree
from pygal.style import Style

WIDTH = 440  # units; a phone shows it at nearly its own size, so that its words stay readable
_STANDING, _LEGEND, _ROW, _EDGE = 190, 26, 23, 10
_MOST_TICKS = 5
_SVG = "http://www.w3.org/2000/svg"
# Tones, a hatching and an outline, which differ on any screen and on paper; dark pages get light ones.
STYLE = (
    "svg{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
    "color-scheme:light dark;color:#1d2229;fill:#4a515b;stroke:none;max-width:100%;height:auto}"
    "text{fill:currentColor}path{fill:none;stroke:currentColor}.guide{stroke-opacity:.16}"
    ".x text,.no_data{text-anchor:middle}.y text{text-anchor:end}"
    ".color-1 rect,rect.color-1{fill:url(#hatched);stroke:currentColor}"
    ".color-2 rect,rect.color-2{fill:none;stroke:currentColor}"
    "@media(prefers-color-scheme:dark){svg{color:#dfe3e8;fill:#aeb6c0}}@media print{svg{color:#000;fill:#444}}"
)
STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""The style as a Content-Security-Policy's style-src allows it, and no other."""

_PUT_IN = (
    f'<svg xmlns="{_SVG}"><title id="title"/><desc id="description"/><style>{STYLE}</style><defs>'
    '<pattern id="hatched" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M1 0V4" stroke-width="1.6"/></pattern></defs></svg>'
)
_CUT_OUT = etree.XPath(
    "//comment() | //s:defs | //s:title | //s:desc | //*[@class='plot overlay' or @class='plot tooltip-overlay']"
    " | //s:rect[@class='background'] | //s:rect[not(number(@width) > 0 and number(@height) > 0)]"
    " | //*[@class='axis x']//s:path"
    " | //s:g[not(.//s:text or .//s:path or .//s:rect)]",
    namespaces={"s": _SVG},
)
_KEPT = frozenset(["class", "d", "x", "y", "width", "height", "transform"])
_WORDS = frozenset(["axis", "no_data", "x", "y", "guide", "color-0", "color-1", "color-2"])


@dataclass(slots=True, frozen=True, kw_only=True)
class Chart:
    """What is drawn: for each label a number of every series, as bars; `lying` ones for names, standing ones for times. `shown`:
    the labels that are printed. `unit` stands behind a number.
    """

    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[int]]]
    lying: bool = False
    shown: frozenset[str] = frozenset()
    unit: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is no number but 0: axes without anything on them would say less than a word."""
        return not any(any(numbers) for _, numbers in self.series)

    @property
    def height(self) -> int:
        """In units, where the width is `WIDTH`."""
        if self.is_empty:
            return _ROW + _EDGE
        if self.lying:
            return _ROW * len(self.labels) + _EDGE
        return _STANDING + (_LEGEND if len(self.series) > 1 else 0)


def ticks(most: int) -> list[int]:
    """The numbers on an axis: from 0, in steps of 1, 2 or 5 (times ten, a hundred ...), to the first that is not under `most`."""
    step, of = 1, 0
    while step * _MOST_TICKS < most:
        of += 1
        step = (1, 2, 5)[of % 3] * 10 ** (of // 3)
    return list(range(0, max(most, 1) + step, step))[: -(-max(most, 1) // step) + 1]


def draw(chart: Chart, title: str, description: str) -> bytes:
    """The SVG, the same bytes for the same chart. `title` and `description` are what a screen reader reads of it."""
    root = etree.fromstring(_drawn(chart).render(is_unicode=False), etree.XMLParser(huge_tree=False))
    cut_out: Any = _CUT_OUT(root)
    for node in cut_out:
        node.getparent().remove(node)
    for node in root.iter():
        _tidy(node)
    put_in = etree.fromstring(_PUT_IN)
    put_in[0].text, put_in[1].text = title, description
    root[:0] = list(put_in)
    # The attributes that pygal gives the document are its own; an id of its would be another one at each time.
    root.attrib.clear()
    given = {"viewBox": f"0 0 {WIDTH} {chart.height}", "width": str(WIDTH), "height": str(chart.height)}
    for name, value in (given | {"role": "img", "aria-labelledby": "title description"}).items():
        root.set(name, value)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8")


def _drawn(chart: Chart) -> Any:
    given: dict[str, Any] = {
        "width": WIDTH,
        "height": chart.height,
        "css": [],
        "js": [],
        "margin": 4,
        "spacing": 8,
        "truncate_label": -1,
        "style": Style(label_font_size=13, major_label_font_size=13, legend_font_size=13, value_font_size=13),
        "show_legend": len(chart.series) > 1,
        "no_data_text": "Nothing to show",
        "value_formatter": lambda value: f"{value:,.0f}{chart.unit}",
    }
    if chart.is_empty:
        return pygal.Bar(**given, show_x_labels=False, show_y_labels=False)
    most = max(sum(row) for row in zip(*(numbers for _, numbers in chart.series), strict=True))
    if chart.lying:
        given |= {
            "range": (0, most * 1.12),
            "print_values": True,
            "print_values_position": "top",
            "show_x_labels": False,
        }
        drawn = pygal.HorizontalBar(**given, x_labels=list(chart.labels)[::-1])  # the first name is to be the uppermost
    else:
        axis = ticks(most)
        given |= {"y_labels": axis, "range": (0, axis[-1]), "margin_right": 22}  # half a label of the last day
        given |= {"x_labels_major": sorted(chart.shown), "show_minor_x_labels": False}
        given |= {"legend_at_bottom": True, "legend_at_bottom_columns": len(chart.series)}
        drawn = (pygal.StackedBar if len(chart.series) > 1 else pygal.Bar)(**given, x_labels=list(chart.labels))
    for name, numbers in chart.series:
        drawn.add(name, list(numbers)[:: -1 if chart.lying else 1])
    return drawn


def _tidy(node: Any) -> None:
    words = [word for word in node.get("class", "").split() if word in _WORDS]
    for name in set(node.attrib) - _KEPT:
        del node.attrib[name]
    node.attrib.pop("class", None)
    if words:
        node.set("class", " ".join(words))
    for name in ("x", "y", "width", "height"):
        if name in node.attrib:
            node.set(name, f"{float(node.get(name)):.1f}".removesuffix(".0"))
