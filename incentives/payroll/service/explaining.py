"""Why a line of a statement, of whatever kind, is what it is; and why its total is."""

from __future__ import annotations

from sqlalchemy import select

from incentives.commissions.models import PayLine
from incentives.commissions.service import explaining as pay
from incentives.core.answer import Answer, Page, Section, Step, answer, arithmetic, section
from incentives.core.errors import NotFound, from_plain, say
from incentives.core.explain import Explanation, explanation_from_plain
from incentives.core.money import total
from incentives.core.pay import added_up
from incentives.core.restatement import given
from incentives.db import db
from incentives.payroll.models import LineKind, Statement, StatementLine
from incentives.payroll.service.reading import ReadLine, ReadStatement
from incentives.rewards.service.telling import sections_of

TOTAL = "total"
"""Names the sum of a statement where a line is asked for."""
EARNED = "earned"
"""Names the sum of the lines of pay alone: what the start page calls earned so far."""


def why(store_id: int, statement: ReadStatement, key: str, *, own: bool) -> Answer:
    """The answer for a line, or for the total.

    Raises:
        NotFound: the statement has no such line.
    """
    if key in {TOTAL, EARNED}:
        return sum_of(statement, only_pay=key == EARNED)
    line = next((each for each in statement.lines if each.key == key), None)
    if line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return why_line(store_id, statement, line, own=own)


def why_line(store_id: int, statement: ReadStatement, line: ReadLine, *, own: bool) -> Answer:
    """The answer for a line."""
    if line.kind is LineKind.PAY and line.pay_line_id is not None:
        return pay.why(pay.line_of(store_id, line.pay_line_id))
    found = explanation_of(line)
    sections = [Section(say("The arithmetic"), ()) if found is None else arithmetic(found)]
    if line.pay_line_id is not None:
        corrected = pay.line_of(store_id, line.pay_line_id)
        sections += [
            Section(say("What it corrects"), (_corrects(corrected, own=own),)),
            section(say("The rule"), pay.rule_of(corrected)),
            section(say("The pay plan"), pay.plan_facts(corrected.version)),
        ]
    if line.source_id is not None:
        sections += sections_of(store_id, line.source_id, own=own)
    return answer(line.name, statement.month, line.amount, sections)


def _corrects(line: PayLine, *, own: bool) -> Step:
    """Leads to the line as it was paid; the facts behind its figures say what was recorded since, by whom and when."""
    told = say(
        "{name} of {month}; behind its figures stands what was recorded since, by whom and when",
        name=from_plain(line.name),
        month=str(line.month),
    )
    return Step(told, page=Page("commissions.my_why" if own else "commissions.why", {"line_id": line.id}))


def explanation_of(line: ReadLine) -> Explanation | None:
    """The arithmetic of a line that is no line of a plan itself."""
    return None if line.explanation is None else explanation_from_plain(line.explanation)


def sum_of(statement: ReadStatement, *, only_pay: bool = False) -> Answer:
    """The sum of a statement, or of its lines of pay: each line with its amount."""
    lines = [line for line in statement.pay_lines if line.kind is LineKind.PAY or not only_pay]
    parts = [given(say("{name}: {amount}", name=line.name, amount=str(line.amount)), line.amount) for line in lines]
    name = say("Earned so far") if only_pay else say("Total of the statement")
    return answer(name, statement.month, total(line.amount for line in lines), [arithmetic(added_up(parts, name))])


def adjustments_of(line: PayLine) -> list[Step]:
    """The adjustments that later months posted for a line of a closed one."""
    found = db.session.execute(
        select(StatementLine.name, StatementLine.amount, Statement.month)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(StatementLine.pay_line_id == line.id, StatementLine.kind == LineKind.ADJUSTMENT)
        .order_by(Statement.month, StatementLine.id)
    )
    return [
        Step(
            say(
                "{name}: {amount}, in the statement of {month}",
                name=from_plain(name),
                amount=str(amount),
                month=str(month),
            )
        )
        for name, amount, month in found
    ]
