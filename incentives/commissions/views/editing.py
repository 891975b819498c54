"""A sheet: the plan as a form, with its check, its sentences and its sample beside it, all kept as one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives.commissions.editing.changing import act
from incentives.commissions.editing.fields import Box, Pickers, Rows, all_fields, row_id
from incentives.commissions.editing.filling import fill
from incentives.commissions.editing.form import form_of
from incentives.commissions.editing.tree import mapping_at
from incentives.commissions.format.writing import Mapping
from incentives.commissions.models import FindingReason, PlanSheet
from incentives.commissions.service import checking, sheets
from incentives.commissions.service.looking import Look, Trying, look
from incentives.commissions.service.pickers import pickers
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import this_month
from incentives.core.access import Capability
from incentives.core.errors import Conflict, DomainError, Faults, Sentence
from incentives.core.period import Month
from incentives.db import db
from incentives.targets.service.catalogue import for_plans
from incentives.web.guards import actor, guarded, place
from incentives.web.i18n import tell
from incentives.web.sent import whole_or

MOST_FIGURES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request about a sheet needs throughout."""

    sheet: PlanSheet
    pickers: Pickers

    def form(self, tree: Mapping) -> tuple[Box | Rows, ...]:
        """The form of a plan on this sheet."""
        return form_of(tree, self.pickers, new=self.sheet.plan_id is None and self.sheet.version_id is None)


def _asked(sheet_id: int) -> Asked:
    here = place()
    sheet = sheets.sheet_of(here.id, actor().employee_id, sheet_id)
    return Asked(sheet, pickers(here.id, this_month(), for_plans(here.id)))


@bp.get("/stores/<store_code>/plans/sheets/<int:sheet_id>")
@guarded(Capability.DRAFT_PLANS)
def sheet(sheet_id: int) -> str:
    """The plan being written."""
    return _page(_asked(sheet_id))


@bp.post("/stores/<store_code>/plans/sheets/<int:sheet_id>")
@guarded(Capability.DRAFT_PLANS)
def change_sheet(sheet_id: int) -> str | BaseResponse | tuple[str, int]:
    """Take what was typed and do what was pressed. Answers with the sheet as it is then."""
    asked = _asked(sheet_id)
    words, refusals, focus = request.form.get("op", ""), [], ""
    try:
        focus = _take(asked, words)
        db.session.commit()
        if words == "keep":
            return _keep_draft(asked)
    except Faults as refused:
        db.session.rollback()
        refusals = [refused.sentence, *(() if words == "keep" else refused.faults)]
    except Conflict as refused:
        db.session.rollback()
        return _page(asked, [refused.sentence], overtaken=words == "keep"), 409
    except DomainError as refused:
        db.session.rollback()
        refusals = [refused.sentence]
    return _page(asked, refusals, focus=focus), 422 if refusals else 200


def _take(asked: Asked, words: str) -> str:
    """Keep what was typed, then do what was pressed; the place to look at next, if a row was added or moved."""
    sheet = asked.sheet
    tree = sheets.tree_of(sheet, _seen(sheet))
    fill(tree, all_fields(asked.form(tree)), request.form.getlist)
    month = _month(request.form.get("from_month", ""))
    typed_only = "shape" not in request.form
    sheets.keep(sheet, tree, from_month=month, sample=_sample_typed(), typed_only=typed_only)
    db.session.commit()
    if words in _TURNS:
        _TURNS[words](sheet)
    return _change(sheet, words) if "|" in words else ""


_TURNS: dict[str, Callable[[PlanSheet], object]] = {
    "undo": sheets.undo,
    "redo": sheets.redo,
    "over": sheets.take_over,
}


def _change(sheet: PlanSheet, words: str) -> str:
    tree = sheets.tree_of(sheet)
    focus = act(tree, words)
    sheets.keep(sheet, tree, from_month=None, sample=sheet.sample, typed_only=False)
    return focus


def _seen(sheet: PlanSheet) -> int:
    return whole_or(sheet.at, request.form.get("seen", ""))


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except DomainError:
        return None


def _sample_typed() -> dict[str, object]:
    figures = {
        name.removeprefix("figure:"): value[:40]
        for name, value in request.form.items()
        if name.startswith("figure:") and value.strip()
    }
    return {
        "who": request.form.get("who", "")[:60],
        "month": request.form.get("sample_month", "")[:7],
        "typed": dict(list(figures.items())[:MOST_FIGURES]),
    }


def _keep_draft(asked: Asked) -> BaseResponse:
    version = sheets.finish(asked.sheet, actor_id=actor().employee_id)
    db.session.commit()
    flash(_("The draft is kept. Submit it when it is ready for approval."), "success")
    return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version.id))


@bp.post("/stores/<store_code>/plans/sheets/<int:sheet_id>/discard")
@guarded(Capability.DRAFT_PLANS)
def discard_sheet(sheet_id: int) -> BaseResponse:
    """Throw a sheet away."""
    sheets.discard(sheets.sheet_of(place().id, actor().employee_id, sheet_id))
    db.session.commit()
    flash(_("The sheet was thrown away. The plan is as it was."), "success")
    return redirect(url_for("commissions.index"))


# --- showing ---------------------------------------------------------------------------------------------


def _page(asked: Asked, refusals: Iterable[Sentence] = (), *, focus: str = "", overtaken: bool = False) -> str:
    sheet, tree = asked.sheet, sheets.tree_of(asked.sheet)
    form, trying = asked.form(tree), _trying(sheet)
    seen = look(place().id, tree, sheet.from_month, trying, _reasons(sheet))
    first, last = sheets.reach(sheet)
    return render_template(
        "commissions/sheet.html",
        sheet=sheet,
        form=form,
        look=seen,
        trying=trying,
        pickers=asked.pickers,
        at_rows=_by_row(form, seen),
        lead=_leads(form, seen),
        refusals=list(refusals),
        overtaken=overtaken,
        focus=focus,
        parameters=list(mapping_at(tree, "parameters")),
        title=tell(sheets.name_in(tree).sentence()),
        can_undo=sheet.at > first,
        can_redo=sheet.at < last,
    )


def _reasons(sheet: PlanSheet) -> list[FindingReason]:
    return [] if sheet.version_id is None else list(checking.reasons_of(sheet.version_id))


def _trying(sheet: PlanSheet) -> Trying:
    kept = sheet.sample
    month = _month(str(kept.get("month", ""))) or this_month()
    return Trying(month, str(kept.get("who", "") or "i:"), kept.get("typed", {}))


def _by_row(form: tuple[Box | Rows, ...], seen: Look) -> dict[str, list[tuple[str, str]]]:
    """What was found at each row of the form: the row with the longest path that leads to the finding's."""
    rows = _rows(form)
    found: dict[str, list[tuple[str, str]]] = {}
    for fault in seen.faults:
        found.setdefault(_nearest(rows, fault.path), []).append(("error", tell(fault.sentence)))
    for each in seen.report.found:
        words = f"{tell(each.finding.sentence)} {tell(each.finding.case)}"
        found.setdefault(_nearest(rows, each.finding.path), []).append((each.finding.severity.value, words))
    return found


def _leads(form: tuple[Box | Rows, ...], seen: Look) -> dict[str, str]:
    """The id of the row that each fault and finding leads to, by its path."""
    rows = _rows(form)
    paths = [*(fault.path for fault in seen.faults), *(each.finding.path for each in seen.report.found)]
    return {path: row_id(_nearest(rows, path)) for path in paths}


def _rows(form: tuple[Box | Rows, ...]) -> set[str]:
    found = set()
    for each in form:
        found.add(each.path)
        found |= _rows(each.below if isinstance(each, Box) else each.boxes)
    return found


def _nearest(rows: set[str], path: str) -> str:
    while path and path not in rows:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return path
