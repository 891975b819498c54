"""What of a board may be seen, by product.md §7: never the lower half, no board of fewer than five people.

The core says the rule over a whole list; here it is kept with the head count and the first places alone, because a
board may have thirty thousand people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from incentives.core.approval import MonthState
from incentives.core.period import Month
from incentives.core.ranking import FEWEST
from incentives.leaderboards.service.scopes import Scope
from incentives.ledger import service as ledger
from incentives.ledger.calendar import PeriodKind, kind_of, span_of
from incentives.ledger.service import Board, Head, Mine, Place
from incentives.periods import service as periods

MOST = 20
"""So many places are listed; the own place is found wherever it is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A board as one person sees it.

    ``places`` are public: the upper half, no tie split. ``mine`` comes with the neighbours. ``leader`` is the best
    value, for measures that are said as a part of it.
    """

    places: Sequence[Place]
    mine: Mine | None
    people: int
    leader: int | None
    frozen: bool

    @property
    def too_few(self) -> bool:
        """Whether a board would be a list of persons."""
        return self.people < FEWEST


def show(found: Head, viewer: int | None) -> Shown:
    """A running board."""
    upper = upper_half(found.people)
    board = ledger.open_board(found, viewer, top=min(MOST, upper) + 1)
    places = public(board.top, found.people, most=MOST)
    if places and len(board.top) > len(places) and board.top[len(places)].value == places[-1].value:
        places = _whole_ties(found, places, upper)
    return _shown(board, places, frozen=False)


def show_frozen(store_id: int, scope: Scope, measure: str, period: str, viewer: int | None) -> Shown | None:
    """The board of a closed month as it stood; ``None`` for any other."""
    month = closed_month(store_id, scope, period)
    board = ledger.frozen_board(store_id, month, measure, scope.key, viewer) if month else None
    if board is None:
        return None
    upper = upper_half(board.people)
    places = [place for place in board.top if _ends(place, board.top) <= upper]
    return _shown(board, places[:MOST], frozen=True)


def closed_month(store_id: int, scope: Scope, period: str) -> Month | None:
    """The month whose closing a board is frozen by; ``None`` for a board that still moves."""
    if not scope.of_one_store or kind_of(period) is not PeriodKind.MONTH:
        return None
    month = Month.of(span_of(period).start)
    return month if periods.state_of(store_id, month) is MonthState.CLOSED else None


def upper_half(people: int) -> int:
    """How many may be shown: of nine, the first five."""
    return (people + 1) // 2


def public(top: Sequence[Place], people: int, *, most: int) -> list[Place]:
    """The places of the upper half; people who share a rank only if all of them are in it.

    Args:
        top: the first places, one more than are shown if there are so many.
        people: how many are on the board.
        most: how many are listed at most.
    """
    upper = upper_half(people)
    if len(top) <= upper:
        return list(top[:most])
    return [place for place in top[:upper] if place.value != top[upper].value][:most]


def _whole_ties(found: Head, places: list[Place], upper: int) -> list[Place]:
    """The list was cut inside a tie: keep its people only if the whole tie is in the upper half."""
    last = places[-1]
    if last.rank - 1 + ledger.people_at(found, last.value) <= upper:
        return places
    return [place for place in places if place.value != last.value]


def _ends(place: Place, places: Sequence[Place]) -> int:
    """The last position of those who share a place's rank."""
    return place.rank - 1 + sum(other.rank == place.rank for other in places)


def _shown(board: Board, places: Sequence[Place], *, frozen: bool) -> Shown:
    return Shown(
        places=() if board.people < FEWEST else tuple(places),
        mine=board.mine,
        people=board.people,
        leader=board.top[0].value if board.top else None,
        frozen=frozen,
    )
