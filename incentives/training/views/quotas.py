"""Set the quotas of a year, and look after the kinds of training."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability, Scope, reach
from incentives.db import db
from incentives.people.service.setup import store_by_id
from incentives.training.forms import KindForm, quota_form
from incentives.training.service import kinds as kinds_service
from incentives.training.service import quotas as service
from incentives.training.views.blueprint import bp
from incentives.training.views.words import kind_name, position_choices, year_asked, years_around
from incentives.web.guards import actor, guarded, place


@bp.get("/stores/<store_code>/training/quotas")
@guarded(Capability.SET_TARGETS)
def quotas() -> str:
    """Both sides of each kind's quota in a year."""
    store = store_by_id(place().id)
    today = clock.today(store.zone)
    year = year_asked(today)
    return render_template(
        "training/quotas.html",
        year=year,
        years=[(str(each), url_for("training.quotas", year=each), each == year) for each in years_around(year, today)],
        kinds=kinds_service.kinds_of(store.group_id),
        quotas=service.quotas_of(store.id, year),
        positions=dict(position_choices(store.group_id)),
        may_change_kinds=reach(actor(), Capability.SET_TARGETS).scope is Scope.GROUP,
        kind_name=kind_name,
    )


@bp.post("/stores/<store_code>/training/quotas/<int:year>/begin")
@guarded(Capability.SET_TARGETS)
def begin_year(year: int) -> Response:
    """Take the quotas of the year before, or the usual plan's."""
    count = service.begin_year(store_by_id(place().id), year, actor_id=actor().employee_id)
    db.session.commit()
    flash(ngettext("%(num)d quota set.", "%(num)d quotas set.", count), "success")
    return redirect(url_for("training.quotas", year=year))


@bp.route("/stores/<store_code>/training/quotas/<int:year>/<int:kind_id>", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def set_quota(year: int, kind_id: int) -> str | Response | tuple[str, int]:
    """Set a kind's quota."""
    store = store_by_id(place().id)
    kind = kinds_service.kind_of(store.group_id, kind_id)
    quota = service.quotas_of(store.id, year).get(kind.id)
    held, version = (quota.held_required, quota.version) if quota else (0, 0)
    form = quota_form(position_choices(store.group_id), service.asked_of(quota), held, version)
    name = kind_name(kind)
    if form.submitted():
        with form.refusals():
            service.set_quota(
                store,
                kind,
                year,
                held=form.held.data,
                attended=form.asked(),
                seen=form.seen_version(),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("training.quotas", year=year))
    page = render_template("training/quota.html", quota_form=form, name=name, year=year)
    return page, 422 if form.refused else 200


@bp.get("/group/training-kinds")
@guarded(Capability.SET_TARGETS, least=Scope.GROUP)
def kinds() -> str:
    """The kinds of training of the group."""
    found = kinds_service.kinds_of(actor().group_id, also_former=True)
    return render_template("training/kinds.html", kinds=found, kind_name=kind_name)


@bp.route("/group/training-kinds/<int:kind_id>", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS, least=Scope.GROUP)
def change_kind(kind_id: int) -> str | Response | tuple[str, int]:
    """Change a kind: its names, whether late counts, whether it is in use."""
    kind = kinds_service.kind_of(actor().group_id, kind_id)
    form = KindForm(obj=kind, seen=str(kind.version))
    if form.submitted():
        with form.refusals():
            kinds_service.change_kind(
                kind,
                name=str(form.name.data),
                name_en=form.name_en.data or "",
                late_counts=form.late_counts.data,
                active=form.active.data,
                seen=form.seen_version(),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("training.kinds"))
    return render_template("training/kind.html", kind_form=form), 422 if form.refused else 200
