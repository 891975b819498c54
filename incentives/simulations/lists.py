"""The lists of simulations: all of a store or group, everybody in one, and everybody in one month of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, case, exists, select

from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.simulation import BANDS, band_name
from incentives.people.models import Employee, Position, Store
from incentives.people.views.staff import position_name
from incentives.simulations import pages
from incentives.simulations.models import SimulatedPay, SimulatedPerson, Simulation
from incentives.simulations.pages import STATES, name_of
from incentives.simulations.service.asking import Whose
from incentives.simulations.service.summing import read_summary
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing

Url = Callable[..., str]
Row = tuple[SimulatedPerson, Employee, Position, Store]
MonthRow = tuple[SimulatedPay, Employee, Position, Store]


def simulations(whose: Whose, url: Url) -> Listing[Simulation]:
    """The simulations of a store or group, the latest first."""
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
    return Listing[Row](
        name=f"simulation-{simulation.id}",
        columns=[
            *_who(simulation),
            Column("months", _("Months"), lambda each: each[0].months, kind="number", sort=row.months),
            *_sides(row.before, row.after, row.change),
            Column("left_out", _("Months left out"), lambda each: each[0].left_out, kind="number", sort=row.left_out),
        ],
        statement=_with_names(select(row, Employee, Position, Store), row).where(row.simulation_id == simulation.id),
        order=[case((row.months == 0, 1), else_=0), row.change, row.id],
        search_in=_SEARCHED,
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
                lambda chosen: _FARE[chosen],
            ),
            Filter(
                "band",
                _("Change a month, yuan"),
                [("", _("all")), *((str(band), tell(band_name(band))) for band in BANDS)],
                lambda chosen: (row.band == int(chosen)) & (row.months > 0),
            ),
            *_groups(simulation, _in_a_month),
        ],
        entity=False,
        link=lambda each: url("person", simulation_id=simulation.id, store_id=each[0].store_id, employee_id=each[1].id),
        empty_title=_("Nobody is paid here"),
        empty_text=_("In none of these months did anybody work whom the plan would pay."),
    )


_SEARCHED = (Employee.name, Employee.number, Employee.pinyin, Employee.initials)
_FARE = {
    "won": SimulatedPerson.change > Money(0),
    "lost": SimulatedPerson.change < Money(0),
    "same": (SimulatedPerson.change == Money(0)) & (SimulatedPerson.months > 0),
    "out": SimulatedPerson.months == 0,
}


def month(simulation: Simulation, month: Month, url: Url) -> Listing[MonthRow]:
    """Everybody in one month, the largest loss first; a row opens the lines of both sides."""
    row = SimulatedPay
    change = row.after - row.before
    return Listing[MonthRow](
        name=f"simulation-{simulation.id}-{month}",
        columns=[*_who(simulation), *_sides(row.before, row.after, change), _kept()],
        statement=_with_names(select(row, Employee, Position, Store), row).where(
            row.simulation_id == simulation.id, row.month == month
        ),
        order=[row.missing, change, row.id],
        search_in=_SEARCHED,
        filters=_groups(simulation, lambda condition: condition),
        entity=False,
        link=lambda each: url(
            "lines",
            simulation_id=simulation.id,
            store_id=each[0].store_id,
            employee_id=each[1].id,
            month=month,
        ),
        empty_title=_("Nobody is paid here"),
        empty_text=_("In this month nobody worked whom the plan would pay, or it could not be worked out."),
    )


def _who(simulation: Simulation) -> list[Column[Any]]:
    columns: list[Column[Any]] = [
        Column("name", _("Name"), lambda each: each[1].name, sort=Employee.pinyin),
        Column("number", _("Number"), lambda each: each[1].number, sort=Employee.number),
        Column("position", _("Position"), lambda each: position_name(each[2]), sort=Position.order),
    ]
    if simulation.store_id is None:
        columns.insert(2, Column("store", _("Store"), lambda each: name_of(each[3]), sort=Store.code))
    return columns


def _sides(before: Any, after: Any, change: Any) -> list[Column[Any]]:  # noqa: ANN401 (columns and sums of columns)
    return [
        Column("before", _("Old"), lambda each: _compared(each[0], each[0].before), kind="money", sort=before),
        Column("after", _("New"), lambda each: _compared(each[0], each[0].after), kind="money", sort=after),
        Column(
            "change",
            _("Change"),
            lambda each: _compared(each[0], each[0].after - each[0].before),
            kind="money",
            sort=change,
        ),
    ]


def _compared(row: SimulatedPay | SimulatedPerson, amount: Money) -> Money | None:
    """Nothing where a figure is missing: what cannot be compared is no zero."""
    known = row.months > 0 if isinstance(row, SimulatedPerson) else not row.missing
    return amount if known else None


def _kept() -> Column[Any]:
    return Column("kept", _("As approved then"), lambda each: each[0].kept, kind="money", sort=SimulatedPay.kept)


def _with_names(found: Select[*tuple[Any, ...]], row: type[SimulatedPay | SimulatedPerson]) -> Select[*tuple[Any, ...]]:
    joined = found.join(Employee, Employee.id == row.employee_id).join(Position, Position.id == row.position_id)
    return joined.join(Store, Store.id == row.store_id)


def _in_a_month(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Who was in a group in any of the months."""
    one, whole = SimulatedPay, SimulatedPerson
    same = (one.simulation_id == whole.simulation_id, one.store_id == whole.store_id)
    return exists(select(one.id).where(*same, one.employee_id == whole.employee_id, condition))


def _groups(simulation: Simulation, of: Callable[[ColumnElement[bool]], ColumnElement[bool]]) -> list[Filter]:
    """The groups of the result as filters; stores only where there are several."""
    named = pages.group_names(simulation)
    columns = {
        "position": (_("Position"), SimulatedPay.position_id),
        "service": (_("Length of service"), SimulatedPay.service),
        "store": (_("Store"), SimulatedPay.store_id),
    }
    return [
        Filter(
            name,
            label,
            [("", _("all")), *named[name].items()],
            lambda chosen, column=column: of(column == _key(chosen)),  # type: ignore[misc]  # mypy cannot type such a default
        )
        for name, (label, column) in columns.items()
        if named[name]
    ]


def _key(chosen: str) -> int | str:
    return int(chosen) if chosen.isdecimal() else chosen
