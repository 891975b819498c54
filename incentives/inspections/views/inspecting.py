"""Look at an area, submit it, see what came of it, and correct it by a new record."""

from __future__ import annotations

import secrets
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core import inspection as core
from incentives.core.access import Capability
from incentives.db import db
from incentives.inspections.forms import NOT_APPLICABLE, inspection_form
from incentives.inspections.models import Area, Finding, Inspection, InspectionAnswer
from incentives.inspections.service import areas, inspecting, photos
from incentives.inspections.views import words
from incentives.inspections.views.blueprint import bp
from incentives.web.guards import actor, allows, guarded, place


@bp.get("/stores/<store_code>/inspections/start")
@guarded(Capability.INSPECT)
def start() -> str:
    """The areas, each with its last score and how long ago that was."""
    here = place()
    return render_template(
        "inspections/start.html",
        seen=areas.last_seen(here.id),
        today=clock.today(here.zone),
        words=words,
        band_of=band_of,
        may_manage=allows(Capability.MANAGE_CHECKLISTS, here.id),
    )


def band_of(found: Inspection) -> core.Band:
    """The band of an inspection's score."""
    return core.band(Fraction(found.reached, found.possible))


@bp.route("/stores/<store_code>/areas/<int:area_id>/inspect", methods=["GET", "POST"])
@guarded(Capability.INSPECT)
def inspect(area_id: int) -> str | Response | tuple[str, int]:
    """Fill in the checklist of an area, on the spot."""
    return _fill_in(areas.area_of(place().id, area_id), None)


@bp.route("/stores/<store_code>/inspections/<int:inspection_id>/correct", methods=["GET", "POST"])
@guarded(Capability.INSPECT)
def correct(inspection_id: int) -> str | Response | tuple[str, int]:
    """Put another record in an inspection's place; the old one stays and is named."""
    old = inspecting.inspection_of(place().id, inspection_id)
    return _fill_in(old.area, old)


def _fill_in(area: Area, old: Inspection | None) -> str | Response | tuple[str, int]:
    day = old.business_date if old else clock.today(place().zone)
    version = old.version if old else areas.version_on(area, day)
    texts = {item.id: words.item_text(item) for item in version.items}
    form = inspection_form(version, texts, token=secrets.token_hex(16), **(_as_filled(old) if old else {}))
    if form.submitted():
        kept = {answer.item_id: answer.photo_id for answer in old.answers} if old else {}
        with form.refusals():
            given = {
                item.code: form.given(
                    item, photos.keep(area.store_id, form.picture(item), actor().employee_id) or kept.get(item.id)
                )
                for item in version.items
            }
            found = inspecting.submit(
                area, given, token=str(form.token.data), inspector_id=actor().employee_id, day=day, corrects=old
            )
            db.session.commit()
            flash(_("Submitted. It stays as it is; a correction is a new record."), "success")
            return redirect(url_for("inspections.inspection", inspection_id=found.id))
    return render_template(
        "inspections/fill_in.html", inspection_form=form, area=area, version=version, old=old, words=words
    ), 422 if form.refused else 200


def _as_filled(old: Inspection) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for answer in old.answers:
        filled[f"points_{answer.item_id}"] = NOT_APPLICABLE if answer.points is None else str(answer.points)
        filled[f"note_{answer.item_id}"] = answer.note
    return filled


@bp.get("/stores/<store_code>/inspections/<int:inspection_id>")
@guarded(Capability.READ_INSPECTIONS)
def inspection(inspection_id: int) -> str:
    """The score by section, every answer, and the findings."""
    found = inspecting.inspection_of(place().id, inspection_id)
    later = inspecting.corrected_by(found.id)
    raised = db.session.scalars(
        select(Finding)
        .join(InspectionAnswer, InspectionAnswer.id == Finding.answer_id)
        .where(InspectionAnswer.inspection_id == found.id)
        .order_by(Finding.id)
        .options(selectinload(Finding.owner))
    ).all()
    return render_template(
        "inspections/inspection.html",
        inspection=found,
        score=core.score(answer.as_core for answer in found.answers),
        findings={finding.answer_id: finding for finding in raised},
        later=later,
        words=words,
        may_correct=later is None and allows(Capability.INSPECT, place().id),
    )
