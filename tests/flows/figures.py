"""The figures of a rendered page, and whether each can be asked "why?" in one tap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

SAYS_A_FIGURE = frozenset(
    {"figure", "tile-value", "podium-value", "step-amount", "ring-text", "cell-money", "cell-number", "cell-negative"}
)
"""Classes of elements that hold nothing but a figure."""
AMOUNT = re.compile(r"(?<![\d.,-])[+\N{MINUS SIGN}-]?\d{1,3}(?:,?\d{3})*\.\d{2}(?![\d.])")
PERCENT = re.compile(r"\d(?:[\d.,]*)[ \u00a0]?%")
DIGIT = re.compile(r"\d")
NEVER_SHOWN = frozenset({"script", "style", "template", "option", "textarea", "title", "progress"})
ALONE = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class Figure(NamedTuple):
    """A figure as it stands on a page: its text, where its tap leads, and the kind of exemption it stands in."""

    text: str
    url: str
    exempt: str


@dataclass
class _Element:
    tag: str
    attributes: Mapping[str, str]

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


@dataclass
class _Reader(HTMLParser):
    found: list[Figure] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALONE:
            self.open.append(_Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while any(each.tag == tag for each in self.open):
            if self.open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not DIGIT.search(text) or NEVER_SHOWN & {each.tag for each in self.open}:
            return
        if not any(each.tag == "main" for each in self.open):
            return
        if AMOUNT.search(text) or PERCENT.search(text) or self._held():
            self.found.append(Figure(text, self._url(), self._exempt()))

    def _held(self) -> bool:
        for each in reversed(self.open):
            if SAYS_A_FIGURE & each.classes or (each.tag == "td" and "text-end" in each.classes):
                return True
        return False

    def _url(self) -> str:
        for each in reversed(self.open):
            if each.tag == "a" and each.attributes.get("href"):
                return each.attributes["href"]
            if each.tag == "summary":
                return "#"
        return ""

    def _exempt(self) -> str:
        return next(
            (each.attributes["data-figures"] for each in reversed(self.open) if "data-figures" in each.attributes), ""
        )


def figures_of(page: str) -> list[Figure]:
    """Every figure in the main part of a page, in reading order."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
