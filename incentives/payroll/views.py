"""My statement; the months of a store, their review, closing and payroll file."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.approval import MonthState, ProposalAction
from incentives.core.errors import NotFound, say
from incentives.core.money import total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.files import as_file
from incentives.payroll.forms import ReasonForm
from incentives.payroll.service import closing, exporting, reading, reviewing
from incentives.people.service import staff
from incentives.periods import checks
from incentives.periods import service as periods
from incentives.web import navigation
from incentives.web.guards import actor, allows, guarded, place, signed_in
from incentives.web.hooks import Place
from incentives.web.navigation import Entry
from incentives.web.tables import download

bp = Blueprint("payroll", __name__)

MONTHS_SHOWN = 14


def init_app(app: Flask) -> None:
    """Stand in the menu."""
    pay = _l("Pay")
    navigation.add(
        app,
        Entry(_l("Month approval"), "payroll.months", "calendar-check", pay, 410, (Capability.READ_STATEMENTS,)),
        Entry(_l("My statement"), "payroll.my_statement", "receipt", _l("Mine"), 20, bar=True),
    )


def _month(text: str) -> Month:
    return Month.parse(text)


# --- one's own -------------------------------------------------------------------------------------------


@bp.get("/me/statement")
@signed_in
def my_statement() -> str:
    """What one earns this month, or earned in another, line by line."""
    person = actor()
    known = reading.months_of(person.employee_id)
    running = Month.of(clock.today())
    asked = _month(request.args["month"]) if request.args.get("month") else running
    store_id = next((store for store, month in known if month == asked), person.home_store_id)
    if store_id is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    months = sorted({running, running.plus(-1), asked, *(month for _store, month in known)}, reverse=True)
    return render_template(
        "payroll/my_statement.html",
        statement=reading.of_person(store_id, asked, person.employee_id),
        before=reading.totals(store_id, asked.plus(-1)).get(person.employee_id),
        month=asked,
        months=months,
        state=periods.state_of(store_id, asked),
    )


def _own_zone() -> str:
    home = g.get("home_place")
    return home.zone if isinstance(home, Place) else clock.DEFAULT_ZONE


# --- the store's months ----------------------------------------------------------------------------------


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


@bp.get("/stores/<store_code>/months/<month>")
@guarded(Capability.READ_STATEMENTS)
def review(month: str) -> str:
    """The cockpit of a month: what is missing, what is odd, every statement beside last month's, the decision."""
    return _review_page(_month(month))


def _review_page(month: Month) -> str:
    here = place()
    found = reading.of_store(here.id, month)
    before = reading.totals(here.id, month.plus(-1))
    posted = staff.members(here.id, month.span)
    moves = periods.moves_of(here.id, month)
    state = moves[-1].after if moves else MonthState.OPEN
    mine = _to_decide(found) if state is MonthState.IN_REVIEW else set()
    return render_template(
        "payroll/review.html",
        month=month,
        state=state,
        statements=found,
        before=before,
        odd=reading.oddities(found, before, {each.employee_id: each.position_id for each in posted}),
        sum=total(each.total for each in found),
        sum_before=total(before.values()),
        mine=mine,
        closing=closing.closing_of(here.id, month) if state is MonthState.CLOSED else None,
        reopening=closing.pending_reopening(here.id, month) if state is MonthState.CLOSED else None,
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
    asked = _month(month)
    return render_template("payroll/missing.html", month=asked, lacks=checks.lacks(place().id, asked))


def _to_decide(found: list[reading.ReadStatement]) -> set[int]:
    """The statements under review that are the reader's to decide."""
    store_id, managers = place().id, staff.managers_of(place().id)
    return {
        each.id
        for each in found
        if each.id is not None and reviewing.refusal_of(actor(), store_id, each.employee_id, managers) is None
    }


@bp.get("/stores/<store_code>/months/<month>/statements/<int:employee_id>")
@guarded(Capability.READ_STATEMENTS)
def statement(month: str, employee_id: int) -> str:
    """One person's statement, as the manager and finance see it."""
    here, asked = place(), _month(month)
    found = reading.of_person(here.id, asked, employee_id)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return render_template(
        "payroll/statement.html",
        statement=found,
        before=reading.totals(here.id, asked.plus(-1)).get(employee_id),
        month=asked,
        state=periods.state_of(here.id, asked),
    )


@bp.post("/stores/<store_code>/months/<month>/start")
@guarded(Capability.APPROVE_MONTH)
def start(month: str) -> BaseResponse:
    """Begin the review."""
    reviewing.start(place().id, _month(month), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("The review has begun. The month's facts stand still now."), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.post("/stores/<store_code>/months/<month>/approve")
@guarded(Capability.APPROVE_MONTH)
def approve(month: str) -> BaseResponse:
    """Approve the statements that were ticked, bound to the lines that were seen."""
    chosen = [int(each) for each in request.form.getlist("statement") if each.isdecimal() and len(each) < 16]
    seen = {each: request.form.get(f"seen-{each}", "") for each in chosen}
    count = reviewing.approve(actor(), place().id, _month(month), seen)
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
    return render_template("payroll/hold.html", reason_form=form, month=_month(month)), 422 if form.refused else 200


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
            reviewing.send_back(place().id, _month(month), reason=str(form.reason.data), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The month is open again."), "success")
            return redirect(url_for("payroll.review", month=month))
    return render_template(
        "payroll/send_back.html", reason_form=form, month=_month(month)
    ), 422 if form.refused else 200


@bp.post("/stores/<store_code>/months/<month>/close")
@guarded(Capability.CLOSE_MONTH)
def close(month: str) -> BaseResponse:
    """Close an approved month."""
    closing.close(place().id, _month(month), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("%(month)s is closed. It never changes from now on.", month=month), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.post("/stores/<store_code>/months/<month>/confirm")
@guarded(Capability.CONFIRM_CLOSING)
def confirm(month: str) -> BaseResponse:
    """The head office confirms a closing."""
    closing.confirm(place().id, _month(month), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("Confirmed."), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.route("/stores/<store_code>/months/<month>/reopen", methods=["GET", "POST"])
@guarded(Capability.PROPOSE_REOPENING)
def propose_reopening(month: str) -> str | BaseResponse | tuple[str, int]:
    """Propose to reopen a closed month."""
    form = ReasonForm()
    if form.submitted():
        with form.refusals():
            reason = str(form.reason.data)
            closing.propose_reopening(place().id, _month(month), reason=reason, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Proposed. A second person of the head office decides."), "success")
            return redirect(url_for("payroll.review", month=month))
    page = render_template("payroll/propose_reopening.html", reason_form=form, month=_month(month))
    return page, 422 if form.refused else 200


@bp.post("/stores/<store_code>/months/<month>/reopen/<decision>")
@guarded(Capability.REOPEN_MONTH)
def decide_reopening(month: str, decision: str) -> BaseResponse:
    """The second person confirms or refuses."""
    action = {"confirm": ProposalAction.CONFIRM, "refuse": ProposalAction.REFUSE}.get(decision)
    if action is None:
        raise BadRequest
    closing.decide_reopening(place().id, _month(month), action, actor_id=actor().employee_id)
    db.session.commit()
    flash(_("Decided."), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.get("/stores/<store_code>/months/<month>/payroll.xlsx")
@guarded(Capability.EXPORT_PAYROLL)
def payroll_file(month: str) -> Response:
    """The payroll file: the same bytes each time. Each download leaves a row in the trail."""
    here, asked = place(), _month(month)
    data = as_file(exporting.payroll(here.id, asked))
    audit.record_apart("payroll.exported", store_id=here.id, actor_id=actor().employee_id, subject=str(asked))
    return download(data, f"payroll-{here.code}-{asked}", "xlsx")
