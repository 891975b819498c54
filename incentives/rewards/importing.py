"""Base wages from a file: a row for each person and month from which the wage holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from incentives.core.access import Capability
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.money import ZERO
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.interface import Context, Fault, Field, Findings, Kind, Row, Summary
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.rewards.service import wages


@dataclass(frozen=True, slots=True)
class BaseWages:
    """Keeps the base wages of a file. Those that hold already change nothing; others hold from their month on."""

    key: str = "base_wages"
    title: Sentence = say("Base wages")
    capability: Capability = Capability.KEEP_BASE_WAGES
    fields: Sequence[Field] = (
        Field("number", say("Number"), names=("工号", "员工编号", "number"), required=True, longest=20, example="A004"),
        Field("starts", say("From"), Kind.MONTH, names=("月份", "起始月份", "生效月份", "from", "month"), required=True, example="2026-01"),
        Field("amount", say("Base wage a month"), Kind.MONEY, names=("基本工资", "底薪", "月工资", "base wage"), required=True, negative=False, example="4800.00"),
        Field("source", say("Contract or file"), names=("来源", "依据", "合同", "source"), example="2026年劳动合同"),
    )  # fmt: skip

    def check(self, context: Context, rows: Sequence[Row]) -> Findings:
        """Unknown people, and wages that cannot be meant."""
        people = _people(context.store_id)
        faults = []
        for row in rows:
            if row.text("number") not in people:
                faults.append(Fault(row.number, "number", say("Nobody with this number ever worked here.")))
            try:
                wages.require_amount(row.money("amount") or ZERO)
            except DomainError as refusal:
                faults.append(Fault(row.number, "amount", refusal.sentence))
        return Findings(faults, notes=[say("{count} base wages will be kept.", count=len(rows))])

    def apply(self, context: Context, rows: Sequence[Row]) -> Summary:
        """Keep what is new."""
        people = _people(context.store_id)
        new = sum(_keep(context, people[row.text("number")], row) for row in rows)
        context.progress(len(rows))
        lines = [
            say("{count} base wages are new.", count=new),
            say("{count} base wages held already.", count=len(rows) - new),
        ]
        return Summary(lines, "rewards.base_wages")


def _people(store_id: int) -> dict[str, int]:
    rows = db.session.execute(
        select(Employee.number, Employee.id).where(
            Employee.id.in_(staff.ever_at(store_id).with_only_columns(Employee.id).order_by(None))
        )
    )
    return {number: employee_id for number, employee_id in rows}  # noqa: C416 (rows become typed pairs)


def _keep(context: Context, employee_id: int, row: Row) -> bool:
    starts, amount = row.month("starts") or Month.of(context.today), row.money("amount") or ZERO
    if wages.wages_in([employee_id], starts).get(employee_id) == amount:
        return False
    source = row.text("source") or f"#{context.upload_id}"
    wages.enter(context.store_id, employee_id, starts=starts, amount=amount, source=source, actor_id=context.actor_id)
    return True
