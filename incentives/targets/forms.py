"""Forms of indicators, readings, targets and plan tables: text → exact figures in the indicator's unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField

from incentives.core.attainment import Aggregation, Comparison
from incentives.core.plan_table import PlanTable
from incentives.targets.units import Unit, read_exact, typed
from incentives.web.forms import Between, ChoiceField, DayField, Form, Needed, NumberField, WholeField, text
from incentives.web.sent import whole_or

DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


class FigureField(NumberField):
    """A figure in an indicator's unit: ``600万`` of yuan, ``93`` of a percent."""

    def __init__(self, label: Any = None, validators: Any = None, *, unit: Unit = Unit.NUMBER, **options: Any) -> None:
        super().__init__(label, validators, render_kw=DECIMAL, **options)
        self.unit = unit

    def read(self, typed: str) -> Fraction:
        """Read it; never a float."""
        return read_exact(typed, self.unit)

    def show(self, value: Fraction | int) -> str:
        """Without separators, easy to edit."""
        return typed(Fraction(value), self.unit)


@dataclass(frozen=True, slots=True)
class Place:
    """One field of a grid: its name in the form, its label and unit."""

    name: str
    label: str
    unit: Unit


class GridForm(Form):
    """Many figures at once, with the newest record the form was made from, so that a stale one is found out."""

    seen = HiddenField()

    def newest_seen(self) -> int:
        """What the form was made from; 0 for anything else."""
        return whole_or(0, self.seen.data)

    def figure(self, name: str) -> Fraction | None:
        """What was typed into a field; ``None`` for nothing."""
        value = self[name].data
        return value if isinstance(value, Fraction) else None


def grid(places: Iterable[Place], *, with_reason: bool = False) -> type[GridForm]:
    """A form with these fields, none of which must be filled in."""
    fields: dict[str, object] = {place.name: FigureField(place.label, unit=place.unit) for place in places}
    if with_reason:
        fields["reason"] = text(_l("Reason"), needed=False)
    made: type[GridForm] = type("FilledGridForm", (GridForm,), fields)
    return made


COMPARISONS = (
    (Comparison.AT_LEAST.value, _l("at least (≥): higher is better")),
    (Comparison.ABOVE.value, _l("more than (>): higher is better")),
    (Comparison.AT_MOST.value, _l("at most (≤): lower is better")),
    (Comparison.BELOW.value, _l("less than (<): lower is better")),
)
AGGREGATIONS = (
    (Aggregation.SUM.value, _l("they add up")),
    (Aggregation.RATIO.value, _l("ratio of two sums")),
    (Aggregation.LAST.value, _l("the last one counts")),
    (Aggregation.MEAN.value, _l("their mean")),
)
UNITS = (
    (Unit.CNY.value, _l("yuan")),
    (Unit.CNY_PER_VEHICLE.value, _l("yuan per vehicle")),
    (Unit.PERCENT.value, _l("percent")),
    (Unit.VEHICLES.value, _l("vehicles")),
    (Unit.CUSTOMERS.value, _l("customers")),
    (Unit.SESSIONS.value, _l("sessions")),
    (Unit.ORDERS.value, _l("orders")),
    (Unit.NUMBER.value, _l("plain number")),
)


class IndicatorForm(Form):
    """An indicator of the catalogue."""

    code = text(
        _l("Code"), most=40, description=_l("Small letters, digits and underscores; pay plans name it by this.")
    )
    name = text(_l("Name"), most=60)
    name_en = text(_l("English name"), needed=False, most=60)
    unit = ChoiceField(_l("Unit"), choices=list(UNITS))
    aggregation = ChoiceField(_l("How readings add up"), choices=list(AGGREGATIONS))
    comparison = ChoiceField(_l("The target is met with"), choices=list(COMPARISONS))
    parent = ChoiceField(_l("Part of"))
    measure = ChoiceField(_l("Figures come from"))
    active = BooleanField(_l("In use"), default=True)
    seen = HiddenField()


class ChooseDayForm(Form):
    """A day that is worked or not."""

    day = DayField(_l("Day"))
    works = ChoiceField(_l("On this day"), choices=[("yes", _l("we work")), ("no", _l("we do not work"))])
    note = text(_l("Reason"), needed=False, most=100)


class PlanFileForm(Form):
    """A plan table to be proof-read."""

    file = FileField(
        _l("Plan table"),
        [FileRequired(_l("Please choose a file."))],
        description=_l("Excel or CSV: a row for each month, a column for each line of business, a total below."),
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )
    year = WholeField(_l("Year"), [Needed(), Between(2000, 2100)])


def columns_form(
    columns: Sequence[str], indicators: Sequence[tuple[str, str]], departments: Sequence[tuple[str, str]]
) -> type[Form]:
    """What each column of a plan table means."""
    fields: dict[str, object] = {}
    for number, column in enumerate(columns):
        fields[f"indicator{number}"] = ChoiceField(column, choices=[("", _l("not a target")), *indicators])
        fields[f"department{number}"] = ChoiceField(_l("Of"), choices=[("", _l("the whole store")), *departments])
    fields["wan"] = BooleanField(_l("Money is written in 万 (10,000 yuan)"))
    made: type[Form] = type("ColumnsForm", (Form,), fields)
    return made


def ways_form(columns: Sequence[str]) -> type[Form]:
    """For each column that misses its total: whether the months or the total count."""
    ways = [
        ("months", _l("keep the months: the total is corrected")),
        ("total", _l("keep the total: months are corrected")),
    ]
    fields: dict[str, object] = {
        f"way{number}": ChoiceField(column, choices=ways) for number, column in enumerate(columns)
    }
    made: type[Form] = type("WaysForm", (Form,), fields)
    return made


def cells_form(table: PlanTable) -> type[GridForm]:
    """Every figure of a plan table, to be edited as it is written there."""
    return grid(
        Place(f"m{month}c{number}", f"{column}, {month or _('total')}", Unit.NUMBER)
        for month in [*range(1, 13), 0]
        for number, column in enumerate(table.columns)
    )
