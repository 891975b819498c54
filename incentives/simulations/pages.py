"""What the page of a finished simulation shows: its words, tables and drawn answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.simulation import BANDS, Service, band_name
from incentives.db import db
from incentives.people.models import Position, Store
from incentives.people.views.staff import position_name
from incentives.simulations.models import Simulation, SimulationState
from incentives.simulations.service.summing import Gap, Group, MonthTotal, Summary, gaps, month_totals, read_summary
from incentives.web.filters import moment, money, month_name
from incentives.web.i18n import html_lang, tell

STATES = {
    SimulationState.WAITING: (_l("waits for its turn"), "quiet"),
    SimulationState.RUNNING: (_l("under way"), "info"),
    SimulationState.DONE: (_l("done"), "good"),
    SimulationState.FAILED: (_l("failed"), "bad"),
    SimulationState.CANCELLED: (_l("called off"), "quiet"),
}


def name_of(row: Simulation | Store) -> str:
    """The name in the reader's language."""
    return str(row.name_en if html_lang() == "en" and row.name_en else row.name)


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that the page of a finished simulation shows."""

    summary: Summary
    months: list[MonthTotal]
    gaps: list[Gap]
    positions: list[tuple[str, Group]]
    services: list[tuple[str, Group]]
    stores: list[tuple[str, Group]]
    cost_chart: dict[str, object]
    band_chart: dict[str, object]
    band_rows: list[tuple[str, int]]

    @property
    def left_out(self) -> int:
        """Months of people that could not be compared."""
        return sum(month.left_out for month in self.months)

    @property
    def cost_rows(self) -> list[list[str]]:
        """The figures behind the chart of costs."""
        return [[month_name(row.month), *map(money, row.sides[:2])] for row in self.months]

    @property
    def groups(self) -> list[tuple[str, str, str, list[tuple[str, Group]]]]:
        """Each way of grouping people: its name in addresses, the title, the heading of the first column, the rows."""
        found = [
            ("position", _("By position"), _("Position"), self.positions),
            ("service", _("By length of service"), _("Length of service"), self.services),
            ("store", _("By store"), _("Store"), self.stores),
        ]
        return [each for each in found if each[3]]


def result_of(simulation: Simulation) -> Result:
    """A handful of queries, however many people."""
    summary = read_summary(simulation.summary or {})
    months = month_totals(simulation.id)
    bands = [(tell(band_name(band)), summary.bands[band]) for band in BANDS]
    named = group_names(simulation)
    return Result(
        summary,
        months,
        gaps(simulation.id),
        _named(summary.positions, named["position"]),
        _named(summary.services, named["service"]),
        _named(summary.stores, named["store"]),
        _cost_chart(months),
        _band_chart(bands),
        bands,
    )


def group_names(simulation: Simulation) -> dict[str, dict[str, str]]:
    """What the groups of a finished simulation are called, by key, in order; no stores where there is but one."""
    found = read_summary(simulation.summary) if simulation.summary else None
    if found is None:
        return {"position": {}, "service": {}, "store": {}}
    services = {service.value: tell(service.says) for service in Service}
    stores = _stores(simulation) if simulation.store_id is None else {}
    return {
        "position": _present(_positions(simulation), found.positions),
        "service": _present(services, found.services),
        "store": _present(stores, found.stores),
    }


def _present(names: dict[str, str], groups: list[Group]) -> dict[str, str]:
    keys = {each.key for each in groups}
    return {key: name for key, name in names.items() if key in keys}


def _named(groups: list[Group], names: dict[str, str]) -> list[tuple[str, Group]]:
    by_key = {each.key: each for each in groups}
    return [(name, by_key[key]) for key, name in names.items() if key in by_key]


def _positions(simulation: Simulation) -> dict[str, str]:
    found = select(Position).where(Position.group_id == simulation.group_id).order_by(Position.order, Position.id)
    return {str(each.id): position_name(each) for each in db.session.scalars(found)}


def _stores(simulation: Simulation) -> dict[str, str]:
    found = select(Store).where(Store.group_id == simulation.group_id).order_by(Store.code)
    return {str(each.id): name_of(each) for each in db.session.scalars(found)}


def reading(simulation: Simulation) -> list[str]:
    """How the figures are to be read: what is held against what."""
    said = [
        _(
            "Old: the plan in force in each month (%(codes)s), worked out again with the facts as they are today. So it is what was approved then with every adjustment since: later returns, late sales and corrected readings are in it.",
            codes=", ".join(simulation.replaces),
        ),
        _(
            "New: this text, with the same facts, for %(payees)s. So a difference is the plan's doing alone.",
            payees=_payees(simulation),
        ),
        _(
            "As approved then: what these people's lines of that month came to as it was approved, before later adjustments; empty while a month is not approved. It is shown beside, and compared with nothing."
        ),
        _("Nobody is paid by this, and nothing that is paid, posted or approved has changed."),
    ]
    if simulation.facts_as_of:
        said.insert(3, _("Facts as of %(when)s.", when=moment(simulation.facts_as_of)))
    return said


def _payees(simulation: Simulation) -> str:
    if not simulation.positions:
        return str(_("those whom the plan pays in each month"))
    names = _positions(simulation)
    return ", ".join(names[str(each)] for each in simulation.positions if str(each) in names)


def _cost_chart(months: list[MonthTotal]) -> dict[str, object]:
    before, after, _change = zip(*(row.sides for row in months), strict=True) if months else ((), (), ())
    return {
        "kind": "bar",
        "labels": [month_name(row.month) for row in months],
        "unit": _("yuan"),
        "series": [
            {"name": _("Old"), "values": [_yuan(amount) for amount in before], "tone": "quiet"},
            {"name": _("New"), "values": [_yuan(amount) for amount in after], "tone": "brand"},
        ],
    }


def _yuan(amount: Money | None) -> float | None:
    """For a chart only; nothing, and so no bar, where nothing was compared."""
    return None if amount is None else amount.fen / FEN_PER_YUAN


def _band_chart(bands: list[tuple[str, int]]) -> dict[str, object]:
    return {
        "kind": "bar",
        "labels": [name for name, _count in bands],
        "unit": _("people"),
        "series": [{"name": _("People"), "values": [count for _name, count in bands], "tone": "brand"}],
    }
