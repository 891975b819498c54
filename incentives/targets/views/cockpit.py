"""The cockpit 经营看板: plan against actual by line, where the month is heading, who needs help; and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.targets.models import Indicator, Level, Reading
from incentives.targets.scopes import STORE, Period, Scope, bounds, of_department, of_person
from incentives.targets.service import catalogue
from incentives.targets.service.attainment import (
    Attainment,
    Family,
    Outlook,
    TrendPoint,
    families,
    outlook,
    outlook_of,
)
from incentives.targets.service.behind import Asked, actual_facts, target_facts
from incentives.targets.service.figures import current
from incentives.targets.service.help import needing_help
from incentives.targets.service.holding import count_proposals
from incentives.targets.service.readings import shown
from incentives.targets.service.sharing import Taker, takers
from incentives.targets.service.telling import arithmetic_of
from incentives.targets.units import Unit, typed
from incentives.targets.views.blueprint import bp
from incentives.targets.views.showing import (
    asked_month,
    asked_period,
    asked_scope,
    figure,
    indicator_name,
    large,
    months_around,
    required,
    scope_name,
    taker_name,
    today,
)
from incentives.web.filters import month_name, percent
from incentives.web.guards import actor, guarded, place, signed_in
from incentives.web.i18n import tell
from incentives.web.lists import Column, Listing

ROUNDING = 1
MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as the cockpit draws it: final texts, a tone, and where "why?" leads."""

    name: str
    actual: str
    target: str
    attainment: str
    due_text: str
    forecast: str
    to_go: str
    tone: str
    state: str
    ratio: Attainment
    url: str
    part: bool = False


def line(found: Attainment, period: Period, *, scope: Scope = STORE, part: bool = False, name: str = "") -> Line:
    """An attainment in words. Without a target it says so; it is never 0 or 100 %."""
    unit = found.indicator.unit
    tone, state = _state(found)
    return Line(
        name=name or indicator_name(found.indicator),
        actual=_("no reading yet") if found.actual is None else large(found.actual, unit),
        target=_("no target")
        if found.target is None
        else f"{required(found.indicator.comparison)} {large(found.target, unit)}",
        attainment=percent(found.attainment, ROUNDING),
        due_text=large(found.due, unit),
        forecast=large(found.forecast, unit),
        to_go=large(found.to_go, unit) if found.to_go is not None and found.to_go > 0 else "",
        tone=tone,
        state=state,
        ratio=found,
        url=url_for("targets.figure", code=found.indicator.code, **_address(period, scope)),
        part=part,
    )


def _address(period: Period, scope: Scope) -> dict[str, Any]:
    first, last = bounds(period)
    own = {"month": str(last if isinstance(period, Month) else first)}
    own |= {} if isinstance(period, Month) else {"over": "year"}
    return own if scope == STORE else {**own, "scope": str(scope)}


def _state(found: Attainment) -> tuple[str, str]:
    if found.target is None:
        return "quiet", _("no target")
    if found.actual is None:
        return "quiet", _("no reading yet")
    if found.met:
        return "good", _("met")
    if found.on_pace or found.will_be_met:
        return "info", _("on course")
    return "warn", _("behind")


@bp.get("/stores/<store_code>/cockpit")
@guarded(Capability.READ_COCKPIT)
def cockpit() -> str:
    """Plan against actual of a month or year."""
    month, period = asked_month(), asked_period()
    look = outlook(place().id, period, month, today=today())
    found = look.attainments()
    told = [each for each in families(found) if _says_something(each)]
    revenue = next((each for each in found if each.target is not None), found[0] if found else None)
    return render_template(
        "targets/cockpit.html",
        month=month,
        months=months_around(month),
        over_year=not isinstance(period, Month),
        lead=line(revenue, period) if revenue else None,
        families=[_family(each, period) for each in told],
        silent=[line(each.whole, period) for each in families(found) if each not in told],
        days=found[0].days if found else None,
        behind=[
            (
                each,
                large(each.figure.actual, each.figure.indicator.unit),
                large(each.figure.due, each.figure.indicator.unit),
            )
            for each in needing_help(look)
        ],
        name_of=indicator_name,
        waiting=count_proposals(place().id),
        trend=_trend_chart(look.trend(revenue.indicator), revenue.indicator) if revenue else None,
    )


def _says_something(found: Family) -> bool:
    """Whether there is a target, or a reading that is not just the zero of facts that never happened."""
    return any(each.target is not None or each.actual for each in (found.whole, *found.parts))


def _family(found: Family, period: Period) -> tuple[Line, list[Line], str]:
    parts = [line(part, period, part=True) for part in found.parts]
    left = found.targets_left
    note = ""
    if left:
        shown_left = large(abs(left), found.whole.indicator.unit)
        note = (
            _("The parts' targets are %(amount)s short of the whole.", amount=shown_left)
            if left > 0
            else _("The parts' targets are %(amount)s more than the whole.", amount=shown_left)
        )
    return line(found.whole, period), parts, note


@dataclass(frozen=True, slots=True)
class Chart:
    """A trend: the question it answers, its drawing, and its figures as a table."""

    title: str
    spec: dict[str, object]
    headings: list[str]
    rows: list[list[str]]
    urls: list[str]
    """Where each row's figures are explained."""


def _trend_chart(points: Sequence[TrendPoint], indicator: Indicator, scope: Scope = STORE) -> Chart:
    unit = indicator.unit
    drawn = [
        {"name": _("actual"), "values": [_plain(point.actual, unit) for point in points], "tone": "brand"},
        {
            "name": _("target"),
            "values": [_plain(point.target, unit) for point in points],
            "tone": "quiet",
            "kind": "line",
        },
    ]
    return Chart(
        title=_("%(name)s: how do the last twelve months compare with plan?", name=indicator_name(indicator)),
        spec={
            "kind": "bar",
            "labels": [str(point.month) for point in points],
            "unit": _("10,000 yuan") if unit is Unit.CNY else tell(unit.says),
            "series": drawn,
        },
        headings=[_("Month"), _("actual"), _("target")],
        rows=[[month_name(point.month), figure(point.actual, unit), figure(point.target, unit)] for point in points],
        urls=[url_for("targets.figure", code=indicator.code, **_address(point.month, scope)) for point in points],
    )


def _plain(value: Fraction | None, unit: Unit) -> float | None:
    """A number for drawing only; the table behind the chart has the exact one."""
    if value is None:
        return None
    number = float(typed(value, unit))
    return number / 10_000 if unit is Unit.CNY else number


@bp.get("/stores/<store_code>/cockpit/<code>", endpoint="figure")
@guarded(Capability.READ_COCKPIT)
def figure_page(code: str) -> str | Response:
    """Why a figure is what it is: the departments or people it comes from, then their readings."""
    indicator, period, scope = catalogue.indicator(place().id, code), asked_period(), asked_scope()
    below = takers(place().id, period, scope) if scope.level is not Level.PERSON else []
    scopes = [scope, *(taker.scope for taker in below)]
    look = outlook_of(place().id, indicator, period, bounds(period)[1], scopes, today=today())
    own, parts = look.of(indicator, scope), _parts(indicator, period, below, look)
    listing = _readings(indicator, period, scope)
    return listing.respond(
        "targets/figure.html",
        name=indicator_name(indicator),
        whose=scope_name(scope),
        up=url_for("targets.figure", code=code, **_address(period, STORE)) if scope != STORE else None,
        line=line(own, period, scope=scope),
        indicator=indicator,
        parts=parts,
        month=asked_month(),
        months=months_around(asked_month()),
        exact=figure(own.actual, indicator.unit),
        trend=_trend_chart(look.trend(indicator, scope), indicator, scope),
        derived=bool(indicator.measure),
        **behind_figure(place().id, own, period, scope, also_readings=False),
    )


def behind_figure(
    store_id: int, found: Attainment, period: Period, scope: Scope, *, also_readings: bool
) -> dict[str, object]:
    """The arithmetic of a figure, who set its target, and its facts; readings only for a page that lists none itself."""
    asked = Asked(store_id, found.indicator, *bounds(period), scope)
    wanted = also_readings or found.indicator.measure
    return {
        "arithmetic": list(arithmetic_of(found)),
        "target_facts": target_facts([asked])[0],
        "facts": actual_facts([asked])[0][-MOST_FACTS:] if wanted else [],
    }


@bp.get("/me/figures/<code>")
@signed_in
def my_figure(code: str) -> str:
    """Why one's own figure is what it is: actual, target and forecast with what stands behind each."""
    person = actor()
    if person.home_store_id is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    store_id, month, scope = person.home_store_id, asked_month(), of_person(person.employee_id)
    indicator = catalogue.indicator(store_id, code)
    look = outlook_of(store_id, indicator, month, month, [scope], today=clock.today())
    found = look.of(indicator, scope)
    return render_template(
        "targets/my_figure.html",
        name=indicator_name(indicator),
        line=line(found, month, scope=scope),
        month=month,
        exact=figure(found.actual, indicator.unit),
        **behind_figure(store_id, found, month, scope, also_readings=True),
    )


def _parts(indicator: Indicator, period: Period, below: Sequence[Taker], look: Outlook) -> list[Line]:
    """The departments or people with a figure or a target of their own."""
    found = [(taker, look.of(indicator, taker.scope)) for taker in below]
    return [
        line(figure, period, scope=taker.scope, name=taker_name(taker))
        for taker, figure in found
        if figure.actual or figure.target is not None
    ]


def _readings(indicator: Indicator, period: Period, scope: Scope) -> Listing[Reading]:
    """The single readings behind a figure."""
    first, last = bounds(period)
    statement = select(Reading).where(
        Reading.store_id == place().id,
        Reading.indicator_id == indicator.id,
        Reading.month >= first,
        Reading.month <= last,
        current(),
    )
    if scope.employee_id is not None:
        statement = statement.where(Reading.employee_id == scope.employee_id)
    elif scope.department_id is not None:
        statement = statement.where(Reading.department_id == scope.department_id)
    return Listing[Reading](
        name=indicator.code,
        columns=[
            Column("day", _("Day"), lambda row: row.business_date, sort=Reading.business_date),
            Column("whose", _("Whose"), whose),
            Column("value", _("Reading"), shown, kind="number"),
            Column("maker", _("Entered by"), lambda row: row.maker.name),
        ],
        statement=statement.options(
            joinedload(Reading.maker),
            joinedload(Reading.department),
            joinedload(Reading.employee),
            joinedload(Reading.indicator),
        ),
        order=[Reading.business_date.desc(), Reading.id.desc()],
        link=lambda row: url_for("targets.reading", reading_id=row.id),
        keep=("month", "over", "scope"),
        empty_title=_("No readings yet"),
        empty_text=_("As soon as readings are entered or imported, they stand here."),
    )


def whose(row: Reading) -> str:
    """Whose reading it is, in words."""
    if row.level is Level.PERSON and row.employee is not None:
        return row.employee.name
    return scope_name(of_department(row.department_id)) if row.department_id is not None else _("The whole store")
