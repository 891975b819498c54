"""The payslip 工资条: a statement with every line's explanation and its facts, set as a document.

It says what the pages say, by the same answers; a month that still follows its facts is marked as an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from incentives import clock
from incentives.commissions.service.behind import Behind
from incentives.core.answer import Answer, Fact, Step
from incentives.core.errors import Plain, Sentence, say
from incentives.core.formula import line_of
from incentives.db import db
from incentives.exchange.documents import as_pdf
from incentives.payroll.models import LineKind
from incentives.payroll.service import explaining, reading
from incentives.payroll.service.explaining import Opened
from incentives.payroll.service.reading import ReadLine, ReadStatement
from incentives.people.models import Store
from incentives.web.filters import day, moment, money, month_name, shown
from incentives.web.i18n import language, tell


def as_document(store_id: int, statement: ReadStatement) -> bytes:
    """The payslip as a PDF, in the reader's language."""
    store = db.session.get_one(Store, store_id)
    title = say("Payslip of {name}, {month}", name=statement.name, month=str(statement.month))
    name = store.name_en or store.name if language() == "en" else store.name
    return as_pdf(
        "payroll/payslip",
        title=tell(title),
        footer=f"{name} · {statement.number} · {statement.month}",
        lang=language(),
        at=clock.now(),
        data=told(store_id, statement),
    )


def told(store_id: int, statement: ReadStatement) -> dict[str, Plain]:
    """Everything the payslip says."""
    before = reading.totals(store_id, statement.month.plus(-1)).get(statement.employee_id)
    about: list[tuple[Sentence, str]] = [
        (say("Number"), statement.number),
        (say("Name"), statement.name),
        (say("Month"), month_name(statement.month)),
        (say("State"), tell(_state(statement))),
        (say("Total"), money(statement.total)),
    ]
    if before is not None:
        about += [(say("Last month"), money(before)), (say("Change"), money(statement.total - before))]
    return {
        "about": [[tell(word), value] for word, value in about],
        "held": tell(say("Held: {reason}", reason=statement.reason)) if statement.reason else "",
        "line_words": [tell(say("Paid item")), tell(say("Amount"))],
        "lines": [[tell(line.name), _amount(line)] for line in statement.pay_lines],
        "total": [tell(say("Total")), money(statement.total)],
        "why": tell(say("How each line came about")),
        "fact_words": [tell(word) for word in FACT_WORDS],
        "answers": [_answer(each) for each in explaining.open_all(store_id, statement)],
    }


FACT_WORDS = (say("Day"), say("Document"), say("What"), say("Counted"), say("Entered by"))


def _state(statement: ReadStatement) -> Sentence:
    if statement.is_estimate:
        return say("estimate: it follows the facts until the month is reviewed")
    return say("as reviewed")


def _amount(line: ReadLine) -> str:
    return tell(say("waits for a figure")) if line.missing else money(line.amount)


def _answer(opened: Opened) -> Plain:
    return {
        "name": tell(opened.answer.name),
        "amount": _amount(opened.line),
        "sections": _sections(opened.answer),
        "figures": list(_figures(opened.behind, _late_words(opened.line))),
    }


def _sections(found: Answer) -> list[Plain]:
    return [{"heading": tell(each.heading), "steps": list(_steps(each.steps, 0))} for each in found.sections]


def _steps(steps: Iterable[Step], depth: int) -> Iterator[Plain]:
    for step in steps:
        yield [depth, tell(step.text), _line(step), "" if step.result is None else shown(step.result.text)]
        yield from _steps(step.steps, depth + 1)


def _line(step: Step) -> str:
    """The figures of a step with the signs between them."""
    return tell(line_of(step.terms)) if step.terms else ""


def _late_words(line: ReadLine) -> Sentence:
    """A correction is made of what came later; a line of pay is not."""
    if line.kind is LineKind.ADJUSTMENT:
        return say("Recorded after {month} was worked out", month=str(line.for_month))
    return say("Recorded later, no part of the figure")


def _figures(found: Iterable[Behind], late: Sentence) -> Iterator[Plain]:
    """The facts behind each figure of a line; a figure that nothing was recorded for is told in the steps."""
    for behind in found:
        if behind.facts or behind.late:
            yield {
                "sentence": tell(behind.sentence),
                "facts": _rows(behind.facts),
                "late": tell(late) if behind.late else "",
                "late_facts": _rows(behind.late),
            }


def _rows(facts: Sequence[Fact]) -> list[Plain]:
    return [
        [
            day(fact.day),
            shown(fact.document),
            shown(fact.what),
            fact.counted,
            f"{fact.by} {moment(fact.at)}".strip(),
        ]
        for fact in facts
    ]
