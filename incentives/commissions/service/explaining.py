"""Why a line comes to what it does: its rule in plain sentences, the arithmetic step by step, and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from incentives.commissions.format import load
from incentives.commissions.models import PayLine, PlanVersion
from incentives.commissions.service.calculation import paid_by
from incentives.core.aloud import read_aloud
from incentives.core.errors import NotFound, Sentence, from_plain, say
from incentives.core.explain import Explanation, explanation_from_plain
from incentives.core.keys import MeasureKey
from incentives.core.measure import SALE_KINDS
from incentives.core.money import Money
from incentives.core.parameters import in_month
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.wording import Catalogue
from incentives.db import db
from incentives.sales.service.measures import NOBODY, facts
from incentives.targets.service.catalogue import for_plans

MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a page shows it. ``number`` leads to the facts behind its figure; none where there are none."""

    text: Sentence
    steps: tuple[Step, ...]
    number: int | None
    amount: None = None


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one line."""

    line: PayLine
    name: Sentence
    rule: list[Sentence]
    step: Step | None
    missing: list[Sentence]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic from its outermost step on."""
        return () if self.step is None else (self.step,)


def line_of(store_id: int, line_id: int) -> PayLine:
    """A line of the store.

    Raises:
        NotFound: it has none of that id.
    """
    return _one(PayLine.store_id == store_id, PayLine.id == line_id)


def own_line(employee_id: int, line_id: int) -> PayLine:
    """A line of one's own, at whichever store it was earned.

    Raises:
        NotFound: there is none of that id, or it is somebody else's.
    """
    return _one(PayLine.employee_id == employee_id, PayLine.id == line_id)


def _one(*conditions: ColumnElement[bool]) -> PayLine:
    options = joinedload(PayLine.version).joinedload(PlanVersion.plan)
    line = db.session.scalars(select(PayLine).where(*conditions).options(options)).one_or_none()
    if line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return line


def lines_for(store_id: int, month: Month, employee_id: int) -> Sequence[PayLine]:
    """Somebody's lines of a month, in the order of the statement."""
    found = select(PayLine).where(
        PayLine.store_id == store_id, PayLine.month == month, PayLine.employee_id == employee_id
    )
    return db.session.scalars(found.order_by(PayLine.place)).all()


def why(line: PayLine) -> Why:
    """Everything that explains a line."""
    plan = load(line.version.text).plan
    explanation = None if line.explanation is None else explanation_from_plain(line.explanation)
    return Why(
        line=line,
        name=from_plain(line.name),
        rule=_rule(in_month(plan, line.month), line.code, for_plans(line.store_id)),
        step=None if explanation is None else step_of(explanation, _numbered(explanation)),
        missing=[from_plain(each) for each in line.missing],
    )


def _rule(plan: Plan, code: str, indicators: Catalogue) -> list[Sentence]:
    """The sentences about one part of the plan; about the whole plan for the change to the sum."""
    own = tuple(node for node in plan.lines if node.code == code)
    part = replace(plan, lines=own, then=()) if own else plan
    return read_aloud(replace(part, parameters=()), indicators)


def _numbered(explanation: Explanation) -> list[MeasureKey]:
    """The measures used, in a fixed order, so that an address can name one by its number."""
    return sorted(explanation.used(), key=lambda key: str(key.as_plain()))


def step_of(explanation: Explanation, keys: Sequence[MeasureKey]) -> Step:
    """An explanation as a page shows it; ``keys`` are the measures in the order of their numbers."""
    return Step(
        text=explanation.sentence,
        steps=tuple(step_of(part, keys) for part in explanation.parts),
        number=None if explanation.key is None else keys.index(explanation.key),
    )


def key_of(line: PayLine, number: int) -> MeasureKey:
    """The measure that an address names.

    Raises:
        NotFound: the line uses no such measure.
    """
    explanation = None if line.explanation is None else explanation_from_plain(line.explanation)
    keys = [] if explanation is None else _numbered(explanation)
    if not 0 <= number < len(keys):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return keys[number]


def facts_page(line: PayLine, number: int) -> dict[str, object]:
    """What the page of a figure's facts shows: the line, the figure's sentence, the sale lines behind it.

    Readings and targets have none here; their sentence says where they come from.
    """
    key = key_of(line, number)
    explanation = explanation_from_plain(line.explanation or {})
    sentence = next(part.sentence for part in _walk(explanation) if part.key == key)
    paid = paid_by(line)
    crew = NOBODY if paid is None else paid.crew
    found = facts(line.store_id, key, crew, most=MOST_FACTS) if key.kind in SALE_KINDS else []
    counted = [(each.line, Money(each.figures.received)) for each in found]
    return {"line": line, "sentence": sentence, "facts": counted, "about_sales": key.kind in SALE_KINDS}


def _walk(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for part in explanation.parts:
        yield from _walk(part)
