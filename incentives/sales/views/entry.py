"""A sale by hand, the page of a sale, and who earned it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.money import Money
from incentives.db import db
from incentives.people.service import staff
from incentives.people.service.setup import store_by_id
from incentives.periods import service as periods
from incentives.sales.forms import EarnersForm, SaleForm
from incentives.sales.models import Earner, LineKind, SaleLine
from incentives.sales.service import lookup, matching, products
from incentives.sales.service.record import record_sale
from incentives.sales.views.blueprint import bp
from incentives.sales.views.lists import kind_of, quantity_text, tone_of
from incentives.web.filters import percent
from incentives.web.guards import actor, allows, guarded, place

BASIS_POINTS = 10_000


@bp.route("/stores/<store_code>/sales/new", methods=["GET", "POST"])
@guarded(Capability.IMPORT_FACTS)
def record() -> str | Response | tuple[str, int]:
    """Enter a sale."""
    here, today = place(), clock.today(place().zone)
    group_id = store_by_id(here.id).group_id
    form = SaleForm(day=today)
    form.offer_categories()
    form.offer_people(staff.choices(here.id, form.day.data or today))
    if form.submitted():
        with form.refusals():
            line_id = record_sale(
                here.id,
                form.sale(products.product_of(group_id, form.product_code.data or "")),
                form.shares(),
                maker_id=actor().employee_id,
                group_id=group_id,
                today=today,
            )
            db.session.commit()
            flash(_("The sale is recorded and counts from now on."), "success")
            return redirect(url_for("sales.line", line_id=line_id))
    known = products.products_of(group_id)
    return render_template("sales/record.html", sale_form=form, products=known), 422 if form.refused else 200


@bp.get("/stores/<store_code>/sales/<int:line_id>")
@guarded(Capability.READ_FACTS)
def line(line_id: int) -> str:
    """A line: what was sold, who is credited with what, and what came back of it."""
    found = lookup.sale_of(place().id, line_id)
    left = lookup.left_of(_sale_of(found))
    undone = {movement.undoes_id for movement in lookup.movements_of(_sale_of(found))}
    is_sale = found.kind is LineKind.SALE
    return _page(
        found,
        earners=found.earners,
        line_url="sales.line",
        may_enter=allows(Capability.IMPORT_FACTS, place().id),
        may_take_back=is_sale and bool(left.quantity or left.received),
        may_undo=found.kind is LineKind.RETURN and found.id not in undone,
        may_name=is_sale and not found.earners,
    )


@bp.get("/me/sales/<int:line_id>")
@guarded(Capability.READ_OWN)
def my_line(line_id: int) -> str:
    """A line that credits oneself: the document, what of it is one's own, who entered it, what came back."""
    found = lookup.own_sale(actor().employee_id, line_id)
    own = [earner for earner in found.earners if earner.employee_id == actor().employee_id]
    return _page(found, earners=own, line_url="sales.my_line", may_enter=False)


def _sale_of(found: SaleLine) -> SaleLine:
    """The sale that a line is, or takes back."""
    return found if found.returns_id is None else lookup.sale_of(found.store_id, found.returns_id)


def _page(found: SaleLine, *, earners: Sequence[Earner], line_url: str, **may: bool) -> str:
    sale = _sale_of(found)
    left = lookup.left_of(sale)
    return render_template(
        "sales/line.html",
        line=found,
        earners=earners,
        line_url=line_url,
        sale=sale,
        movements=lookup.movements_of(sale),
        left=left,
        left_amount=Money(left.received),
        file_rate=None if found.file_rate is None else percent(Fraction(found.file_rate, BASIS_POINTS), 2),
        maker=lookup.maker_name(found),
        kind_of=kind_of,
        tone_of=tone_of,
        quantity_text=quantity_text,
        open_month=periods.is_open(found.store_id, found.counts_in),
        **may,
    )


@bp.route("/stores/<store_code>/sales/<int:line_id>/earners", methods=["GET", "POST"])
@guarded(Capability.IMPORT_FACTS)
def name_earners(line_id: int) -> str | Response | tuple[str, int]:
    """Say who earned a sale for which a file named nobody known."""
    here = place()
    sale = lookup.sale_of(here.id, line_id)
    form = EarnersForm()
    form.offer_people(staff.choices(here.id, sale.business_date))
    if form.submitted():
        with form.refusals():
            matching.name_earners(here.id, line_id, form.shares(), maker_id=actor().employee_id)
            db.session.commit()
            flash(_("The sale counts for them from now on."), "success")
            return redirect(url_for("sales.line", line_id=line_id))
    return render_template("sales/name_earners.html", earners_form=form, sale=sale), 422 if form.refused else 200
