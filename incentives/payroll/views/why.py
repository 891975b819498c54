"""Why a line or the total of a statement is what it is, and the statement with all of that as a PDF."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.core.money import total
from incentives.core.period import Month
from incentives.payroll import payslip
from incentives.payroll.service import explaining, reading, summing
from incentives.payroll.views.blueprint import bp
from incentives.payroll.views.statements import own_store, statement_of
from incentives.web.guards import actor, guarded, place, signed_in
from incentives.web.tables import download


@bp.get("/stores/<store_code>/months/<month>/statements/<int:employee_id>/lines/<key>")
@guarded(Capability.READ_STATEMENTS)
def line(month: str, employee_id: int, key: str) -> str:
    """Why a line of somebody's statement is what it is."""
    here, found = place(), statement_of(place().id, Month.parse(month), employee_id)
    return render_template(
        "payroll/line.html",
        answer=explaining.why(here.id, found, key, own=False),
        behind=explaining.behind_of(here.id, found, key),
        own=False,
        facts="commissions.facts",
        line_id=explaining.paid_line(found, key),
        back=url_for("payroll.statement", month=month, employee_id=employee_id),
    )


@bp.get("/stores/<store_code>/months/<month>/total")
@guarded(Capability.READ_STATEMENTS)
def month_total(month: str) -> str:
    """Why the month of the store comes to what it does, person by person."""
    here, asked = place(), Month.parse(month)
    before = total(reading.totals(here.id, asked.plus(-1)).values())
    return render_template(
        "payroll/line.html",
        behind=(),
        own=False,
        answer=summing.month_sum(here.id, asked, reading.of_store(here.id, asked), before),
        facts="",
        line_id=0,
        back=url_for("payroll.review", month=month),
    )


@bp.get("/me/statement/<month>/lines/<key>")
@signed_in
def my_line(month: str, key: str) -> str:
    """Why a line of one's own statement is what it is."""
    asked = Month.parse(month)
    store_id, at = own_store(asked, reading.months_of(actor().employee_id)), request.args.get("store")
    found = reading.of_person(store_id, asked, actor().employee_id)
    if found is None and key not in explaining.SUMS:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return render_template(
        "payroll/line.html",
        answer=explaining.nothing_of(asked, key)
        if found is None
        else explaining.why(store_id, found, key, own=True, at=at),
        behind=() if found is None else explaining.behind_of(store_id, found, key),
        own=True,
        facts="commissions.my_facts",
        line_id=0 if found is None else explaining.paid_line(found, key),
        back=url_for("payroll.my_statement", month=month, store=at),
    )


@bp.get("/stores/<store_code>/months/<month>/statements/<int:employee_id>/payslip.pdf")
@guarded(Capability.READ_STATEMENTS)
def payslip_of(month: str, employee_id: int) -> Response:
    """Somebody's statement with every explanation, as a document."""
    return _payslip(place().id, Month.parse(month), employee_id)


@bp.get("/me/statement/<month>/payslip.pdf")
@signed_in
def my_payslip(month: str) -> Response:
    """One's own statement with every explanation, as a document."""
    asked = Month.parse(month)
    return _payslip(own_store(asked, reading.months_of(actor().employee_id)), asked, actor().employee_id)


def _payslip(store_id: int, month: Month, employee_id: int) -> Response:
    found = statement_of(store_id, month, employee_id)
    data = payslip.as_document(store_id, found)
    audit.record_apart(
        "payroll.payslip_downloaded",
        store_id=store_id,
        actor_id=actor().employee_id,
        subject=f"{month} {found.number}",
    )
    return download(data, f"payslip-{month}-{found.number}", "pdf")
