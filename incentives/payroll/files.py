"""The payroll file of a closed month: Chinese headings, the same bytes each time, totals to be added up by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import force_locale

from incentives.core.approval import ProposalState
from incentives.core.errors import Conflict, from_plain, say
from incentives.core.money import ZERO, Money, total
from incentives.ledger import service as ledger
from incentives.payroll.models import Supplement
from incentives.payroll.service.exporting import KIND_WORDS, Payroll
from incentives.payroll.service.supplements import SOURCE
from incentives.people.models import Store
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
        return as_xlsx(_summary(found), _details(found), _losses(found), _controls(found))


def _summary(found: Payroll) -> Table:
    heading = [
        tell(say("Number")),
        tell(say("Name")),
        *(tell(KIND_WORDS[kind]) for kind in found.kinds),
        tell(say("To be paid")),
        tell(say("Loss compensation to deduct from the wage")),
    ]
    rows: list[Sequence[Cell]] = [
        (row.number, row.name, *(row.by_kind.get(kind, ZERO) for kind in found.kinds), row.paid, row.to_deduct)
        for row in found.rows
    ]
    sums = [total(row.by_kind.get(kind, ZERO) for row in found.rows) for kind in found.kinds]
    control: list[Cell] = [
        tell(say("Control total")),
        tell(say("{count} people", count=len(found.rows))),
        *sums,
        found.paid,
        found.to_deduct,
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
        if line.kind.is_paid
    ]
    heading = [
        tell(each)
        for each in (say("Number"), say("Name"), say("Line"), say("Kind"), say("What for"), say("Month"), say("Amount"))
    ]
    control: list[Cell] = ["", "", "", "", tell(say("Control total")), "", found.paid]
    return Table(tell(say("Lines")), heading, rows, notes=[control])


def _losses(found: Payroll) -> Table:
    """What finance takes from wages for proven losses, with the arithmetic: a list of its own."""
    rows: list[Sequence[Cell]] = [
        (row.number, row.name, tell(from_plain(line.name)), -line.amount)
        for row, each in zip(found.rows, found.statements, strict=True)
        for line in each.lines
        if not line.kind.is_paid
    ]
    heading = [tell(each) for each in (say("Number"), say("Name"), say("What for"), say("To deduct from the wage"))]
    control: list[Cell] = [tell(say("Control total")), "", "", found.to_deduct]
    return Table(tell(say("Loss compensation")), heading, rows, notes=[control])


def _controls(found: Payroll) -> Table:
    rows: list[Sequence[Cell]] = [
        (tell(say("Store")), f"{found.store.code} {found.store.name}"),
        (tell(say("Month")), str(found.closing.month)),
        (tell(say("People")), found.closing.people),
        (tell(say("Sum of the statements")), total(each.total for each in found.statements)),
        (tell(say("Sum of the ledger")), found.ledger_total),
        (tell(say("Sum of this file")), found.paid),
        (tell(say("Losses to deduct from wages, by this file")), found.to_deduct),
        (tell(say("Losses to deduct from wages, by the ledger")), -found.ledger_losses),
        (tell(say("Closing")), found.closing.number),
        (tell(say("Digest of the closing")), found.closing.digest),
    ]
    if found.closing.open_questions is not None:
        rows.append((tell(say("Questions open at the closing")), found.closing.open_questions))
    return Table(tell(say("Controls")), [tell(say("Control")), tell(say("Value"))], rows)


def supplement_file(supplement: Supplement, store: Store, people: Mapping[int, tuple[str, str]]) -> bytes:
    """The workbook of a supplement: what each person gets, every line, the debts that wait, the controls.

    Refused until it is approved, and if the ledger disagrees.

    Raises:
        Conflict: it is not approved, or its lines and the ledger do not come to the same.
    """
    posted = ledger.money_of_sources(store.id, SOURCE, [line.id for line in supplement.lines])
    if supplement.state is not ProposalState.IN_FORCE:
        raise Conflict(say("The supplement is not approved yet: there is nothing to pay."))
    if posted != supplement.total or total(line.amount for line in supplement.lines) != posted:
        raise Conflict(say("The ledger and the statements disagree: run the ledger check before anything is paid."))
    with force_locale("zh"):  # as above
        return as_xlsx(*_supplement_tables(supplement, store, people, posted))


def _supplement_tables(
    supplement: Supplement, store: Store, people: Mapping[int, tuple[str, str]], posted: Money
) -> Iterator[Table]:
    sums: dict[int, Money] = {}
    for line in supplement.lines:
        sums[line.employee_id] = sums.get(line.employee_id, ZERO) + line.amount
    count = tell(say("{count} people", count=len(sums)))
    number, name, paid = tell(say("Number")), tell(say("Name")), tell(say("To be paid"))
    yield Table(
        f"{store.code} {supplement.month} {supplement.number}",
        [number, name, paid],
        [(*people[employee_id], amount) for employee_id, amount in sums.items()],
        notes=[[tell(say("Control total")), count, supplement.total]],
    )
    yield Table(
        tell(say("Lines")),
        [number, name, tell(say("What for")), tell(say("Month")), tell(say("Amount"))],
        [
            (*people[line.employee_id], tell(from_plain(line.name)), str(line.for_month), line.amount)
            for line in supplement.lines
        ],
        notes=[["", "", tell(say("Control total")), "", supplement.total]],
    )
    yield Table(
        tell(say("Carried over")),
        [number, name, tell(say("Carried over from before"))],
        [(code, who, Money(fen)) for code, who, fen in supplement.carried],
    )
    yield Table(
        tell(say("Controls")),
        [tell(say("Control")), tell(say("Value"))],
        [
            (tell(say("Store")), f"{store.code} {store.name}"),
            (tell(say("Posted in")), str(supplement.month)),
            (tell(say("Supplement")), supplement.number),
            (tell(say("Sum of the ledger")), posted),
            (tell(say("Sum of this file")), supplement.total),
            (tell(say("Digest of the supplement")), supplement.digest),
        ],
    )
