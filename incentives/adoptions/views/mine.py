"""What I am to acknowledge, and what I have acknowledged."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from flask import Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.adoptions.forms import AcknowledgeForm
from incentives.adoptions.models import Acknowledgement, Adoption
from incentives.adoptions.service import acknowledging
from incentives.adoptions.views.blueprint import bp
from incentives.core.access import Capability
from incentives.core.rewording import Rewording, reworded
from incentives.db import db
from incentives.web.guards import actor, guarded
from incentives.web.hooks import Place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Listing

Done: TypeAlias = tuple[Acknowledgement, Adoption]


@bp.get("/me/plans")
@guarded(Capability.READ_OWN)
def mine() -> str | Response:
    """The plans and rules that concern me: first those that I have still to acknowledge, then the others."""
    waiting = acknowledging.waiting_for(actor().employee_id, _today())
    return _acknowledged().respond(
        "adoptions/mine.html",
        waiting=[(each, change_of(each.adoption), AcknowledgeForm(digest=each.adoption.digest)) for each in waiting],
    )


def _today() -> date:
    home: Place | None = g.get("home_place")
    return clock.today(home.zone) if home else clock.today()


def change_of(adoption: Adoption) -> Rewording | None:
    """What changed against the record before; none if it is the first."""
    return None if adoption.before is None else reworded(adoption.before.sentences, adoption.sentences)


def _acknowledged() -> Listing[Done]:
    return Listing[Done](
        name="my-plans",
        columns=[
            Column("rule", _("Plan or rule"), lambda row: tell(row[1].says)),
            Column("at", _("Acknowledged"), lambda row: row[0].at, sort=Acknowledgement.at),
            Column("from", _("Counts from"), lambda row: row[1].counts_from, sort=Adoption.counts_from),
        ],
        statement=acknowledging.acknowledged_by(actor().employee_id),
        order=[Acknowledgement.id.desc()],
        entity=False,
        link=lambda row: url_for("adoptions.own", adoption_id=row[1].id),
        empty_title=_("Nothing acknowledged yet"),
        empty_text=_("What you acknowledge stands here, with the very words you read."),
    )


@bp.get("/me/plans/<int:adoption_id>")
@guarded(Capability.READ_OWN)
def own(adoption_id: int) -> str:
    """A rule that I have acknowledged, with the words that I read."""
    done, adoption = acknowledging.own(actor().employee_id, adoption_id)
    return render_template("adoptions/own.html", done=done, adoption=adoption, change=change_of(adoption))


@bp.post("/me/plans/<int:adoption_id>/acknowledge")
@guarded(Capability.READ_OWN)
def acknowledge(adoption_id: int) -> BaseResponse:
    """I have read it."""
    form = AcknowledgeForm()
    done = acknowledging.acknowledge(
        adoption_id, employee_id=actor().employee_id, digest=str(form.digest.data or ""), today=_today()
    )
    if done:
        db.session.commit()
        flash(_("Acknowledged. Thank you."), "success")
    return redirect(url_for("adoptions.mine"))
