"""The store's province profile, and base wages."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.people.service.staff import JOINED_PINYIN, SEARCHED
from incentives.rewards.forms import ProfileForm, WageForm
from incentives.rewards.models import BaseWage
from incentives.rewards.service import profiles, wages
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import PROFILE_READERS
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.lists import Column, Listing


@bp.get("/stores/<store_code>/rewards/profile")
@guarded(*PROFILE_READERS)
def profile() -> str:
    """What is allowed at the store, where that is from, who confirmed it, and what held before."""
    here, today = place(), clock.today(place().zone)
    return render_template(
        "rewards/profile.html",
        now=profiles.allowed(here.id, today),
        history=profiles.history(here.id),
        today=today,
        may_enter=allows(Capability.SET_WAGE_TERMS, here.id),
    )


@bp.route("/stores/<store_code>/rewards/profile/new", methods=["GET", "POST"])
@guarded(Capability.SET_WAGE_TERMS)
def enter_profile() -> str | Response | tuple[str, int]:
    """Enter what holds from a day on."""
    here, today = place(), clock.today(place().zone)
    form = ProfileForm(obj=profiles.allowed(here.id, today), starts=today)
    if form.submitted():
        with form.refusals():
            profiles.enter(here.id, _said(form), starts=form.starts.data, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Entered. What held before stays in the history."), "success")
            return redirect(url_for("rewards.profile"))
    return render_template("rewards/enter_profile.html", profile_form=form), 422 if form.refused else 200


def _said(form: ProfileForm) -> profiles.Allowed:
    return profiles.Allowed(
        province=str(form.province.data),
        minimum_wage=form.minimum_wage.data,
        loss_percent=form.loss_percent.data,
        appeal_workdays=form.appeal_workdays.data,
        pay_penalties=bool(form.pay_penalties.data),
        consultation=bool(form.consultation.data),
        source=form.source.data or "",
        city_class=form.city_class.data or "",
        confirmed_by=form.confirmed_by.data or "",
        confirmed_on=form.confirmed_on.data,
        confirmed_document=form.confirmed_document.data or "",
    )


@bp.get("/stores/<store_code>/rewards/wages")
@guarded(Capability.KEEP_BASE_WAGES)
def base_wages() -> str | FileResponse:
    """Base wages by month, the latest first."""
    here = place()
    shown = Listing[BaseWage](
        name=f"base-wages-{here.code}",
        columns=[
            Column("number", _("Number"), lambda each: each.employee.number, sort=Employee.number),
            Column("name", _("Name"), lambda each: each.employee.name),
            Column("starts", _("From"), lambda each: str(each.starts), sort=BaseWage.starts),
            Column("amount", _("Base wage a month"), lambda each: each.amount, kind="money", sort=BaseWage.amount),
            Column("source", _("Contract or file"), lambda each: each.source),
        ],
        statement=wages.wages_of(here.id),
        order=[Employee.number, BaseWage.starts.desc(), BaseWage.id.desc()],
        search_in=(*SEARCHED, JOINED_PINYIN),
        stands_as="fact",
        empty_title=_("No base wages yet"),
        empty_text=_("Nothing is taken for a loss while somebody's base wage is not known."),
        empty_action=(_("Enter a base wage"), url_for("rewards.enter_wage")),
    )
    return shown.respond("rewards/wages.html")


@bp.route("/stores/<store_code>/rewards/wages/new", methods=["GET", "POST"])
@guarded(Capability.KEEP_BASE_WAGES)
def enter_wage() -> str | Response | tuple[str, int]:
    """Enter somebody's base wage from a month on."""
    here, today = place(), clock.today(place().zone)
    form = WageForm(starts=Month.of(today))
    form.offer(staff.choices(here.id, today))
    if form.submitted():
        with form.refusals():
            wages.enter(
                here.id,
                form.person.data or 0,
                starts=form.starts.data,
                amount=form.amount.data,
                source=str(form.source.data),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Entered. Earlier months keep what held then."), "success")
            return redirect(url_for("rewards.base_wages"))
    return render_template("rewards/enter_wage.html", wage_form=form), 422 if form.refused else 200
