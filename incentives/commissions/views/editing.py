"""A sheet: the plan as a form, with its check, its sentences and its sample beside it, all kept as one types."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives.commissions.editing.changing import act, append
from incentives.commissions.editing.fields import Box, Pickers, Rows, all_fields
from incentives.commissions.editing.filling import fill
from incentives.commissions.editing.form import form_of, rows_of
from incentives.commissions.editing.tree import list_at, mapping_at, text_at
from incentives.commissions.format.writing import Mapping
from incentives.commissions.models import PayPlan, PlanSheet
from incentives.commissions.service import plans, sheets
from incentives.commissions.service.looking import Trying, look
from incentives.commissions.service.pickers import pickers
from incentives.commissions.service.sampling import as_example, usual_person
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import this_month
from incentives.commissions.views.marks import leads_of, marks_of
from incentives.core.access import Capability
from incentives.core.errors import Conflict, DomainError, Faults, Sentence, say
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
    status = 200
    try:
        focus = _take(asked, words)
        db.session.commit()
        if words == "keep":
            return _keep_draft(asked)
    except DomainError as refused:
        db.session.rollback()
        status = refused.status
        refusals = [refused.sentence, *(refused.faults if isinstance(refused, Faults) and words != "keep" else ())]
    return _page(asked, refusals, focus=focus), status


def _take(asked: Asked, words: str) -> str:
    """Keep what was typed, then do what was pressed; the place to look at next, if a row was added or moved."""
    sheet = asked.sheet
    tree = sheets.tree_of(sheet, _seen(sheet))
    fill(tree, all_fields(asked.form(tree)), request.form.getlist)
    typed_only = _require_last_writer(sheet, tree) and "shape" not in request.form
    month = _month(request.form.get("from_month", ""))
    sheets.keep(sheet, tree, from_month=month, sample=_sample_typed(), typed_only=typed_only)
    sheets.give_reasons(sheet, _named_in_form("reason:"))
    db.session.commit()
    if words in _TURNS:
        _TURNS[words](sheet)
    if words == "example":
        return _keep_sample(asked)
    return _change(sheet, words) if "|" in words else ""


def _require_last_writer(sheet: PlanSheet, tree: Mapping) -> bool:
    """Whether this window wrote last, too; else what it typed begins a step of its own.

    Raises:
        Conflict: another window wrote on the sheet, unseen by this one; what was typed here is set aside.
    """
    before, page = sheet.page, request.form.get("page", "")[:32]
    if not sheets.follows(sheet, page, _seen(sheet)):
        sheets.set_aside(sheet, tree)
        db.session.commit()
        raise Conflict(
            say("Another window or device wrote on this sheet meanwhile. It is shown now; “Undo” brings back yours.")
        )
    return page == before


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


def _keep_sample(asked: Asked) -> str:
    """Add the live sample to the plan's examples; the place where it stands.

    Raises:
        DomainError: the plan has faults, or the sample cannot be told as an example.
    """
    sheet = asked.sheet
    tree = sheets.tree_of(sheet)
    seen = look(place().id, tree, sheet.from_month, _trying(asked, tree))
    if seen.document is None or seen.sampled is None:
        raise DomainError(say("As soon as the plan is complete and can be worked out, its sample can be kept."))
    made = as_example(place().id, seen.document.plan, seen.sampled)
    focus = append(tree, "examples", made)
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
    figures = {name: value[:40] for name, value in _named_in_form("figure:").items() if value.strip()}
    return {
        "who": request.form.get("who", "")[:60],
        "month": request.form.get("sample_month", "")[:7],
        "typed": figures,
    }


def _named_in_form(prefix: str) -> dict[str, str]:
    found = {name.removeprefix(prefix): value for name, value in request.form.items() if name.startswith(prefix)}
    return dict(list(found.items())[:MOST_FIGURES])


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


def _page(asked: Asked, refusals: Iterable[Sentence] = (), *, focus: str = "") -> str:
    sheet, tree = asked.sheet, sheets.tree_of(asked.sheet)
    form, trying = asked.form(tree), _trying(asked, tree)
    seen = look(place().id, tree, sheet.from_month, trying, sheet.reasons)
    first, last = sheets.reach(sheet)
    return render_template(
        "commissions/sheet.html",
        sheet=sheet,
        form=form,
        look=seen,
        trying=trying,
        pickers=asked.pickers,
        marks=marks_of(form, seen),
        lead=leads_of(form, seen),
        refusals=list(refusals),
        overtaken=sheets.overtaken_by(sheet),
        others=sheets.others_at_work(sheet),
        page_id=request.form.get("page", "")[:32] or secrets.token_hex(8),
        focus=focus,
        alone=_alone(tree),
        becomes=_becomes(asked, tree),
        rows=rows_of(tree),
        parameters=list(mapping_at(tree, "parameters")),
        title=tell(sheets.name_in(tree).sentence()),
        can_undo=sheet.at > first,
        can_redo=sheet.at < last,
    )


def _alone(tree: Mapping) -> str:
    """The only row of the plan, which stands open from the beginning."""
    return "lines[0]" if len(list_at(tree, "lines")) == 1 else ""


def _becomes(asked: Asked, tree: Mapping) -> PayPlan | None:
    """The plan of which this becomes a version although it began as a plan of its own."""
    if asked.sheet.plan_id is not None or asked.sheet.version_id is not None:
        return None
    return plans.plan_by_code(place().id, text_at(tree, "plan"))


def _trying(asked: Asked, tree: Mapping) -> Trying:
    kept = asked.sheet.sample
    month = _month(str(kept.get("month", ""))) or this_month()
    who = str(kept.get("who", ""))
    if not who:
        plan = plans.plan_by_code(place().id, text_at(tree, "plan"))
        who = usual_person(place().id, month, plan, actor().employee_id)
    return Trying(month, who, kept.get("typed", {}))
