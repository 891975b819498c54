"""The rules that points and scores follow: open to everybody, changed by head office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Capability, Scope
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.core.points import PointsFact, PointsRule, rule_on
from incentives.core.score import Part
from incentives.db import db
from incentives.leaderboards.forms import PointsRuleForm, WeightsForm
from incentives.leaderboards.service import scoring
from incentives.leaderboards.service.weights import set_weights, weights
from incentives.leaderboards.views.blueprint import bp
from incentives.ledger import service as ledger
from incentives.people.models import Position
from incentives.people.service.staff import positions
from incentives.web.guards import actor, allows, guarded, signed_in
from incentives.web.i18n import language, tell


@bp.get("/rules")
@signed_in
def rules() -> str:
    """What earns points, and how much each part counts in the score of each position."""
    today = clock.today()
    found = positions(actor().group_id)
    counting = weights([position.id for position in found], Month.of(today))
    return render_template(
        "leaderboards/rules.html",
        may_change=allows(Capability.APPROVE_PLANS),
        points_rules=[(tell(rule.sentence), rule.starts) for rule in _current_rules(today)],
        parts=[tell(part.says) for part in Part],
        positions=[
            (position.id, _name(position), [counting[position.id].get(part, 0) for part in Part]) for position in found
        ],
    )


@bp.route("/group/positions/<int:position_id>/weights", methods=["GET", "POST"])
@guarded(Capability.APPROVE_PLANS, least=Scope.GROUP)
def score_weights(position_id: int) -> str | Response | tuple[str, int]:
    """Let other weights count for a position, from this month or a later one on."""
    position = next((each for each in positions(actor().group_id) if each.id == position_id), None)
    if position is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    running = Month.of(clock.today())
    before = weights([position.id], running)[position.id]
    form = WeightsForm(data={"from_month": running, **{part.value: before.get(part, 0) for part in Part}})
    if form.submitted():
        with form.refusals():
            set_weights(position.id, form.from_month.data, dict(form.chosen()), today=clock.today())
            scoring.refresh_position(position.id, running)
            audit.record(
                "leaderboards.weights_set",
                store_id=None,
                actor_id=actor().employee_id,
                subject=f"{position.code} {form.from_month.data}",
                changes={part.value: (before.get(part, 0), weight) for part, weight in form.chosen()},
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("leaderboards.rules"))
    page = render_template("leaderboards/score_weights.html", weights_form=form, position=_name(position))
    return page, 422 if form.refused else 200


@bp.route("/group/points-rules/new", methods=["GET", "POST"])
@guarded(Capability.APPROVE_PLANS, least=Scope.GROUP)
def publish_points_rule() -> str | Response | tuple[str, int]:
    """Publish a rule for points, from today or a later day on. What was earned before keeps its points."""
    form = PointsRuleForm(starts=clock.today())
    form.offer()
    if form.submitted():
        with form.refusals():
            rule = ledger.publish(
                actor().group_id,
                PointsFact(form.fact.data),
                points=form.points.data,
                per=Fraction(form.per.data),
                starts=form.starts.data,
                today=clock.today(),
            )
            audit.record(
                "leaderboards.points_rule_published",
                store_id=None,
                actor_id=actor().employee_id,
                subject=str(rule.sentence),
                changes={"starts": (None, rule.starts.isoformat())},
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("leaderboards.rules"))
    page = render_template("leaderboards/publish_points_rule.html", rule_form=form)
    return page, 422 if form.refused else 200


def _current_rules(today: date) -> Iterator[PointsRule]:
    """For each kind of fact the rule that counts today, and those announced."""
    known = ledger.rules_of_group(actor().group_id)
    for fact in PointsFact:
        counting = rule_on(known, fact, today)
        if counting is not None:
            yield counting
        yield from (rule for rule in known if rule.fact is fact and rule.starts > today)


def _name(position: Position) -> str:
    return position.name_en or position.name if language() == "en" else position.name
