"""The stores of the group, for the admin."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from incentives.core.access import Capability, Scope
from incentives.db import db
from incentives.people.forms import StoreForm
from incentives.people.models import Group, SizeClass, Store
from incentives.people.service import setup as service
from incentives.people.service.setup import StoreDetails
from incentives.people.views.blueprint import bp
from incentives.web.guards import actor, guarded, place
from incentives.web.lists import Column, Listing


@bp.get("/group/stores")
@guarded(Capability.CHANGE_SETTINGS, least=Scope.GROUP)
def stores() -> str | Response:
    """Every store of the group."""
    listing = Listing[Store](
        name="stores",
        columns=[
            Column("code", _("Code"), lambda store: store.code, sort=Store.code),
            Column("name", _("Name"), lambda store: store.name, sort=Store.name),
            Column("province", _("Province"), lambda store: store.province, sort=Store.province),
            Column("city", _("City"), lambda store: store.city),
            Column("zone", _("Time zone"), lambda store: store.zone),
            Column("wage", _("Minimum wage a month"), lambda store: store.minimum_wage, kind="money"),
        ],
        statement=select(Store).where(Store.group_id == actor().group_id),
        order=[Store.code],
        search_in=[Store.code, Store.name, Store.name_en, Store.city],
        link=lambda store: url_for("people.change_store", store_code=store.code),
        empty_title=_("No store yet"),
        empty_text=_("Open the first one."),
    )
    return listing.respond("people/stores.html")


def _details(form: StoreForm, code: str) -> StoreDetails:
    return StoreDetails(
        code=code,
        name=str(form.name.data),
        name_en=form.name_en.data or "",
        province=form.province.data or "",
        city=form.city.data or "",
        zone=str(form.zone.data),
        minimum_wage=form.minimum_wage.data,
        size_class=SizeClass(form.size_class.data),
        show_ranks=bool(form.show_ranks.data),
    )


@bp.route("/group/stores/open", methods=["GET", "POST"])
@guarded(Capability.CHANGE_SETTINGS, least=Scope.GROUP)
def open_store() -> str | BaseResponse | tuple[str, int]:
    """Open a store."""
    form = StoreForm()
    if form.submitted():
        with form.refusals():
            group = db.session.get_one(Group, actor().group_id)
            opened = service.add_store(group, _details(form, str(form.code.data)), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("%(name)s is open.", name=opened.name), "success")
            return redirect(url_for("people.stores"))
    return render_template("people/open_store.html", store_form=form), 422 if form.refused else 200


@bp.route("/stores/<store_code>/settings", methods=["GET", "POST"])
@guarded(Capability.CHANGE_SETTINGS)
def change_store() -> str | BaseResponse | tuple[str, int]:
    """Correct a store's particulars."""
    store = service.store_by_id(place().id)
    form = StoreForm(obj=store) if request.method == "GET" else StoreForm()
    form.code.data = store.code
    if form.submitted():
        with form.refusals():
            service.change_store(store, _details(form, store.code), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("people.stores"))
    return render_template("people/change_store.html", store_form=form), 422 if form.refused else 200
