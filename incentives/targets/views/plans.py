"""Plan tables: send one, read what does not agree, decide, and make targets of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from incentives.core.access import Capability
from incentives.core.figures import figure
from incentives.core.plan_table import MONTH_NAMES, TOTAL, PlanTable
from incentives.core.proofreading import Finding, Kind
from incentives.db import db
from incentives.targets.forms import PlanFileForm, cells_form, columns_form, ways_form
from incentives.targets.models import PlanFile, PlanTableState
from incentives.targets.service import catalogue, plan_columns, plan_decisions, plan_files, plan_proof, plan_targets
from incentives.targets.service.plan_columns import Meaning
from incentives.targets.service.sharing import department_name
from incentives.targets.views.blueprint import bp
from incentives.targets.views.showing import departments, indicator_name, say_outcome, today
from incentives.web.forms import Form
from incentives.web.guards import actor, guarded, place
from incentives.web.i18n import tell

YES = "yes"


@bp.route("/stores/<store_code>/plan-tables", methods=["GET", "POST"])
@guarded(Capability.SET_TARGETS)
def plans() -> str | BaseResponse | tuple[str, int]:
    """The plan tables that were sent, and a form to send another."""
    form = PlanFileForm()
    if form.submitted():
        with form.refusals():
            sent = _send(form)
            db.session.commit()
            if sent.again:
                flash(_("This very file was sent before for that year. Nothing was changed; here it is."), "info")
            return redirect(url_for("targets.plan", plan_id=sent.plan.id))
    elif request.method == "GET":
        form.year.data = today().year
    files = plan_files.plan_files(place().id)
    return render_template("targets/plans.html", plan_form=form, files=files), 422 if form.refused else 200


def _send(form: PlanFileForm) -> plan_files.Sent:
    file: FileStorage = form.file.data
    data = file.stream.read(plan_files.MOST_BYTES + 1)
    return plan_files.send(place().id, form.year.data, file.filename or "", data, actor_id=actor().employee_id)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the table: what stands there now, what was written, and whether a finding is about it."""

    name: str
    now: str
    written: str
    changed: bool
    wrong: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A month of the table, or its total."""

    label: str
    line: int | None
    cells: list[Cell]
    total: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """A plan table as the page shows it."""

    plan: PlanFile
    table: PlanTable
    meant: list[Meaning]
    found: tuple[Finding, ...]
    lines: list[Line]

    @property
    def missed(self) -> list[str]:
        """Columns that miss their totals, in order."""
        return [finding.columns[0] for finding in self.found if finding.kind is Kind.COLUMN_TOTAL]

    @property
    def is_open(self) -> bool:
        """Whether something must be decided before the targets can be saved."""
        return bool(plan_proof.still_open(self.found))


def _proof(plan: PlanFile) -> Proof:
    written, table, meant = plan_files.written(plan), plan_files.decided(plan), plan_columns.meanings(plan)
    found = plan_proof.findings(plan, table, meant)
    return Proof(plan, table, meant, found, _lines(written, table, found))


def _lines(written: PlanTable, table: PlanTable, found: Sequence[Finding]) -> list[Line]:
    wrong = {(finding.month, column) for finding in found for column in finding.columns}
    changed = plan_decisions.differences(written, table)
    return [
        Line(
            label=tell(MONTH_NAMES[month]),
            line=row.line if (row := written.row(month)) else None,
            cells=[
                Cell(
                    name=f"m{month}c{number}",
                    now=_cell(table, month, number),
                    written=_cell(written, month, number),
                    changed=(month, column) in changed,
                    wrong=(month, column) in wrong,
                )
                for number, column in enumerate(table.columns)
            ],
            total=month == TOTAL,
        )
        for month in [*range(1, 13), TOTAL]
    ]


def _cell(table: PlanTable, month: int, column: int) -> str:
    row = table.row(month)
    cell = row.cells[column] if row else None
    return figure(cell, table.places(column)) if isinstance(cell, Fraction) else cell or ""


@bp.get("/stores/<store_code>/plan-tables/<int:plan_id>")
@guarded(Capability.SET_TARGETS)
def plan(plan_id: int) -> str:
    """A plan table, what does not agree in it, and the ways to decide."""
    return _page(plan_files.plan_file(place().id, plan_id))


def _page(found: PlanFile, refused: Form | None = None) -> str:
    proof = _proof(found)
    columns = _columns_form(proof)
    return render_template(
        "targets/plan.html",
        proof=proof,
        applied=found.state is PlanTableState.APPLIED,
        findings=[(finding, tell(finding.sentence)) for finding in proof.found],
        columns_form=columns,
        columns=list(enumerate(proof.table.columns)),
        ways_form=ways_form(proof.missed)(formdata=None),
        ways=[f"way{number}" for number in range(len(proof.missed))],
        act_form=refused or Form(formdata=None),
    )


def _columns_form(proof: Proof) -> Form:
    own = [(str(each.id), indicator_name(each)) for each in catalogue.indicators(place().id)]
    there = [(str(each.id), tell(department_name(each))) for each in departments()]
    form = columns_form(proof.table.columns, own, there)()
    if request.endpoint != "targets.choose_columns":
        for number, meaning in enumerate(proof.meant):
            form[f"indicator{number}"].data = str(meaning.indicator.id) if meaning.indicator else ""
            form[f"department{number}"].data = str(meaning.scope.department_id or "")
        form["wan"].data = proof.plan.wan
    return form


def _acted(found: PlanFile, form: Form) -> BaseResponse | tuple[str, int]:
    """Back to the table, or the table with the refusal over it."""
    if form.refused:
        return _page(plan_files.plan_file(place().id, found.id), form), 422
    db.session.commit()
    return redirect(url_for("targets.plan", plan_id=found.id))


@bp.post("/stores/<store_code>/plan-tables/<int:plan_id>/columns")
@guarded(Capability.SET_TARGETS)
def choose_columns(plan_id: int) -> BaseResponse | tuple[str, int]:
    """Say what the columns mean."""
    found = plan_files.plan_file(place().id, plan_id, lock=True)
    form = _columns_form(_proof(found))
    if form.submitted():
        with form.refusals():
            chosen = {
                column: (_id(form[f"indicator{number}"].data), _id(form[f"department{number}"].data))
                for number, column in enumerate(plan_files.written(found).columns)
            }
            plan_columns.remember(found, chosen, wan=bool(form["wan"].data), actor_id=actor().employee_id)
            flash(_("Noted, also for the next table of this kind."), "success")
    return _acted(found, form)


def _id(text: object) -> int | None:
    return int(str(text)) if text else None


@bp.post("/stores/<store_code>/plan-tables/<int:plan_id>/decide")
@guarded(Capability.SET_TARGETS)
def decide_plan(plan_id: int) -> BaseResponse | tuple[str, int]:
    """Keep the months or keep the totals, column by column."""
    found = plan_files.plan_file(place().id, plan_id, lock=True)
    missed = _proof(found).missed
    form = ways_form(missed)()
    if form.submitted():
        with form.refusals():
            ways = {column: form[f"way{number}"].data == "total" for number, column in enumerate(missed)}
            plan_decisions.decide(found, ways, actor_id=actor().employee_id)
            flash(_("Decided. Look at the figures, then save them as targets."), "success")
    return _acted(found, form)


@bp.post("/stores/<store_code>/plan-tables/<int:plan_id>/cells")
@guarded(Capability.SET_TARGETS)
def edit_plan(plan_id: int) -> BaseResponse | tuple[str, int]:
    """Write other figures into the table."""
    found = plan_files.plan_file(place().id, plan_id, lock=True)
    table = plan_files.decided(found)
    form = cells_form(table)()
    if form.submitted():
        with form.refusals():
            numbers = {
                (month, column): number
                for month in range(TOTAL, 13)
                for place_, column in enumerate(table.columns)
                if (number := form.figure(f"m{month}c{place_}")) is not None and number != table.number(month, place_)
            }
            plan_decisions.edit_cells(found, numbers, actor_id=actor().employee_id)
            flash(ngettext("%(num)d figure changed.", "%(num)d figures changed.", len(numbers)), "success")
    return _acted(found, form)


@bp.post("/stores/<store_code>/plan-tables/<int:plan_id>/undo")
@guarded(Capability.SET_TARGETS)
def undo_plan(plan_id: int) -> BaseResponse | tuple[str, int]:
    """Back to what was written."""
    found = plan_files.plan_file(place().id, plan_id, lock=True)
    form = Form()
    with form.refusals():
        plan_decisions.undo(found, actor_id=actor().employee_id)
        flash(_("The table stands again as it was written."), "success")
    return _acted(found, form)


@bp.post("/stores/<store_code>/plan-tables/<int:plan_id>/apply")
@guarded(Capability.SET_TARGETS)
def apply_plan(plan_id: int) -> BaseResponse | tuple[str, int]:
    """Make targets of the table."""
    found = plan_files.plan_file(place().id, plan_id, lock=True)
    form = Form()
    with form.refusals():
        applied = plan_targets.apply(found, actor_id=actor().employee_id, today=today())
        say_outcome(applied.outcome)
        if applied.not_open:
            months = ", ".join(map(str, applied.not_open))
            flash(_("Not open any more, so their targets stay as they were: %(months)s.", months=months), "info")
    return _acted(found, form)


@bp.get("/stores/<store_code>/plan-tables/<int:plan_id>/file")
@guarded(Capability.SET_TARGETS)
def plan_original(plan_id: int) -> Response:
    """The file as it was sent."""
    found = plan_files.plan_file(place().id, plan_id)
    response = Response(found.data, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name.replace("\n", " ") or "plan")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
