"""What the pages of simulations show: lists, words, and the drawn answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select

from incentives.core.money import Money
from incentives.core.simulation import BANDS, Service, band_name
from incentives.db import db
from incentives.people.models import Employee, Position, Store
from incentives.people.views.staff import position_name
from incentives.simulations.models import SimulatedPerson, Simulation, SimulationState
from incentives.simulations.service.asking import Whose
from incentives.simulations.service.summing import Gap, Group, MonthTotal, Summary, gaps, month_totals, read_summary
from incentives.web.filters import money, month_name
from incentives.web.i18n import html_lang, tell
from incentives.web.lists import Column, Filter, Listing

STATES = {
    SimulationState.WAITING: (_l("waits for its turn"), "quiet"),
    SimulationState.RUNNING: (_l("under way"), "info"),
    SimulationState.DONE: (_l("done"), "good"),
    SimulationState.FAILED: (_l("failed"), "bad"),
    SimulationState.CANCELLED: (_l("called off"), "quiet"),
}
Url = Callable[..., str]
Row = tuple[SimulatedPerson, Employee, Position, Store]


def name_of(row: Simulation | Store) -> str:
    """The name in the reader's language."""
    return str(row.name_en if html_lang() == "en" and row.name_en else row.name)


def listing(whose: Whose, url: Url) -> Listing[Simulation]:
    """The simulations of a store or group."""
    return Listing[Simulation](
        name="simulations",
        columns=[
            Column("plan", _("Plan"), name_of, sort=Simulation.name),
            Column(
                "months", _("Months"), lambda row: f"{row.first_month} – {row.last_month}", sort=Simulation.first_month
            ),
            Column(
                "state",
                _("State"),
                lambda row: row.state.value,
                kind="badge",
                sort=Simulation.state,
                tone=lambda row: STATES[row.state][1],
                words=lambda row: str(STATES[row.state][0]),
            ),
            Column("change", _("Change in cost"), _change_of, kind="money"),
            Column("maker", _("By whom"), lambda row: row.maker_name, sort=Simulation.maker_name),
            Column("when", _("When"), lambda row: row.created_at, sort=Simulation.id),
        ],
        statement=select(Simulation).where(whose.holds()),
        order=[Simulation.id.desc()],
        search_in=(Simulation.name, Simulation.name_en, Simulation.code, Simulation.maker_name),
        filters=[
            Filter(
                "state",
                _("State"),
                [("", _("all")), *((state.value, str(words)) for state, (words, _tone) in STATES.items())],
                lambda chosen: Simulation.state == chosen,
            )
        ],
        link=lambda row: url("show", simulation_id=row.id),
        empty_title=_("Nothing was simulated yet"),
        empty_text=_(
            "Replay past months under a draft before it is submitted: you see what it costs, and who wins and loses."
        ),
        empty_action=(_("Simulate a plan"), url("new")),
    )


def _change_of(row: Simulation) -> Money | None:
    if row.summary is None:
        return None
    whole = read_summary(row.summary).everybody
    return None if whole is None else whole.change


def people(simulation: Simulation, url: Url) -> Listing[Row]:
    """Everybody in a simulation, the largest loss first."""
    row = SimulatedPerson
    columns: list[Column[Row]] = [
        Column("name", _("Name"), lambda each: each[1].name, sort=Employee.pinyin),
        Column("number", _("Number"), lambda each: each[1].number, sort=Employee.number),
        Column("position", _("Position"), lambda each: position_name(each[2]), sort=Position.order),
        Column("months", _("Months"), lambda each: each[0].months, kind="number", sort=row.months),
        Column("before", _("Old"), lambda each: each[0].before, kind="money", sort=row.before),
        Column("after", _("New"), lambda each: each[0].after, kind="money", sort=row.after),
        Column("change", _("Change"), lambda each: each[0].change, kind="money", sort=row.change),
        Column("left_out", _("Months left out"), lambda each: each[0].left_out, kind="number", sort=row.left_out),
    ]
    if simulation.store_id is None:
        columns.insert(2, Column("store", _("Store"), lambda each: name_of(each[3]), sort=Store.code))
    return Listing[Row](
        name=f"simulation-{simulation.id}",
        columns=columns,
        statement=select(row, Employee, Position, Store)
        .join(Employee, Employee.id == row.employee_id)
        .join(Position, Position.id == row.position_id)
        .join(Store, Store.id == row.store_id)
        .where(row.simulation_id == simulation.id),
        order=[case((row.months == 0, 1), else_=0), row.change, row.id],
        search_in=(Employee.name, Employee.number, Employee.pinyin, Employee.initials),
        filters=[
            Filter(
                "who",
                _("Who"),
                [
                    ("", _("all")),
                    ("won", _("win")),
                    ("lost", _("lose")),
                    ("same", _("unchanged")),
                    ("out", _("not compared")),
                ],
                lambda chosen: _WHO[chosen],
            )
        ],
        entity=False,
        link=lambda each: url("person", simulation_id=simulation.id, store_id=each[0].store_id, employee_id=each[1].id),
        empty_title=_("Nobody is paid here"),
        empty_text=_("In none of these months did anybody work whom the plan would pay."),
    )


_WHO = {
    "won": SimulatedPerson.change > Money(0),
    "lost": SimulatedPerson.change < Money(0),
    "same": (SimulatedPerson.change == Money(0)) & (SimulatedPerson.months > 0),
    "out": SimulatedPerson.months == 0,
}


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
        """The table behind the chart."""
        return [
            [
                month_name(row.month),
                money(row.before),
                money(row.after),
                money(row.change),
                money(row.kept),
                str(row.people),
            ]
            for row in self.months
        ]


def result_of(simulation: Simulation) -> Result:
    """A handful of queries, however many people."""
    summary = read_summary(simulation.summary or {})
    months = month_totals(simulation.id)
    bands = [(tell(band_name(band)), summary.bands[band]) for band in BANDS]
    return Result(
        summary,
        months,
        gaps(simulation.id),
        _named(summary.positions, _positions(simulation)),
        [(tell(Service(each.key).says), each) for each in _in_order(summary.services)],
        _named(summary.stores, _stores(simulation)) if simulation.store_id is None else [],
        _cost_chart(months),
        _band_chart(bands),
        bands,
    )


def _named(groups: list[Group], names: dict[str, str]) -> list[tuple[str, Group]]:
    by_key = {each.key: each for each in groups}
    return [(name, by_key[key]) for key, name in names.items() if key in by_key]


def _in_order(groups: list[Group]) -> list[Group]:
    order = [service.value for service in Service]
    return sorted(groups, key=lambda each: order.index(each.key))


def _positions(simulation: Simulation) -> dict[str, str]:
    found = select(Position).where(Position.group_id == simulation.group_id).order_by(Position.order, Position.id)
    return {str(each.id): position_name(each) for each in db.session.scalars(found)}


def _stores(simulation: Simulation) -> dict[str, str]:
    found = select(Store).where(Store.group_id == simulation.group_id).order_by(Store.code)
    return {str(each.id): name_of(each) for each in db.session.scalars(found)}


def payees(simulation: Simulation) -> str:
    """Whom it pays, in words."""
    if not simulation.positions:
        return str(_("those whom the plan pays in each month"))
    names = _positions(simulation)
    return ", ".join(names[str(each)] for each in simulation.positions if str(each) in names)


def _cost_chart(months: list[MonthTotal]) -> dict[str, object]:
    return {
        "kind": "bar",
        "labels": [str(row.month) for row in months],
        "unit": _("yuan"),
        "series": [
            {"name": _("Old"), "values": [row.before.fen / 100 for row in months], "tone": "quiet"},
            {"name": _("New"), "values": [row.after.fen / 100 for row in months], "tone": "brand"},
        ],
    }


def _band_chart(bands: list[tuple[str, int]]) -> dict[str, object]:
    return {
        "kind": "bar",
        "labels": [name for name, _count in bands],
        "unit": _("people"),
        "series": [{"name": _("People"), "values": [count for _name, count in bands], "tone": "brand"}],
    }
