"""Who has not acknowledged yet, and asking again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.adoptions.models import Adoption
from incentives.adoptions.service import acknowledging, adopting
from incentives.adoptions.service.acknowledging import Missing
from incentives.adoptions.views.blueprint import KEEPERS, bp
from incentives.core.access import Capability
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service.staff import JOINED_PINYIN, SEARCHED
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing
from incentives.web.sent import whole_or
from incentives.web.tables import Cell


@bp.get("/stores/<store_code>/adoptions/missing")
@guarded(*KEEPERS)
def chase() -> str | Response:
    """Who has not acknowledged yet, which plan or rule, and since when."""
    here = place()
    return _listing(here.id, here.code, clock.today(here.zone)).respond(
        "adoptions/chase.html", may_remind=allows(Capability.DRAFT_PLANS, here.id)
    )


def _listing(store_id: int, code: str, day: date) -> Listing[Any]:
    return Listing[Any](
        name=f"not-acknowledged-{code}",
        columns=[
            Column("number", _("Number"), _of(lambda row: row.employee.number), sort=Employee.number),
            Column("name", _("Name"), _of(lambda row: row.employee.name), sort=Employee.name),
            Column("rule", _("Plan or rule"), _of(lambda row: tell(row.adoption.says)), sort=Adoption.id),
            Column("since", _("Waiting since"), _of(lambda row: row.since), kind="date"),
            Column("reminded", _("Reminded on"), _of(lambda row: row.reminded_on), kind="date"),
        ],
        statement=acknowledging.missing(day).where(Adoption.store_id == store_id),
        order=[Adoption.id, Employee.number],
        search_in=(*SEARCHED, JOINED_PINYIN),
        filters=[
            Filter(
                "rule",
                _("Plan or rule"),
                [
                    ("", _("all")),
                    *((str(each.id), tell(each.says)) for each in adopting.latest_of(store_id)),
                ],
                lambda chosen: Adoption.id == int(chosen),
            )
        ],
        entity=False,
        link=lambda row: url_for("adoptions.show", adoption_id=Missing._make(row).adoption.id),
        empty_title=_("Everybody has acknowledged"),
        empty_text=_("Who joins or moves later stands here by himself until he has read what concerns him."),
    )


def _of(value: Callable[[Missing], Cell]) -> Callable[[Any], Cell]:
    """Read a row of the list as what it is."""
    return lambda row: value(Missing._make(row))


@bp.post("/stores/<store_code>/adoptions/reminders")
@guarded(Capability.DRAFT_PLANS)
def remind() -> BaseResponse:
    """Ask again everybody who has not acknowledged: all of them, or those of one rule, or one person."""
    here = place()
    adoption_id, employee_id = (_chosen(request.form.get(name, "")) for name in ("rule", "person"))
    asked = acknowledging.remind(
        here.id,
        today=clock.today(here.zone),
        actor_id=actor().employee_id,
        adoption_id=adoption_id,
        employee_id=employee_id,
    )
    if asked:
        db.session.commit()
    flash(
        ngettext("%(num)d reminder stands on a start page.", "%(num)d reminders stand on start pages.", asked),
        "success",
    )
    if adoption_id is not None:
        return redirect(url_for("adoptions.show", adoption_id=adoption_id))
    return redirect(url_for("adoptions.chase"))


def _chosen(text: str) -> int | None:
    """Nothing chosen means all; nonsense is nobody's id, which finds nothing."""
    return whole_or(0, text) if text else None
