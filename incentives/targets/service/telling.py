"""An attainment as arithmetic: how far the target is, what is due by today, where the period is heading."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from incentives.core.attainment import Aggregation, Better
from incentives.core.errors import Sentence, say
from incentives.core.figures import percent
from incentives.targets.service.attainment import Attainment
from incentives.targets.units import written


def arithmetic_of(found: Attainment) -> Iterator[Sentence]:
    """Each derived figure of an attainment with the figures it is made of; nothing for those that are not there."""
    if found.attainment is not None:
        yield _attained(found)
    if found.indicator.aggregation is not Aggregation.SUM:
        if found.forecast is not None:
            yield say("Forecast: a level, mean or ratio is expected to stay where it is: {forecast}", **_texts(found))
        return
    if found.due is not None:
        yield say("Due by today: {target} / {all} working days × {elapsed} gone by = {due}", **_texts(found))
    if found.forecast is not None and found.days.elapsed:
        yield say("Forecast: {actual} / {elapsed} working days gone by × {all} = {forecast}", **_texts(found))


def _attained(found: Attainment) -> Sentence:
    texts = _texts(found)
    if found.indicator.better is Better.LOWER:
        if not found.actual:
            return say("Attainment: nothing occurred, so {attainment} %", **texts)
        return say("Attainment: lower is better, so target {target} / actual {actual} = {attainment} %", **texts)
    return say("Attainment: actual {actual} / target {target} = {attainment} %", **texts)


def _texts(found: Attainment) -> dict[str, str | int | Sentence]:
    def text(value: Fraction | None) -> str:
        return written(value, found.indicator.unit)

    return {
        "actual": text(found.actual),
        "target": text(found.target),
        "attainment": percent(found.attainment or 0, 2),
        "due": text(found.due),
        "forecast": text(found.forecast),
        "elapsed": found.days.elapsed,
        "all": found.days.all,
    }
