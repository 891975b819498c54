"""Take a sale back, cancel it, undo a return; each has a page that says what will happen."""

from __future__ import annotations

from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.money import Money
from incentives.core.reading import THOUSANDTHS
from incentives.db import db
from incentives.sales.forms import ConfirmForm, ReturnForm, thousandths
from incentives.sales.service import lookup, returns
from incentives.sales.views.blueprint import bp
from incentives.sales.views.lists import quantity_text
from incentives.web.guards import actor, guarded, place


@bp.route("/stores/<store_code>/sales/<int:line_id>/return", methods=["GET", "POST"])
@guarded(Capability.IMPORT_FACTS)
def take_back(line_id: int) -> str | Response | tuple[str, int]:
    """Take all or part of a sale back; all that is left of it is filled in beforehand."""
    here, today = place(), clock.today(place().zone)
    sale = lookup.sale_of(here.id, line_id)
    left = lookup.left_of(sale)
    form = ReturnForm(day=today)
    if request.method == "GET":
        form.quantity.data, form.received.data = Fraction(left.quantity, THOUSANDTHS), Money(left.received)
    if form.submitted():
        with form.refusals():
            returned = returns.record_return(
                here.id,
                line_id,
                quantity=thousandths(form.quantity.data),
                received=form.received.data,
                day=form.day.data,
                maker_id=actor().employee_id,
                today=today,
            )
            db.session.commit()
            flash(_("The return is recorded. It takes back from everybody what the sale gave."), "success")
            return redirect(url_for("sales.line", line_id=returned))
    page = render_template(
        "sales/take_back.html",
        return_form=form,
        sale=sale,
        left=left,
        left_amount=Money(left.received),
        quantity_text=quantity_text,
    )
    return page, 422 if form.refused else 200


@bp.route("/stores/<store_code>/sales/<int:line_id>/cancel", methods=["GET", "POST"])
@guarded(Capability.IMPORT_FACTS)
def cancel(line_id: int) -> str | Response | tuple[str, int]:
    """Cancel a sale that was entered by mistake."""
    here = place()
    sale, form = lookup.sale_of(here.id, line_id), ConfirmForm()
    if form.submitted():
        with form.refusals():
            returns.cancel(here.id, line_id, maker_id=actor().employee_id, today=clock.today(here.zone))
            db.session.commit()
            flash(_("The sale is cancelled. Both lines stay on record."), "success")
            return redirect(url_for("sales.line", line_id=line_id))
    return render_template("sales/cancel.html", confirm_form=form, sale=sale), 422 if form.refused else 200


@bp.route("/stores/<store_code>/sales/<int:line_id>/undo", methods=["GET", "POST"])
@guarded(Capability.IMPORT_FACTS)
def undo_return(line_id: int) -> str | Response | tuple[str, int]:
    """Undo a return that was entered by mistake."""
    here = place()
    found, form = lookup.sale_of(here.id, line_id), ConfirmForm()
    if form.submitted():
        with form.refusals():
            undone = returns.undo_return(here.id, line_id, maker_id=actor().employee_id, today=clock.today(here.zone))
            db.session.commit()
            flash(_("The return is undone. Both lines stay on record."), "success")
            return redirect(url_for("sales.line", line_id=undone))
    return render_template("sales/undo_return.html", confirm_form=form, line=found), 422 if form.refused else 200
