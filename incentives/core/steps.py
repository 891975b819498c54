"""The steps that change an amount, in the order in which the plan names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, chain, explain
from incentives.core.measure import Kind, Measure, exact
from incentives.core.money import FEN_PER_YUAN, LARGEST_FEN
from incentives.core.plan import (
    Cap,
    Condition,
    Deduct,
    Factor,
    Fixed,
    Floor,
    Gate,
    MeasuredFactor,
    Step,
    StepTable,
    TargetMet,
)
from incentives.core.reading import Desk, Missing, NotKnownError, better_of, fact, read
from incentives.core.wording import edge_text, measure_name, number_text, text_of, unit_within, yuan
from incentives.core.worth import within, work_out_worth


def apply(start: Explanation, steps: Sequence[Step], desk: Desk, name: Sentence) -> Explanation:
    """An amount and every step on it, as a chain under one name.

    Raises:
        NotKnownError: a figure cannot be worked out, or the amount is beyond what is kept.
    """
    done = [start]
    for place, step in enumerate(steps):
        floor_said = any(isinstance(later, Floor) for later in steps[place + 1 :])
        done.append(_apply_one(step, done[-1].value, desk, floor_said=floor_said))
    if abs(done[-1].value) * FEN_PER_YUAN > LARGEST_FEN:
        raise NotKnownError(Missing(say("{name} comes to more than any amount kept here.", name=name)))
    return chain(name, done)


def _apply_one(step: Step, before: Fraction, desk: Desk, *, floor_said: bool) -> Explanation:
    match step:
        case Factor():
            shown = number_text(step.number)
            return explain(Does.TIMES, say("Factor"), figures=[exact(step.number)], read=[shown], before=before)
        case MeasuredFactor() | StepTable():
            factor = factor_of(step, desk)
            return explain(Does.TIMES, say("Factor: {name}", name=factor.sentence), parts=[factor], before=before)
        case Gate():
            return _gate(step, before, desk)
        case Deduct():
            return _deduct(step, before, desk, floor_said=floor_said)
        case Floor():
            return _limit(Does.AT_LEAST, before, step, desk)
        case _:
            return _limit(Does.AT_MOST, before, step, desk)


def _limit(does: Does, before: Fraction, step: Floor | Cap, desk: Desk) -> Explanation:
    limit = work_out_worth(Fixed(step.amount, prorated=step.prorated), desk)
    name = _LIMITS[does]
    if step.prorated:
        return explain(does, name, parts=[limit], before=before)
    return explain(does, name, figures=[limit.value], read=[yuan(step.amount)], before=before)


_LIMITS = {Does.AT_LEAST: say("Floor"), Does.AT_MOST: say("Cap")}


# --- factors ---------------------------------------------------------------------------------------------


def factor_of(step: MeasuredFactor | StepTable, desk: Desk) -> Explanation:
    """The number that a measured factor comes to; a pool's weights are made of the same."""
    return _measured(step, desk) if isinstance(step, MeasuredFactor) else _from_table(step, desk)


def _measured(step: MeasuredFactor, desk: Desk) -> Explanation:
    cap = None if step.cap is None else exact(step.cap)
    found = _per(step, read(step.measure, desk, cap), desk)
    held = [found]
    unit = found.unit or Unit.NUMBER
    for does, limit in ((Does.AT_LEAST, step.floor), (Does.AT_MOST, step.cap)):
        if limit is not None:
            read_as, value = [edge_text(limit, unit)], held[-1].value
            held.append(explain(does, _LIMITS[does], figures=[exact(limit)], read=read_as, before=value, unit=unit))
    return found if len(held) == 1 else chain(found.sentence, held)


def _per(step: MeasuredFactor, measured: Explanation, desk: Desk) -> Explanation:
    per = exact(step.per)
    if per == 1:
        return measured
    if not per:
        name = measure_name(step.measure, desk.catalogue)
        raise NotKnownError(Missing(say("{name} cannot be divided by zero.", name=name)))
    return explain(
        Does.QUOTIENT,
        measure_name(step.measure, desk.catalogue),
        parts=[measured],
        figures=[per],
        read=[number_text(step.per)],
        unit=Unit.NUMBER,
    )


def _from_table(step: StepTable, desk: Desk) -> Explanation:
    measured = read(step.measure, desk)
    unit = unit_within(step.measure, [band.range for band in step.bands], desk.catalogue)
    name, shown = measure_name(step.measure, desk.catalogue), text_of(measured.value, unit)
    for band in step.bands:
        if measured.value in band.range:
            return explain(
                Does.WHERE,
                name,
                parts=[within(band.range, measured, say("Band of {measure}", measure=name), unit)],
                figures=[exact(band.factor)],
                read=[number_text(band.factor)],
                unit=Unit.NUMBER,
            )
    raise NotKnownError(
        Missing(say("{measure} {value} lies in no band of the table of factors.", measure=name, value=shown))
    )


# --- gates -----------------------------------------------------------------------------------------------


def _gate(step: Gate, before: Fraction, desk: Desk) -> Explanation:
    conditions = [_condition(condition, desk) for condition in step.conditions]
    all_of = conditions[0] if len(conditions) == 1 else _combined(step, conditions)
    return explain(Does.GATE, say("Gate: {rule}", rule=all_of.sentence), parts=[all_of], before=before)


def _combined(step: Gate, conditions: list[Explanation]) -> Explanation:
    if step.any_one:
        name = say("one of {conditions} conditions is enough", conditions=len(conditions))
        return explain(Does.ANY, name, parts=conditions, unit=Unit.NUMBER)
    name = say("all {conditions} conditions are needed", conditions=len(conditions))
    return explain(Does.ALL, name, parts=conditions, unit=Unit.NUMBER)


def _condition(condition: Condition | TargetMet, desk: Desk) -> Explanation:
    if isinstance(condition, TargetMet):
        return _target_met(condition, desk)
    measured = read(condition.measure, desk)
    unit = unit_within(condition.measure, [condition.range], desk.catalogue)
    name = measure_name(condition.measure, desk.catalogue)
    return within(condition.range, measured, name, unit)


def _target_met(condition: TargetMet, desk: Desk) -> Explanation:
    measure = replace(condition.measure, kind=Kind.INDICATOR)
    actual, target = (fact(measure, kind, desk, desk.month) for kind in (Kind.INDICATOR, Kind.TARGET))
    met = _comparison(measure, desk)
    return explain(
        Does.MET,
        say("the target of {measure} is met", measure=measure_name(measure, desk.catalogue)),
        parts=[actual, target],
        figures=[Fraction(list(Comparison).index(met))],
        unit=Unit.NUMBER,
    )


def _comparison(measure: Measure, desk: Desk) -> Comparison:
    """As the catalogue says, unless the plan turns the direction round."""
    better = better_of(measure, desk.catalogue)
    known = desk.catalogue.indicators.get(measure.indicator)
    if known and known.better is better:
        return known.met
    return Comparison.AT_MOST if better is Better.LOWER else Comparison.AT_LEAST


# --- deductions ------------------------------------------------------------------------------------------


def _deduct(step: Deduct, before: Fraction, desk: Desk, *, floor_said: bool) -> Explanation:
    less = work_out_worth(step.worth, desk)
    return explain(
        Does.LESS if floor_said else Does.LESS_OR_NOTHING,
        say("Less: {what}", what=less.sentence),
        parts=[less],
        before=before,
    )
