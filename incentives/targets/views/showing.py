"""How figures of indicators are written on pages, and what a page needs of the store and the address."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from flask import flash, g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from incentives import clock
from incentives.core.attainment import Comparison
from incentives.core.errors import DomainError
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.period import FIRST_YEAR, Month
from incentives.db import db
from incentives.people.models import Department, Employee, Store
from incentives.targets.models import Indicator, Level
from incentives.targets.scopes import STORE, Period, Scope, checked_year, scope_from
from incentives.targets.service.readings import name_of
from incentives.targets.service.setting import Outcome
from incentives.targets.service.sharing import Taker, department_name
from incentives.targets.units import WAN, Unit, written
from incentives.web.filters import number, wan
from incentives.web.guards import place
from incentives.web.hooks import Place
from incentives.web.i18n import tell
from incentives.web.sent import whole_or

DASH = "–"


def figure(value: Fraction | None, unit: Unit) -> str:
    """An exact figure with its unit; a dash for nothing."""
    if value is None:
        return DASH
    return written(value, unit) if unit is Unit.PERCENT else f"{written(value, unit)} {tell(unit.says)}"


def large(value: Fraction | None, unit: Unit) -> str:
    """The same for plans and cockpits: yuan from ten thousand on in 万."""
    if value is None or unit is Unit.PERCENT:
        return figure(value, unit)
    if unit is Unit.CNY and abs(value) >= WAN:
        return wan(Money.rounded(value * FEN_PER_YUAN))
    return f"{number(value, 2 if unit.is_money else 1)} {tell(unit.says)}"


def required(comparison: Comparison) -> str:
    """The sign before a target: ≥, >, ≤ or <."""
    return comparison.value.replace(">=", "≥").replace("<=", "≤")


def bare(value: Fraction | None, unit: Unit) -> str:
    """A figure of a table whose heading says the unit: yuan in 万 to the fen, so nothing is rounded off."""
    if value is None:
        return ""
    if unit is Unit.CNY:
        return number(value / WAN, 6)
    return written(value, unit) if unit is Unit.PERCENT else number(value, 3)


def indicator_name(indicator: Indicator) -> str:
    """Its name in the reader's language."""
    return tell(name_of(indicator))


def scope_name(scope: Scope) -> str:
    """Whose figure it is, in words."""
    if scope.level is Level.STORE:
        return str(_("The whole store"))
    if scope.level is Level.DEPARTMENT:
        found = db.session.get(Department, scope.id)
        return tell(department_name(found)) if found else DASH
    person = db.session.get(Employee, scope.id)
    return person.name if person else DASH


def taker_name(taker: Taker) -> str:
    """A department's or person's name."""
    return taker.name if isinstance(taker.name, str) else tell(taker.name)


def say_outcome(outcome: Outcome) -> None:
    """Tell what came of setting targets."""
    if outcome.in_force:
        flash(ngettext("%(num)d target is set.", "%(num)d targets are set.", outcome.in_force), "success")
    if outcome.proposed:
        text = ngettext(
            "%(num)d change waits for a second person, because its period has begun.",
            "%(num)d changes wait for a second person, because their period has begun.",
            outcome.proposed,
        )
        flash(text, "info")
    if not (outcome.in_force or outcome.proposed):
        flash(_("Nothing was changed, so nothing was saved."), "info")


def today() -> date:
    """The business day of the store that the address names; on one's own pages that of the own store."""
    here = g.get("place") or g.get("home_place")
    return clock.today(here.zone) if isinstance(here, Place) else clock.today()


def asked_month() -> Month:
    """The month of the address; the running one if it names none."""
    try:
        return Month.parse(request.args.get("month", ""))
    except DomainError:
        return Month.of(today())


def asked_year() -> int:
    """The year of the address; the running one if it names none."""
    try:
        return checked_year(whole_or(today().year, request.args.get("year", "")))
    except DomainError:
        return today().year


def asked_period() -> Period:
    """A year if the address asks for the year's figures, else its month."""
    return asked_month().year if request.args.get("over") == "year" else asked_month()


def asked_scope() -> Scope:
    """The scope of the address; the store's if it names none or a strange one."""
    try:
        return scope_from(request.args.get("scope", "s"))
    except DomainError:
        return STORE


def asked_day() -> date:
    """The day of the address, not later than today."""
    try:
        return max(date(FIRST_YEAR, 1, 1), min(date.fromisoformat(request.args.get("day", "")), today()))
    except ValueError:
        return today()


def months_around(month: Month) -> list[Month]:
    """What a month picker offers: a year back and to the end of the present year, latest first."""
    last = max(Month.of(today()), month)
    return [last.plus(-number) for number in range(24)]


def departments() -> list[Department]:
    """The departments of the store's group."""
    found = select(Department).join(Store, Store.group_id == Department.group_id).where(Store.id == place().id)
    return list(db.session.scalars(found.order_by(Department.order, Department.id)))
