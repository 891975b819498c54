"""The working days of a month, by which figures are forecast."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.core.period import FIRST_YEAR, LAST_YEAR, MONTHS_IN_YEAR, Month
from incentives.db import db
from incentives.targets.forms import ChooseDayForm
from incentives.targets.service import workdays
from incentives.targets.views.blueprint import bp
from incentives.targets.views.showing import asked_month, today
from incentives.web.guards import actor, allows, guarded, place


@bp.route("/stores/<store_code>/workdays", methods=["GET"])
@guarded(Capability.READ_COCKPIT)
def workday_list() -> str:
    """The days of a month: worked or not, and by whose word."""
    return _page(ChooseDayForm(formdata=None))


@bp.post("/stores/<store_code>/workdays")
@guarded(Capability.SET_TARGETS)
def set_workday() -> Response | tuple[str, int]:
    """Say that a day is worked, or is not."""
    form = ChooseDayForm()
    if form.submitted():
        day = form.day.data
        works, note = form.works.data == "yes", str(form.note.data or "")
        workdays.override(place().id, day, works=works, note=note, actor_id=actor().employee_id)
        db.session.commit()
        flash(_("Noted. Forecasts go by it from now on."), "success")
        return redirect(url_for("targets.workday_list", month=str(Month.of(day))))
    return _page(form), 422


def _page(form: ChooseDayForm) -> str:
    month = asked_month()
    said = workdays.overrides(place().id, month.span)
    days = [(day, said.get(day, workdays.is_statutory_workday(day)), day in said) for day in month.span.each_day()]
    if form.day.data is None:
        form.day.data = today()
    return render_template(
        "targets/workdays.html",
        day_form=form,
        month=month,
        months=_months_around(month),
        days=days,
        count=workdays.workdays(place().id, month.span, today()),
        may_set=allows(Capability.SET_TARGETS, place().id),
    )


def _months_around(month: Month) -> list[Month]:
    """Those of its year and of its neighbours, the latest first, as far as years are kept."""
    years = range(min(month.year + 1, LAST_YEAR), max(month.year - 1, FIRST_YEAR) - 1, -1)
    return [Month(year, number) for year in years for number in range(MONTHS_IN_YEAR, 0, -1)]
