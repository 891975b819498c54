"""Inspections as the facts behind a 6S score."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives.core.answer import Fact, Page
from incentives.core.errors import say
from incentives.core.measure import Label
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import AreaResponsibility, Inspection
from incentives.inspections.service.areas import not_corrected
from incentives.inspections.service.figures import held_on_the_day, posted_on_the_day
from incentives.ledger.service.derived import Whom
from incentives.people.models import Posting


def behind(store_id: int, first: Month, last: Month, whom: Whom) -> list[Fact]:
    """The inspections that count: of the store, or of the areas that somebody owned on the day."""
    found = (
        select(Inspection)
        .where(Inspection.store_id == store_id, Inspection.month.between(first, last), not_corrected())
        .options(joinedload(Inspection.area), joinedload(Inspection.inspector))
        .order_by(Inspection.business_date, Inspection.id)
    )
    if not whom.is_store:
        found = (
            found.join(AreaResponsibility, held_on_the_day())
            .join(Posting, posted_on_the_day())
            .where(*whom.conditions(Posting.department_id, AreaResponsibility.employee_id))
            .distinct()
        )
    return [_fact(each) for each in db.session.scalars(found)]


def _fact(each: Inspection) -> Fact:
    area = Label(en=each.area.name_en or each.area.name, zh=each.area.name).sentence()
    return Fact(
        day=each.business_date,
        document=f"6S-{each.id}",
        what=say("inspection of {area}", area=area),
        counted=f"{each.reached} / {each.possible}",
        by=each.inspector.name,
        at=each.submitted_at,
        page=Page("inspections.inspection", {"inspection_id": each.id}),
    )
