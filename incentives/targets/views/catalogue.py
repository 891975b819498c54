"""The catalogue of indicators: see, add, change."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives.core.access import Capability, Scope, reach
from incentives.core.attainment import Aggregation, Comparison
from incentives.db import db
from incentives.ledger.service.derived import figures_on_offer
from incentives.targets.forms import AGGREGATIONS, COMPARISONS, UNITS, IndicatorForm
from incentives.targets.models import Indicator
from incentives.targets.service import catalogue
from incentives.targets.service.catalogue import IndicatorText
from incentives.targets.units import Unit
from incentives.targets.views.blueprint import bp
from incentives.targets.views.showing import indicator_name
from incentives.web.forms import optional_choices
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Listing
from incentives.web.sent import whole_or


def _whole_group() -> bool:
    """Whether the person answers for every store of the group."""
    return reach(actor(), Capability.SET_TARGETS).scope is Scope.GROUP


@bp.get("/stores/<store_code>/indicators")
@guarded(Capability.READ_COCKPIT)
def indicators() -> str | Response:
    """All indicators of the store."""
    may_set = allows(Capability.SET_TARGETS, place().id)
    listing = Listing[Indicator](
        name=_("Indicators"),
        columns=[
            Column("name", _("Name"), indicator_name, sort=Indicator.name),
            Column("code", _("Code"), lambda row: row.code, sort=Indicator.code),
            Column("unit", _("Unit"), lambda row: row.unit.value, words=lambda row: _word(UNITS, row.unit.value)),
            Column(
                "adding",
                _("How readings add up"),
                lambda row: row.aggregation.value,
                words=lambda row: _word(AGGREGATIONS, row.aggregation.value),
            ),
            Column(
                "met",
                _("The target is met with"),
                lambda row: row.comparison.value,
                words=lambda row: _word(COMPARISONS, row.comparison.value),
            ),
            Column("source", _("Figures come from"), _source),
            Column("active", _("In use"), lambda row: _("yes") if row.active else _("no")),
        ],
        statement=catalogue.of_store(place().id),
        order=[Indicator.order, Indicator.id],
        search_in=[Indicator.name, Indicator.name_en, Indicator.code],
        link=(lambda row: url_for("targets.indicator", code=row.code)) if may_set else None,
        empty_title=_("No indicator fits"),
        empty_text=_("Search for another word."),
    )
    return listing.respond("targets/indicators.html", may_set=may_set)


def _word(choices: tuple[tuple[str, object], ...], value: str) -> str:
    return str(dict(choices)[value])


def _source(row: Indicator) -> str:
    offered = figures_on_offer().get(row.measure)
    if offered:
        return tell(offered.title)
    return str(_("facts in the system") if row.measure else _("typed in or imported"))


def _form(found: Indicator | None) -> IndicatorForm:
    form = IndicatorForm()
    others = [each for each in catalogue.indicators(place().id, inactive=True) if found is None or each.id != found.id]
    form.parent.choices = optional_choices([(each.id, indicator_name(each)) for each in others])
    offered = {key: tell(each.title) for key, each in figures_on_offer().items()}
    if found is not None and found.measure:
        offered.setdefault(found.measure, _("facts in the system"))
    form.measure.choices = [("", _("typed in or imported")), *offered.items()]
    return form


def _typed(form: IndicatorForm, code: str) -> IndicatorText:
    return IndicatorText(
        code=code,
        name=str(form.name.data),
        name_en=str(form.name_en.data or ""),
        unit=Unit(form.unit.data),
        aggregation=Aggregation(form.aggregation.data),
        comparison=Comparison(form.comparison.data),
        parent_id=int(form.parent.data) if form.parent.data else None,
        measure=str(form.measure.data or ""),
        active=bool(form.active.data),
    )


@bp.route("/stores/<store_code>/indicators/new", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def new_indicator() -> str | Response | tuple[str, int]:
    """Add an indicator: head office for the group, a manager for the own store."""
    form = _form(None)
    if form.submitted():
        with form.refusals():
            text = _typed(form, str(form.code.data))
            catalogue.add(place().id, text, for_group=_whole_group(), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The indicator is in the catalogue."), "success")
            return redirect(url_for("targets.indicators"))
    page = render_template("targets/indicator.html", indicator_form=form, found=None, whole_group=_whole_group())
    return page, 422 if form.refused else 200


@bp.route("/stores/<store_code>/indicators/<code>", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def indicator(code: str) -> str | Response | tuple[str, int]:
    """Change an indicator."""
    found = catalogue.indicator(place().id, code)
    form = _form(found)
    del form.code
    if form.submitted():
        with form.refusals():
            catalogue.change(
                found,
                _typed(form, found.code),
                seen=whole_or(0, form.seen.data),
                store_id=place().id,
                whole_group=_whole_group(),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("The indicator is changed."), "success")
            return redirect(url_for("targets.indicators"))
    elif request.method == "GET":
        _fill(form, found)
    page = render_template("targets/indicator.html", indicator_form=form, found=found, whole_group=_whole_group())
    return page, 422 if form.refused else 200


def _fill(form: IndicatorForm, found: Indicator) -> None:
    form.name.data, form.name_en.data = found.name, found.name_en
    form.unit.data, form.aggregation.data = found.unit.value, found.aggregation.value
    form.comparison.data, form.measure.data = found.comparison.value, found.measure
    form.parent.data = str(found.parent_id or "")
    form.active.data, form.seen.data = found.active, str(found.version)
