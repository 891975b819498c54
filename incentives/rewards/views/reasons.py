"""Reasons and the rules behind them: added, changed from a day on, retired, adopted."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.adoptions.models import Subject, Way
from incentives.adoptions.service import files as adoption_files
from incentives.adoptions.service.adopting import Consultation, adoptions_of
from incentives.core.access import Capability
from incentives.db import db
from incentives.rewards.forms import AdoptForm, ReasonForm, TermsForm, sent
from incentives.rewards.models import Direction, Instrument
from incentives.rewards.service import adopted, reasons
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import KEEPERS
from incentives.web.guards import actor, allows, guarded, place


@bp.get("/stores/<store_code>/rewards/reasons")
@guarded(*KEEPERS)
def reasons_list() -> str:
    """The reasons with what they come to now, and from when the rule behind each counts here."""
    here, today = place(), clock.today(place().zone)
    found = reasons.reasons_of(here.id)
    return render_template(
        "rewards/reasons.html",
        reasons=[(each, each.usual(today)) for each in found],
        adoptions=adoptions_of(here.id, Subject.REWARD_REASON, [each.id for each in found]),
        may_change=allows(Capability.APPROVE_PLANS, here.id),
    )


@bp.route("/stores/<store_code>/rewards/reasons/new", methods=["GET", "POST"])
@guarded(Capability.APPROVE_PLANS)
def add_reason() -> str | Response | tuple[str, int]:
    """Add a reason, for the whole group."""
    form = ReasonForm()
    form.offer()
    if form.submitted():
        with form.refusals():
            reasons.add(place().id, _new_reason(form), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Added. A penalty of pay counts once its rule is adopted."), "success")
            return redirect(url_for("rewards.reasons_list"))
    return render_template("rewards/add_reason.html", reason_form=form), 422 if form.refused else 200


def _new_reason(form: ReasonForm) -> reasons.NewReason:
    return reasons.NewReason(
        code=str(form.code.data),
        name=str(form.name.data),
        name_en=str(form.name_en.data),
        direction=Direction(form.direction.data),
        instrument=Instrument(form.instrument.data),
        points=form.points.data,
        amount=form.amount.data,
        conduct=bool(form.conduct.data),
    )


@bp.route("/stores/<store_code>/rewards/reasons/<int:reason_id>", methods=["GET", "POST"])
@guarded(*KEEPERS)
def reason(reason_id: int) -> str | Response | tuple[str, int]:
    """A reason: its terms by day, its adoption here, and the change of both by those who may."""
    return _page(reason_id)


def _page(reason_id: int, terms: TermsForm | None = None, adopt: AdoptForm | None = None) -> str | tuple[str, int]:
    here, today = place(), clock.today(place().zone)
    found = reasons.reason_of(here.id, reason_id)
    usual = found.usual(today)
    points, amount = (usual, None) if isinstance(usual, int) else (None, usual)
    terms = terms or TermsForm(formdata=None, points=points, amount=amount, starts=today)
    adopt = adopt or AdoptForm(formdata=None, consulted_on=today, published_on=today, counts_from=today)
    adopt.offer()
    page = render_template(
        "rewards/reason.html",
        reason=found,
        usual=usual,
        terms_form=terms if allows(Capability.APPROVE_PLANS, here.id) else None,
        adopt_form=adopt if allows(Capability.DRAFT_PLANS, here.id) else None,
        adoption=adoptions_of(here.id, Subject.REWARD_REASON, [found.id]).get(found.id),
        rule=adopted.rule_of(found, today).sentences,
        counts=adopted.adoption_on(here.id, found, today) is not None,
    )
    return page, 422 if terms.refused or adopt.refused else 200


@bp.post("/stores/<store_code>/rewards/reasons/<int:reason_id>/terms")
@guarded(Capability.APPROVE_PLANS)
def change_terms(reason_id: int) -> str | Response | tuple[str, int]:
    """Change what a reason comes to, from a day on."""
    form, here = TermsForm(), place()
    if form.submitted():
        with form.refusals():
            terms = reasons.Terms(form.points.data, form.amount.data, form.starts.data)
            today = clock.today(here.zone)
            reasons.change(here.id, reason_id, terms, today=today, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Saved. Records made before keep their terms."), "success")
            return redirect(url_for("rewards.reason", reason_id=reason_id))
    return _page(reason_id, terms=form)


@bp.post("/stores/<store_code>/rewards/reasons/<int:reason_id>/offer")
@guarded(Capability.APPROVE_PLANS)
def offer_reason(reason_id: int) -> Response:
    """Offer a reason, or retire it."""
    active = request.form.get("active") == "yes"
    reasons.offer(place().id, reason_id, active=active, actor_id=actor().employee_id)
    db.session.commit()
    flash(_("Offered again.") if active else _("Retired. Records that name it stay."), "success")
    return redirect(url_for("rewards.reason", reason_id=reason_id))


@bp.post("/stores/<store_code>/rewards/reasons/<int:reason_id>/adoption")
@guarded(Capability.DRAFT_PLANS)
def adopt_reason(reason_id: int) -> str | Response | tuple[str, int]:
    """Record that the rule behind a reason was adopted here, with minutes and photos."""
    form, here = AdoptForm(), place()
    form.offer()
    if form.submitted():
        with form.refusals():
            made = adopted.adopt(here.id, reason_id, _consultation(form), actor_id=actor().employee_id)
            for each in sent(form.photo):
                adoption_files.attach(made, each.name, each.data, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The adoption is recorded. Everybody at the store is asked to acknowledge it."), "success")
            return redirect(url_for("rewards.reason", reason_id=reason_id))
    return _page(reason_id, adopt=form)


def _consultation(form: AdoptForm) -> Consultation:
    return Consultation(
        consulted=str(form.consulted.data),
        way=Way(form.way.data),
        consulted_on=form.consulted_on.data,
        published_on=form.published_on.data,
        published_where=str(form.published_where.data),
        counts_from=form.counts_from.data,
    )
