"""One's own score and points, opened into what they are made of."""

from __future__ import annotations

from flask import render_template, request, url_for

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import from_plain
from incentives.core.period import Month
from incentives.core.score import Part
from incentives.leaderboards.service import scoring
from incentives.leaderboards.views.blueprint import bp
from incentives.leaderboards.views.words import period_name
from incentives.ledger import service as ledger
from incentives.ledger.calendar import PeriodKind, after, before, key_of, span_of
from incentives.people.service import staff
from incentives.web.filters import number
from incentives.web.guards import actor, guarded, place, signed_in
from incentives.web.i18n import tell


@bp.get("/me/score")
@signed_in
def score() -> str:
    """What one's score of a month is made of."""
    month = Month.parse(request.args["month"]) if request.args.get("month") else Month.of(clock.today())
    home = actor().home_store_id
    found = scoring.score_of(home, month, actor().employee_id) if home is not None else None
    return _score_page(month, found, name="")


@bp.get("/stores/<store_code>/scores/<int:employee_id>")
@guarded(Capability.READ_STATEMENTS)
def score_of(employee_id: int) -> str:
    """What somebody's score of a month is made of: pay may depend on it."""
    month = Month.parse(request.args["month"]) if request.args.get("month") else Month.of(clock.today(place().zone))
    person = staff.employee_of(place().id, employee_id)
    return _score_page(month, scoring.score_of(place().id, month, employee_id), name=person.name)


def _score_page(month: Month, found: scoring.PersonScore | None, *, name: str) -> str:
    return render_template(
        "leaderboards/score.html",
        month=month,
        months=[Month.of(clock.today()).plus(-back) for back in range(13)],
        score=found.score if found else None,
        name=name,
        employee_id=found.employee_id if found else None,
        part_name=_part_name,
        measured_by={part.value: code for part, code in scoring.PARTS.items()},
    )


@bp.get("/me/points")
@signed_in
def points() -> str:
    """One's own points of a period, line by line, each with its rule."""
    running = key_of(PeriodKind.MONTH, clock.today())
    period = request.args.get("period") or running
    return render_template(
        "leaderboards/points.html",
        period=period_name(period),
        total=number(ledger.points_of(actor().employee_id, period)),
        lines=ledger.points_lines(actor().employee_id, period),
        said=from_plain,
        previous_url=url_for("leaderboards.points", period=before(period)),
        next_url=url_for("leaderboards.points", period=after(period)) if span_of(period).end <= clock.today() else "",
    )


def _part_name(code: str) -> str:
    return tell(Part(code).says)
