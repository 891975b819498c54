"""Simulations of a store and of the group: the list, asking for one, what came out, down to a person's month."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.commissions.service import plans
from incentives.core.access import Capability, Scope
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange import jobs
from incentives.exchange.models import Job
from incentives.people.service import staff
from incentives.people.views.staff import position_name
from incentives.simulations import files, lists, pages, work
from incentives.simulations.desk import Desk, here, of_group
from incentives.simulations.forms import SimulationForm
from incentives.simulations.models import Simulation
from incentives.simulations.service import asking, looking, summing
from incentives.simulations.service.asking import Wish
from incentives.web import navigation
from incentives.web.guards import actor, guarded, place
from incentives.web.navigation import Entry
from incentives.web.sent import whole
from incentives.web.tables import download

BOTH = (Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
"""Who drafts a plan or approves it may see what it would do."""

bp = Blueprint("simulations", __name__)


def init_app(app: Flask) -> None:
    """Make the work known, and stand in the menu."""
    work.init_app(app)
    navigation.add(
        app,
        Entry(_l("Simulations"), "simulations.index", "chart-line", _l("Pay"), 410, BOTH),
        Entry(_l("Group simulations"), "simulations.group_index", "chart-line", _l("Group"), 810, BOTH),
    )


def _running_month() -> Month:
    return Month.of(clock.today())


@bp.get("/stores/<store_code>/simulations")
@guarded(*BOTH)
def index() -> str | Response:
    """The store's simulations, the latest first."""
    return _index(here())


@bp.get("/group/simulations")
@guarded(*BOTH, least=Scope.GROUP)
def group_index() -> str | Response:
    """The group's simulations, the latest first."""
    return _index(of_group())


def _index(desk: Desk) -> str | Response:
    return lists.simulations(desk.whose, desk.url).respond("simulations/index.html", desk=desk)


@bp.route("/stores/<store_code>/simulations/new", methods=["GET", "POST"])
@guarded(*BOTH)
def new() -> str | BaseResponse | tuple[str, int]:
    """Ask for a simulation, of a version or of any text."""
    number = whole(request.args.get("version", ""))
    found = None if number is None else plans.version_of(place().id, number)
    start = (found.text, found.from_month, found.id) if found else ("", _running_month(), None)
    return _new(here(), *start)


@bp.route("/group/simulations/new", methods=["GET", "POST"])
@guarded(*BOTH, least=Scope.GROUP)
def group_new() -> str | BaseResponse | tuple[str, int]:
    """Ask for a simulation across all stores."""
    return _new(of_group(), "", _running_month(), None)


def _new(desk: Desk, text: str, from_month: Month, version_id: int | None) -> str | BaseResponse | tuple[str, int]:
    first, last = asking.default_range(_running_month())
    form = SimulationForm(text=text, first=first, last=last)
    form.positions.choices = [(each.id, position_name(each)) for each in staff.positions(desk.whose.group_id)]
    form.replaces.choices = looking.plan_choices(desk.whose)
    if form.submitted():
        with form.refusals():
            wish = _wish(form, text, from_month, version_id)
            found = asking.ask(desk.whose, wish, actor=actor(), running=_running_month())
            target, job_id = desk.url("show", simulation_id=found.id), found.job_id
            db.session.commit()
            if job_id is not None:
                jobs.dispatch(job_id)
            return redirect(target)
    page = render_template("simulations/new.html", simulation_form=form, desk=desk)
    return page, 422 if form.refused else 200


def _wish(form: SimulationForm, before: str, from_month: Month, version_id: int | None) -> Wish:
    text = form.plan_text()
    unchanged = asking.digest_of(text) == asking.digest_of(before)
    return Wish(
        text=text,
        first=form.first.data,
        last=form.last.data,
        from_month=from_month,
        positions=tuple(form.positions.data or ()),
        replaces=tuple(form.replaces.data or ()),
        version_id=version_id if unchanged else None,
    )


@bp.get("/stores/<store_code>/simulations/<int:simulation_id>")
@guarded(*BOTH)
def show(simulation_id: int) -> Response:
    """What came out, or how far it is."""
    return _show(here(), simulation_id)


@bp.get("/group/simulations/<int:simulation_id>")
@guarded(*BOTH, least=Scope.GROUP)
def group_show(simulation_id: int) -> Response:
    """What came out across all stores, or how far it is."""
    return _show(of_group(), simulation_id)


def _show(desk: Desk, simulation_id: int) -> Response:
    found = asking.find(desk.whose, simulation_id)
    at_work = found.state in asking.ACTIVE
    if not at_work and "HX-Request" in request.headers:
        # The page that waited for the end has neither the actions nor the charts of the result: it loads itself anew.
        return Response(headers={"HX-Refresh": "true"})
    job = db.session.get(Job, found.job_id) if at_work and found.job_id is not None else None
    result = None if found.summary is None else pages.result_of(found)
    if result is not None and request.args.get("download") == "xlsx":
        return download(files.as_workbook(found, result), f"simulation-{found.id}", "xlsx")
    page = render_template(
        "simulations/show.html",
        desk=desk,
        simulation=found,
        state=pages.STATES[found.state],
        at_work=at_work,
        progress=None if job is None else jobs.progress_of(job),
        refusal=asking.refusal_of(found),
        result=result,
        reading=pages.reading(found),
    )
    return Response(page)


@bp.post("/stores/<store_code>/simulations/<int:simulation_id>/cancel")
@guarded(*BOTH)
def cancel(simulation_id: int) -> BaseResponse:
    """Call it off."""
    return _cancel(here(), simulation_id)


@bp.post("/group/simulations/<int:simulation_id>/cancel")
@guarded(*BOTH, least=Scope.GROUP)
def group_cancel(simulation_id: int) -> BaseResponse:
    """Call it off."""
    return _cancel(of_group(), simulation_id)


def _cancel(desk: Desk, simulation_id: int) -> BaseResponse:
    if asking.cancel(desk.whose, simulation_id, actor=actor()):
        db.session.commit()
        flash(_("Called off. Nothing of it was kept."), "success")
    return redirect(desk.url("show", simulation_id=simulation_id))


@bp.get("/stores/<store_code>/simulations/<int:simulation_id>/people")
@guarded(*BOTH)
def people(simulation_id: int) -> str | Response:
    """Everybody's months together, the largest loss first."""
    return _people(here(), simulation_id)


@bp.get("/group/simulations/<int:simulation_id>/people")
@guarded(*BOTH, least=Scope.GROUP)
def group_people(simulation_id: int) -> str | Response:
    """Everybody's months together, across the stores."""
    return _people(of_group(), simulation_id)


def _people(desk: Desk, simulation_id: int) -> str | Response:
    found = asking.find(desk.whose, simulation_id)
    return lists.people(found, desk.url).respond("simulations/people.html", simulation=found, desk=desk)


@bp.get("/stores/<store_code>/simulations/<int:simulation_id>/months/<month>")
@guarded(*BOTH)
def month(simulation_id: int, month: str) -> str | Response:
    """Everybody in one month, the largest loss first."""
    return _of_month(here(), simulation_id, month)


@bp.get("/group/simulations/<int:simulation_id>/months/<month>")
@guarded(*BOTH, least=Scope.GROUP)
def group_month(simulation_id: int, month: str) -> str | Response:
    """Everybody in one month, across the stores."""
    return _of_month(of_group(), simulation_id, month)


def _of_month(desk: Desk, simulation_id: int, month: str) -> str | Response:
    found = asking.find(desk.whose, simulation_id)
    chosen = _month(found, month)
    return lists.month(found, chosen, desk.url).respond(
        "simulations/month.html", simulation=found, desk=desk, month=chosen
    )


@bp.get("/stores/<store_code>/simulations/<int:simulation_id>/stores/<int:store_id>/people/<int:employee_id>")
@guarded(*BOTH)
def person(simulation_id: int, store_id: int, employee_id: int) -> str:
    """Somebody's months on both sides."""
    return _person(here(), simulation_id, store_id, employee_id)


@bp.get("/group/simulations/<int:simulation_id>/stores/<int:store_id>/people/<int:employee_id>")
@guarded(*BOTH, least=Scope.GROUP)
def group_person(simulation_id: int, store_id: int, employee_id: int) -> str:
    """Somebody's months on both sides."""
    return _person(of_group(), simulation_id, store_id, employee_id)


def _person(desk: Desk, simulation_id: int, store_id: int, employee_id: int) -> str:
    found = asking.find(desk.whose, simulation_id)
    subject = looking.person_of(simulation_id, store_id, employee_id)
    return render_template(
        "simulations/person.html",
        desk=desk,
        simulation=found,
        subject=subject,
        months=looking.months_of(simulation_id, store_id, employee_id),
    )


@bp.get("/stores/<store_code>/simulations/<int:simulation_id>/stores/<int:store_id>/people/<int:employee_id>/<month>")
@guarded(*BOTH)
def lines(simulation_id: int, store_id: int, employee_id: int, month: str) -> str:
    """Somebody's month, line beside line, with why."""
    return _lines(here(), simulation_id, store_id, employee_id, month)


@bp.get("/group/simulations/<int:simulation_id>/stores/<int:store_id>/people/<int:employee_id>/<month>")
@guarded(*BOTH, least=Scope.GROUP)
def group_lines(simulation_id: int, store_id: int, employee_id: int, month: str) -> str:
    """Somebody's month, line beside line, with why."""
    return _lines(of_group(), simulation_id, store_id, employee_id, month)


def _lines(desk: Desk, simulation_id: int, store_id: int, employee_id: int, month: str) -> str:
    found = asking.find(desk.whose, simulation_id)
    subject = looking.person_of(simulation_id, store_id, employee_id)
    chosen = _month(found, month)
    sides = looking.lines_of(found, store_id, employee_id, chosen)
    return render_template(
        "simulations/lines.html", desk=desk, simulation=found, subject=subject, month=chosen, sides=sides
    )


def _month(simulation: Simulation, text: str) -> Month:
    try:
        month = Month.parse(text)
    except DomainError:
        raise NotFound(say("There is no such page, or it is not for you to see.")) from None
    if not simulation.first_month <= month <= simulation.last_month:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return month


@bp.get("/stores/<store_code>/plans/versions/<int:version_id>/simulation")
@guarded(*BOTH)
def of_version(version_id: int) -> str:
    """The latest simulation of exactly a version's text; a part of the version's page, and a page by itself."""
    version = plans.version_of(place().id, version_id)
    found = asking.latest_of(actor().group_id, place().id, version.text)
    shown = None if found is None or found.summary is None else summing.read_summary(found.summary)
    return render_template("simulations/of_version.html", version=version, simulation=found, summary=shown)
