"""Targets: the table of a year, changing them, deciding on changes, and sharing them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.core.allocation import months_of
from incentives.core.approval import ProposalAction
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, say
from incentives.core.period import Month
from incentives.db import db
from incentives.targets.forms import Place, grid
from incentives.targets.models import Indicator, Target
from incentives.targets.scopes import STORE, Period, Scope, period_from, scope_from
from incentives.targets.service import catalogue, sample_plan, setting, sharing
from incentives.targets.service.holding import Held, held, newest, proposals, versions
from incentives.targets.service.setting import NewTarget, Why
from incentives.targets.units import Unit
from incentives.targets.views.blueprint import bp
from incentives.targets.views.showing import (
    asked_scope,
    asked_year,
    bare,
    figure,
    indicator_name,
    required,
    say_outcome,
    scope_name,
    taker_name,
    today,
)
from incentives.web.filters import month_name
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator's targets of a year as the table draws them."""

    indicator: Indicator
    name: str
    unit: str
    year: str
    required: str
    months: tuple[str, ...]
    added: str
    left: str
    part: bool


@bp.get("/stores/<store_code>/targets")
@guarded(Capability.READ_COCKPIT)
def table() -> str:
    """The targets of a year: every indicator, month by month, with the sums checked."""
    year, scope = asked_year(), asked_scope()
    holding = held(place().id, {year}, scopes=[scope])
    rows = [_row(each, year, scope, holding) for each in catalogue.indicators(place().id)]
    return render_template(
        "targets/table.html",
        rows=rows,
        year=year,
        scope=scope,
        whose=scope_name(scope),
        scopes=_scopes(year),
        months=[f"{month.month}" for month in months_of(year)],
        is_empty=not holding.by_place,
        may_set=allows(Capability.SET_TARGETS, place().id),
        proposals=_waiting(proposals(place().id)),
    )


def _row(indicator: Indicator, year: int, scope: Scope, holding: Held) -> Row:
    months = [holding.written(indicator, month, scope) for month in months_of(year)]
    whole, added = holding.written(indicator, year, scope), None
    if indicator.aggregation is Aggregation.SUM and any(month is not None for month in months):
        added = sum((month or Fraction(0) for month in months), Fraction(0))
    left = whole - added if whole is not None and added is not None else None
    unit = indicator.unit
    return Row(
        indicator=indicator,
        name=indicator_name(indicator),
        unit=_("10,000 yuan") if unit is Unit.CNY else tell(unit.says),
        year=bare(whole, unit),
        required=required(indicator.comparison),
        months=tuple(bare(month, unit) for month in months),
        added=bare(added, unit),
        left=bare(left, unit) if left else "",
        part=indicator.parent_id is not None,
    )


def _scopes(year: int) -> list[tuple[str, str]]:
    """Whose targets can be seen: the store's, each department's, each person's of the year."""
    own = [(str(STORE), _("The whole store"))]
    for department, people in sharing.staff(place().id, year):
        own.append((str(department.scope), taker_name(department)))
        own += [(str(taker.scope), f"{taker.name} {taker.number}") for taker in people]
    return own


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits for a second person."""

    id: int
    what: str
    before: str
    after: str
    maker: str
    reason: str
    own: bool
    concerns_me: bool


def _waiting(rows: Sequence[Target]) -> list[Waiting]:
    holding = held(place().id, {row.year for row in rows}, indicators={row.indicator_id for row in rows})
    return [_proposal(row, holding) for row in rows]


def _proposal(row: Target, before: Held) -> Waiting:
    scope, period = scope_from(row.scope), period_from(row.period)
    after = None if row.value is None else Fraction(row.value, row.indicator.unit.scale)
    return Waiting(
        id=row.id,
        what=f"{indicator_name(row.indicator)} · {row.period} · {scope_name(scope)}",
        before=figure(before.written(row.indicator, period, scope), row.indicator.unit),
        after=figure(after, row.indicator.unit),
        maker=row.maker.name,
        reason=row.reason,
        own=row.maker_id == actor().employee_id,
        concerns_me=row.employee_id == actor().employee_id,
    )


@bp.post("/stores/<store_code>/targets/changes/<int:target_id>")
@guarded(Capability.SET_TARGETS)
def decide(target_id: int) -> Response:
    """Confirm, refuse or withdraw a change."""
    try:
        action = ProposalAction(request.form.get("action", ""))
    except ValueError as fault:
        raise DomainError(say("Please choose one of the list.")) from fault
    done = setting.decide(place().id, target_id, action, actor_id=actor().employee_id, today=today())
    db.session.commit()
    if done:
        flash(_DONE[action](), "success")
    return redirect(url_for("targets.table"))


_DONE = {
    ProposalAction.CONFIRM: lambda: _("The changed target holds from now on."),
    ProposalAction.REFUSE: lambda: _("The change is refused; the target stays as it was."),
    ProposalAction.WITHDRAW: lambda: _("The change is withdrawn."),
}


@bp.post("/stores/<store_code>/targets/sample")
@guarded(Capability.SET_TARGETS)
def adopt_sample() -> Response:
    """Take over the sample plan's targets for a year, wherever there are none yet."""
    year = asked_year()
    say_outcome(sample_plan.adopt(place().id, year, why(_("sample plan"))))
    db.session.commit()
    return redirect(url_for("targets.table", year=year))


# --- changing --------------------------------------------------------------------------------------------


@bp.route("/stores/<store_code>/targets/<code>", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def change(code: str) -> str | Response | tuple[str, int]:
    """Set an indicator's targets of a year and its months, for the store, a department or a person."""
    indicator, year, scope = catalogue.indicator(place().id, code), asked_year(), asked_scope()
    fields: dict[str, Period] = {"year": year, **{f"m{month.month}": month for month in months_of(year)}}
    holding = held(place().id, {year}, scopes=[scope], indicators=[indicator.id])
    form = grid([Place(name, field_label(when), indicator.unit) for name, when in fields.items()], with_reason=True)()
    if form.submitted():
        with form.refusals():
            setting.refuse_stale(place().id, indicator, year, scope, form.newest_seen())
            wanted = [NewTarget(indicator, when, form.figure(name), scope) for name, when in fields.items()]
            touched = [new for new in wanted if new.value != holding.written(indicator, new.period, scope)]
            say_outcome(setting.set_targets(place().id, touched, why(str(form["reason"].data or ""))))
            db.session.commit()
            return redirect(url_for("targets.table", year=year, scope=str(scope)))
    elif request.method == "GET":
        form.seen.data = str(newest(place().id, indicator.id, year, scope))
        for name, when in fields.items():
            form[name].data = holding.written(indicator, when, scope)
    page = render_template(
        "targets/change.html",
        target_form=form,
        fields=list(fields),
        indicator=indicator,
        name=indicator_name(indicator),
        whose=scope_name(scope),
        unit=tell(indicator.unit.says),
        year=year,
        scope=scope,
        row=_row(indicator, year, scope, holding),
        adds_up=indicator.aggregation is Aggregation.SUM,
        history=_history(indicator, year, scope),
    )
    return page, 422 if form.refused else 200


def field_label(period: Period) -> str:
    """A month or year as a field is called."""
    return month_name(period) if isinstance(period, Month) else _("The whole year %(year)d", year=period)


def why(reason: str) -> Why:
    """The person signed in, today, for a reason."""
    return Why(actor().employee_id, today(), reason=reason)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a target, in words."""

    period: str
    value: str
    state: str
    maker: str
    decider: str
    created: object
    reason: str


_STATES = {
    "proposed": lambda: _("waits for a second person"),
    "in_force": lambda: _("set"),
    "refused": lambda: _("refused"),
    "withdrawn": lambda: _("withdrawn"),
}


def _history(indicator: Indicator, year: int, scope: Scope) -> list[Version]:
    return [
        Version(
            period=row.period,
            value=figure(None if row.value is None else Fraction(row.value, indicator.unit.scale), indicator.unit),
            state=_STATES[row.state.value](),
            maker=row.maker.name,
            decider=row.decider.name if row.decider else "",
            created=row.created_at,
            reason=row.reason,
        )
        for row in versions(place().id, indicator.id, year, scope)
    ]
