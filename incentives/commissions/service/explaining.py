"""Why a line comes to what it does: its rule in plain sentences, the arithmetic step by step, and the plan behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from incentives.adoptions.models import Subject
from incentives.adoptions.service.adopting import adoption_of
from incentives.commissions.afterwards import what_became
from incentives.commissions.format import load
from incentives.commissions.models import PayLine, PlanVersion
from incentives.commissions.service.behind import Behind, behind, crew_of, worked_out_at
from incentives.commissions.service.catalogue import catalogue_of
from incentives.core.aloud import read_aloud
from incentives.core.answer import Answer, Section, answer, arithmetic, numbered, section
from incentives.core.catalogue import Catalogue
from incentives.core.errors import NotFound, Sentence, from_plain, say
from incentives.core.explain import Explanation, explanation_from_plain
from incentives.core.keys import MeasureKey
from incentives.core.parameters import in_month
from incentives.core.period import Month, business_date
from incentives.core.plan import Plan
from incentives.db import db
from incentives.people.models import Employee, Store


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


def why(line: PayLine) -> Answer:
    """Everything that explains a line, but for the facts behind its figures."""
    explanation = explanation_of(line)
    return answer(
        from_plain(line.name),
        line.month,
        line.amount,
        [
            section(say("Still missing"), [from_plain(each) for each in line.missing]),
            section(say("The rule"), rule_of(line)),
            Section(say("The arithmetic"), ()) if explanation is None else arithmetic(explanation),
            section(say("Forfeited"), _forfeited(line)),
            section(say("The pay plan"), plan_facts(line.version)),
            Section(say("What became of it"), tuple(what_became(line))),
        ],
    )


def explanation_of(line: PayLine) -> Explanation | None:
    """The line's arithmetic; none while something is missing."""
    return None if line.explanation is None else explanation_from_plain(line.explanation)


def _forfeited(line: PayLine) -> list[Sentence]:
    if not line.forfeited:
        return []
    return [say("Own gates and factors took {amount} of the share. Nobody else gets it.", amount=str(line.forfeited))]


def rule_of(line: PayLine) -> list[Sentence]:
    """The rule of a line as its plan's version says it, read aloud."""
    plan = in_month(load(line.version.text).plan, line.month)
    return _rule(plan, line.code, catalogue_of(line.store_id, [plan]))


def _rule(plan: Plan, code: str, catalogue: Catalogue) -> list[Sentence]:
    """The sentences about one part of the plan; about the whole plan for the change to the sum."""
    own = tuple(node for node in plan.lines if node.code == code)
    part = replace(plan, lines=own, then=()) if own else plan
    return read_aloud(replace(part, parameters=()), catalogue)


def plan_facts(version: PlanVersion) -> list[Sentence]:
    """Which version of which plan, from when, who drafted it and who approved it."""
    plan, people = version.plan, _names(version.drafted_by, version.decided_by)
    zone = db.session.get_one(Store, plan.store_id).zone
    told = [
        say(
            "Plan {code}, version {number}, in force since {month}",
            code=plan.code,
            number=version.number,
            month=str(version.from_month),
        )
    ]
    if version.drafted_by is not None:
        told.append(
            say("Drafted by {name} on {day}", name=people[version.drafted_by], day=_day(version.drafted_at, zone))
        )
    if version.decided_by is not None and version.decided_at is not None:
        told.append(
            say("Approved by {name} on {day}", name=people[version.decided_by], day=_day(version.decided_at, zone))
        )
    adoption = adoption_of(plan.store_id, Subject.PLAN_VERSION, version.id)
    if adoption is not None:
        told.append(
            say(
                "Made known on {day}: {where}; the staff were heard on {heard}: {who}",
                day=adoption.published_on.isoformat(),
                where=adoption.published_where,
                heard=adoption.consulted_on.isoformat(),
                who=adoption.consulted,
            )
        )
    return told


def _day(moment: datetime, zone: str) -> str:
    return business_date(moment, zone).isoformat()


def _names(*ids: int | None) -> dict[int, str]:
    found = db.session.execute(
        select(Employee.id, Employee.name).where(Employee.id.in_([each for each in ids if each]))
    )
    return {number: name for number, name in found}  # noqa: C416 (rows become typed pairs)


def behind_number(line: PayLine, number: int) -> Behind:
    """What stands behind the figure that an address names.

    Raises:
        NotFound: the line uses no such measure.
    """
    explanation = explanation_of(line)
    keys = [] if explanation is None else numbered(explanation)
    if explanation is None or not 0 <= number < len(keys):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return behind(line, figure_of(explanation, keys[number]), keys[number], crew_of(line), worked_out_at(line))


def behind_all(line: PayLine) -> list[Behind]:
    """What stands behind each figure of a line, in the order of their numbers."""
    explanation = explanation_of(line)
    if explanation is None:
        return []
    crew, at = crew_of(line), worked_out_at(line)
    return [behind(line, figure_of(explanation, key), key, crew, at) for key in numbered(explanation)]


def figure_of(explanation: Explanation, key: MeasureKey) -> Explanation:
    """The step that reads a measure."""
    return next(each for each in _walk(explanation) if each.key == key)


def _walk(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for part in explanation.parts:
        yield from _walk(part)
