"""What a feature declares to be imported, and what it answers. The engine does the rest.

A feature registers one :class:`Importer` for each kind of file. The engine finds the heading row, maps the columns,
turns every cell into the field's kind and collects what cannot be; the importer then sees only rows that are sound in
themselves, says what it thinks of them (:meth:`Importer.check`), and writes them (:meth:`Importer.apply`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeAlias, TypeVar

from incentives.core.access import Capability
from incentives.core.errors import Sentence
from incentives.core.money import Money
from incentives.core.period import Month

T = TypeVar("T")

Value: TypeAlias = "str | int | Money | Decimal | Fraction | date | Month | None"
"""What a field's cell becomes, by its kind; None where the cell is empty."""


class Kind(StrEnum):
    """What a column holds, and the type its cells become."""

    TEXT = "text"  # str; numbers as they are shown, so that 1001 stays 1001
    MONEY = "money"  # Money
    QUANTITY = "quantity"  # Decimal
    WHOLE = "whole"  # int
    PERCENT = "percent"  # Fraction: 12 % and 0.12 are 3/25
    DAY = "day"  # date
    MONTH = "month"  # Month
    CHOICE = "choice"  # str: the value of the choice


@dataclass(frozen=True, slots=True)
class Field:
    """A column that an importer understands.

    Args:
        key: its name in the code.
        label: its name on the page and in the template file.
        names: headings it usually has, Chinese and English. The label's English text counts by itself; case, spaces,
            width and units in brackets do not matter.
        required: the column must be there and every row must fill it in.
        choices: for ``Kind.CHOICE``, what may be written (Chinese and English) → the value it means.
        negative: whether amounts and quantities may be below zero.
        longest: most characters of a text.
        example: what the template file shows in its second row.
    """

    key: str
    label: Sentence
    kind: Kind = Kind.TEXT
    names: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    negative: bool = True
    longest: int = 200
    example: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells are all in order. ``number`` is the row's number in the file, as a spreadsheet shows it."""

    number: int
    values: Mapping[str, Value]

    def text(self, key: str) -> str:
        """A text or choice; empty if the cell or the column is."""
        value = self.values.get(key)
        return "" if value is None else str(value)

    def money(self, key: str) -> Money | None:
        """An amount."""
        return self._get(key, Money)

    def quantity(self, key: str) -> Decimal | None:
        """An exact number."""
        return self._get(key, Decimal)

    def whole(self, key: str) -> int | None:
        """A whole number."""
        return self._get(key, int)

    def percent(self, key: str) -> Fraction | None:
        """An exact ratio: 12 % is 3/25."""
        return self._get(key, Fraction)

    def day(self, key: str) -> date | None:
        """A day."""
        return self._get(key, date)

    def month(self, key: str) -> Month | None:
        """A month."""
        return self._get(key, Month)

    def _get(self, key: str, kind: type[T]) -> T | None:
        value = self.values.get(key)
        if value is None or isinstance(value, kind):
            return value
        raise TypeError(f"the column {key} holds {type(value).__name__}, not {kind.__name__}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in words. ``field`` is the key of the field it is about, empty for the whole row."""

    row: int
    field: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer on offer. ``label`` is final text, such as a person's name and number."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can decide, such as who “小王” is. Nothing is applied before each has its answer.

    Args:
        kind: groups questions, such as ``person``; the answers come back by it.
        token: what is asked about, as written in the file.
        sentence: the question.
        choices: the answers on offer, the likeliest first.
        rows: how many rows wait for the answer.
        suggestion: the value that is chosen beforehand, or nothing.
    """

    kind: str
    token: str
    sentence: Sentence
    choices: tuple[Choice, ...]
    rows: int = 1
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an importer thinks of the rows.

    Args:
        faults: by row and field; with any, nothing is applied.
        questions: still open ones; answered ones are in ``Context.answers``.
        notes: what will happen, in sentences, such as how many rows are new and how many are known already.
    """

    faults: Sequence[Fault] = ()
    questions: Sequence[Question] = ()
    notes: Sequence[Sentence] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What has been done, in sentences, and the endpoint of the page that shows it."""

    lines: Sequence[Sentence]
    endpoint: str = ""


def _no_progress(_done: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """For whom a file is read.

    Args:
        store_id: the only store whose records may be touched.
        actor_id: the employee who sent the file.
        upload_id: the file, for records that say where they came from.
        today: the store's business day.
        answers: answers given so far, by kind of question, then token → chosen value.
        progress: call it with the number of rows done while applying; cheap enough for every thousand rows.
    """

    store_id: int
    actor_id: int
    upload_id: int
    today: date
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    progress: Callable[[int], None] = _no_progress


class Importer(Protocol):
    """A kind of file that can be imported. A frozen dataclass or a plain class; it keeps no state between calls."""

    @property
    def key(self) -> str:
        """Its name in addresses and in the database, such as ``sales``."""

    @property
    def title(self) -> Sentence:
        """What the menu calls it."""

    @property
    def capability(self) -> Capability:
        """Who may import it."""

    @property
    def fields(self) -> Sequence[Field]:
        """The columns it understands, in the order of the template file."""

    def check(self, context: Context, rows: Sequence[Row]) -> Findings:
        """Look at sound rows without writing anything: unknown people, closed months, records that are there already.

        Called for the preview and once more inside the transaction of :meth:`apply`. Gather what it needs with one
        query for all rows, never one a row.
        """

    def apply(self, context: Context, rows: Sequence[Row]) -> Summary:
        """Write all rows in the present transaction; flush, never commit.

        Only called with rows for which ``check`` has just found no fault and no open question. Remember the answers
        (``context.answers``) for the store, so that the next file does not ask again.

        Raises:
            DomainError: nothing of the file is kept.
        """
