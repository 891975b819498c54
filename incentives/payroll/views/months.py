"""The months of a store, and the payroll file of each closed one."""

from __future__ import annotations

from flask import Response, render_template

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.period import Month
from incentives.payroll.files import as_file
from incentives.payroll.service import closing, exporting
from incentives.payroll.views.blueprint import bp
from incentives.periods import service as periods
from incentives.web.guards import actor, guarded, place
from incentives.web.tables import download

MONTHS_SHOWN = 14


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


@bp.get("/stores/<store_code>/months/<month>/payroll.xlsx")
@guarded(Capability.EXPORT_PAYROLL)
def payroll_file(month: str) -> Response:
    """The payroll file: the same bytes each time. Each download leaves a row in the trail."""
    here, asked = place(), Month.parse(month)
    data = as_file(exporting.payroll(here.id, asked))
    audit.record_apart("payroll.exported", store_id=here.id, actor_id=actor().employee_id, subject=str(asked))
    return download(data, f"payroll-{here.code}-{asked}", "xlsx")
