"""What is known of a file after it was looked at: kept as JSON beside it, drawn by the preview page."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, PlainSerializer, PlainValidator

from incentives.core.errors import Sentence, from_plain
from incentives.core.money import Money


def _sentence(value: Any) -> Sentence:  # noqa: ANN401 (pydantic gives what was stored, or the sentence itself)
    return value if isinstance(value, Sentence) else from_plain(value)


def _plain(sentence: Sentence) -> dict[str, Any]:
    return sentence.as_plain()


Said = Annotated[Sentence, PlainValidator(_sentence), PlainSerializer(_plain)]


class SeenFault(BaseModel):
    """A fault as a person finds it in the file: row 12, column D, under the heading 金额."""

    row: int
    letter: str
    heading: str
    sentence: Said


class Option(BaseModel):
    """An answer on offer."""

    value: str
    label: str


class OpenQuestion(BaseModel):
    """A question that waits for its answer."""

    kind: str
    token: str
    sentence: Said
    choices: list[Option]
    rows: int
    suggestion: str


class Total(BaseModel):
    """The sum of a column of money, in fen."""

    field: str
    fen: int

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(self.fen)


class Report(BaseModel):
    """A file as it was understood.

    ``refusal`` is set if the file as a whole cannot be read; then nothing else is.
    """

    refusal: Said | None = None
    sheet: str = ""
    sheets: list[str] = []
    heading_row: int = 0
    headings: list[str] = []
    columns: dict[str, int] = {}
    guesses: dict[str, int] = {}
    missing: list[str] = []
    ignored: list[str] = []
    rows: int = 0
    left_out: list[int] = []
    """Rows with totals, which are not facts of their own."""
    faults: list[SeenFault] = []
    faults_total: int = 0
    questions: list[OpenQuestion] = []
    notes: list[Said] = []
    totals: list[Total] = []
    preview: list[list[str]] = []
    """The first rows as they were understood, by the fields that have a column."""
    done: list[Said] = []
    endpoint: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing stands against applying it."""
        return self.refusal is None and not (self.faults_total or self.questions or self.missing) and self.rows > 0
