"""Why a store's month comes to what it does: everybody's statement, those that are held apart, and who decided."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from incentives.core.answer import Answer, Page, Section, Step, answer, section
from incentives.core.errors import Sentence, say
from incentives.core.money import Money, total
from incentives.core.period import Month, business_date
from incentives.db import db
from incentives.payroll.models import Closing, StatementState
from incentives.payroll.service.closing import closing_of
from incentives.payroll.service.comparing import TOTAL
from incentives.payroll.service.reading import ReadStatement
from incentives.people.models import Employee, Store

PAID = frozenset({None, StatementState.WAITING, StatementState.APPROVED})
"""The states whose statements are paid with their month; none while it is an estimate."""


def is_paid(statement: ReadStatement) -> bool:
    """Whether a statement is paid with its month, and not held for a later one."""
    return statement.state in PAID


def to_pay(statements: Iterable[ReadStatement]) -> Money:
    """What a month pays in all: the statements that are not held."""
    return total(each.total for each in statements if is_paid(each))


def month_sum(store_id: int, month: Month, statements: Iterable[ReadStatement], before: Money) -> Answer:
    """The sum of a month's statements, each leading to its own explanation; ``before`` is that of the month before."""
    found = list(statements)
    paid, held = [each for each in found if is_paid(each)], [each for each in found if not is_paid(each)]
    whole = to_pay(found)
    told = say("Statements counted: {count}. Together: {sum}", count=f"{len(paid):,}", sum=str(whole))
    rule = say("The sum of everybody's statement of the month. What is held is paid later, and not counted here.")
    return answer(
        say("To be paid"),
        month,
        whole,
        [
            section(say("The rule"), [rule]),
            Section(say("The arithmetic"), (Step(told, tuple(_step(each) for each in paid)),)),
            Section(say("Held, and not counted"), tuple(_step(each) for each in held)),
            Section(say("Beside last month"), (_before(month.plus(-1), before),)),
            section(say("Who decided"), _decided(store_id, closing_of(store_id, month))),
        ],
    )


def _step(each: ReadStatement) -> Step:
    return Step(
        say("{number} {name}: {amount}", number=each.number, name=each.name, amount=str(each.total)),
        page=Page("payroll.line", {"month": str(each.month), "employee_id": each.employee_id, "key": TOTAL}),
    )


def _before(month: Month, amount: Money) -> Step:
    told = say("{month}: {amount}", month=str(month), amount=str(amount))
    return Step(told, page=Page("payroll.month_total", {"month": str(month)}))


def _decided(store_id: int, closing: Closing | None) -> list[Sentence]:
    if closing is None:
        return [say("The month is not closed: it may still change.")]
    zone = db.session.get_one(Store, store_id).zone
    found = select(Employee.id, Employee.name).where(Employee.id.in_([closing.closed_by, closing.confirmed_by]))
    names = {number: name for number, name in db.session.execute(found)}  # noqa: C416 (rows become typed pairs)
    told = []
    if closing.closed_by is not None:
        day = business_date(closing.closed_at, zone).isoformat()
        told.append(say("Closed by {name} on {day}", name=names[closing.closed_by], day=day))
    if closing.confirmed_by is not None and closing.confirmed_at is not None:
        day = business_date(closing.confirmed_at, zone).isoformat()
        told.append(say("Confirmed by {name} on {day}", name=names[closing.confirmed_by], day=day))
    return told
