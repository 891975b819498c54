"""What stands behind a line that corrects a closed month: the facts of then, and what was recorded since, marked as later."""

from __future__ import annotations

from dataclasses import dataclass

from incentives.commissions.service import explaining as pay
from incentives.commissions.service.behind import Behind, behind
from incentives.core.explain import explanation_from_plain
from incentives.core.period import Month
from incentives.payroll.models import LineKind
from incentives.payroll.service.reading import ReadLine


@dataclass(frozen=True, slots=True)
class _Corrects:
    """Whose line of which plan and month is corrected. There need not have been one when the month was closed."""

    store_id: int
    month: Month
    employee_id: int
    version_id: int


def corrects_pay(line: ReadLine) -> bool:
    """Whether a line of a statement corrects what a plan paid for a closed month; rewards released later do not."""
    return line.kind is LineKind.ADJUSTMENT and line.version_id is not None


def behind_adjustment(store_id: int, employee_id: int, line: ReadLine) -> list[Behind]:
    """What stands behind each figure of a correction, where something does. None behind other lines."""
    if not corrects_pay(line) or line.version_id is None or line.explanation is None:
        return []
    corrected = _Corrects(store_id, line.for_month, employee_id, line.version_id)
    found = behind(pay.figures_of(corrected, explanation_from_plain(line.explanation)))
    return [each for each in found if each.facts or each.late]
