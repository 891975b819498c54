"""Leaderboards: who stands where, what is missing to the next place, and who may see it.

Source: product.md §7. Equal values share a rank (1, 1, 3); inside a tie the order is that of the employee
numbers, so a board looks the same every time. A board needs five people. The lower half is never shown to the
store or on a wall; each person sees the own place with two neighbours either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.attainment import Better

FEWEST = 5
"""No board of fewer people: it would be a list of persons, not a standing."""

NEIGHBOURS = 2
"""How many places either side of one's own can be seen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person's value in a measure: points, a score, or the percent of the own target."""

    employee_id: int
    number: str
    value: Fraction | int


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a board. ``movement`` is places won (+) or lost (-) since the last period; ``None`` if new."""

    rank: int
    employee_id: int
    number: str
    value: Fraction | int
    movement: int | None = None


@dataclass(frozen=True, slots=True)
class ToGo:
    """What is missing to share the next better place."""

    rank: int
    missing: Fraction


def rank(
    entries: Iterable[Entry], *, better: Better = Better.HIGHER, before: Mapping[int, int] | None = None
) -> tuple[Standing, ...]:
    """Everybody in order, the best first. ``before`` are the ranks of the last period by employee id."""
    sign = -1 if better is Better.HIGHER else 1
    ordered = sorted(entries, key=lambda entry: (sign * entry.value, entry.number))
    last_ranks = before or {}
    standings: list[Standing] = []
    for place, entry in enumerate(ordered, start=1):
        shares = bool(standings) and standings[-1].value == entry.value
        now = standings[-1].rank if shares else place
        moved = movement(now, last_ranks.get(entry.employee_id))
        standings.append(Standing(now, entry.employee_id, entry.number, entry.value, moved))
    return tuple(standings)


def movement(now: int, before: int | None) -> int | None:
    """Places won (+) or lost (-): from 5 to 3 is +2. Nobody new has moved."""
    return None if before is None else before - now


def place_of(standings: Sequence[Standing], employee_id: int) -> int | None:
    """The position of a person in the order, from 0; ``None`` for somebody who is not on the board."""
    return next((n for n, standing in enumerate(standings) if standing.employee_id == employee_id), None)


def neighbours(standings: Sequence[Standing], employee_id: int, reach: int = NEIGHBOURS) -> tuple[Standing, ...]:
    """The own place with so many neighbours either side; fewer at the ends; none for an outsider."""
    place = place_of(standings, employee_id)
    if place is None:
        return ()
    return tuple(standings[max(0, place - reach) : place + reach + 1])


def to_next_place(standings: Sequence[Standing], employee_id: int) -> ToGo | None:
    """What is missing to the value of the next better place, which is then shared.

    ``None`` for those who lead (alone or together), and for somebody who is not on the board.
    """
    place = place_of(standings, employee_id)
    if place is None:
        return None
    mine = standings[place]
    ahead = [standing for standing in standings[:place] if standing.rank < mine.rank]
    return ToGo(ahead[-1].rank, abs(Fraction(ahead[-1].value) - mine.value)) if ahead else None


def has_board(standings: Sequence[Standing]) -> bool:
    """Whether there are enough people for a board at all."""
    return len(standings) >= FEWEST


def public(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """What the store and the wall may see: the upper half (of nine, the first five).

    A tie is never split: people who share a rank are shown only if all of them are in the upper half, so
    order by employee number decides about nobody. Of fewer than five people, nothing.
    """
    if not has_board(standings):
        return ()
    upper = (len(standings) + 1) // 2
    below = {standing.rank for standing in standings[upper:]}
    return tuple(standing for standing in standings[:upper] if standing.rank not in below)


def seen_by(standings: Sequence[Standing], employee_id: int) -> tuple[Standing, ...]:
    """What a person may see: the public places, and the own place with its neighbours, in order.

    Of fewer than five people only the own place.
    """
    if not has_board(standings):
        return neighbours(standings, employee_id, reach=0)
    seen = {standing.employee_id for standing in (*public(standings), *neighbours(standings, employee_id))}
    return tuple(standing for standing in standings if standing.employee_id in seen)
