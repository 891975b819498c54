"""The payroll file of a closed month: Chinese headings, the same bytes each time, totals to be added up by hand."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale

from incentives.core.errors import Conflict, from_plain, say
from incentives.core.money import ZERO, total
from incentives.payroll.service.exporting import KIND_WORDS, Payroll
from incentives.web.i18n import tell
from incentives.web.tables import Cell, Table, as_xlsx


def as_file(found: Payroll) -> bytes:
    """The workbook: payroll with control totals, every line, and the controls. Refused if anything disagrees.

    Raises:
        Conflict: rows, statements, closing and ledger do not come to the same.
    """
    if not found.agrees:
        raise Conflict(say("The ledger and the statements disagree: run the ledger check before anything is paid."))
    with force_locale("zh"):  # whoever downloads it, in whatever language, gets the same file
        return as_xlsx(_summary(found), _details(found), _controls(found))


def _summary(found: Payroll) -> Table:
    heading = [
        tell(say("Number")),
        tell(say("Name")),
        *(tell(word) for word in KIND_WORDS.values()),
        tell(say("To be paid")),
    ]
    rows: list[Sequence[Cell]] = [
        (row.number, row.name, *(row.by_kind.get(kind, ZERO) for kind in KIND_WORDS), row.paid) for row in found.rows
    ]
    sums = [total(row.by_kind.get(kind, ZERO) for row in found.rows) for kind in KIND_WORDS]
    control: list[Cell] = [
        tell(say("Control total")),
        tell(say("{count} people", count=len(found.rows))),
        *sums,
        found.paid,
    ]
    return Table(f"{found.store.code} {found.closing.month}", heading, rows, notes=[control])


def _details(found: Payroll) -> Table:
    rows: list[Sequence[Cell]] = [
        (
            row.number,
            row.name,
            line.place,
            tell(KIND_WORDS[line.kind]),
            tell(from_plain(line.name)),
            str(line.for_month),
            line.amount,
        )
        for row, each in zip(found.rows, found.statements, strict=True)
        for line in each.lines
    ]
    heading = [
        tell(each)
        for each in (say("Number"), say("Name"), say("Line"), say("Kind"), say("What for"), say("Month"), say("Amount"))
    ]
    control: list[Cell] = ["", "", "", "", tell(say("Control total")), "", found.paid]
    return Table(tell(say("Lines")), heading, rows, notes=[control])


def _controls(found: Payroll) -> Table:
    rows: list[Sequence[Cell]] = [
        (tell(say("Store")), f"{found.store.code} {found.store.name}"),
        (tell(say("Month")), str(found.closing.month)),
        (tell(say("People")), found.closing.people),
        (tell(say("Sum of the statements")), total(each.total for each in found.statements)),
        (tell(say("Sum of the ledger")), found.ledger_total),
        (tell(say("Sum of this file")), found.paid),
        (tell(say("Closing")), found.closing.number),
        (tell(say("Digest of the closing")), found.closing.digest),
    ]
    return Table(tell(say("Controls")), [tell(say("Control")), tell(say("Value"))], rows)
