"""Dated parameters: what they are called, which number holds in a month, and the plan with these numbers filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from incentives.core.errors import DomainError, say
from incentives.core.measure import Given, Label, Number, Parameter
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.wording import parameter_name


def parameters_of(plan: Plan, month: Month) -> dict[str, Given]:
    """The parameters' values that hold on the month's first day; one that starts later is left out."""
    found: dict[str, Given] = {}
    for name, history in plan.parameters:
        held = [entry for entry in history if entry.start <= month.first]
        if held:
            found[name] = max(held, key=lambda entry: entry.start).value
    return found


def in_month(plan: Plan, month: Month) -> Plan:
    """The plan with every parameter replaced by the number that holds on the month's first day.

    Raises:
        DomainError: a parameter that is used has no value in that month.
    """
    values = parameters_of(plan, month)
    return _with_each(plan, lambda parameter: _value(parameter, values, month))


def named(plan: Plan, labels: Mapping[str, Label]) -> Plan:
    """The plan with every use of a parameter knowing what people call it."""
    return _with_each(plan, lambda parameter: replace(parameter, label=labels.get(parameter.name)))


def _with_each(plan: Plan, change: Callable[[Parameter], Number]) -> Plan:
    return replace(plan, lines=_filled(plan.lines, change), then=_filled(plan.then, change))


T = TypeVar("T")


def _filled(part: T, change: Callable[[Parameter], Number]) -> T:
    if isinstance(part, tuple):
        return tuple(_filled(each, change) for each in part)  # type: ignore[return-value]  # a tuple of the same
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {}
    for field in fields(part):
        before = getattr(part, field.name)
        after = change(before) if isinstance(before, Parameter) else _filled(before, change)
        if after is not before:
            changed[field.name] = after
    return replace(part, **changed) if changed else part


def _value(parameter: Parameter, values: dict[str, Given], month: Month) -> Given:
    if parameter.name not in values:
        raise DomainError(
            say("The parameter {name} has no value for {month}.", name=parameter_name(parameter), month=str(month)),
        )
    return replace(values[parameter.name], name=parameter_name(parameter))


def walk(part: object) -> Iterator[object]:
    """A part of a plan and all parts below it, in the order written."""
    yield part
    below = part if isinstance(part, tuple) else ()
    if is_dataclass(part) and not isinstance(part, type):
        below = tuple(getattr(part, field.name) for field in fields(part))
    for each in below:
        yield from walk(each)
