"""Where everybody lands: my month, what waits for me, the group at a glance, and the trail."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from incentives import clock
from incentives.audit.models import AuditEntry
from incentives.core.access import Capability, Scope
from incentives.core.period import Month
from incentives.home import playing, service
from incentives.home.acts import act_name
from incentives.home.beginning import setup_steps
from incentives.people.models import Employee
from incentives.targets.service.attainment import attainments
from incentives.web import navigation
from incentives.web.guards import actor, allows, guarded, place, signed_in
from incentives.web.hooks import Place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing
from incentives.web.navigation import Entry

bp = Blueprint("home", __name__)

GROUP_FIGURES = ("after_sales_revenue", "insurance_revenue", "accessory_sales", "csi")


def init_app(app: Flask) -> None:
    """Stand in the menu."""
    trail = (Capability.READ_AUDIT,)
    navigation.add(
        app,
        Entry(_l("My month"), "home.index", "home", _l("Mine"), 10, bar=True),
        Entry(_l("Group"), "home.group", "building-store", _l("Group"), 800, (Capability.APPROVE_PLANS,)),
        Entry(_l("Audit trail"), "home.trail", "history", _l("Setup"), 950, trail),
    )


@bp.get("/")
@signed_in
def index() -> str:
    """The start page of the person who is signed in."""
    return _start(g.get("home_place"))


@bp.get("/stores/<store_code>/")
@signed_in
def store() -> str:
    """The start page, at a store."""
    return _start(place())


def _start(here: Place | None) -> str:
    person = actor()
    month = Month.of(clock.today(here.zone if here else clock.DEFAULT_ZONE))
    at_home = here is not None and here.id == person.home_store_id
    return render_template(
        "home/index.html",
        month=month,
        mine=service.my_month(person, here, month) if here is not None and at_home else None,
        waiting=service.waiting_for(person, here) if here is not None else [],
        setup=setup_steps(here.id) if here is not None and allows(Capability.CHANGE_SETTINGS) else [],
        roles=sorted({role.says for role, _store in person.roles}, key=str),
    )


@bp.get("/group/")
@guarded(Capability.APPROVE_PLANS, least=Scope.GROUP)
def group() -> str:
    """The stores of the group; each brings its own figures."""
    return render_template("home/group.html", shops=service.stores_of(actor()))


@bp.get("/stores/<store_code>/glance")
@guarded(Capability.READ_COCKPIT)
def glance() -> str:
    """A store at a glance: percent of own target, so that small and large ones compare fairly."""
    here = place()
    today = clock.today(here.zone)
    month = Month.of(today)
    found = [each for each in attainments(here.id, month, today=today) if each.indicator.code in GROUP_FIGURES]
    state, missing = service.state_and_missing(here.id, month.plus(-1), today)
    return render_template(
        "home/glance.html",
        figures=found,
        month=month,
        before=month.plus(-1),
        state=state,
        missing=missing,
    )


@bp.get("/stores/<store_code>/trail")
@guarded(Capability.READ_AUDIT)
def trail() -> str | Response:
    """Who did what in the store, the latest first."""
    here = place()
    listing = Listing[tuple[AuditEntry, str | None]](
        name=f"trail-{here.code}",
        columns=[
            Column("at", _("When"), lambda row: row[0].at, sort=AuditEntry.id),
            Column("who", _("By whom"), lambda row: row[1] or _("nobody signed in"), sort=Employee.name),
            Column("act", _("Act"), _act, sort=AuditEntry.act),
            Column("subject", _("About"), lambda row: row[0].subject),
            Column("changes", _("Change"), lambda row: _told(row[0])),
        ],
        statement=select(AuditEntry, Employee.name)
        .outerjoin(Employee, Employee.id == AuditEntry.actor_id)
        .where(or_(AuditEntry.store_id == here.id, AuditEntry.store_id.is_(None))),
        order=[AuditEntry.id.desc()],
        search_in=(AuditEntry.act, AuditEntry.subject, Employee.name, Employee.number),
        filters=[
            Filter(
                "outcome",
                _("Outcome"),
                [("", _("all")), ("done", _("done")), ("refused", _("refused"))],
                lambda chosen: AuditEntry.refused.is_(chosen == "refused"),
            )
        ],
        entity=False,
        stands_as="fact",
        empty_title=_("Nothing found"),
        empty_text=_("Every sign-in, change, approval and export leaves a row here."),
    )
    return listing.respond("home/trail.html")


def _act(row: tuple[AuditEntry, str | None]) -> str:
    return tell(act_name(row[0].act, refused=row[0].refused))


def _told(entry: AuditEntry) -> str:
    """Field: old → new, as it was written down."""
    said = (f"{name}: {_short(old)} → {_short(new)}" for name, (old, new) in entry.changes.items())
    return "; ".join(said)


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


@bp.get("/me/what-if")
@signed_in
def what_if() -> str:
    """What one's pay and place would be with so much more this month. Nothing of it is kept."""
    person, here = actor(), g.get("home_place")
    month = Month.of(clock.today(here.zone if here else clock.DEFAULT_ZONE))
    at_home = here is not None and here.id == person.home_store_id
    game = playing.play(here, month, person.employee_id, request.args) if here is not None and at_home else None
    return render_template("home/what_if.html", month=month, game=game)
