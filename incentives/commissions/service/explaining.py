"""Why a line comes to what it does: its rule in plain sentences, the arithmetic step by step, and the plan behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload

from incentives.adoptions.models import Acknowledgement
from incentives.commissions.afterwards import what_became
from incentives.commissions.format import load
from incentives.commissions.models import PayLine, PayPlan, PlanVersion
from incentives.commissions.service.behind import Behind, Figure, OfPlan, behind
from incentives.commissions.service.catalogue import catalogue_of
from incentives.core.aloud import read_aloud
from incentives.core.answer import Answer, Section, Step, answer, arithmetic, numbered, section
from incentives.core.catalogue import NO_CATALOGUE, Catalogue
from incentives.core.errors import NotFound, Sentence, from_plain, say
from incentives.core.explain import Explanation, explanation_from_plain
from incentives.core.keys import MeasureKey
from incentives.core.measure import Label
from incentives.core.parameters import in_month
from incentives.core.period import business_date
from incentives.core.plan import Plan
from incentives.db import db
from incentives.people.models import Employee


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


def lines_of(store_id: int, line_ids: Collection[int]) -> dict[int, PayLine]:
    """Some lines of the store, by id. One query."""
    found = _lines(PayLine.store_id == store_id, PayLine.id.in_(line_ids))
    return {line.id: line for line in db.session.scalars(found).unique()}


def _one(*conditions: ColumnElement[bool]) -> PayLine:
    line = db.session.scalars(_lines(*conditions)).unique().one_or_none()
    if line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return line


def _lines(*conditions: ColumnElement[bool]) -> Select[PayLine]:
    """Lines with the plan's version, and who stands behind it."""
    version = joinedload(PayLine.version)
    return (
        select(PayLine)
        .where(*conditions)
        .options(
            version.joinedload(PlanVersion.plan).joinedload(PayPlan.store),
            version.joinedload(PlanVersion.drafter),
            version.joinedload(PlanVersion.decider),
            version.joinedload(PlanVersion.adoptions),
        )
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is paid: the name, and when he acknowledged the adoptions of plans, by their ids."""

    name: str
    acknowledged: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """What lines are told with: what the store calls what their plans name, what became of them, and who is paid."""

    catalogue: Catalogue
    became: Mapping[int, Sequence[Step]]
    readers: Mapping[int, Reader]


def known_of(lines: Sequence[PayLine]) -> Known:
    """The same for some lines of one store. Four queries, however many lines."""
    if not lines:
        return Known(NO_CATALOGUE, {}, {})
    plans = [load(version.text).plan for version in {line.version for line in lines}]
    return Known(catalogue_of(lines[0].store_id, plans), what_became(lines), _readers(lines))


def _readers(lines: Sequence[PayLine]) -> dict[int, Reader]:
    adoptions = {adoption.id for line in lines for adoption in line.version.adoptions}
    rows = db.session.execute(
        select(Employee.id, Employee.name, Acknowledgement.adoption_id, Acknowledgement.at)
        .outerjoin(
            Acknowledgement,
            and_(Acknowledgement.employee_id == Employee.id, Acknowledgement.adoption_id.in_(adoptions)),
        )
        .where(Employee.id.in_({line.employee_id for line in lines}))
    ).all()
    read: dict[int, dict[int, datetime]] = {person: {} for person, *_rest in rows}
    for person, _name, adoption_id, at in rows:
        if adoption_id is not None:
            read[person][adoption_id] = at
    return {person: Reader(name, read[person]) for person, name, *_rest in rows}


def why(line: PayLine, known: Known | None = None) -> Answer:
    """Everything that explains a line, but for the facts behind its figures.

    Whoever tells several lines gathers for all of them what is known.
    """
    known = known or known_of([line])
    explanation = explanation_of(line)
    return answer(
        from_plain(line.name),
        line.month,
        line.amount,
        [
            section(say("Still missing"), [from_plain(each) for each in line.missing]),
            section(say("The rule"), rule_of(line, known)),
            Section(say("The arithmetic"), ()) if explanation is None else arithmetic(explanation),
            section(say("Forfeited"), _forfeited(line)),
            section(say("The pay plan"), plan_facts(line, known)),
            Section(say("What became of it"), tuple(known.became.get(line.id, ()))),
        ],
    )


def explanation_of(line: PayLine) -> Explanation | None:
    """The line's arithmetic; none while something is missing."""
    return None if line.explanation is None else explanation_from_plain(line.explanation)


def _forfeited(line: PayLine) -> list[Sentence]:
    if not line.forfeited:
        return []
    return [say("Own gates and factors took {amount} of the share. Nobody else gets it.", amount=str(line.forfeited))]


def rule_of(line: PayLine, known: Known) -> list[Sentence]:
    """The rule of a line as its plan's version says it, read aloud."""
    return _rule(in_month(load(line.version.text).plan, line.month), line.code, known.catalogue)


def _rule(plan: Plan, code: str, catalogue: Catalogue) -> list[Sentence]:
    """The sentences about one part of the plan; about the whole plan for the change to the sum."""
    own = tuple(node for node in plan.lines if node.code == code)
    part = replace(plan, lines=own, then=()) if own else plan
    return read_aloud(replace(part, parameters=()), catalogue)


def plan_facts(line: PayLine, known: Known) -> list[Sentence]:
    """Which version of which plan, from when, who drafted it, approved it, and whether the person paid has read it."""
    version = line.version
    plan, zone = version.plan, version.plan.store.zone
    told = [
        say(
            "Plan {plan}, version {number}, in force since {month}",
            plan=Label(en=plan.name_en or plan.name, zh=plan.name).sentence(),
            number=version.number,
            month=str(version.from_month),
        )
    ]
    if version.drafter is not None:
        told.append(say("Drafted by {name} on {day}", name=version.drafter.name, day=_day(version.drafted_at, zone)))
    if version.decider is not None and version.decided_at is not None:
        told.append(say("Approved by {name} on {day}", name=version.decider.name, day=_day(version.decided_at, zone)))
    adoption = next(reversed(version.adoptions), None)
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
        told.append(_acknowledged(known.readers[line.employee_id], adoption.id, zone))
    return told


def _acknowledged(reader: Reader, adoption_id: int, zone: str) -> Sentence:
    at = reader.acknowledged.get(adoption_id)
    if at is None:
        return say("{name} has not acknowledged it yet", name=reader.name)
    return say("Acknowledged by {name} on {day}", name=reader.name, day=_day(at, zone))


def _day(moment: datetime, zone: str) -> str:
    return business_date(moment, zone).isoformat()


def behind_number(line: PayLine, number: int) -> Behind:
    """What stands behind the figure that an address names.

    Raises:
        NotFound: the line uses no such measure.
    """
    explanation = explanation_of(line)
    keys = [] if explanation is None else numbered(explanation)
    if explanation is None or not 0 <= number < len(keys):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return behind([_figure(line, explanation, keys[number])])[0]


def behind_all(lines: Iterable[PayLine]) -> dict[int, list[Behind]]:
    """What stands behind each figure of some lines of one store and month, by line, in the order of their numbers."""
    figures = [
        (line.id, figure)
        for line in lines
        if (explanation := explanation_of(line)) is not None
        for figure in figures_of(line, explanation)
    ]
    found: dict[int, list[Behind]] = defaultdict(list)
    for (line_id, _of_line), each in zip(figures, behind([figure for _id, figure in figures]), strict=True):
        found[line_id].append(each)
    return found


def figures_of(line: OfPlan, explanation: Explanation) -> list[Figure]:
    """The figures of a line's arithmetic, in the order of their numbers."""
    return [_figure(line, explanation, key) for key in numbered(explanation)]


def _figure(line: OfPlan, explanation: Explanation, key: MeasureKey) -> Figure:
    return Figure(line, figure_of(explanation, key), key)


def figure_of(explanation: Explanation, key: MeasureKey) -> Explanation:
    """The step that reads a measure."""
    return next(each for each in _walk(explanation) if each.key == key)


def _walk(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for part in explanation.parts:
        yield from _walk(part)
