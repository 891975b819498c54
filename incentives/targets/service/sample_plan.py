"""Take over the targets of the sample annual plan that ships with the product, to be changed where they do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from incentives.core.allocation import months_of
from incentives.core.attainment import Aggregation
from incentives.targets.models import Indicator
from incentives.targets.reference import Known, known_indicators
from incentives.targets.scopes import STORE
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.holding import held
from incentives.targets.service.setting import NewTarget, Outcome, Why, set_targets
from incentives.targets.units import read_exact


def adopt(store_id: int, year: int, why: Why) -> Outcome:
    """Set the sample's targets of a year and its months for the whole store, wherever the store has none yet.

    Doing it again sets nothing. Raises as :func:`incentives.targets.service.setting.set_targets` does.
    """
    samples = {known.code: known for known in known_indicators()}
    holding = held(store_id, {year}, scopes=[STORE])
    wanted = [
        new
        for indicator in indicators(store_id)
        if indicator.code in samples
        for new in _sample(indicator, samples[indicator.code], year)
        if holding.written(indicator, new.period) is None
    ]
    return set_targets(store_id, wanted, why)


def _sample(indicator: Indicator, known: Known, year: int) -> Iterator[NewTarget]:
    """A year's figure as it is; a month's for each month and, of a sum, twelve times for the year."""
    if known.year:
        yield NewTarget(indicator, year, read_exact(known.year, indicator.unit))
    if known.month:
        each = read_exact(known.month, indicator.unit)
        yield from (NewTarget(indicator, month, each) for month in months_of(year))
        if indicator.aggregation is Aggregation.SUM:
            yield NewTarget(indicator, year, each * 12)
