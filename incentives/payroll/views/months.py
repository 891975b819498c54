"""The months of a store, and the payroll file of each closed one."""

from __future__ import annotations

from flask import Response, render_template

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Capability, Scope
from incentives.core.period import Month
from incentives.payroll.files import as_file
from incentives.payroll.service import closing, exporting, reopening
from incentives.payroll.views.blueprint import bp
from incentives.people.service import setup
from incentives.periods import service as periods
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.tables import download

MONTHS_SHOWN = 14
GROUP_MONTHS_SHOWN = 6


@bp.get("/stores/<store_code>/months")
@guarded(Capability.READ_STATEMENTS)
def months() -> str:
    """The store's months and where each stands."""
    here = place()
    running = Month.of(clock.today(here.zone))
    shown = [running.plus(-back) for back in range(MONTHS_SHOWN)]
    states = periods.states_of(here.id, shown)
    return render_template(
        "payroll/months.html", months=shown, states=states, closings=closing.closings(here.id), running=running
    )


@bp.get("/group/months")
@guarded(Capability.CONFIRM_CLOSING, least=Scope.GROUP)
def group_months() -> str:
    """All stores' months at a glance."""
    shops = setup.stores_of(actor().group_id)
    running = Month.of(clock.today())
    shown = [running.plus(-back) for back in range(GROUP_MONTHS_SHOWN)]
    ids = [shop.id for shop in shops]
    return render_template(
        "payroll/group_months.html",
        months=shown,
        shops=shops,
        states=periods.states_of_stores(ids, shown),
        closings=closing.of_group(ids),
    )


@bp.get("/stores/<store_code>/months/<month>/closings")
@guarded(Capability.READ_STATEMENTS)
def closings(month: str) -> str:
    """Every closing of a month, those that were reopened too, with what each changed person by person."""
    here, asked = place(), Month.parse(month)
    return render_template(
        "payroll/closings.html",
        month=asked,
        closings=reopening.former(here.id, asked),
        may_export=allows(Capability.EXPORT_PAYROLL, here.id),
    )


@bp.get("/stores/<store_code>/months/<month>/payroll.xlsx")
@guarded(Capability.EXPORT_PAYROLL)
def payroll_file(month: str) -> Response:
    """The payroll file: the same bytes each time. Each download leaves a row in the trail."""
    here, asked = place(), Month.parse(month)
    found = exporting.payroll(here.id, asked)
    return _download(found, f"payroll-{here.code}-{asked}")


@bp.get("/stores/<store_code>/months/<month>/closings/<int:number>/payroll.xlsx")
@guarded(Capability.EXPORT_PAYROLL)
def former_payroll_file(month: str, number: int) -> Response:
    """The payroll file of a closing, as it was, though the month was reopened since."""
    here, asked = place(), Month.parse(month)
    found = exporting.payroll(here.id, asked, number)
    return _download(found, f"payroll-{here.code}-{asked}-{number}")


def _download(found: exporting.Payroll, name: str) -> Response:
    data = as_file(found)
    subject = f"{found.closing.month} #{found.closing.number}"
    audit.record_apart("payroll.exported", store_id=found.store.id, actor_id=actor().employee_id, subject=subject)
    return download(data, name, "xlsx")
