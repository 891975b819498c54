"""Who works here: the list, a person's record, hiring, renaming, moving, leaving."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import true
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.core.access import Capability
from incentives.db import db
from incentives.people.forms import HireForm, LeaveForm, MoveForm, RenameForm
from incentives.people.models import Employee, Position, Posting, Store
from incentives.people.service import accounts, setup
from incentives.people.service import staff as service
from incentives.people.views.blueprint import bp
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.hooks import hooks
from incentives.web.i18n import language
from incentives.web.lists import Column, Filter, Listing


def position_name(position: Position) -> str:
    """A position in the reader's language."""
    return position.name_en or position.name if language() == "en" else position.name


def _position_choices(group_id: int) -> list[tuple[int, str]]:
    return [(position.id, position_name(position)) for position in service.positions(group_id)]


@bp.get("/stores/<store_code>/staff")
@guarded(Capability.READ_PEOPLE)
def staff() -> str | Response:
    """The people of the store, today's or all that ever worked here."""
    here, today = place(), clock.today(place().zone)
    names = {position.id: position_name(position) for position in service.positions(actor().group_id)}
    everybody = request.args.get("who") == "all"
    statement = service.ever_at(here.id) if everybody else service.working_at(here.id, today)
    listing = Listing[Employee](
        name=f"staff-{here.code}",
        columns=[
            Column("number", _("Number"), lambda person: person.number, sort=Employee.number),
            Column("name", _("Name"), lambda person: person.name, sort=Employee.pinyin),
            Column("pinyin", _("Pinyin"), lambda person: person.pinyin),
            Column(
                "position", _("Position"), lambda person: names.get(service.posting_at(person, here.id).position_id)
            ),
            Column("hired", _("Hired"), lambda person: person.hired_on, kind="date", sort=Employee.hired_on),
            Column("left", _("Left"), lambda person: person.left_on, kind="date", sort=Employee.left_on),
        ],
        statement=statement,
        order=[Employee.number],
        search_in=(*service.SEARCHED, service.JOINED_PINYIN),
        filters=[
            Filter(
                "position",
                _("Position"),
                [("", _("all positions")), *((str(number), name) for number, name in names.items())],
                lambda chosen: Posting.position_id == int(chosen),
            ),
            Filter("who", _("Who"), [("", _("working here now")), ("all", _("also former"))], lambda _chosen: true()),
        ],
        link=lambda person: url_for("people.person", employee_id=person.id),
        empty_title=_("Nobody found"),
        empty_text=_("Take somebody on, or import your people from a file."),
        empty_action=(_("Take somebody on"), url_for("people.hire"))
        if allows(Capability.MANAGE_PEOPLE, here.id)
        else None,
    )
    return listing.respond("people/staff.html", may_manage=allows(Capability.MANAGE_PEOPLE, here.id))


@bp.get("/stores/<store_code>/staff/<int:employee_id>")
@guarded(Capability.READ_PEOPLE)
def person(employee_id: int) -> str:
    """A person's record: postings, roles, account."""
    here = place()
    employee = service.employee_of(here.id, employee_id)
    return render_template(
        "people/person.html",
        employee=employee,
        postings=reversed(employee.postings),
        position_name=position_name,
        account=accounts.account_of(employee.id),
        roles=accounts.roles_of(employee.id),
        may_manage=allows(Capability.MANAGE_PEOPLE, here.id) and employee.left_on is None,
        may_rights=allows(Capability.MANAGE_ACCOUNTS, here.id),
    )


@bp.route("/stores/<store_code>/staff/hire", methods=["GET", "POST"])
@guarded(Capability.MANAGE_PEOPLE)
def hire() -> str | BaseResponse | tuple[str, int]:
    """Take somebody on."""
    here = setup.store_by_id(place().id)
    form = HireForm(day=clock.today(here.zone))
    form.position.choices = _position_choices(here.group_id)
    if form.submitted():
        with form.refusals():
            employee = service.hire(
                store=here,
                number=str(form.number.data),
                name=str(form.name.data),
                pinyin=form.pinyin.data or "",
                position=db.session.get_one(Position, form.position.data),
                day=form.day.data,
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("%(name)s is on the staff.", name=employee.name), "success")
            return redirect(url_for("people.person", employee_id=employee.id))
    return render_template("people/hire.html", hire_form=form), 422 if form.refused else 200


@bp.route("/stores/<store_code>/staff/<int:employee_id>/name", methods=["GET", "POST"])
@guarded(Capability.MANAGE_PEOPLE)
def rename(employee_id: int) -> str | BaseResponse | tuple[str, int]:
    """Correct a name or its reading."""
    employee = service.employee_of(place().id, employee_id)
    form = RenameForm(name=employee.name, pinyin=employee.pinyin, seen=str(employee.version))
    if form.submitted():
        with form.refusals():
            service.rename(
                employee,
                name=str(form.name.data),
                pinyin=str(form.pinyin.data),
                seen=form.seen_version(),
                store_id=place().id,
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("people.person", employee_id=employee_id))
    return render_template(
        "people/rename.html", rename_form=form, employee_id=employee_id
    ), 422 if form.refused else 200


@bp.route("/stores/<store_code>/staff/<int:employee_id>/move", methods=["GET", "POST"])
@guarded(Capability.MANAGE_PEOPLE)
def move(employee_id: int) -> str | BaseResponse | tuple[str, int]:
    """Move somebody to another position or store from a day on."""
    here = place()
    employee = service.employee_of(here.id, employee_id)
    form = MoveForm(store=here.id, position=employee.postings[-1].position_id, day=clock.today(here.zone))
    reachable = [found for found in hooks().places_of(actor()) if allows(Capability.MANAGE_PEOPLE, found.id)]
    form.store.choices = [(found.id, found.name) for found in reachable]
    form.position.choices = _position_choices(actor().group_id)
    if form.submitted():
        with form.refusals():
            service.move(
                employee,
                store=db.session.get_one(Store, form.store.data),
                position=db.session.get_one(Position, form.position.data),
                day=form.day.data,
                actor_id=actor().employee_id,
                at=here.id,
            )
            db.session.commit()
            flash(_("The move is recorded. What was before stays as it was."), "success")
            return redirect(url_for("people.person", employee_id=employee_id))
    return render_template("people/move.html", move_form=form, name=employee.name), 422 if form.refused else 200


@bp.route("/stores/<store_code>/staff/<int:employee_id>/leave", methods=["GET", "POST"])
@guarded(Capability.MANAGE_PEOPLE)
def leave(employee_id: int) -> str | BaseResponse | tuple[str, int]:
    """Record somebody's last day."""
    here = place()
    employee = service.employee_of(here.id, employee_id)
    form = LeaveForm(last_day=clock.today(here.zone))
    if form.submitted():
        with form.refusals():
            service.leave(employee, last_day=form.last_day.data, store_id=here.id, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Recorded. The account ends with that day; the record and what is still owed stay."), "success")
            return redirect(url_for("people.person", employee_id=employee_id))
    return render_template("people/leave.html", leave_form=form, name=employee.name), 422 if form.refused else 200
