"""Why a value stands on a board, and why somebody has points: the rule, the sum and, for those who may, the facts."""

from __future__ import annotations

from flask import render_template, url_for

from incentives.core.access import Capability, Scope, scope_at
from incentives.core.errors import NotFound, from_plain, say
from incentives.leaderboards.service import explaining
from incentives.leaderboards.service.measures import Shows
from incentives.leaderboards.service.showing import Shown
from incentives.leaderboards.views import boards
from incentives.leaderboards.views.blueprint import bp
from incentives.leaderboards.views.words import period_name
from incentives.ledger import service as ledger
from incentives.ledger.service import Place, PointsLine
from incentives.web.guards import actor, guarded, place, signed_in

NEEDED = {
    Shows.POINTS: Capability.READ_STATEMENTS,
    Shows.SCORE: Capability.READ_STATEMENTS,
    Shows.PERCENT: Capability.READ_COCKPIT,
    Shows.PIECES: Capability.READ_FACTS,
    Shows.INDEX: Capability.READ_FACTS,
}
"""Which capability opens the facts behind a value of somebody else."""


@bp.get("/stores/<store_code>/boards/<int:employee_id>", endpoint="place")
@guarded(Capability.READ_BOARDS)
def of_place(employee_id: int) -> str:
    """Why a value that the reader sees on a board is what it is. What a board does not show has no page either."""
    chosen = boards.choice()
    shown = boards.shown_of(
        chosen, ledger.head(chosen.measure.code, chosen.period, chosen.scope.key, actor().employee_id)
    )
    found = _on_board(shown, employee_id, ranks=chosen.store.show_ranks)
    own = employee_id == actor().employee_id
    asked = explaining.Asked(
        place().id, chosen.store.group_id, employee_id, chosen.measure, chosen.scope.key, chosen.period
    )
    return render_template(
        "leaderboards/place.html",
        title=boards.title_of(chosen.measure),
        period=period_name(chosen.period),
        found=found,
        shown=shown,
        value=boards.value_text(found.value, chosen.measure, shown),
        why=explaining.explain(asked),
        own=own,
        may_read=own or _may_read(chosen),
        back=chosen.url(chosen.period),
    )


def _on_board(shown: Shown, employee_id: int, *, ranks: bool) -> Place:
    """The place of somebody that the reader sees.

    Raises:
        NotFound: the board does not show that person to this reader.
    """
    own = [shown.mine.place] if shown.mine else []
    around = shown.mine.around if shown.mine else []
    seen = own if shown.too_few or not ranks else [*own, *around, *shown.places]
    for each in seen:
        if each.employee_id == employee_id:
            return each
    raise NotFound(say("There is no such page, or it is not for you to see."))


def _may_read(chosen: boards.Choice) -> bool:
    """Whether the facts of others are the reader's to see: on a board of several stores only with the whole group's."""
    least = Scope.STORE if chosen.scope.of_one_store else Scope.GROUP
    return scope_at(actor(), NEEDED[chosen.measure.shows], place().id) >= least


@bp.get("/me/points/<int:line_id>")
@signed_in
def points_line(line_id: int) -> str:
    """Why a line of one's own points is what it is, down to the documents."""
    return _points_page(ledger.points_line(line_id, employee_id=actor().employee_id), own=True)


@bp.get("/stores/<store_code>/points/<int:line_id>")
@guarded(Capability.READ_STATEMENTS)
def points_line_of(line_id: int) -> str:
    """Why a line of somebody's points is what it is, down to the documents."""
    return _points_page(ledger.points_line(line_id, store_id=place().id), own=False)


def _points_page(line: PointsLine | None, *, own: bool) -> str:
    if line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    found = explaining.explain_points(line)
    record_url = ""
    if found.record is not None:
        record_url = url_for("rewards.own" if own else "rewards.show", record_id=found.record)
    return render_template(
        "leaderboards/points_line.html", found=found, line=line, own=own, said=from_plain, record_url=record_url
    )
