"""Sheets: a plan being written by one person, kept at every change, with undo and redo, until it becomes a draft.

A sheet is the writer's own scratch paper: nobody is paid by it and nobody else sees it, so its changes leave no audit
row. The act that leaves one is keeping it as a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.commissions.editing import tree as trees
from incentives.commissions.format import dump, load
from incentives.commissions.format.document import dump_tree
from incentives.commissions.format.writing import Mapping as Tree
from incentives.commissions.models import PlanMove, PlanSheet, PlanSheetStep, PlanVersion
from incentives.commissions.service import checking, plans
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.measure import Label
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee

MOST_STEPS = 100
"""Changes that can be undone."""
MOST_SHEETS = 30
"""Sheets that one person may have open in a store."""
LONGEST_KEY = 64
"""Characters of a digest, by which a finding is named."""
MOST_REASONS = 200
"""Reasons that a sheet keeps, the latest ones; those of findings that are long gone make room."""


def begin(
    store_id: int,
    owner_id: int,
    text: str,
    *,
    from_month: Month,
    version: PlanVersion | None = None,
    plan_id: int | None = None,
    reasons: Mapping[str, str] = checking.NO_REASONS,
) -> PlanSheet:
    """Open a sheet with a plan's text; the sheet that changes a draft is opened only once.

    ``reasons`` were given for warnings of the version that it begins with, and hold as long as these are the same.

    Raises:
        Faults: the text is no plan.
        Conflict: the version is no draft, or the person has too many sheets.
    """
    if version is not None:
        plans.require_draft(version)
        if found := _of_version(store_id, owner_id, version.id):
            return found
    first = trees.read(dump(load(text)))
    if len(open_sheets(store_id, owner_id)) >= MOST_SHEETS:
        raise Conflict(say("You have {most} sheets open: finish or discard one first.", most=MOST_SHEETS))
    sheet = PlanSheet(
        store_id=store_id,
        owner_id=owner_id,
        plan_id=plan_id,
        version_id=None if version is None else version.id,
        seen_revision=0 if version is None else version.revision,
        text=text,
        from_month=from_month,
        at=0,
        sample={},
        reasons=dict(reasons),
        changed_at=clock.now(),
    )
    db.session.add(sheet)
    db.session.flush()
    db.session.add(PlanSheetStep(sheet_id=sheet.id, number=0, tree=first, typed_only=False))
    db.session.flush()
    return sheet


def _of_version(store_id: int, owner_id: int, version_id: int) -> PlanSheet | None:
    found = select(PlanSheet).where(
        PlanSheet.store_id == store_id, PlanSheet.owner_id == owner_id, PlanSheet.version_id == version_id
    )
    return db.session.scalars(found.order_by(PlanSheet.id).limit(1)).one_or_none()


def open_sheets(store_id: int, owner_id: int) -> Sequence[PlanSheet]:
    """The sheets that somebody has begun and not finished, the last one first."""
    found = select(PlanSheet).where(PlanSheet.store_id == store_id, PlanSheet.owner_id == owner_id)
    return db.session.scalars(found.order_by(PlanSheet.changed_at.desc(), PlanSheet.id.desc())).all()


def begun(store_id: int, owner_id: int) -> list[tuple[PlanSheet, Label]]:
    """The same with what the plan on each is called."""
    found = (
        select(PlanSheet, PlanSheetStep.tree)
        .join(PlanSheetStep, (PlanSheetStep.sheet_id == PlanSheet.id) & (PlanSheetStep.number == PlanSheet.at))
        .where(PlanSheet.store_id == store_id, PlanSheet.owner_id == owner_id)
        .order_by(PlanSheet.changed_at.desc(), PlanSheet.id.desc())
    )
    return [(sheet, name_in(tree)) for sheet, tree in db.session.execute(found)]


def name_in(tree: Tree) -> Label:
    """What the plan in a tree is called; a dash where it has no name yet."""
    said = tree.get("name")
    if isinstance(said, str):
        return Label(said, said)
    zh, en = trees.text_at(tree, "name.zh"), trees.text_at(tree, "name.en")
    return Label(en or zh or "—", zh or en or "—")


def sheet_of(store_id: int, owner_id: int, sheet_id: int) -> PlanSheet:
    """One of a person's own sheets, locked to be changed.

    Raises:
        NotFound: the person has none of that id in the store.
    """
    found = db.session.scalars(
        select(PlanSheet)
        .where(PlanSheet.store_id == store_id, PlanSheet.owner_id == owner_id, PlanSheet.id == sheet_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def tree_of(sheet: PlanSheet, number: int | None = None) -> Tree:
    """The plan as it stands at a step, the present one unless said.

    Raises:
        Conflict: the step is too long ago to be kept.
    """
    return trees.copied(_step(sheet, sheet.at if number is None else number).tree)


def _step(sheet: PlanSheet, number: int) -> PlanSheetStep:
    found = db.session.scalars(
        select(PlanSheetStep).where(PlanSheetStep.sheet_id == sheet.id, PlanSheetStep.number == number)
    ).one_or_none()
    if found is None:
        raise Conflict(say("This page is older than what is kept. Load it again."))
    return found


def keep(sheet: PlanSheet, tree: Tree, *, from_month: Month | None, sample: dict[str, Any], typed_only: bool) -> None:
    """Keep what the sheet says now as its next step; what was undone before is gone then.

    Typing that follows typing joins the same step, so that undo takes back a change and not a letter.

    Raises:
        DomainError: the plan became too large to be read.
    """
    if trees.is_too_deep(tree) or len(dump_tree(tree)) > plans.LONGEST_TEXT:
        raise DomainError(say("The plan became too large: {most} characters at most.", most=plans.LONGEST_TEXT))
    sheet.sample, sheet.changed_at = sample, clock.now()
    if from_month is not None:
        sheet.from_month = from_month
    now = _step(sheet, sheet.at)
    if now.tree == tree:
        return
    if typed_only and now.typed_only:
        now.tree = tree
        return
    db.session.execute(
        delete(PlanSheetStep).where(
            PlanSheetStep.sheet_id == sheet.id,
            (PlanSheetStep.number > sheet.at) | (PlanSheetStep.number <= sheet.at - MOST_STEPS),
        )
    )
    sheet.at += 1
    db.session.add(PlanSheetStep(sheet_id=sheet.id, number=sheet.at, tree=tree, typed_only=typed_only))
    db.session.flush()


def follows(sheet: PlanSheet, page: str, seen: int) -> bool:
    """Whether a window has seen all that was written on the sheet, or wrote it itself. From now on it is the writer."""
    before, sheet.page = sheet.page, page
    return seen == sheet.at or page == before


def set_aside(sheet: PlanSheet, tree: Tree) -> None:
    """Keep what one window typed without knowing of another's as a step of its own, below what the other wrote."""
    others, month = tree_of(sheet), sheet.from_month
    for each in (tree, others):
        keep(sheet, each, from_month=month, sample=sheet.sample, typed_only=False)


def overtaken_by(sheet: PlanSheet) -> PlanMove | None:
    """How somebody else changed the draft after it was taken on the sheet, if so."""
    version = None if sheet.version_id is None else db.session.get(PlanVersion, sheet.version_id)
    if version is None or version.revision == sheet.seen_revision:
        return None
    moves = select(PlanMove).where(PlanMove.version_id == version.id).order_by(PlanMove.id.desc()).limit(1)
    return db.session.scalars(moves.options(joinedload(PlanMove.actor))).one_or_none()


def others_at_work(sheet: PlanSheet) -> list[str]:
    """Who else has a sheet that changes the same draft, by name."""
    if sheet.version_id is None:
        return []
    found = (
        select(Employee.name)
        .join(PlanSheet, PlanSheet.owner_id == Employee.id)
        .where(PlanSheet.version_id == sheet.version_id, PlanSheet.owner_id != sheet.owner_id)
    )
    return list(db.session.scalars(found.order_by(Employee.number)))


def give_reasons(sheet: PlanSheet, reasons: Mapping[str, str]) -> None:
    """Keep what was written beside warnings; a reason that was emptied is none any more."""
    texts = {key: text.strip()[: checking.LONGEST_REASON] for key, text in reasons.items() if len(key) <= LONGEST_KEY}
    kept = [(key, text) for key, text in sheet.reasons.items() if key not in texts]
    given = [(key, text) for key, text in texts.items() if text]
    sheet.reasons = dict([*kept, *given][-MOST_REASONS:])


def undo(sheet: PlanSheet) -> bool:
    """Go back one step; whether there was one."""
    return _go(sheet, -1)


def redo(sheet: PlanSheet) -> bool:
    """Do again what was undone; whether there was anything."""
    return _go(sheet, 1)


def _go(sheet: PlanSheet, by: int) -> bool:
    first, last = reach(sheet)
    if not first <= sheet.at + by <= last:
        return False
    sheet.at += by
    db.session.flush()
    return True


def reach(sheet: PlanSheet) -> tuple[int, int]:
    """The first and the last step that are kept."""
    first, last = db.session.execute(
        select(func.min(PlanSheetStep.number), func.max(PlanSheetStep.number)).where(PlanSheetStep.sheet_id == sheet.id)
    ).one()
    return first, last


def text_of(sheet: PlanSheet) -> str:
    """The plan's text: as it was written while nothing is changed, else as the form writes it.

    The form's own writing is read and written again where it can be, so that the same plan is always the same text.
    """
    tree = tree_of(sheet)
    if sheet.at == 0:
        return sheet.text
    text = dump_tree(tree)
    try:
        return dump(load(text))
    except DomainError:
        return text


def finish(sheet: PlanSheet, *, actor_id: int) -> PlanVersion:
    """Keep the sheet as a draft, or as the next version; the sheet is gone then.

    Raises:
        Faults: it is no plan yet, with every fault named by its place.
        Conflict: somebody else changed the draft, or it is none any more.
        DomainError: its month is not open any more, or its code is another plan's.
    """
    text = text_of(sheet)
    if sheet.version_id is not None:
        version = plans.version_of(sheet.store_id, sheet.version_id)
        plans.rewrite(version, text, from_month=sheet.from_month, seen=sheet.seen_revision, actor_id=actor_id)
    else:
        if sheet.plan_id is not None:
            plans.require_code(plans.plan_of(sheet.store_id, sheet.plan_id), load(text).plan.code)
        version = plans.draft(sheet.store_id, text, from_month=sheet.from_month, actor_id=actor_id)
    checking.keep_reasons(version, sheet.reasons, actor_id=actor_id)
    discard(sheet)
    return version


def take_over(sheet: PlanSheet) -> None:
    """Having seen what somebody else made of the draft meanwhile, go on with the sheet over it."""
    if sheet.version_id is not None:
        sheet.seen_revision = plans.version_of(sheet.store_id, sheet.version_id).revision
        db.session.flush()


def discard(sheet: PlanSheet) -> None:
    """Throw a sheet away."""
    db.session.execute(delete(PlanSheetStep).where(PlanSheetStep.sheet_id == sheet.id))
    db.session.delete(sheet)
    db.session.flush()
