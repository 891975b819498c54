"""培训进度: who still needs what, why a cell stands as it does, the department's side, make-up sessions."""

from __future__ import annotations

from datetime import date

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.core.period import Span
from incentives.training.service import progress as service
from incentives.training.service.progress import Matrix, Row
from incentives.training.views.blueprint import bp
from incentives.training.views.words import (
    STATE_TONES,
    STATUS_TONES,
    kind_name,
    position_choices,
    year_asked,
    years_around,
)
from incentives.web.filters import month_name, number
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.hooks import Place
from incentives.web.i18n import tell
from incentives.web.tables import Table, as_csv, as_xlsx, download


@bp.get("/stores/<store_code>/training/progress")
@guarded(Capability.READ_TRAINING)
def progress() -> str | Response:
    """The quotas of a year: people × kinds, and the department's side."""
    store, today = place(), clock.today(place().zone)
    year = year_asked(today)
    found = service.matrix(store.id, actor().group_id, year, today)
    positions = dict(position_choices(actor().group_id))
    kind = request.args.get("download")
    if kind in ("xlsx", "csv"):
        table = as_table(found, positions)
        data = as_xlsx(table) if kind == "xlsx" else as_csv(table)
        return download(data, f"training-progress-{store.code}-{year}", kind)
    return render_template(
        "training/progress.html",
        matrix=found,
        year=year,
        years=[
            (str(each), url_for("training.progress", year=each), each == year) for each in years_around(year, today)
        ],
        downloads=[
            (_("Excel"), url_for("training.progress", year=year, download="xlsx")),
            (_("CSV"), url_for("training.progress", year=year, download="csv")),
        ],
        positions=positions,
        burn=burn_chart(found),
        make_ups=service.make_ups(found),
        may_run=allows(Capability.RUN_TRAINING, store.id),
        may_set=allows(Capability.SET_TARGETS, store.id),
        kind_name=kind_name,
        tones=STATUS_TONES,
    )


def as_table(found: Matrix, positions: dict[int, str]) -> Table:
    """The matrix for a file: for each kind what was attended, asked, and how it stands."""
    heading = [_("Number"), _("Name"), _("Position")]
    for kind in found.kinds:
        name = kind_name(kind)
        heading += [_("%(kind)s: attended", kind=name), _("%(kind)s: required", kind=name), name]
    return Table(_("Training progress")[:31], heading, [_file_row(row, positions) for row in found.rows])


def _file_row(row: Row, positions: dict[int, str]) -> list[str | int]:
    cells: list[str | int] = [row.member.number, row.member.name, positions.get(row.member.position_id, "")]
    for cell in row.cells:
        cells += [cell.quota.attended, cell.quota.required, tell(cell.status.says) if cell.status else ""]
    return cells


def burn_chart(found: Matrix) -> dict[str, object]:
    """The way down to none, by an even pace and in fact, for the chart and its table."""
    even = [float(burn.even) for burn in found.burn_down]
    left = [burn.left for burn in found.burn_down]
    return {
        "spec": {
            "kind": "line",
            "labels": [str(burn.month.month) for burn in found.burn_down],
            "unit": _("sessions"),
            "series": [
                {"name": _("by an even pace"), "values": even, "tone": "quiet"},
                {"name": _("still to be held"), "values": left, "tone": "brand"},
            ],
        },
        "urls": [url_for("training.index", month=burn.month) for burn in found.burn_down],
        "rows": [
            (month_name(burn.month), number(burn.even), "–" if burn.left is None else str(burn.left))
            for burn in found.burn_down
        ],
    }


@bp.get("/stores/<store_code>/training/progress/<int:employee_id>/<int:kind_id>")
@guarded(Capability.READ_TRAINING)
def why(employee_id: int, kind_id: int) -> str:
    """The sessions behind a cell."""
    return explain(place(), employee_id, kind_id)


def explain(store: Place, employee_id: int, kind_id: int) -> str:
    """The page of a cell.

    Raises:
        NotFound: there is no such person or kind in the year.
    """
    today = clock.today(store.zone)
    year = year_asked(today)
    row = service.matrix(store.id, actor().group_id, year, today, only=employee_id).of(employee_id)
    cell = next((cell for cell in row.cells if cell.kind.id == kind_id), None) if row else None
    if row is None or cell is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return render_template(
        "training/why.html",
        cell=cell,
        name=row.member.name,
        year=year,
        behind=service.behind(store.id, year, kind_id, employee_id),
        kind_name=kind_name,
        tones=STATUS_TONES,
        state_tones=STATE_TONES,
        may_read=allows(Capability.READ_TRAINING, store.id),
        is_part=cell.days != Span(date(year, 1, 1), date(year + 1, 1, 1)),
    )
