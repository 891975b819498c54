"""A balance as a workbook: the months, and every line that made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from incentives.payroll.service.balances import BalanceMonth, History
from incentives.web.i18n import tell
from incentives.web.tables import Cell, Table


def balance_tables(history: Sequence[History]) -> Iterator[Table]:
    """What each month began with, added, settled and left; and its lines. In the reader's language."""
    months = [(each, month) for each in history for month in each.months[::-1]]
    yield Table(
        _("Months"),
        [
            _("Store"),
            _("Month"),
            _("Owed at first"),
            _("Added"),
            _("Settled"),
            _("Carried over"),
            _("To be paid"),
            _("What"),
        ],
        [_month(each, month) for each, month in months],
    )
    yield Table(
        _("Lines"),
        [_("Store"), _("Month"), _("Line of pay"), _("Corrects"), _("Amount")],
        [
            (each.store.code, str(month.month), tell(line.name), str(line.for_month), line.amount)
            for each, month in months
            for line in month.lines
        ],
    )


def _month(each: History, month: BalanceMonth) -> Sequence[Cell]:
    did = month.balance
    paid = None if month.held else month.statement.total
    return (
        each.store.code,
        str(month.month),
        did.opened,
        did.added,
        did.settled,
        did.carried,
        paid,
        tell(month.says),
    )
