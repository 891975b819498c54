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
from incentives.core.wording import measure_name, money_text, number_text, range_name, text_of, unit_of, unit_within
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
        case Factor() | MeasuredFactor() | StepTable():
            return _times(before, factor_of(step, desk))
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
    amount = money_text(limit.value)
    rule = say("At least {limit}", limit=amount) if does is Does.AT_LEAST else say("At most {limit}", limit=amount)
    return explain(
        does,
        lambda result: say("{rule}: {result}", rule=rule, result=money_text(result)),
        figures=[limit.value],
        before=before,
    )


def _times(before: Fraction, factor: Explanation) -> Explanation:
    return explain(
        Does.TIMES,
        lambda result: say(
            "{before} × {factor} = {result}: {reason}",
            before=money_text(before),
            factor=text_of(factor.value, Unit.NUMBER),
            result=money_text(result),
            reason=factor.sentence,
        ),
        parts=[factor],
        before=before,
    )


# --- factors ---------------------------------------------------------------------------------------------


def factor_of(step: Factor | MeasuredFactor | StepTable, desk: Desk) -> Explanation:
    """The number that a factor comes to; a pool's weights are made of the same."""
    match step:
        case Factor():
            sentence = say("factor {factor}", factor=number_text(step.number))
            return explain(Does.GIVEN, lambda _: sentence, figures=[exact(step.number)])
        case MeasuredFactor():
            return _measured(step, desk)
        case _:
            return _from_table(step, desk)


def _measured(step: MeasuredFactor, desk: Desk) -> Explanation:
    cap = None if step.cap is None else exact(step.cap)
    found = _per(step, read(step.measure, desk, cap), desk)
    held = [found]
    unit = unit_of(step.measure, desk.catalogue) if exact(step.per) == 1 else Unit.NUMBER
    for does, limit, rule in (
        (Does.AT_LEAST, step.floor, say("floor")),
        (Does.AT_MOST, step.cap, say("cap")),
    ):
        if limit is not None:
            held.append(
                explain(
                    does,
                    lambda result, limit=limit, rule=rule: say(  # type: ignore[misc]  # mypy cannot type such a default
                        "{reason}; {rule} {limit}: {result}",
                        reason=held[-1].sentence,
                        rule=rule,
                        limit=number_text(limit),
                        result=text_of(result, unit),
                    ),
                    figures=[exact(limit)],
                    before=held[-1].value,
                )
            )
    return found if len(held) == 1 else chain(held[-1].sentence, held)


def _per(step: MeasuredFactor, measured: Explanation, desk: Desk) -> Explanation:
    per = exact(step.per)
    if per == 1:
        return measured
    if not per:
        name = measure_name(step.measure, desk.catalogue)
        raise NotKnownError(Missing(say("{name} cannot be divided by zero.", name=name)))
    unit = unit_of(step.measure, desk.catalogue)
    return explain(
        Does.PRODUCT,
        lambda result: say(
            "{measure} {value} / {per} = {result}",
            measure=measure_name(step.measure, desk.catalogue),
            value=text_of(measured.value, unit),
            per=number_text(step.per),
            result=text_of(result, Unit.NUMBER),
        ),
        parts=[measured],
        figures=[1 / per],
    )


def _from_table(step: StepTable, desk: Desk) -> Explanation:
    measured = read(step.measure, desk)
    unit = unit_within(step.measure, [band.range for band in step.bands], desk.catalogue)
    name, shown = measure_name(step.measure, desk.catalogue), text_of(measured.value, unit)
    for band in step.bands:
        if measured.value in band.range:
            edges = range_name(band.range, unit)
            found = say("{measure} {value} lies in the band {range}", measure=name, value=shown, range=edges)
            reached = within(band.range, measured, found)
            return Explanation(Does.PRODUCT, found, exact(band.factor), (reached,), (exact(band.factor),))
    raise NotKnownError(
        Missing(say("{measure} {value} lies in no band of the table of factors.", measure=name, value=shown))
    )


# --- gates -----------------------------------------------------------------------------------------------


def _gate(step: Gate, before: Fraction, desk: Desk) -> Explanation:
    conditions = [_condition(condition, desk) for condition in step.conditions]
    all_of = conditions[0] if len(conditions) == 1 else _combined(step, conditions)
    return explain(
        Does.GATE,
        lambda result: say("{gate} Amount: {result}", gate=all_of.sentence, result=money_text(result)),
        parts=[all_of],
        before=before,
    )


def _combined(step: Gate, conditions: list[Explanation]) -> Explanation:
    holding = sum(1 for condition in conditions if condition.value)
    pattern = _any_of if step.any_one else _all_of
    return explain(
        Does.ANY if step.any_one else Does.PRODUCT,
        lambda _: pattern(holding, len(conditions)),
        parts=conditions,
    )


def _any_of(holding: int, conditions: int) -> Sentence:
    return say("{holding} of {conditions} conditions hold; one is enough.", holding=holding, conditions=conditions)


def _all_of(holding: int, conditions: int) -> Sentence:
    return say("{holding} of {conditions} conditions hold; all are needed.", holding=holding, conditions=conditions)


def _verdict(rule: Sentence, shown: str, *, holds: bool) -> Sentence:
    if holds:
        return say("The gate {rule} holds: {value}.", rule=rule, value=shown)
    return say("The gate {rule} does not hold: {value}.", rule=rule, value=shown)


def _condition(condition: Condition | TargetMet, desk: Desk) -> Explanation:
    if isinstance(condition, TargetMet):
        return _target_met(condition, desk)
    measured = read(condition.measure, desk)
    unit = unit_within(condition.measure, [condition.range], desk.catalogue)
    name = measure_name(condition.measure, desk.catalogue)
    rule = say("{measure} {range}", measure=name, range=range_name(condition.range, unit))
    holds = measured.value in condition.range
    return within(condition.range, measured, _verdict(rule, text_of(measured.value, unit), holds=holds))


def _target_met(condition: TargetMet, desk: Desk) -> Explanation:
    measure = replace(condition.measure, kind=Kind.INDICATOR)
    actual, target = (fact(measure, kind, desk, desk.month) for kind in (Kind.INDICATOR, Kind.TARGET))
    met = _comparison(measure, desk)
    unit = unit_of(measure, desk.catalogue)
    name = measure_name(measure, desk.catalogue)
    rule = say("{measure} {sign} {target}", measure=name, sign=_SIGNS[met], target=text_of(target.value, unit))
    return explain(
        Does.MET,
        lambda holds: _verdict(rule, text_of(actual.value, unit), holds=bool(holds)),
        parts=[actual, target],
        figures=[Fraction(list(Comparison).index(met))],
    )


_SIGNS = {Comparison.AT_LEAST: "≥", Comparison.ABOVE: ">", Comparison.AT_MOST: "≤", Comparison.BELOW: "<"}


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
        lambda result: _deducted(before, less, result),
        parts=[less],
        before=before,
    )


def _deducted(before: Fraction, less: Explanation, result: Fraction) -> Sentence:
    if result == before - less.value:
        return say(
            "{before} - {deduction} = {result}: {reason}",
            before=money_text(before),
            deduction=money_text(less.value),
            result=money_text(result),
            reason=less.sentence,
        )
    return say(
        "{before} - {deduction}, but a deduction takes no more than there is: {result}. {reason}",
        before=money_text(before),
        deduction=money_text(less.value),
        result=money_text(result),
        reason=less.sentence,
    )
