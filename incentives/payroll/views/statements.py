"""Statements as read: one's own, and one person's as manager and finance see it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, render_template, request

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.payroll.service import comparing, question_rules, questioning, reading
from incentives.payroll.views.blueprint import bp
from incentives.payroll.views.questions import TONES
from incentives.people.models import Store
from incentives.periods import service as periods
from incentives.web.guards import actor, guarded, place, signed_in
from incentives.web.hooks import Place

MONTHS_SHOWN = 24


@bp.get("/me/statement")
@signed_in
def my_statement() -> str:
    """What one earns this month, or earned in another, line by line."""
    person, running = actor(), Month.of(clock.today())
    asked = Month.parse(request.args["month"]) if request.args.get("month") else running
    known = reading.months_of(person.employee_id)
    store_id = own_store(asked, known)
    today = clock.today(next((store.zone for store, _month in known if store.id == store_id), home_zone()))
    state, statement = reading.month_of_person(store_id, asked, person.employee_id)
    former = comparing.reviewed(store_id, asked.plus(-1), person.employee_id)
    last_day = question_rules.last_day_to_ask(question_rules.rules_of(store_id), asked)
    stores = sorted({store for store, _month in known}, key=lambda store: store.code)
    return render_template(
        "payroll/my_statement.html",
        statement=statement,
        before=None if former is None else former.total,
        rows=comparing.beside(statement, former),
        month=asked,
        months=sorted({running, running.plus(-1), asked, *(month for _, month in known[:MONTHS_SHOWN])}, reverse=True),
        state=state,
        at=request.args.get("store"),
        stores=stores if {store.id for store in stores} - {store_id} else [],
        store_id=store_id,
        questioned=questioning.asked_about(store_id, person.employee_id, asked),
        tones=TONES,
        last_day=last_day,
        may_ask=today <= last_day,
    )


def home_zone() -> str:
    """The time zone of one's own store."""
    home = g.get("home_place")
    return home.zone if isinstance(home, Place) else clock.DEFAULT_ZONE


def own_store(month: Month, known: Sequence[tuple[Store, Month]]) -> int:
    """The store of one's own statement of a month.

    Whoever moved may have one at two stores: ``store`` in the address says which. Else it is the own store's, or that
    of another store where only that one was reviewed.

    Raises:
        NotFound: one belongs to no store, or never had a statement at the one that is named.
    """
    home, reviewed = actor().home_store_id, [store.id for store, each in known if each == month]
    found = home if home in reviewed else next(iter(reviewed), home)
    if named := request.args.get("store"):
        found = next((store.id for store, _month in known if store.code == named), None)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def statement_of(store_id: int, month: Month, employee_id: int) -> reading.ReadStatement:
    """Somebody's statement.

    Raises:
        NotFound: the month has nothing to tell about the person at this store.
    """
    found = reading.of_person(store_id, month, employee_id)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


@bp.get("/stores/<store_code>/months/<month>/statements/<int:employee_id>")
@guarded(Capability.READ_STATEMENTS)
def statement(month: str, employee_id: int) -> str:
    """One person's statement, as the manager and finance see it."""
    here, asked = place(), Month.parse(month)
    found = statement_of(here.id, asked, employee_id)
    former = comparing.reviewed(here.id, asked.plus(-1), employee_id)
    return render_template(
        "payroll/statement.html",
        statement=found,
        before=None if former is None else former.total,
        rows=comparing.beside(found, former),
        month=asked,
        state=periods.state_of(here.id, asked),
    )


@bp.get("/stores/<store_code>/months/<month>/statements/<int:employee_id>/beside")
@guarded(Capability.READ_STATEMENTS)
def beside(month: str, employee_id: int) -> str:
    """One person's lines beside those of the month before; the review opens it over itself."""
    here, asked = place(), Month.parse(month)
    found = statement_of(here.id, asked, employee_id)
    rows = comparing.beside(found, comparing.reviewed(here.id, asked.plus(-1), employee_id))
    return render_template("payroll/beside.html", statement=found, month=asked, rows=rows)
