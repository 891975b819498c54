"""Dated parameters: which number holds in a month, and the plan with these numbers filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from incentives.core.errors import DomainError, say
from incentives.core.measure import Given, Parameter
from incentives.core.period import Month
from incentives.core.plan import Plan


def parameters_of(plan: Plan, month: Month) -> dict[str, Given]:
    """The parameters' values that hold on the month's first day; one that starts later is left out."""
    found: dict[str, Given] = {}
    for name, history in plan.parameters:
        held = [entry for entry in history if entry.start <= month.first]
        if held:
            value = max(held, key=lambda entry: entry.start).value
            found[name] = replace(value, name=name)
    return found


def in_month(plan: Plan, month: Month) -> Plan:
    """The plan with every parameter replaced by the number that holds on the month's first day.

    Raises:
        DomainError: a parameter that is used has no value in that month.
    """
    values = parameters_of(plan, month)
    return replace(
        plan,
        lines=_filled(plan.lines, values, month),
        then=_filled(plan.then, values, month),
    )


T = TypeVar("T")


def _filled(part: T, values: dict[str, Given], month: Month) -> T:
    if isinstance(part, tuple):
        return tuple(_filled(each, values, month) for each in part)  # type: ignore[return-value]  # a tuple of the same
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {}
    for field in fields(part):
        before = getattr(part, field.name)
        after = _value(before, values, month) if isinstance(before, Parameter) else _filled(before, values, month)
        if after is not before:
            changed[field.name] = after
    return replace(part, **changed) if changed else part


def _value(parameter: Parameter, values: dict[str, Given], month: Month) -> Given:
    if parameter.name not in values:
        raise DomainError(
            say("The parameter ${name} has no value for {month}.", name=parameter.name, month=str(month)),
        )
    return values[parameter.name]


def walk(part: object) -> Iterator[object]:
    """A part of a plan and all parts below it, in the order written."""
    yield part
    below = part if isinstance(part, tuple) else ()
    if is_dataclass(part) and not isinstance(part, type):
        below = tuple(getattr(part, field.name) for field in fields(part))
    for each in below:
        yield from walk(each)
