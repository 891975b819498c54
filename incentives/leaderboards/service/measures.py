"""What people are ranked by, and in which unit a board says it. Money is never one of the units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from incentives.core.errors import NotFound, Sentence, say
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.targets.models import Indicator

SCORE = "score"
ATTAINMENT = "attainment:"


class Shows(StrEnum):
    """How a value is said."""

    POINTS = "points"
    SCORE = "score"
    """Kept in hundredths of a point."""
    PERCENT = "percent"
    """Of the own target, kept in hundredths of a percent."""
    PIECES = "pieces"
    """Kept in thousandths."""
    INDEX = "index"
    """An amount of money, said as a part of the leader's: amounts never stand on a board."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something people are ranked by. ``title`` is its name, or an indicator's names in Chinese and English."""

    code: str
    shows: Shows
    title: Sentence | tuple[str, str]


_KNOWN = (
    Measure(SCORE, Shows.SCORE, say("score of the month")),
    Measure(ledger.POINTS, Shows.POINTS, say("points")),
    Measure("sales_revenue", Shows.INDEX, say("sales, against the leader")),
    Measure("accessory_revenue", Shows.INDEX, say("accessories, against the leader")),
    Measure("accessory_quantity", Shows.PIECES, say("accessories, pieces")),
    Measure("renewals", Shows.PIECES, say("renewals")),
)
KNOWN: Mapping[str, Measure] = {measure.code: measure for measure in _KNOWN}


def attainment_of(code: str) -> str:
    """The measure that ranks by percent of the own target of an indicator."""
    return f"{ATTAINMENT}{code}"


def measures(group_id: int, scope: str, period: str) -> list[Measure]:
    """What a board of the scope and period can be by: the score, percent of the own target, points, then the rest.

    Points are always among them, so there is always something to look at.
    """
    found = {*ledger.measures_on(scope, period), ledger.POINTS}
    with_target = any(code.startswith(ATTAINMENT) for code in found)
    targets = [measure for measure in _attainments(group_id) if measure.code in found] if with_target else []
    known = [measure for measure in _KNOWN if measure.code in found]
    return [*(m for m in known if m.code == SCORE), *targets, *(m for m in known if m.code != SCORE)]


def measure(group_id: int, code: str) -> Measure:
    """The measure of a code.

    Raises:
        NotFound: there is none.
    """
    attainments = _attainments(group_id) if code.startswith(ATTAINMENT) else []
    known = KNOWN.get(code) or next((m for m in attainments if m.code == code), None)
    if known is None:
        raise NotFound(say("There is no such board."))
    return known


def _attainments(group_id: int) -> list[Measure]:
    rows = db.session.execute(
        select(Indicator.code, Indicator.name, Indicator.name_en)
        .where(Indicator.group_id == group_id, Indicator.active)
        .order_by(Indicator.order, Indicator.id)
    )
    return [Measure(attainment_of(row.code), Shows.PERCENT, (row.name, row.name_en or row.name)) for row in rows]
