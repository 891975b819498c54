"""What waits, the list, a record and what is done with it, and one's own."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.approval import RewardState
from incentives.core.errors import NotFound, Sentence, from_plain, say
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.pictures import MIME_TYPE, keep_picture, load_picture
from incentives.people.service import staff
from incentives.people.service.staff import JOINED_PINYIN, SEARCHED
from incentives.rewards.forms import AppealForm, ProposeForm, WordsForm
from incentives.rewards.models import Instrument, ReasonCode, RewardRecord
from incentives.rewards.service import appeals, listing, reasons, records
from incentives.rewards.service.proposing import propose_for_month
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import DECIDERS
from incentives.web.filters import month_name
from incentives.web.forms import Form
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing

MOST_AT_ONCE = 200
TONES = {
    RewardState.SUBMITTED: "warn",
    RewardState.APPROVED: "info",
    RewardState.POSTED: "good",
    RewardState.REJECTED: "bad",
    RewardState.HELD: "warn",
    RewardState.REVERSED: "warn",
}


def figure_text(record: RewardRecord) -> str:
    """What a record comes to, with its sign and unit."""
    if record.instrument is Instrument.POINTS:
        points = record.points or 0
        return str(_("%(points)s points", points=f"{points:+d}".replace("-", "\N{MINUS SIGN}")))
    sign = "+" if record.amount is not None and record.amount.fen > 0 else ""
    return str(_("%(amount)s yuan", amount=f"{sign}{record.amount}".replace("-", "\N{MINUS SIGN}")))


def _columns(*, with_person: bool) -> list[Column[RewardRecord]]:
    person: list[Column[RewardRecord]] = [
        Column("person", _("Person"), lambda each: f"{each.employee.name} {each.employee.number}")
    ]
    return [
        Column("day", _("Day"), lambda each: each.business_date, kind="date", sort=RewardRecord.business_date),
        *(person if with_person else []),
        Column("reason", _("Reason"), lambda each: tell(each.says)),
        Column("figure", _("Comes to"), figure_text),
        Column(
            "state",
            _("State"),
            lambda each: each.state.value,
            kind="badge",
            tone=lambda each: TONES.get(each.state, "quiet"),
            words=lambda each: tell(each.state.says),
            sort=RewardRecord.state,
        ),
    ]


@bp.get("/stores/<store_code>/rewards")
@guarded(*DECIDERS)
def index() -> str | FileResponse:
    """Every reward and penalty of the store."""
    here = place()
    months = [(str(month), month_name(month)) for month in listing.months_of(here.id)]
    shown = Listing[RewardRecord](
        name=f"rewards-{here.code}",
        columns=_columns(with_person=True),
        statement=listing.records_of(here.id),
        order=[RewardRecord.business_date.desc(), RewardRecord.id.desc()],
        search_in=(*SEARCHED, JOINED_PINYIN, RewardRecord.note),
        filters=[
            Filter(
                "month",
                _("Month"),
                [("", _("all months")), *months],
                lambda chosen: RewardRecord.month == Month.parse(chosen),
            ),
            Filter(
                "state",
                _("State"),
                [("", _("all states")), *((each.value, tell(each.says)) for each in RewardState)],
                lambda chosen: RewardRecord.state == RewardState(chosen),
            ),
            Filter(
                "instrument",
                _("By"),
                [("", _("points and pay")), *((each.value, tell(each.says)) for each in Instrument)],
                lambda chosen: RewardRecord.instrument == Instrument(chosen),
            ),
        ],
        link=lambda each: url_for("rewards.show", record_id=each.id),
        empty_title=_("No rewards or penalties yet"),
        empty_text=_("Propose one, or let the rules propose what they find in a month."),
        empty_action=(_("Propose"), url_for("rewards.propose")),
    )
    return shown.respond("rewards/index.html")


@bp.get("/stores/<store_code>/rewards/waiting")
@guarded(*DECIDERS)
def waiting() -> str:
    """What waits for a decision; what one may decide oneself can be ticked and approved together."""
    here = place()
    managers = staff.managers_of(here.id)
    found = listing.waiting(here.id)
    return render_template(
        "rewards/waiting.html",
        found=found,
        mine={each.id for each in found if records.may_decide(actor(), each, managers)},
        submitted=RewardState.SUBMITTED,
        figure_text=figure_text,
        tones=TONES,
        month=Month.of(clock.today(here.zone)),
    )


@bp.post("/stores/<store_code>/rewards/approve")
@guarded(*DECIDERS)
def approve() -> Response:
    """Approve what was ticked, all or none."""
    here = place()
    ids = [int(each) for each in request.form.getlist("record")[:MOST_AT_ONCE] if _is_id(each)]
    new = records.approve(actor(), here.id, ids, today=clock.today(here.zone))
    db.session.commit()
    flash(ngettext("%(num)d approved.", "%(num)d approved.", new), "success")
    return redirect(url_for("rewards.waiting"))


def _is_id(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 10


@bp.post("/stores/<store_code>/rewards/rules")
@guarded(*DECIDERS)
def run_rules() -> Response:
    """Let the rules propose what they find in a month."""
    here = place()
    month = Month.parse(request.form.get("month", ""))
    new = propose_for_month(here.id, month, clock.today(here.zone), actor_id=actor().employee_id)
    db.session.commit()
    flash(ngettext("The rules propose %(num)d new record.", "The rules propose %(num)d new records.", new), "success")
    return redirect(url_for("rewards.waiting"))


@bp.route("/stores/<store_code>/rewards/new", methods=["GET", "POST"])
@guarded(Capability.PROPOSE_REWARDS)
def propose() -> str | Response | tuple[str, int]:
    """Propose a reward or penalty, with a picture."""
    here, today = place(), clock.today(place().zone)
    form = ProposeForm(day=today, token=secrets.token_hex(16))
    known = reasons.reasons_of(here.id, only_active=True)
    people = [each for each in staff.choices(here.id, today) if each[0] != actor().employee_id]
    form.offer(people, [(each.id, _choice(each)) for each in known])
    if form.submitted():
        with form.refusals():
            record = records.propose(here.id, _proposal(form, here.id), maker_id=actor().employee_id, today=today)
            db.session.commit()
            flash(_("Proposed. Somebody else decides."), "success")
            return redirect(url_for("rewards.show", record_id=record.id))
    return render_template("rewards/propose.html", propose_form=form), 422 if form.refused else 200


def _choice(reason: ReasonCode) -> str:
    usual = reason.points if reason.instrument is Instrument.POINTS else reason.amount
    return f"{tell(reason.direction.says)} · {tell(reason.says)} ({usual} · {tell(reason.instrument.says)})"


def _proposal(form: ProposeForm, store_id: int) -> records.Proposal:
    reason = reasons.reason_of(store_id, form.reason.data or 0)
    picture = form.picture
    return records.Proposal(
        employee_id=form.person.data or 0,
        reason_id=reason.id,
        day=form.day.data,
        instrument=Instrument(form.instrument.data),
        points=reason.points if form.points.data is None else form.points.data,
        amount=reason.amount if form.amount.data is None else form.amount.data,
        note=str(form.note.data),
        token=str(form.token.data),
        evidence=keep_picture(store_id, picture).stored_as if picture else "",
    )


@bp.get("/stores/<store_code>/rewards/<int:record_id>")
@guarded(Capability.READ_OWN)
def show(record_id: int) -> str:
    """A record with its figures, evidence and history, and what may be done with it now."""
    return _page(record_id, WordsForm())


def _page(record_id: int, form: Form) -> str:
    here = place()
    record = listing.record_for(actor(), here.id, record_id)
    managers = staff.managers_of(here.id)
    decides = allows(Capability.APPROVE_REWARDS, here.id)
    return render_template(
        "rewards/show.html",
        record=record,
        words_form=form,
        figure=figure_text(record),
        tone=TONES.get(record.state, "quiet"),
        why=_why(record),
        last_day=appeals.last_day(record),
        may_decide=record.state is RewardState.SUBMITTED and records.may_decide(actor(), record, managers),
        may_withdraw=record.state is RewardState.SUBMITTED and record.maker_id == actor().employee_id,
        may_appeal=record.employee_id == actor().employee_id and appeals.may_appeal(record, clock.today(here.zone)),
        may_answer=record.state in listing.UNDER_APPEAL and appeals.may_decide(actor(), record, managers),
        alike=appeals.hit_alike(record) if decides and record.state is RewardState.OVERTURNED else [],
    )


def _why(record: RewardRecord) -> Sentence | None:
    return None if record.explanation is None else from_plain(record.explanation)


def _act(record_id: int, form: Form, act: Callable[[], object], done: str) -> Response | tuple[str, int]:
    """Do what a button of the record's page says; a refusal is shown on that page."""
    if form.submitted():
        with form.refusals():
            act()
            db.session.commit()
            flash(done, "success")
            return redirect(url_for("rewards.show", record_id=record_id))
    return _page(record_id, form), 422


@bp.post("/stores/<store_code>/rewards/<int:record_id>/decision")
@guarded(*DECIDERS)
def decide(record_id: int) -> Response | tuple[str, int]:
    """Approve or reject a record."""
    here, form, today = place(), WordsForm(), clock.today(place().zone)
    words = form.words.data or ""
    if request.form.get("decision") == "approve":
        return _act(
            record_id,
            form,
            lambda: records.approve(actor(), here.id, [record_id], today=today, comment=words),
            _("Approved."),
        )
    return _act(
        record_id,
        form,
        lambda: records.reject(actor(), here.id, record_id, comment=words, today=today),
        _("Rejected. The reason is kept."),
    )


@bp.post("/stores/<store_code>/rewards/<int:record_id>/withdrawal")
@guarded(Capability.PROPOSE_REWARDS)
def withdraw(record_id: int) -> Response | tuple[str, int]:
    """Take back what one proposed."""
    here, form = place(), WordsForm()
    return _act(
        record_id,
        form,
        lambda: records.withdraw(here.id, record_id, actor_id=actor().employee_id, comment=form.words.data or ""),
        _("Withdrawn."),
    )


@bp.post("/stores/<store_code>/rewards/<int:record_id>/appeal")
@guarded(*DECIDERS)
def decide_appeal(record_id: int) -> Response | tuple[str, int]:
    """Grant or dismiss an appeal."""
    here, form = place(), WordsForm()
    granted = request.form.get("decision") == "grant"
    return _act(
        record_id,
        form,
        lambda: appeals.decide(actor(), here.id, record_id, granted=granted, answer=form.words.data or ""),
        _("The appeal is decided."),
    )


@bp.get("/stores/<store_code>/rewards/<int:record_id>/picture")
@guarded(Capability.READ_OWN)
def picture(record_id: int) -> FileResponse:
    """The picture of a record, as a file, for those who may see the record."""
    record = listing.record_for(actor(), place().id, record_id)
    if not record.evidence:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    response = FileResponse(load_picture(record.evidence), mimetype=MIME_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"evidence-{record.id}.jpg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/me/rewards")
@guarded(Capability.READ_OWN)
def mine() -> str | FileResponse:
    """What was decided about oneself, wherever."""
    shown = Listing[RewardRecord](
        name="my-rewards",
        columns=_columns(with_person=False),
        statement=listing.records_about(actor().employee_id),
        order=[RewardRecord.business_date.desc(), RewardRecord.id.desc()],
        search_in=(RewardRecord.note,),
        link=lambda each: url_for("rewards.own", record_id=each.id),
        empty_title=_("No rewards or penalties of yours"),
        empty_text=_("What is approved stands here, and you can appeal against it within five working days."),
    )
    return shown.respond("rewards/mine.html")


@bp.route("/me/rewards/<int:record_id>", methods=["GET", "POST"])
@guarded(Capability.READ_OWN)
def own(record_id: int) -> str | Response | tuple[str, int]:
    """A record about oneself, with the way to appeal."""
    form, me = AppealForm(), actor().employee_id
    record = db.session.scalars(listing.records_about(me).where(RewardRecord.id == record_id)).one_or_none()
    if record is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    today = clock.today()
    if form.submitted():
        with form.refusals():
            appeals.appeal(record_id, employee_id=me, words=form.words.data or "", today=today)
            db.session.commit()
            flash(_("Your appeal is recorded. It holds the record back until somebody else has decided."), "success")
            return redirect(url_for("rewards.own", record_id=record_id))
    page = render_template(
        "rewards/own.html",
        record=record,
        appeal_form=form,
        figure=figure_text(record),
        tone=TONES.get(record.state, "quiet"),
        why=_why(record),
        last_day=appeals.last_day(record),
        may_appeal=appeals.may_appeal(record, today),
    )
    return page, 422 if form.refused else 200
