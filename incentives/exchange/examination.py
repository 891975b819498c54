"""Look at a file as a whole: read it, map its columns, turn its cells into values, and ask the importer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from incentives.core.errors import DomainError, Sentence, say
from incentives.core.money import Money
from incentives.exchange.cells import read_cell
from incentives.exchange.headings import Layout, find_layout
from incentives.exchange.interface import Context, Fault, Field, Importer, Kind, Question, Row, Value
from incentives.exchange.limits import MOST_FAULTS_KEPT, MOST_QUESTIONS, PREVIEW_ROWS
from incentives.exchange.reading import read
from incentives.exchange.report import OpenQuestion, Option, Report, SeenFault, Total
from incentives.exchange.sheets import Cell, Sheet, column_letter
from incentives.exchange.texts import Encoding

TOTAL_MARKS = frozenset({"合计", "总计", "小计", "共计", "汇总", "total", "grand total", "subtotal", "sum"})
EVERY = 2_000

HowFar: TypeAlias = Callable[[int, int], None]
"""Is told how many rows are done, of how many."""


def _unwatched(_done: int, _total: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has chosen for a file, and what the store has chosen before."""

    encoding: Encoding = Encoding.AUTO
    sheet: str | None = None
    columns: Mapping[str, int | None] | None = None
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows below the heading: sound ones as values, the faults of the others, and rows that only hold totals."""

    sound: list[Row]
    faults: list[Fault]
    left_out: list[int]
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read without asking anybody: what can be said of it so far, and its rows if its columns are clear."""

    report: Report
    layout: Layout | None = None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """A file as it was understood, with the rows to apply."""

    report: Report
    rows: Sequence[Row]


def examine(importer: Importer, context: Context, data: bytes, wishes: Wishes | None = None) -> Examination:
    """Everything that can be said of a file without writing anything. Never raises for what is in the file."""
    return judge(importer, context, read_file(importer, data, wishes or Wishes()))


def read_file(importer: Importer, data: bytes, wishes: Wishes, progress: HowFar = _unwatched) -> Reading:
    """Read a file and turn its cells into values; no query is made, so no transaction need be open."""
    try:
        sheet = read(data, encoding=wishes.encoding, sheet=wishes.sheet)
    except DomainError as refusal:
        return Reading(Report(refusal=refusal.sentence))
    layout = find_layout(sheet, importer.fields, remembered=wishes.remembered, chosen=wishes.columns)
    report = _described(sheet, layout, importer.fields)
    if report.missing:
        return Reading(report)
    return Reading(report, layout, read_rows(sheet, layout, importer.fields, progress))


def judge(importer: Importer, context: Context, reading: Reading) -> Examination:
    """Ask the importer what it thinks of the rows, and put everything together."""
    if reading.layout is None or reading.rows is None:
        return Examination(reading.report, ())
    report = _judged(reading.report, reading.layout, importer, context, reading.rows)
    return Examination(report, reading.rows.sound)


def _described(sheet: Sheet, layout: Layout, fields: Sequence[Field]) -> Report:
    return Report(
        sheet=sheet.name,
        sheets=list(sheet.others),
        heading_row=layout.row,
        headings=list(layout.headings),
        columns=dict(layout.columns),
        guesses=dict(layout.guesses),
        missing=[one.key for one in layout.missing(fields)]
        + [key for key in layout.doubtful if key not in _required(fields)],
        ignored=layout.ignored,
        rows=max(0, len(sheet.rows) - layout.row),
    )


def _required(fields: Iterable[Field]) -> set[str]:
    return {one.key for one in fields if one.required}


def read_rows(sheet: Sheet, layout: Layout, fields: Sequence[Field], progress: HowFar = _unwatched) -> Rows:
    """Turn the rows below the heading into values. Empty rows are passed over; rows of totals are left out."""
    plan = [(one, one.key, layout.columns[one.key]) for one in fields if one.key in layout.columns]
    found = Rows([], [], [], 0)
    count = 0
    for number, cells in enumerate(sheet.rows[layout.row :], layout.row + 1):
        if number % EVERY == 0:
            progress(number, len(sheet.rows))
        first = next((cell for cell in cells if cell is not None), None)
        if first is None:
            continue
        if isinstance(first, str) and first.strip(" :：").casefold() in TOTAL_MARKS:
            found.left_out.append(number)
            continue
        count += 1
        _read_row(found, number, cells, plan)
    return Rows(found.sound, found.faults, found.left_out, count)


def _read_row(found: Rows, number: int, cells: Sequence[Cell], plan: Sequence[tuple[Field, str, int]]) -> None:
    values: dict[str, Value] = {}
    width, before = len(cells), len(found.faults)
    for one, key, place in plan:
        try:
            values[key] = read_cell(one, cells[place] if place < width else None)
        except DomainError as refusal:
            found.faults.append(Fault(number, key, refusal.sentence))
    if len(found.faults) == before:
        found.sound.append(Row(number, values))


def _judged(report: Report, layout: Layout, importer: Importer, context: Context, rows: Rows) -> Report:
    findings = importer.check(context, rows.sound)
    faults = sorted([*rows.faults, *findings.faults], key=lambda fault: fault.row)
    if len(findings.questions) > MOST_QUESTIONS:
        faults.append(Fault(layout.row, "", _too_many(findings.questions)))
    return report.model_copy(
        update={
            "rows": rows.count,
            "left_out": rows.left_out,
            "faults": [_seen(fault, layout) for fault in faults[:MOST_FAULTS_KEPT]],
            "faults_total": len(faults),
            "questions": [_open(question) for question in findings.questions[:MOST_QUESTIONS]],
            "notes": list(findings.notes),
            "totals": _totals(importer.fields, layout, rows.sound),
            "preview": _preview(importer.fields, layout, rows.sound),
        }
    )


def _too_many(questions: Sequence[Question]) -> Sentence:
    return say(
        "{count} names are unknown here, more than can be asked about. Is this the file of another store?",
        count=len(questions),
    )


def _seen(fault: Fault, layout: Layout) -> SeenFault:
    place = layout.columns.get(fault.field)
    return SeenFault(
        row=fault.row,
        letter="" if place is None else column_letter(place),
        heading="" if place is None else layout.headings[place],
        sentence=fault.sentence,
    )


def _open(question: Question) -> OpenQuestion:
    return OpenQuestion(
        kind=question.kind,
        token=question.token,
        sentence=question.sentence,
        choices=[Option(value=choice.value, label=choice.label) for choice in question.choices],
        rows=question.rows,
        suggestion=question.suggestion,
    )


def _totals(fields: Iterable[Field], layout: Layout, rows: Sequence[Row]) -> list[Total]:
    money = [one.key for one in fields if one.kind is Kind.MONEY and one.key in layout.columns]
    return [Total(field=key, fen=sum((row.money(key) or Money(0)).fen for row in rows)) for key in money]


def _preview(fields: Sequence[Field], layout: Layout, rows: Sequence[Row]) -> list[list[str]]:
    shown = [one for one in fields if one.key in layout.columns]
    return [[str(row.number), *(_as_shown(one, row) for one in shown)] for row in rows[:PREVIEW_ROWS]]


def _as_shown(one: Field, row: Row) -> str:
    if one.kind is Kind.PERCENT:
        ratio = row.percent(one.key)
        return "" if ratio is None else f"{float(ratio * 100):g}%"
    return row.text(one.key)
