"""Why a line of pay is what it is, down to its facts."""

from __future__ import annotations

from flask import render_template

from incentives.commissions.service import explaining
from incentives.commissions.views.blueprint import bp
from incentives.core.access import Capability
from incentives.web.guards import actor, guarded, place, signed_in


@bp.get("/stores/<store_code>/pay-lines/<int:line_id>")
@guarded(Capability.READ_STATEMENTS)
def why(line_id: int) -> str:
    """Why a line of somebody's pay is what it is."""
    found = explaining.why(explaining.line_of(place().id, line_id))
    return render_template("commissions/why.html", why=found, own=False)


@bp.get("/me/pay-lines/<int:line_id>")
@signed_in
def my_why(line_id: int) -> str:
    """Why a line of one's own pay is what it is."""
    found = explaining.why(explaining.own_line(actor().employee_id, line_id))
    return render_template("commissions/why.html", why=found, own=True)


@bp.get("/stores/<store_code>/pay-lines/<int:line_id>/facts/<int:number>")
@guarded(Capability.READ_STATEMENTS)
def facts(line_id: int, number: int) -> str:
    """The sale lines behind a figure."""
    line = explaining.line_of(place().id, line_id)
    return render_template("commissions/facts.html", **explaining.facts_page(line, number), own=False)


@bp.get("/me/pay-lines/<int:line_id>/facts/<int:number>")
@signed_in
def my_facts(line_id: int, number: int) -> str:
    """The sale lines behind a figure of one's own."""
    line = explaining.own_line(actor().employee_id, line_id)
    return render_template("commissions/facts.html", **explaining.facts_page(line, number), own=True)
