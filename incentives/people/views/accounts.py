"""Accounts and roles, for the admin; each change asks for the admin's own password."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from incentives.core.access import Capability, Role, Scope
from incentives.db import db
from incentives.people import signin
from incentives.people.forms import ConfirmedForm, RolesForm
from incentives.people.models import Account, Employee, Store
from incentives.people.service import accounts as service
from incentives.people.service import staff
from incentives.people.service.setup import store_by_id
from incentives.people.views.blueprint import bp
from incentives.web.guards import actor, guarded, place
from incentives.web.hooks import hooks
from incentives.web.lists import Column, Listing


@bp.get("/group/accounts")
@guarded(Capability.MANAGE_ACCOUNTS, least=Scope.GROUP)
def accounts() -> str | Response:
    """Every account of the group."""
    statement = (
        select(Account)
        .join(Employee, Employee.id == Account.employee_id)
        .where(Employee.group_id == actor().group_id)
        .options(joinedload(Account.employee).selectinload(Employee.postings))
    )
    codes = {found.id: found.code for found in hooks().places_of(actor())}
    listing = Listing[Account](
        name="accounts",
        columns=[
            Column("username", _("Signs in as"), lambda account: account.username, sort=Account.username),
            Column("name", _("Name"), lambda account: account.employee.name, sort=Employee.pinyin),
            Column("store", _("Store"), lambda account: codes.get(account.employee.postings[-1].store_id)),
            Column("active", _("State"), _state, words=_state),
        ],
        statement=statement,
        order=[Account.username],
        search_in=(*staff.SEARCHED, staff.JOINED_PINYIN),
        link=lambda account: url_for(
            "people.person",
            employee_id=account.employee_id,
            store_code=codes.get(account.employee.postings[-1].store_id),
        ),
        empty_title=_("No account found"),
        empty_text=_("An account is given on the person's page."),
    )
    return listing.respond("people/accounts.html")


def _state(account: Account) -> str:
    return str(_("active") if account.active else _("switched off"))


@bp.route("/stores/<store_code>/staff/<int:employee_id>/account", methods=["GET", "POST"])
@guarded(Capability.MANAGE_ACCOUNTS)
def give_account(employee_id: int) -> str | tuple[str, int]:
    """Open an account, or hand over a new first password, which is shown once."""
    employee = staff.employee_of(place().id, employee_id)
    form, handed_over = ConfirmedForm(), None
    if form.submitted():
        with form.refusals():
            signin.confirm_password(str(form.own_password.data))
            handed_over = service.give_account(employee, actor_id=actor().employee_id, store_id=place().id)
            db.session.commit()
    return (
        render_template("people/give_account.html", account_form=form, employee=employee, handed_over=handed_over),
        422 if form.refused else 200,
    )


@bp.route("/stores/<store_code>/staff/<int:employee_id>/account/off", methods=["GET", "POST"])
@guarded(Capability.MANAGE_ACCOUNTS)
def switch_off(employee_id: int) -> str | BaseResponse | tuple[str, int]:
    """Close an account at once."""
    employee = staff.employee_of(place().id, employee_id)
    form = ConfirmedForm()
    if form.submitted():
        with form.refusals():
            signin.confirm_password(str(form.own_password.data))
            service.switch_off(employee, actor_id=actor().employee_id, store_id=place().id)
            db.session.commit()
            flash(_("The account is off. Its sessions have ended."), "success")
            return redirect(url_for("people.person", employee_id=employee_id))
    return render_template("people/switch_off.html", account_form=form, employee=employee), 422 if form.refused else 200


@bp.route("/stores/<store_code>/staff/<int:employee_id>/roles", methods=["GET", "POST"])
@guarded(Capability.MANAGE_ACCOUNTS)
def roles(employee_id: int) -> str | BaseResponse | tuple[str, int]:
    """Which roles somebody holds in which store."""
    employee = staff.employee_of(place().id, employee_id)
    form = RolesForm(store=place().id)
    form.offer()
    form.store.choices = [(found.id, found.name) for found in hooks().places_of(actor())]
    if request.method == "GET":
        form.roles.data = [grant.role for grant in service.roles_of(employee_id) if grant.store_id == place().id]
    if form.submitted():
        with form.refusals():
            signin.confirm_password(str(form.own_password.data))
            store: Store = store_by_id(form.store.data)
            chosen = [Role(role) for role in form.roles.data or []]
            service.set_roles(employee, store, chosen, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The roles hold from now on. Open sessions of %(name)s have ended.", name=employee.name), "success")
            return redirect(url_for("people.person", employee_id=employee_id))
    return render_template("people/roles.html", roles_form=form, employee=employee), 422 if form.refused else 200
