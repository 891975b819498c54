"""Share a target out: see the split with its remainder first, then save all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.core.allocation import months_of
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.targets.forms import GridForm, Place, grid
from incentives.targets.models import Indicator, Level
from incentives.targets.scopes import Period, Scope, period_from
from incentives.targets.service import catalogue, setting, sharing
from incentives.targets.service.holding import held
from incentives.targets.service.sharing import Shape, Split, Taker
from incentives.targets.units import Unit
from incentives.targets.views.blueprint import bp
from incentives.targets.views.setting import field_label, why
from incentives.targets.views.showing import (
    asked_scope,
    asked_year,
    figure,
    indicator_name,
    say_outcome,
    scope_name,
    taker_name,
    today,
)
from incentives.web.filters import month_name
from incentives.web.guards import guarded, place
from incentives.web.i18n import tell


@bp.route("/stores/<store_code>/targets/<code>/months", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def share_year(code: str) -> str | Response | tuple[str, int]:
    """Share a year's target out to its months: see the split first, then save it as a whole."""
    indicator, year, scope = _shared(code), asked_year(), asked_scope()
    names = {f"m{month.month}": month for month in months_of(year)}
    shape = _shape()
    form = grid(
        [
            Place("whole", field_label(year), indicator.unit),
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
            Place("whole", f"{field_label(period)} · {scope_name(scope)}", indicator.unit),
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
                say_outcome(setting.set_targets(place().id, found.targets(), why(_("shared out"))))
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
