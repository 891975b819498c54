"""Carried-over balances: one's own, a person's as managers and finance see it, and who owes something now."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, request
from flask_babel import gettext as _

from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.core.money import total
from incentives.payroll.balance_sheets import balance_tables
from incentives.payroll.service import balances, reading
from incentives.payroll.service.balances import History
from incentives.payroll.views.blueprint import bp
from incentives.people.service import setup, staff
from incentives.web.filters import month_name
from incentives.web.guards import actor, guarded, place, signed_in
from incentives.web.tables import Table, as_xlsx, download


@bp.get("/stores/<store_code>/balances")
@guarded(Capability.READ_STATEMENTS)
def debtors() -> str | Response:
    """Who owes something now, and since when."""
    here = place()
    found = balances.debtors(here.id)
    if request.args.get("download") == "xlsx":
        heading = [_("Number"), _("Name"), _("Owed now"), _("Since"), _("Last working day")]
        rows = [(each.number, each.name, each.owed, month_name(each.since), each.left_on) for each in found]
        return download(as_xlsx(Table(_("Carried balances"), heading, rows)), f"balances-{here.code}", "xlsx")
    return render_template("payroll/debtors.html", debtors=found, sum=total(each.owed for each in found))


@bp.get("/stores/<store_code>/balances/<int:employee_id>")
@guarded(Capability.READ_STATEMENTS)
def balance(employee_id: int) -> str | Response:
    """A person's balance at the store, month by month."""
    store, person = setup.store_by_id(place().id), staff.employee_of(place().id, employee_id)
    history = [balances.history(store, employee_id)]
    if request.args.get("download") == "xlsx":
        return _file(history, person.number, store.id)
    return render_template("payroll/balance.html", person=person, history=history, own=False)


@bp.get("/me/balance")
@signed_in
def my_balance() -> str | Response:
    """One's own balance, month by month, at each store where one had one."""
    me = actor()
    history = [balances.history(store, me.employee_id) for store in reading.stores_of(me.employee_id)]
    if request.args.get("download") == "xlsx":
        if me.home_store_id is None:
            raise NotFound(say("There is no such page, or it is not for you to see."))
        return _file(history, me.number, me.home_store_id)
    return render_template("payroll/my_balance.html", history=history, own=True, home=me.home_store_id)


def _file(history: Sequence[History], number: str, store_id: int) -> Response:
    data = as_xlsx(*balance_tables(history))
    audit.record_apart("payroll.balance_downloaded", store_id=store_id, actor_id=actor().employee_id, subject=number)
    return download(data, f"balance-{number}", "xlsx")
