"""What the form is made of: fields in boxes, boxes in rows, each at its place in the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from incentives.core.errors import Sentence, say


class Kind(StrEnum):
    """How something is filled in."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    AMOUNT = "amount"  # yuan, and whether they go by days in the posting
    RATE = "rate"  # percent, or yuan per unit
    PAYS = "pays"  # a rate, or yuan for the whole band
    EDGES = "edges"  # from/above and up_to/below of one range
    DAY = "day"
    MONTH = "month"
    CHOICE = "choice"
    SHAPE = "shape"  # a choice that changes which fields there are
    MANY = "many"  # several of a short list, as ticks
    LIST = "list"  # several of a long list, typed
    PAIRS = "pairs"  # names with a value each
    READINGS = "readings"  # indicators with a value each, and the month if it is another
    NAME = "name"  # the name of a parameter, which its uses follow


FOLDING = frozenset({"line", "group", "pool", "step", "example", "person", "parameter"})
"""The looks of boxes that can be closed."""


class Option(NamedTuple):
    """One of several that can be chosen."""

    value: str
    label: Sentence


def plain(text: str) -> Sentence:
    """A name that the store gave, which is the same in each language."""
    return say("{text}", text=text)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. ``path`` is its place in the plan; ``shape`` names the change that another choice makes."""

    path: str
    kind: Kind
    label: Sentence
    value: str = ""
    values: tuple[str, ...] = ()
    pairs: tuple[tuple[str, ...], ...] = ()
    options: tuple[Option, ...] = ()
    shape: str = ""
    percent: bool = False
    unit: Sentence | None = None
    hint: Sentence | None = None
    wide: bool = False
    picks: str = ""
    stands_for: str = ""
    """What counts while nothing is said, shown in the empty field."""

    @property
    def id(self) -> str:
        """What the page calls it."""
        return f"{slug(self.path or 'plan')}-{self.shape or self.kind.value}"

    @property
    def said(self) -> bool:
        """Whether anything is said in it that is not always said."""
        return bool(self.values or self.pairs or (self.value and self.kind not in {Kind.CODE, Kind.SHAPE}))

    @property
    def name(self) -> str:
        """What the form calls it. Two fields of one place are told apart by what they change."""
        return f"{self.path}#{self.shape or self.kind.value}"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the plan: its fields, what stands below it, and whether it can be moved, copied and removed."""

    path: str
    title: Sentence
    look: str = "part"
    fields: tuple[Field, ...] = ()
    more: tuple[Field, ...] = ()
    below: tuple[Box | Rows, ...] = ()
    moves: bool = False
    code: str = ""
    """Of a row that has one: it stays when the row is moved."""

    @property
    def id(self) -> str:
        """What the page calls it, so that a finding can lead there."""
        return row_id(self.path)

    @property
    def folds(self) -> bool:
        """Whether it can be closed, with its title and what it says left to be seen."""
        return self.look in FOLDING and bool(self.fields or self.below)

    @property
    def fold_id(self) -> str:
        """Under which the page remembers whether it is open."""
        return f"fold-{self.code or slug(self.path)}"


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of boxes, and what can be added to it."""

    path: str
    title: Sentence
    boxes: tuple[Box, ...] = ()
    adds: tuple[Option, ...] = ()
    look: str = "rows"
    hint: Sentence | None = None
    add_label: Sentence = field(default_factory=lambda: say("Add"))

    @property
    def id(self) -> str:
        """What the page calls it."""
        return row_id(self.path)


@dataclass(frozen=True, slots=True)
class Pickers:
    """What the store has to choose from."""

    indicators: tuple[Option, ...] = ()
    percents: frozenset[str] = frozenset()
    categories: tuple[Option, ...] = ()
    roles: tuple[Option, ...] = ()
    products: tuple[Option, ...] = ()
    campaigns: tuple[Option, ...] = ()
    positions: tuple[Option, ...] = ()
    departments: tuple[Option, ...] = ()
    people: tuple[Option, ...] = ()
    parameters: tuple[Option, ...] = field(default=())


def slug(path: str) -> str:
    """A path as an id of the page."""
    return path.replace("[", "-").replace("]", "").replace(".", "-")


def row_id(path: str) -> str:
    """The id of a row, which findings lead to."""
    return f"at-{slug(path) or 'plan'}"


def all_fields(boxes: tuple[Box | Rows, ...]) -> list[Field]:
    """Every field of a form, from top to bottom."""
    found: list[Field] = []
    for each in boxes:
        if isinstance(each, Box):
            found += [*each.fields, *each.more, *all_fields(each.below)]
        else:
            found += all_fields(each.boxes)
    return found
