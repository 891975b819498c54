"""Why a line of a statement, of whatever kind, is what it is; and why its total is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from incentives.commissions.models import PayLine
from incentives.commissions.service import explaining as pay
from incentives.commissions.service.behind import Behind
from incentives.core.answer import Answer, Page, Section, Step, answer, arithmetic, section
from incentives.core.errors import NotFound, Sentence, from_plain, say
from incentives.core.explain import Explanation, explanation_from_plain
from incentives.core.formula import added, amount_of
from incentives.core.money import ZERO, total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, Statement, StatementLine
from incentives.payroll.service import later, supplements
from incentives.payroll.service.comparing import TOTAL
from incentives.payroll.service.reading import ReadLine, ReadStatement
from incentives.rewards.service.telling import sections_of

EARNED = "earned"
"""Names the sum of the lines of pay alone: what the start page calls earned so far."""
OWED = "owed"
"""Names the sum of what closed months still owe: what a supplement pays."""
SUMS: Mapping[str, tuple[Sentence, Callable[[LineKind], bool]]] = {
    TOTAL: (say("Total of the statement"), lambda kind: kind.is_paid),
    EARNED: (say("Earned so far"), lambda kind: kind is LineKind.PAY),
    OWED: (say("Owed by closed months"), lambda kind: kind in supplements.OWED),
}
"""The sums of a statement that can be asked for: the name, and which lines each adds up."""


def why(store_id: int, statement: ReadStatement, key: str, *, own: bool, at: str | None = None) -> Answer:
    """The answer for a line, or for the total. ``at`` is the code of the store that one's own statement was asked at.

    Raises:
        NotFound: the statement has no such line.
    """
    if key in SUMS:
        return sum_of(statement, key, own=own, at=at)
    line = next((each for each in statement.lines if each.key == key), None)
    if line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return why_line(store_id, statement, line, own=own)


def behind_of(store_id: int, statement: ReadStatement, key: str) -> list[Behind]:
    """What stands behind the figures of a line that a closed month did not have; nothing behind any other line or sum."""
    line = next((each for each in statement.lines if each.key == key), None)
    return [] if line is None else later.behind_new(store_id, statement.employee_id, line)


def paid_line(statement: ReadStatement, key: str) -> int:
    """The line of a plan whose facts stand behind a line's figures; 0 where it is no line of a plan itself."""
    found = (line.pay_line_id for line in statement.lines if line.key == key and line.kind is LineKind.PAY)
    return next(found, None) or 0


def why_line(store_id: int, statement: ReadStatement, line: ReadLine, *, own: bool) -> Answer:
    """The answer for a line."""
    return _answers(store_id, statement, [line], own=own)[0].answer


class Opened(NamedTuple):
    """A line of a statement with its answer, and what stands behind its figures."""

    line: ReadLine
    answer: Answer
    behind: Sequence[Behind]


def open_all(store_id: int, statement: ReadStatement) -> list[Opened]:
    """Every line of one's own statement with all that explains it.

    As many queries for thirty lines as for three, but for each new line of a closed month.
    """
    opened = _answers(store_id, statement, statement.lines, own=True)
    pay_lines = [each.pay_line for each in opened if each.pay_line is not None and _follows_figures(each.line)]
    behind = pay.behind_all(pay_lines)
    return [
        Opened(
            each.line,
            each.answer,
            later.behind_new(store_id, statement.employee_id, each.line)
            if later.is_new(each.line)
            else behind.get(each.line.pay_line_id or 0, ()),
        )
        for each in opened
    ]


def _follows_figures(line: ReadLine) -> bool:
    """Whether it is a plan's line that came out; others were explained when they were made."""
    return not line.missing and line.explanation is None


class _Answered(NamedTuple):
    line: ReadLine
    answer: Answer
    pay_line: PayLine | None


def _answers(store_id: int, statement: ReadStatement, lines: Sequence[ReadLine], *, own: bool) -> list[_Answered]:
    """One query for all lines of pay and what they are told with, one for all rewards."""
    ids = {line.pay_line_id for line in lines if line.pay_line_id is not None}
    pay_lines = pay.lines_of(store_id, ids) if ids else {}
    known = pay.known_of(list(pay_lines.values()))
    rewards = sections_of(store_id, {line.source_id for line in lines if line.source_id is not None}, own=own)
    answered = []
    for line in lines:
        of_pay = None if line.pay_line_id is None else pay_lines[line.pay_line_id]
        if line.kind is LineKind.PAY and of_pay is not None:
            answered.append(_Answered(line, pay.why(of_pay, known), of_pay))
        else:
            sections = [*_sections(line, of_pay, known, own=own), *rewards.get(line.source_id or 0, ())]
            answered.append(_Answered(line, answer(line.name, statement.month, line.amount, sections), of_pay))
    return answered


def _sections(line: ReadLine, corrected: PayLine | None, known: pay.Known, *, own: bool) -> list[Section]:
    found = explanation_of(line)
    sections = [Section(say("The arithmetic"), ()) if found is None else arithmetic(found)]
    if corrected is not None:
        sections += [
            Section(say("What it corrects"), (_corrects(corrected, own=own),)),
            section(say("The rule"), pay.rule_of(corrected, known)),
            section(say("The pay plan"), pay.plan_facts(corrected, known)),
        ]
    elif later.is_new(line):
        sections.append(section(say("What it corrects"), [_had_none(line)]))
    return sections


def _had_none(line: ReadLine) -> Sentence:
    return say(
        "{month} had no such line when it was closed; it comes of what was recorded or changed since. The facts that "
        "its figures count stand on this page, with who entered them and when.",
        month=str(line.for_month),
    )


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


def sum_of(statement: ReadStatement, key: str, *, own: bool, at: str | None) -> Answer:
    """A sum of a statement's lines: each line with its amount, leading to its own explanation."""
    name, counts = SUMS[key]
    lines = [line for line in statement.lines if counts(line.kind)]
    whole = total(line.amount for line in lines)
    steps = tuple(
        Step(
            line.name,
            result=amount_of(line.amount),
            page=page_of(statement.month, statement.employee_id, line, own=own, at=at),
        )
        for line in lines
    )
    told = Step(name, steps, terms=added([line.amount for line in lines]), result=amount_of(whole))
    return answer(name, statement.month, whole, [Section(say("The arithmetic"), (told,))])


def nothing_of(month: Month, key: str) -> Answer:
    """The answer for a sum of a month that has nothing to tell about somebody."""
    told = say("Nothing was recorded that pays you for this month: no line of a plan, no reward, no adjustment.")
    return answer(SUMS[key][0], month, ZERO, [section(say("The arithmetic"), [told])])


def page_of(month: Month, employee_id: int, line: ReadLine, *, own: bool, at: str | None) -> Page:
    """Where a line of a statement is explained."""
    if line.kind is LineKind.PAY and line.pay_line_id is not None:
        return Page("commissions.my_why" if own else "commissions.why", {"line_id": line.pay_line_id})
    if own:
        where = {} if at is None else {"store": at}
        return Page("payroll.my_line", {"month": str(month), "key": line.key, **where})
    return Page("payroll.line", {"month": str(month), "employee_id": employee_id, "key": line.key})


def adjustments_of(lines: Sequence[PayLine]) -> dict[int, list[Step]]:
    """The adjustments that later months posted for lines of closed ones, by line. One query."""
    found = db.session.execute(
        select(StatementLine.pay_line_id, StatementLine.name, StatementLine.amount, Statement.month)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(StatementLine.pay_line_id.in_({line.id for line in lines}), StatementLine.kind == LineKind.ADJUSTMENT)
        .order_by(Statement.month, StatementLine.id)
    )
    steps: dict[int, list[Step]] = defaultdict(list)
    for line_id, name, amount, month in found:
        told = say(
            "{name}: {amount}, in the statement of {month}",
            name=from_plain(name),
            amount=str(amount),
            month=str(month),
        )
        steps[line_id or 0].append(Step(told))
    return steps
