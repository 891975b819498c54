"""The lists of inspections and findings, and the map of areas and weeks."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from incentives import clock
from incentives.core.access import Capability
from incentives.core.inspection import FindingState
from incentives.inspections.models import Area, Finding, Inspection, InspectionAnswer
from incentives.inspections.service import areas, figures
from incentives.inspections.views import words
from incentives.inspections.views.blueprint import bp
from incentives.inspections.views.inspecting import band_of
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.web.filters import day, percent
from incentives.web.guards import allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing


@bp.get("/stores/<store_code>/inspections")
@guarded(Capability.READ_INSPECTIONS)
def index() -> str | Response:
    """The inspections of the store, the latest first."""
    here = place()
    listing = Listing[Inspection](
        name=f"inspections-{here.code}",
        columns=[
            Column("day", _("Day"), lambda row: row.business_date, kind="date", sort=Inspection.business_date),
            Column("area", _("Area"), lambda row: words.named(row.area), sort=Area.order),
            Column("score", _("Score"), lambda row: percent(Fraction(row.reached, row.possible)), kind="number"),
            Column(
                "band",
                _("Band"),
                lambda row: tell(band_of(row).says),
                kind="badge",
                tone=lambda row: words.BAND_TONES[band_of(row)],
            ),
            Column("inspector", _("Inspector"), lambda row: row.inspector.name, sort=Employee.pinyin),
            Column("corrects", _("Corrects"), lambda row: f"#{row.corrects_id}" if row.corrects_id else None),
        ],
        statement=select(Inspection)
        .join(Area, Area.id == Inspection.area_id)
        .join(Employee, Employee.id == Inspection.inspector_id)
        .where(Inspection.store_id == here.id)
        .options(selectinload(Inspection.area), selectinload(Inspection.inspector)),
        order=[Inspection.business_date.desc(), Inspection.id.desc()],
        search_in=(Area.name, Area.name_en, *staff.SEARCHED, staff.JOINED_PINYIN),
        filters=[_area_filter(here.id, Inspection.area_id.expression), _week_filter(clock.today(here.zone))],
        link=lambda row: url_for("inspections.inspection", inspection_id=row.id),
        empty_title=_("No inspections yet"),
        empty_text=_("Walk through an area with the checklist on your phone."),
        empty_action=(_("Start an inspection"), url_for("inspections.start"))
        if allows(Capability.INSPECT, here.id)
        else None,
    )
    return listing.respond("inspections/index.html", may_inspect=allows(Capability.INSPECT, here.id))


def _area_filter(store_id: int, column: ColumnElement[int] | ColumnElement[int | None]) -> Filter:
    choices = [("", _("all areas")), *((str(area.id), words.named(area)) for area in areas.areas_of(store_id))]
    return Filter("area", _("Area"), choices, lambda chosen: column == int(chosen))


def _week_filter(today: date) -> Filter:
    """The weeks of the map, each by its Monday."""
    choices = [("", _("all weeks")), *((monday.isoformat(), day(monday)) for monday in reversed(figures.weeks(today)))]
    return Filter("week", _("Week"), choices, lambda chosen: _in_week(date.fromisoformat(chosen)))


def _in_week(monday: date) -> ColumnElement[bool]:
    return Inspection.business_date.between(monday, monday + timedelta(days=6))


@bp.get("/stores/<store_code>/findings")
@guarded(Capability.READ_INSPECTIONS)
def findings() -> str | Response:
    """The findings of the store, the most urgent first."""
    here = place()
    listing = Listing[Finding](
        name=f"findings-{here.code}",
        columns=[
            Column("what", _("Finding"), words.finding_title),
            Column("area", _("Area"), lambda row: words.named(row.area) if row.area else None),
            Column("owner", _("Owner"), lambda row: row.owner.name, sort=Employee.pinyin),
            Column("due", _("Until"), lambda row: row.due_on, kind="date", sort=Finding.due_on),
            Column("level", _("Level"), lambda row: tell(row.level.says), sort=Finding.level),
            Column(
                "state",
                _("State"),
                lambda row: tell(row.state.says),
                kind="badge",
                sort=Finding.state,
                tone=lambda row: words.STATE_TONES.get(row.state, "quiet"),
            ),
        ],
        statement=select(Finding)
        .join(Employee, Employee.id == Finding.owner_id)
        .where(Finding.store_id == here.id)
        .options(
            selectinload(Finding.area),
            selectinload(Finding.owner),
            selectinload(Finding.answer).selectinload(InspectionAnswer.item),
        ),
        order=[Finding.due_on, Finding.id],
        search_in=(*staff.SEARCHED, staff.JOINED_PINYIN),
        filters=[
            Filter(
                "state",
                _("State"),
                [("", _("all states")), *((state.value, tell(state.says)) for state in FindingState)],
                lambda chosen: Finding.state == FindingState(chosen),
            ),
            _area_filter(here.id, Finding.area_id.expression),
        ],
        link=lambda row: url_for("inspections.finding", finding_id=row.id),
        empty_title=_("No findings"),
        empty_text=_("What an inspection finds stands here until it is put right."),
    )
    return listing.respond("inspections/findings.html", may_inspect=allows(Capability.INSPECT, here.id))


@bp.get("/stores/<store_code>/inspections/map")
@guarded(Capability.READ_INSPECTIONS)
def heat_map() -> str:
    """Areas by weeks, and how the store's score moves."""
    here = place()
    found = figures.heat_map(here.id, areas.areas_of(here.id), clock.today(here.zone))
    labels = [f"{week:%m-%d}" for week in found.weeks]
    trend = [None if cell.value is None else round(float(cell.value * 100), 1) for cell in found.whole]
    title = _("6S score of the store by week")
    spec = {"kind": "line", "labels": labels, "unit": "%", "series": [{"name": title, "values": trend}]}
    return render_template(
        "inspections/heat_map.html",
        map=found,
        labels=labels,
        words=words,
        title=title,
        spec=spec,
        trend_urls=[url_for("inspections.index", week=week.isoformat()) for week in found.weeks],
        trend_rows=[[label, percent(cell.value)] for label, cell in zip(labels, found.whole, strict=True)],
    )
