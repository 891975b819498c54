"""Trying a plan that is being written on one person: real figures of a month, and over them whatever is typed.

The person is one of the store, or an invented one beside the colleagues of a position, with figures of nobody. Nothing
is kept and nobody is paid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.commissions.format.numbers import given
from incentives.commissions.format.place import Place
from incentives.commissions.format.write_samples import written_example
from incentives.commissions.format.writing import Text
from incentives.commissions.models import PayPlan, PlanVersion
from incentives.commissions.service.calculation import Paid, gather
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.trying import TriedLine, tried
from incentives.core.aloud import spoken
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.exemplify import Tried, exemplify
from incentives.core.keys import MeasureKey
from incentives.core.measure import MONEY_KINDS, SALE_KINDS, Kind, Label, Measure, Over
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.needs import needed
from incentives.core.pay import calculate
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.reading import THOUSANDTHS, Member
from incentives.core.wording import text_of, unit_of
from incentives.people.service import staff

NOBODY = 0
"""The id of the invented person, which no employee has."""
Figures = dict[MeasureKey, int | Fraction | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the plan looks at: what is known of it, and what was typed over it."""

    name: str
    label: Sentence
    known: str
    typed: str
    fault: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the plan pays the sample person, line by line with why, and the figures it looked at."""

    figures: tuple[Figure, ...]
    lines: tuple[TriedLine, ...]
    total: Money
    tried: Tried


def sample(
    store_id: int, plan: Plan, month: Month, who: str, typed: Mapping[str, str], catalogue: Catalogue
) -> Sampled:
    """Work a plan out for the sample person.

    Args:
        store_id: where the figures come from.
        plan: the plan that is being written.
        month: the month whose figures count; what the plan's seasons and dated parameters go by, too.
        who: ``p:1017`` for the employee with that number, ``i:adviser`` for an invented one in that position.
        typed: figure by its name; what is typed goes before what is known.
        catalogue: what the store calls its indicators, positions and products.

    Raises:
        DomainError: a parameter has no value in the month.
    """
    members = _members(store_id, month, who)
    person = _sample_among(members, who)
    paid = Paid(PlanVersion(), plan, members)
    known = gather(store_id, paid, paid.needs(month))
    own = sorted((key for key in needed(plan, month, members) if key.person in {None, person}), key=_order)
    figures = tuple(_figure(key, month, known, typed, catalogue) for key in own)
    over = {key: _typed(key, figure.typed) for key, figure in zip(own, figures, strict=True)}
    answered: Figures = {**known, **{key: value for key, value in over.items() if value is not None}}
    result = calculate(plan, month, members, answered, catalogue)
    lines = tuple(tried(line) for line in result.lines if line.member == person)
    total = Money(sum(line.amount.fen for line in lines))
    return Sampled(figures, lines, total, Tried(month, members, answered, person))


def as_example(store_id: int, plan: Plan, sampled: Sampled) -> Text:
    """The sample as an example of the plan, as its file writes one. It names nobody, unless the plan itself does.

    Raises:
        DomainError: something must be known before it can be paid, or no short example has these figures.
    """
    month = str(sampled.tried.month)
    label = Label(f"As tried for {month}", f"{month} 试算")
    return written_example(exemplify(plan, sampled.tried, label, catalogue_of(store_id, [plan])))


def usual_person(store_id: int, month: Month, plan: PayPlan | None, but: int) -> str:
    """On whom a plan is tried at first: somebody whom it pays, else the first colleague of the writer (``but``)."""
    posted = staff.members(store_id, month.span)
    paid = {each.position_id for each in plan.assignments} if plan else set()
    colleagues = [each for each in posted if each.employee_id != but]
    first = next((each for each in posted if each.position_id in paid), colleagues[0] if colleagues else None)
    return f"p:{first.number}" if first else "i:"


def _sample_among(members: Sequence[Member], who: str) -> int:
    number = _number_of(who)
    return next((each.id for each in members if each.number == number), NOBODY)


def _number_of(who: str) -> str:
    kind, _, name = who.partition(":")
    return name if kind == "p" else ""


def _members(store_id: int, month: Month, who: str) -> tuple[Member, ...]:
    """The sample person with everybody of the same position, who share the plan's pools."""
    posted = staff.members(store_id, month.span)
    number, code = _number_of(who), who.partition(":")[2]
    positions = {each.position_code for each in posted if each.number == number} or {"" if number else code}
    found = {each.employee_id: each for each in posted if each.position_code in positions}
    members = [
        Member(each.employee_id, each.number, each.position_code, each.days.days, month.span.days)
        for each in found.values()
    ]
    if number not in {each.number for each in members}:
        members.append(Member(NOBODY, "", "" if number else code, month.span.days, month.span.days))
    return tuple(members)


# --- figures ---------------------------------------------------------------------------------------------


def _order(key: MeasureKey) -> tuple[str, str]:
    return (key.of.value, json.dumps(key.as_plain(), sort_keys=True))


def _figure(key: MeasureKey, month: Month, known: Figures, typed: Mapping[str, str], catalogue: Catalogue) -> Figure:
    name = figure_name(key)
    value = known.get(key)
    shown = "" if value is None else text_of(_in_units(key, value), _unit(key, catalogue))
    said = typed.get(name, "").strip()[:40]
    return Figure(name, _label(key, month, catalogue), shown, said, _fault(said))


def figure_name(key: MeasureKey) -> str:
    """The same for the same figure of whichever person, so that what was typed stays when the person changes."""
    said = {**key.as_plain(), "person": None}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _label(key: MeasureKey, month: Month, catalogue: Catalogue) -> Sentence:
    of = Measure(key.kind, key.indicator, key.of, key.department, key.sales, over=_over(key))
    name = spoken(of, catalogue)
    return name if key.last == month else say("{measure} in {month}", measure=name, month=str(key.last))


def _over(key: MeasureKey) -> Over:
    if key.first == key.last:
        return Over.MONTH
    return Over.YEAR if key.first.month == 1 and key.last.month > 3 else Over.QUARTER


def _unit(key: MeasureKey, catalogue: Catalogue) -> Unit:
    return unit_of(Measure(key.kind, key.indicator), catalogue)


def _in_units(key: MeasureKey, value: int | Fraction) -> Fraction:
    return Fraction(value) / _scale(key)


def _scale(key: MeasureKey) -> int:
    """Sums of sales are answered in fen and thousandths."""
    if key.kind not in SALE_KINDS:
        return 1
    return FEN_PER_YUAN if key.kind in MONEY_KINDS else THOUSANDTHS if key.kind is Kind.QUANTITY else 1


def _typed(key: MeasureKey, text: str) -> int | Fraction | None:
    if not text or _fault(text):
        return None
    value = given(Place("", text)).value * _scale(key)
    return int(value) if key.kind in SALE_KINDS else value


def _fault(text: str) -> Sentence | None:
    if not text:
        return None
    try:
        given(Place("", text))
    except DomainError:
        return say("“{text}” is not a number; write 1234.50 or 5 %.", text=text)
    return None
