"""The figures that a month was worked out with, kept beside its lines: a what-if moves them without asking the facts.

They are as old as the lines: whoever reads them lets the month be worked out first, if facts changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select

from incentives.commissions.format import load
from incentives.commissions.models import PayLine, PlanFigures, PlanVersion
from incentives.core.errors import Plain
from incentives.core.keys import MeasureKey, key_from_plain
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.reading import Member, Sums
from incentives.db import db


class Basis(NamedTuple):
    """All that a plan's lines of a month follow from."""

    plan: Plan
    members: tuple[Member, ...]
    sums: Sums


def keep(store_id: int, month: Month, fresh: Mapping[int, tuple[tuple[Member, ...], Sums]]) -> None:
    """Keep members and figures of each plan version, by its id, in place of those kept before. Not flushed."""
    of_month = select(PlanFigures).where(PlanFigures.store_id == store_id, PlanFigures.month == month)
    before = {each.version_id: each for each in db.session.scalars(of_month)}
    for version_id, (members, sums) in fresh.items():
        kept = before.pop(version_id, None) or PlanFigures(store_id=store_id, month=month, version_id=version_id)
        kept.members = [asdict(member) for member in members]
        kept.figures = [[key.as_plain(), _plain(value)] for key, value in sums.items()]
        db.session.add(kept)
    for gone in before.values():
        db.session.delete(gone)


def bases(store_id: int, month: Month, person: int) -> list[Basis]:
    """Those of the plans with a line of somebody's in the month, in the order of the lines; one query."""
    own = select(PayLine.version_id).where(
        PayLine.store_id == store_id, PayLine.month == month, PayLine.employee_id == person
    )
    found = (
        select(PlanVersion.text, PlanFigures.members, PlanFigures.figures)
        .join(PlanVersion, PlanVersion.id == PlanFigures.version_id)
        .where(PlanFigures.store_id == store_id, PlanFigures.month == month, PlanFigures.version_id.in_(own))
        .order_by(PlanFigures.id)
    )
    return [
        Basis(load(row.text).plan, tuple(_member(each) for each in row.members), _sums(row.figures))
        for row in db.session.execute(found)
    ]


def _plain(value: int | Fraction | None) -> Plain:
    return str(value) if isinstance(value, Fraction) else value


def _member(data: Mapping[str, Plain]) -> Member:
    return Member(
        id=_whole(data["id"]),
        number=str(data["number"]),
        position=str(data["position"]),
        posted_days=_whole(data["posted_days"]),
        month_days=_whole(data["month_days"]),
    )


def _whole(data: Plain) -> int:
    return int(str(data))


def _sums(figures: Iterable[tuple[dict[str, Plain], int | str | None]]) -> dict[MeasureKey, int | Fraction | None]:
    return {key_from_plain(key): Fraction(value) if isinstance(value, str) else value for key, value in figures}
