"""Readings: the list, entering them in a grid, and what became of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.core.attainment import Aggregation
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.targets.forms import GridForm, Place, grid
from incentives.targets.models import Indicator, Reading, Source
from incentives.targets.scopes import STORE, Scope
from incentives.targets.service import catalogue, readings
from incentives.targets.service.figures import current
from incentives.targets.service.readings import NewReading, shown
from incentives.targets.service.sharing import staff
from incentives.targets.units import Unit
from incentives.targets.views.blueprint import bp
from incentives.targets.views.cockpit import whose
from incentives.targets.views.showing import (
    asked_day,
    asked_scope,
    indicator_name,
    scope_name,
    taker_name,
    today,
)
from incentives.web.filters import day as day_text
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing


@bp.get("/stores/<store_code>/readings")
@guarded(Capability.READ_FACTS)
def readings_list() -> str | Response:
    """All readings that count, the latest first."""
    wanted = catalogue.indicators(place().id, inactive=True)
    listing = Listing[Reading](
        name=_("Readings"),
        columns=[
            Column("day", _("Day"), lambda row: row.business_date, sort=Reading.business_date),
            Column("indicator", _("Indicator"), lambda row: indicator_name(row.indicator)),
            Column("whose", _("Whose"), whose),
            Column("value", _("Reading"), shown, kind="number"),
            Column("unit", _("Unit"), lambda row: tell(row.indicator.unit.says)),
            Column("maker", _("Entered by"), lambda row: row.maker.name),
        ],
        statement=select(Reading)
        .where(Reading.store_id == place().id, current())
        .options(
            joinedload(Reading.indicator),
            joinedload(Reading.department),
            joinedload(Reading.employee),
            joinedload(Reading.maker),
        ),
        order=[Reading.business_date.desc(), Reading.id.desc()],
        filters=[
            Filter(
                "indicator",
                _("Indicator"),
                [("", _("all")), *((each.code, indicator_name(each)) for each in wanted)],
                lambda code: Reading.indicator_id.in_([each.id for each in wanted if each.code == code]),
            ),
            Filter(
                "month",
                _("Month"),
                [("", _("all")), *((str(month), str(month)) for month in _months())],
                lambda month: Reading.month == Month.parse(month),
            ),
        ],
        link=lambda row: url_for("targets.reading", reading_id=row.id),
        empty_title=_("No readings yet"),
        empty_text=_("Enter the figures of a day, or import them from a file."),
        empty_action=(_("Enter readings"), url_for("targets.enter")) if _may_enter() else None,
    )
    return listing.respond("targets/readings.html", may_enter=_may_enter())


def _months() -> list[Month]:
    return [Month.of(today()).plus(-number) for number in range(24)]


def _may_enter() -> bool:
    return allows(Capability.IMPORT_FACTS, place().id)


@bp.get("/stores/<store_code>/readings/<int:reading_id>")
@guarded(Capability.READ_FACTS)
def reading(reading_id: int) -> str:
    """A reading and everything that it replaced."""
    history = readings.history(place().id, reading_id)
    if not history:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return render_template(
        "targets/reading.html",
        latest=history[0],
        name=indicator_name(history[0].indicator),
        whose=whose(history[0]),
        history=[(row, shown(row)) for row in history],
        unit=tell(history[0].indicator.unit.says),
        change_url=_change_url(history[0]) if _may_enter() and history[0].indicator.source is Source.TYPED else "",
    )


def _change_url(row: Reading) -> str:
    return url_for("targets.enter", day=row.business_date.isoformat(), scope=row.scope)


# --- the grid --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A place of the grid: what it is called there, and the reading that belongs there."""

    name: str
    label: str
    indicator: Indicator
    day: date
    scope: Scope

    @property
    def is_ratio(self) -> bool:
        """Whether it takes two figures."""
        return self.indicator.aggregation is Aggregation.RATIO

    def new(self, value: Fraction | None = None, base: Fraction | None = None) -> NewReading:
        """The reading that was typed there."""
        return NewReading(self.indicator, self.day, self.scope, value, base if self.is_ratio else None)

    def places(self) -> list[Place]:
        """Its fields."""
        if not self.is_ratio:
            return [Place(self.name, self.label, self.indicator.unit)]
        return [
            Place(self.name, self.label, Unit.NUMBER),
            Place(f"{self.name}b", _("%(name)s, of how many", name=self.label), Unit.NUMBER),
        ]


BY = ("indicators", "people", "days")


@bp.route("/stores/<store_code>/readings/enter", methods=["GET", "POST"])
@guarded(Capability.IMPORT_FACTS)
def enter() -> str | Response | tuple[str, int]:
    """Enter readings: all indicators of a day, one indicator of a day for everybody, or of every day of a month."""
    by, day, scope = _asked_by(), asked_day(), asked_scope()
    typed = [each for each in catalogue.indicators(place().id) if each.source is Source.TYPED]
    chosen = next((each for each in typed if each.code == request.args.get("indicator")), typed[0])
    cells = _cells(by, day, scope, typed, chosen)
    form = grid(place for cell in cells for place in cell.places())()
    if form.submitted():
        with form.refusals():
            touched = readings.changed_since(place().id, _typed(form, cells), form.newest_seen())
            given = readings.give(place().id, touched, actor_id=actor().employee_id, today=today())
            db.session.commit()
            _say_what_came_of_it(given)
            return redirect(request.full_path)
    elif request.method == "GET":
        _fill(form, cells)
    page = render_template(
        "targets/enter.html",
        grid_form=form,
        cells=cells,
        by=by,
        day=day,
        scope=scope,
        whose=scope_name(scope),
        chosen=chosen,
        choices=[(each.code, indicator_name(each)) for each in typed],
        scopes=_scopes(day),
        units={cell.name: _unit(cell) for cell in cells},
        today=today(),
    )
    return page, 422 if form.refused else 200


def _asked_by() -> str:
    asked = request.args.get("by", BY[0])
    return asked if asked in BY else BY[0]


def _unit(cell: Cell) -> str:
    return "" if cell.is_ratio else tell(cell.indicator.unit.says)


def _cells(by: str, day: date, scope: Scope, typed: Sequence[Indicator], chosen: Indicator) -> list[Cell]:
    if by == "people":
        people = [taker for _department, people in staff(place().id, Month.of(day)) for taker in people]
        return [
            Cell(f"p{taker.scope.id}", f"{taker.name} {taker.number}", chosen, day, taker.scope) for taker in people
        ]
    if by == "days":
        days = [each for each in Month.of(day).span.each_day() if each <= today()]
        return [Cell(f"d{each.day}", day_text(each), chosen, each, scope) for each in days]
    return [Cell(f"i{each.id}", indicator_name(each), each, day, scope) for each in typed]


def _typed(form: GridForm, cells: Sequence[Cell]) -> list[NewReading]:
    return [cell.new(form.figure(cell.name), form.figure(f"{cell.name}b") if cell.is_ratio else None) for cell in cells]


def _fill(form: GridForm, cells: Sequence[Cell]) -> None:
    form.seen.data = str(readings.newest(place().id))
    standing = readings.standing_figures(place().id, [cell.new() for cell in cells])
    for cell in cells:
        value, base = standing.get((cell.indicator.id, str(cell.scope), cell.day), (None, None))
        form[cell.name].data = value
        if cell.is_ratio:
            form[f"{cell.name}b"].data = base


def _say_what_came_of_it(given: readings.Given) -> None:
    if given.new or given.changed:
        flash(_("Saved: %(new)d new, %(changed)d changed.", new=given.new, changed=given.changed), "success")
    else:
        flash(_("Nothing was changed, so nothing was saved."), "info")


def _scopes(day: date) -> list[tuple[str, str]]:
    """Whose readings can be entered: the store, each department, each person of that month."""
    own = [(str(STORE), _("The whole store"))]
    for department, people in staff(place().id, Month.of(day)):
        own.append((str(department.scope), taker_name(department)))
        own += [(str(taker.scope), f"{taker.name} {taker.number}") for taker in people]
    return own
