"""Why a line of pay is what it is, down to its facts."""

from __future__ import annotations

from flask import render_template, url_for

from incentives.commissions.models import PayLine
from incentives.commissions.service import explaining
from incentives.commissions.views.blueprint import bp
from incentives.core.access import Capability
from incentives.web.guards import actor, guarded, place, signed_in


@bp.get("/stores/<store_code>/pay-lines/<int:line_id>")
@guarded(Capability.READ_STATEMENTS)
def why(line_id: int) -> str:
    """Why a line of somebody's pay is what it is."""
    line = explaining.line_of(place().id, line_id)
    return render_template("commissions/why.html", answer=explaining.why(line), line_id=line.id, own=False)


@bp.get("/me/pay-lines/<int:line_id>")
@signed_in
def my_why(line_id: int) -> str:
    """Why a line of one's own pay is what it is."""
    line = explaining.own_line(actor().employee_id, line_id)
    return render_template("commissions/why.html", answer=explaining.why(line), line_id=line.id, own=True)


@bp.get("/stores/<store_code>/pay-lines/<int:line_id>/facts/<int:number>")
@guarded(Capability.READ_STATEMENTS)
def facts(line_id: int, number: int) -> str:
    """The facts behind a figure: each document, its day, and who entered it."""
    return _facts_page(explaining.line_of(place().id, line_id), number, own=False)


@bp.get("/me/pay-lines/<int:line_id>/facts/<int:number>")
@signed_in
def my_facts(line_id: int, number: int) -> str:
    """The facts behind a figure of one's own."""
    return _facts_page(explaining.own_line(actor().employee_id, line_id), number, own=True)


def _facts_page(line: PayLine, number: int, *, own: bool) -> str:
    return render_template(
        "commissions/facts.html",
        behind=explaining.behind_number(line, number),
        month=line.month,
        back=url_for("commissions.my_why" if own else "commissions.why", line_id=line.id),
        own=own,
    )
