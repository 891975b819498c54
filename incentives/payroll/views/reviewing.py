"""The review of a month: its cockpit, approving, holding, releasing, sending back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.core.access import Capability
from incentives.core.approval import MonthState
from incentives.core.money import total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.forms import LookForm, ReasonForm
from incentives.payroll.service import closing, oddities, reading, reopening, reviewing, summing
from incentives.payroll.views.blueprint import bp
from incentives.people.service import staff
from incentives.periods import checks
from incentives.periods import service as periods
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.sent import whole


@bp.get("/stores/<store_code>/months/<month>")
@guarded(Capability.READ_STATEMENTS)
def review(month: str) -> str:
    """The cockpit of a month: what is missing, what is odd, every statement beside last month's, the decision."""
    return _review_page(Month.parse(month))


def _review_page(month: Month) -> str:
    here = place()
    found = reading.of_store(here.id, month)
    before = reading.totals(here.id, month.plus(-1))
    moves = periods.moves_of(here.id, month)
    state = moves[-1].after if moves else MonthState.OPEN
    mine = _to_decide(found) if state is MonthState.IN_REVIEW else set()
    return render_template(
        "payroll/review.html",
        month=month,
        state=state,
        statements=found,
        before=before,
        sum=summing.to_pay(found),
        sum_before=total(before.values()),
        mine=mine,
        closing=closing.closing_of(here.id, month) if state is MonthState.CLOSED else None,
        reopening=reopening.pending_reopening(here.id, month) if state is MonthState.CLOSED else None,
        downloaded=reopening.was_downloaded(here.id, month) if state is MonthState.CLOSED else False,
        moves=moves,
        may_review=allows(Capability.APPROVE_MONTH, here.id),
        may_close=allows(Capability.CLOSE_MONTH, here.id),
        may_export=allows(Capability.EXPORT_PAYROLL, here.id),
        may_confirm=allows(Capability.CONFIRM_CLOSING, here.id),
        may_propose_reopening=allows(Capability.PROPOSE_REOPENING, here.id),
        is_over=month < Month.of(clock.today(here.zone)),
    )


@bp.get("/stores/<store_code>/months/<month>/missing")
@guarded(Capability.READ_STATEMENTS)
def missing(month: str) -> str:
    """What a month still lacks; the cockpit brings it in."""
    asked = Month.parse(month)
    return render_template("payroll/missing.html", month=asked, lacks=checks.lacks(place().id, asked))


@bp.get("/stores/<store_code>/months/<month>/odd")
@guarded(Capability.READ_STATEMENTS)
def odd(month: str) -> str:
    """What is odd in a month, the oddest first; the cockpit brings it in."""
    here, asked = place(), Month.parse(month)
    found = oddities.odd(here.id, asked, reading.of_store(here.id, asked))
    return render_template("payroll/odd.html", month=asked, odd=found, me=actor().employee_id)


@bp.route("/stores/<store_code>/months/<month>/odd/<int:employee_id>", methods=["GET", "POST"])
@guarded(Capability.READ_STATEMENTS)
def look_at_odd(month: str, employee_id: int) -> str | BaseResponse | tuple[str, int]:
    """Note why what is odd about somebody's pay (0: about the store's month) is right."""
    here, asked, form = place(), Month.parse(month), LookForm()
    found = oddities.odd(here.id, asked, reading.of_store(here.id, asked))
    one = oddities.of_employee(found, employee_id or None)
    if form.submitted():
        with form.refusals():
            oddities.look(one, here.id, asked, note=str(form.note.data), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Noted. It holds until something else is odd."), "success")
            return redirect(url_for("payroll.review", month=month))
    page = render_template("payroll/look_at_odd.html", month=asked, one=one, look_form=form)
    return page, 422 if form.refused else 200


def _to_decide(found: list[reading.ReadStatement]) -> set[int]:
    """The statements under review that are the reader's to decide."""
    store_id, managers = place().id, staff.managers_of(place().id)
    return {
        each.id
        for each in found
        if each.id is not None and reviewing.refusal_of(actor(), store_id, each.employee_id, managers) is None
    }


@bp.post("/stores/<store_code>/months/<month>/start")
@guarded(Capability.APPROVE_MONTH)
def start(month: str) -> BaseResponse:
    """Begin the review."""
    reviewing.start(place().id, Month.parse(month), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("The review has begun. The month's facts stand still now."), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.post("/stores/<store_code>/months/<month>/approve")
@guarded(Capability.APPROVE_MONTH)
def approve(month: str) -> BaseResponse:
    """Approve the statements that were ticked, bound to the lines that were seen."""
    chosen = [number for each in request.form.getlist("statement") if (number := whole(each)) is not None]
    seen = {each: request.form.get(f"seen-{each}", "") for each in chosen}
    count = reviewing.approve(actor(), place().id, Month.parse(month), seen)
    db.session.commit()
    flash(_("%(count)d statements approved.", count=count), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.route("/stores/<store_code>/months/<month>/statements/<int:statement_id>/hold", methods=["GET", "POST"])
@guarded(Capability.APPROVE_MONTH)
def hold(month: str, statement_id: int) -> str | BaseResponse | tuple[str, int]:
    """Keep a statement out of this month's pay."""
    form = ReasonForm()
    if form.submitted():
        with form.refusals():
            reviewing.hold(actor(), place().id, statement_id, reason=str(form.reason.data))
            db.session.commit()
            flash(_("Held. Its owner can read the reason."), "success")
            return redirect(url_for("payroll.review", month=month))
    return render_template(
        "payroll/hold.html", reason_form=form, month=Month.parse(month)
    ), 422 if form.refused else 200


@bp.post("/stores/<store_code>/months/<month>/statements/<int:statement_id>/release")
@guarded(Capability.APPROVE_MONTH)
def release(month: str, statement_id: int) -> BaseResponse:
    """Pay a held statement in the first open month."""
    closing.release(actor(), place().id, statement_id)
    db.session.commit()
    flash(_("Released. It is paid with the next month that is closed."), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.route("/stores/<store_code>/months/<month>/send-back", methods=["GET", "POST"])
@guarded(Capability.APPROVE_MONTH)
def send_back(month: str) -> str | BaseResponse | tuple[str, int]:
    """Open the month again, so that facts can be put right."""
    form = ReasonForm()
    if form.submitted():
        with form.refusals():
            reviewing.send_back(
                place().id, Month.parse(month), reason=str(form.reason.data), actor_id=actor().employee_id
            )
            db.session.commit()
            flash(_("The month is open again."), "success")
            return redirect(url_for("payroll.review", month=month))
    return render_template(
        "payroll/send_back.html", reason_form=form, month=Month.parse(month)
    ), 422 if form.refused else 200
