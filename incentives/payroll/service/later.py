"""What stands behind a line that a month did not have when it was closed: the facts of then, and what was recorded since, marked as later."""

from __future__ import annotations

from dataclasses import dataclass

from incentives.commissions.service import explaining as pay
from incentives.commissions.service.behind import Behind, behind
from incentives.core.explain import explanation_from_plain
from incentives.core.period import Month
from incentives.payroll.models import LineKind
from incentives.payroll.service.reading import ReadLine


@dataclass(frozen=True, slots=True)
class _New:
    """Whose line of which plan and month is paid; there was none when the month was closed."""

    store_id: int
    month: Month
    employee_id: int
    version_id: int


def is_new(line: ReadLine) -> bool:
    """Whether a line of a statement pays what a plan had no line for when the month was closed."""
    return line.kind is LineKind.ADJUSTMENT and line.version_id is not None and line.pay_line_id is None


def behind_new(store_id: int, employee_id: int, line: ReadLine) -> list[Behind]:
    """What stands behind each figure of a new line, where something does. Others lead to the line that they correct."""
    if not is_new(line) or line.version_id is None or line.explanation is None:
        return []
    new = _New(store_id, line.for_month, employee_id, line.version_id)
    found = behind(pay.figures_of(new, explanation_from_plain(line.explanation)))
    return [each for each in found if each.facts or each.late]
