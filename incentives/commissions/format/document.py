"""A plan text as a whole: the plan and its worked examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml

from incentives.commissions.format.measures import MeasureReader, label, needed
from incentives.commissions.format.numbers import code, day, given
from incentives.commissions.format.place import Place, Wrong, gathered, parse, refusal
from incentives.commissions.format.read import Reader
from incentives.commissions.format.samples import example
from incentives.commissions.format.write import written
from incentives.commissions.format.writing import Mapping
from incentives.core.errors import say
from incentives.core.measure import Dated, Label, Measure, Parameter
from incentives.core.parameters import named, walk
from incentives.core.pay import WHOLE
from incentives.core.plan import (
    Band,
    Cap,
    Coefficients,
    Deduct,
    Factor,
    FactorBand,
    Floor,
    Gate,
    Group,
    Line,
    MeasuredFactor,
    Plan,
    Pool,
    Rate,
)
from incentives.core.samples import Example

_KEYS = ("plan", "name", "note", "parameters", "measures", "lines", "then", "examples")
_ALWAYS = date(2000, 1, 1)
MOST_DAYS = 60
MOST_PARTS = 250
"""Of a whole plan: the longest that dealerships publish have some sixty."""


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan and the examples it must reproduce."""

    plan: Plan
    examples: tuple[Example, ...] = ()


@lru_cache(maxsize=256)
def load(text: str) -> PlanDocument:
    """Read a plan from YAML (or JSON). The same text is read once: what it says never changes.

    Raises:
        Faults: every fault found, each naming its place, such as ``lines[2].tiers.bands[0].rate: …``.
    """
    place = parse(text)
    try:
        document = _document(place)
        _check_size(document.plan)
        _check_codes(document.plan)
        _check_parameters(document.plan)
    except Wrong as wrong:
        raise refusal(wrong) from None
    return document


def _document(place: Place) -> PlanDocument:
    said = place.mapping(*_KEYS)
    reader = Reader(_measures(said["measures"]) if "measures" in said else {})
    plans: list[Plan] = []
    examples: list[Example] = []
    reads: list[Callable[[], None]] = [
        lambda: plans.append(_plan(place, reader)),
        lambda: examples.extend(said["examples"].each(example) if "examples" in said else ()),
    ]
    gathered(reads)
    return PlanDocument(plans[0], tuple(examples))


def _plan(place: Place, reader: Reader) -> Plan:
    said = place.mapping(*_KEYS)
    plan_code = code(needed(place, "plan"))
    parameters, labels = _parameters(said["parameters"]) if "parameters" in said else ((), ())
    plan = Plan(
        code=plan_code,
        label=label(needed(place, "name")),
        lines=needed(place, "lines").each(reader.node),
        then=reader.steps(said["then"]) if "then" in said else (),
        parameters=parameters,
        parameter_labels=labels,
        note=label(said["note"]) if "note" in said else None,
    )
    return named(plan, dict(labels))


def _measures(place: Place) -> dict[str, Measure]:
    """Named measures; one may be divided by another that was named before it."""
    found: dict[str, Measure] = {}
    for name, written_out in place.named().items():
        code(Place(written_out.path, name))
        found[name] = MeasureReader(dict(found)).measure(written_out)
    return found


def _parameters(place: Place) -> tuple[tuple[tuple[str, tuple[Dated, ...]], ...], tuple[tuple[str, Label], ...]]:
    """The values of each parameter by date, and the names of those that have one."""
    histories: list[tuple[str, tuple[Dated, ...]]] = []
    labels: list[tuple[str, Label]] = []
    for key, value in place.named().items():
        parameter = code(Place(value.path, key))
        if isinstance(value.value, dict):
            said = value.mapping("name", "values")
            histories.append((parameter, _dated(needed(Place(value.path, dict(said)), "values"))))
            labels += [(parameter, label(said["name"]))] if "name" in said else []
        else:
            histories.append((parameter, _dated(value)))
    return tuple(histories), tuple(labels)


def _dated(place: Place) -> tuple[Dated, ...]:
    if isinstance(place.value, str):
        return (Dated(_ALWAYS, given(place)),)
    history = place.each(_one_dated)
    twice = [start for start, times in Counter(entry.start for entry in history).items() if times > 1]
    if twice:
        raise place.wrong(say("two values start on {day}.", day=str(twice[0])))
    return history


def _one_dated(place: Place) -> Dated:
    said = place.mapping("from", "value")
    return Dated(day(needed(place, "from")), given(needed(Place(place.path, dict(said)), "value")))


# --- checks across the plan ------------------------------------------------------------------------------

_COUNTED = (Line, Group, Pool, Band, FactorBand, Dated, Factor, MeasuredFactor, Gate, Deduct, Floor, Cap, Coefficients)


def _check_size(plan: Plan) -> None:
    """Refuse what nobody can read any more, and what would keep the check busy for minutes."""
    found = sum(isinstance(part, _COUNTED) for part in walk((plan.lines, plan.then, plan.parameters)))
    if found > MOST_PARTS:
        raise Place("plan", "").wrong(
            say(
                "{found} rows, bands, steps and dated values are too many: a plan has at most {most} in all.",
                found=found,
                most=MOST_PARTS,
            )
        )
    days = {entry.start for _, history in plan.parameters for entry in history}
    if len(days) > MOST_DAYS:
        raise Place("parameters", "").wrong(
            say("values change on {found} different days; a plan has at most {most}.", found=len(days), most=MOST_DAYS)
        )


def _check_codes(plan: Plan) -> None:
    codes = Counter(part.code for part in walk(plan.lines) if isinstance(part, Line | Group | Pool))
    twice = [each for each, times in codes.items() if times > 1]
    if twice:
        raise Place("lines", "").wrong(say("the code “{code}” stands for two lines.", code=twice[0]))
    if WHOLE in codes:
        raise Place("lines", "").wrong(say("the code “{code}” is kept for the change to the sum.", code=WHOLE))


def _check_parameters(plan: Plan) -> None:
    known = dict(plan.parameters)
    for part in walk((plan.lines, plan.then)):
        if isinstance(part, Parameter) and part.name not in known:
            raise Place("parameters", "").wrong(say("the parameter ${name} is used but not said.", name=part.name))
        if isinstance(part, Rate) and isinstance(part.number, Parameter):
            _check_rate(part, known.get(part.number.name, ()))


def _check_rate(rate: Rate, history: tuple[Dated, ...]) -> None:
    wrong = [entry for entry in history if entry.value.percent is rate.per_unit]
    if not wrong or not isinstance(rate.number, Parameter):
        return
    place = Place(f"parameters.{rate.number.name}", "")
    if rate.per_unit:
        raise place.wrong(say("it is used as yuan per unit, so its values cannot be percents."))
    raise place.wrong(say("it is used as a rate of money, so its values must be percents, such as 5 %."))


# --- writing ---------------------------------------------------------------------------------------------


class _PlainDumper(yaml.SafeDumper):
    """Writes ``5 %`` and ``2026-01-01`` without quotes: they are read back as text anyway."""

    yaml_implicit_resolvers: dict[str, list[object]] = {}  # noqa: RUF012 - the name and kind are PyYAML's

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write a value again where it stands again, since aliases are refused on reading."""
        return True


def dump(document: PlanDocument) -> str:
    """A plan as YAML; :func:`load` reads the same plan back. Named measures are written out where they are used."""
    return dump_tree(written(document.plan, document.examples))


def dump_tree(tree: Mapping) -> str:
    """Plain texts, lists and mappings as YAML, whether they are a plan yet or not."""
    return yaml.dump(tree, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=120)
