"""Targets: the table of a year, changing them, deciding on changes, and sharing them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.core.allocation import months_of
from incentives.core.approval import ProposalAction
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.targets.forms import GridForm, Place, grid
from incentives.targets.models import Indicator, Level, Target
from incentives.targets.scopes import STORE, Period, Scope, period_from, scope_from
from incentives.targets.service import catalogue, sample_plan, setting, sharing
from incentives.targets.service.holding import Held, held, newest, proposals, versions
from incentives.targets.service.setting import NewTarget, Why
from incentives.targets.service.sharing import Shape, Split, Taker
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
    say_outcome(sample_plan.adopt(place().id, year, _why(_("sample plan"))))
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
    form = grid([Place(name, _field_label(when), indicator.unit) for name, when in fields.items()], with_reason=True)()
    if form.submitted():
        with form.refusals():
            setting.refuse_stale(place().id, indicator, year, scope, form.newest_seen())
            wanted = [NewTarget(indicator, when, form.figure(name), scope) for name, when in fields.items()]
            touched = [new for new in wanted if new.value != holding.written(indicator, new.period, scope)]
            say_outcome(setting.set_targets(place().id, touched, _why(str(form["reason"].data or ""))))
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


def _field_label(period: Period) -> str:
    return month_name(period) if isinstance(period, Month) else _("The whole year %(year)d", year=period)


def _why(reason: str) -> Why:
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


# --- sharing out -----------------------------------------------------------------------------------------


@bp.route("/stores/<store_code>/targets/<code>/months", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def share_year(code: str) -> str | Response | tuple[str, int]:
    """Share a year's target out to its months: see the split first, then save it as a whole."""
    indicator, year, scope = _shared(code), asked_year(), asked_scope()
    names = {f"m{month.month}": month for month in months_of(year)}
    shape = _shape()
    form = grid(
        [
            Place("whole", _field_label(year), indicator.unit),
            *(Place(name, month_name(month), Unit.NUMBER) for name, month in names.items()),
        ]
    )()
    if request.method == "GET":
        form["whole"].data = held(place().id, {year}, scopes=[scope]).written(indicator, year, scope)

    def split() -> Split:
        weights = {month: form.figure(name) or Fraction(0) for name, month in names.items()}
        return sharing.split_year(place().id, indicator, year, _whole(form), shape=shape, table=weights, scope=scope)

    return _preview(
        form, indicator, year, scope, split, shapes=[(each.value, tell(each.says)) for each in Shape], shape=shape.value
    )


@bp.route("/stores/<store_code>/targets/<code>/people", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def share_among(code: str) -> str | Response | tuple[str, int]:
    """Share a month's or year's target out to departments, or a department's to its people."""
    indicator, scope = _shared(code), asked_scope()
    period = _period()
    there = sharing.takers(place().id, period, scope) if scope.level is not Level.PERSON else []
    form = grid(
        [
            Place("whole", f"{_field_label(period)} · {scope_name(scope)}", indicator.unit),
            *(Place(str(taker.scope), f"{taker_name(taker)}", Unit.NUMBER) for taker in there),
        ]
    )()
    if request.method == "GET":
        form["whole"].data = held(place().id, {asked_year()}, scopes=[scope]).target(indicator, period, scope)
        _fill_weights(form, sharing.written_weights(place().id, indicator, period, there), there)

    def split() -> Split:
        weights = {taker.scope: form.figure(str(taker.scope)) or Fraction(0) for taker in there}
        return sharing.split_among(place().id, indicator, period, _whole(form), weights, among=scope)

    return _preview(form, indicator, period, scope, split, shapes=[], shape="")


def _fill_weights(form: GridForm, weights: Mapping[Scope, Fraction], there: Sequence[Taker]) -> None:
    for taker in there:
        form[str(taker.scope)].data = weights[taker.scope]


def _shared(code: str) -> Indicator:
    found = catalogue.indicator(place().id, code)
    if found.aggregation is not Aggregation.SUM:
        raise NotFound(say("Only sums are shared out: a ratio, mean or level is the same for all."))
    return found


def _shape() -> Shape:
    asked = request.form.get("shape", "")
    return Shape(asked) if asked in {each.value for each in Shape} else Shape.EVEN


def _period() -> Period:
    try:
        return period_from(request.args.get("period", ""))
    except DomainError:
        return Month.of(today())


def _whole(form: GridForm) -> Fraction:
    whole = form.figure("whole")
    if whole is None:
        raise DomainError(say("Say first what is to be shared out."))
    return whole


def _preview(
    form: GridForm,
    indicator: Indicator,
    period: Period,
    scope: Scope,
    split: Callable[[], Split],
    *,
    shapes: Sequence[tuple[str, str]],
    shape: str,
) -> str | Response | tuple[str, int]:
    """Show the split; save it only when asked to."""
    found: Split | None = None
    if form.submitted():
        with form.refusals():
            found = split()
            if request.form.get("save"):
                say_outcome(setting.set_targets(place().id, found.targets(), _why(_("shared out"))))
                db.session.commit()
                return redirect(url_for("targets.table", year=period.year if isinstance(period, Month) else period))
    page = render_template(
        "targets/share.html",
        share_form=form,
        indicator=indicator,
        name=indicator_name(indicator),
        whose=scope_name(scope),
        unit=tell(indicator.unit.says),
        period=period,
        scope=scope,
        weights=[field.name for field in form if field.name not in {"whole", "seen", "csrf_token"}],
        split=_shown(found) if found else None,
        shapes=shapes,
        shape=shape,
    )
    return page, 422 if form.refused else 200


@dataclass(frozen=True, slots=True)
class ShownSplit:
    """A split in words: its parts, what they add up to, and where the remainder went."""

    parts: list[tuple[str, str, str, str]]
    whole: str
    added: str
    remainder: str
    went_to: str


def _shown(found: Split) -> ShownSplit:
    unit = found.indicator.unit
    names = [part.name if isinstance(part.name, str) else tell(part.name) for part in found.parts]
    return ShownSplit(
        parts=[
            (
                name,
                figure(part.weight, Unit.NUMBER).split(" ")[0],
                figure(part.presence, Unit.PERCENT),
                figure(part.value, unit),
            )
            for name, part in zip(names, found.parts, strict=True)
        ],
        whole=figure(found.whole, unit),
        added=figure(found.added, unit),
        remainder=figure(found.remainder, unit),
        went_to=", ".join(name for name, part in zip(names, found.parts, strict=True) if part.extra),
    )
