"""What waits, the list, a record, and one's own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from flask import Response as FileResponse
from flask import render_template, url_for
from flask_babel import gettext as _

from incentives import clock
from incentives.core.access import Capability
from incentives.core.approval import RewardState
from incentives.core.errors import Sentence, from_plain
from incentives.core.money import total
from incentives.core.period import Month
from incentives.people.service import staff
from incentives.people.service.staff import JOINED_PINYIN, SEARCHED
from incentives.rewards.forms import AnswerForm, DecisionForm, EvidenceForm, HandOverForm, WordsForm
from incentives.rewards.models import Instrument, RewardRecord
from incentives.rewards.service import appeals, listing, losses, records, retention
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import DECIDERS, PARTAKERS
from incentives.web.filters import month_name
from incentives.web.forms import Form
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing

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
    if record.loss is not None:
        return str(_("%(amount)s yuan proven", amount=str(record.loss)))
    sign = "+" if record.amount is not None and record.amount.fen > 0 else ""
    return str(_("%(amount)s yuan", amount=f"{sign}{record.amount}".replace("-", "\N{MINUS SIGN}")))


def _columns(url: Callable[[RewardRecord], str], *, with_person: bool) -> list[Column[RewardRecord]]:
    person: list[Column[RewardRecord]] = [
        Column("person", _("Person"), lambda each: f"{each.employee.name} {each.employee.number}")
    ]
    return [
        Column("day", _("Day"), lambda each: each.business_date, kind="date", sort=RewardRecord.business_date),
        *(person if with_person else []),
        Column("reason", _("Reason"), lambda each: tell(each.says), url=url),
        Column("figure", _("Comes to"), figure_text, kind="number"),
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


def _url(record: RewardRecord) -> str:
    return url_for("rewards.show", record_id=record.id)


def _own_url(record: RewardRecord) -> str:
    return url_for("rewards.own", record_id=record.id)


@bp.get("/stores/<store_code>/rewards")
@guarded(*PARTAKERS)
def index() -> str | FileResponse:
    """Every reward and penalty of the store for those who decide; for others what they proposed themselves."""
    here = place()
    known = listing.records_of(here.id)
    if not any(allows(each, here.id) for each in DECIDERS):
        known = known.where(RewardRecord.maker_id == actor().employee_id)
    months = [(str(month), month_name(month)) for month in listing.months_of(here.id)]
    shown = Listing[RewardRecord](
        name=f"rewards-{here.code}",
        columns=_columns(_url, with_person=True),
        statement=known,
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
                _("Instrument"),
                [("", _("points, pay and losses")), *((each.value, tell(each.says)) for each in Instrument)],
                lambda chosen: RewardRecord.instrument == Instrument(chosen),
            ),
        ],
        link=_url,
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
        why_of=_why,
        tones=TONES,
        month=Month.of(clock.today(here.zone)),
        overdue={each.id for each in found if appeals.is_overdue(each, clock.today(here.zone))},
    )


@bp.get("/stores/<store_code>/rewards/<int:record_id>")
@guarded(Capability.READ_OWN, *PARTAKERS)
def show(record_id: int) -> str:
    """A record with its figures, evidence and history, and what may be done with it now."""
    return page(record_id)


def page(
    record_id: int,
    form: Form | None = None,
    *,
    evidence: EvidenceForm | None = None,
    hand_over: HandOverForm | None = None,
) -> str:
    """The page of a record, with a form of it that was refused, if one was."""
    here, today = place(), clock.today(place().zone)
    record = listing.record_for(actor(), here.id, record_id)
    managers = staff.managers_of(here.id)
    decides = allows(Capability.APPROVE_REWARDS, here.id)
    adds = decides or record.maker_id == actor().employee_id
    evidence_form = evidence or EvidenceForm()
    evidence_form.supersedes.choices = [("", "–"), *((each.id, each.name) for each in listing.current(record))]
    return render_template(
        "rewards/show.html",
        **told(record, today),
        words_form=form or _words_about(record),
        evidence_form=evidence_form if adds else None,
        hand_over_form=(hand_over or HandOverForm(day=today)) if adds and _waits_for_receipt(record) else None,
        may_decide=record.state is RewardState.SUBMITTED and records.may_decide(actor(), record, managers),
        may_withdraw=record.state is RewardState.SUBMITTED and record.maker_id == actor().employee_id,
        may_answer=record.state in listing.UNDER_APPEAL and appeals.may_decide(actor(), record, managers, today),
        overdue=appeals.is_overdue(record, today),
        refusal=appeals.refusal_of(actor(), record, managers, today) if record.state in listing.UNDER_APPEAL else None,
        together=appeals.proposed_together(record) if adds else [],
        alike=_alike(record, managers, today) if decides and record.state is RewardState.OVERTURNED else [],
        is_mine=record.employee_id == actor().employee_id,
    )


def _words_about(record: RewardRecord) -> Form:
    """The words that a record asks for as it stands."""
    if record.state is RewardState.SUBMITTED:
        return DecisionForm()
    return AnswerForm() if record.state in listing.UNDER_APPEAL else WordsForm()


def _waits_for_receipt(record: RewardRecord) -> bool:
    return record.notice is not None and record.notice.received_on is None


def _alike(record: RewardRecord, managers: Collection[int], today: date) -> list[tuple[RewardRecord, bool]]:
    """Everybody else hit by the same cause, and whether the reader may overturn it."""
    return [
        (each, each.state in listing.COUNTING and appeals.may_decide(actor(), each, managers, today))
        for each in appeals.hit_alike(record)
    ]


def told(record: RewardRecord, today: date) -> dict[str, object]:
    """What every page of a record tells."""
    is_loss = record.instrument is Instrument.LOSS
    steps = losses.steps_of(record.id) if is_loss else []
    open_loss = record.loss - total(each.amount for each in steps) if record.loss is not None else None
    counts = record.state in (*listing.COUNTING, RewardState.SUBMITTED)
    return {
        "record": record,
        "figure": figure_text(record),
        "tone": TONES.get(record.state, "quiet"),
        "why": _why(record),
        "last_day": appeals.last_day(record),
        "may_appeal": record.employee_id == actor().employee_id and appeals.may_appeal(record, today),
        "files": record.evidence,
        "kept_until": retention.kept_until(record),
        "files_gone": _are_gone(record),
        "superseded": {each.supersedes_id for each in record.evidence},
        "steps": [(each, from_plain(each.says)) for each in steps],
        "open_loss": open_loss,
        "missing": list(losses.missing(record, Month.of(today))) if is_loss and counts and open_loss else [],
    }


def _are_gone(record: RewardRecord) -> bool:
    """Whether the files' time is over."""
    until = retention.kept_until(record)
    return until is not None and until < clock.now()


def _why(record: RewardRecord) -> Sentence | None:
    return None if record.explanation is None else from_plain(record.explanation)


def _notice_column() -> Column[RewardRecord]:
    """Whether a notice waits for its reader."""
    words = {"open": _("receipt to confirm"), "received": _("received"), "": ""}
    return Column(
        "notice",
        _("Written notice"),
        lambda each: "" if each.notice is None else "open" if each.notice.received_on is None else "received",
        kind="badge",
        tone=lambda each: "warn" if each.notice is not None and each.notice.received_on is None else "quiet",
        words=lambda each: words[
            "" if each.notice is None else "open" if each.notice.received_on is None else "received"
        ],
    )


@bp.get("/me/rewards")
@guarded(Capability.READ_OWN)
def mine() -> str | FileResponse:
    """What was decided about oneself, wherever."""
    shown = Listing[RewardRecord](
        name="my-rewards",
        columns=[*_columns(_own_url, with_person=False), _notice_column()],
        statement=listing.records_about(actor().employee_id),
        order=[listing.UNRECEIVED.desc(), RewardRecord.business_date.desc(), RewardRecord.id.desc()],
        search_in=(RewardRecord.note,),
        filters=[
            Filter(
                "notice",
                _("Written notice"),
                [("", _("with and without")), ("open", _("receipt to confirm"))],
                lambda _chosen: listing.UNRECEIVED,
            )
        ],
        link=_own_url,
        empty_title=_("No rewards or penalties of yours"),
        empty_text=_("What is approved stands here, and you can appeal against it within five working days."),
    )
    return shown.respond("rewards/mine.html")
