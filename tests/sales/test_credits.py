"""Who is credited with what, and that returns leave nothing behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.credits import Figures, credits_of, credits_of_change, left_after_return
from incentives.core.errors import DomainError

FEN = st.integers(0, 10**10)
QUANTITY = st.integers(1, 10**9)
WEIGHTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=6)


@st.composite
def takings(draw: st.DrawFn) -> tuple[Figures, list[tuple[int, int]]]:
    """A sale, and its whole taken back in parts that come in any order."""
    cost = draw(st.none() | FEN)
    sold = Figures(draw(FEN), draw(QUANTITY), cost)
    cuts = draw(st.integers(0, 5))
    quantities = sorted(draw(st.lists(st.integers(0, sold.quantity), min_size=cuts, max_size=cuts)))
    amounts = sorted(draw(st.lists(st.integers(0, sold.received), min_size=cuts, max_size=cuts)))
    parts = zip(
        [b - a for a, b in zip([0, *quantities], [*quantities, sold.quantity], strict=True)],
        [b - a for a, b in zip([0, *amounts], [*amounts, sold.received], strict=True)],
        strict=True,
    )
    return sold, draw(st.permutations([part for part in parts if any(part)]))


@given(received=FEN, quantity=QUANTITY, cost=st.none() | FEN, weights=WEIGHTS)
def test_credits_add_up_to_the_line(received: int, quantity: int, cost: int | None, weights: list[int]) -> None:
    line = Figures(received, quantity, cost)
    total = sum(credits_of(line, weights), Figures(0, 0, 0))
    assert total == line


@given(takings(), WEIGHTS)
def test_a_sale_taken_back_in_any_parts_and_order_leaves_nobody_anything(
    taking: tuple[Figures, list[tuple[int, int]]], weights: list[int]
) -> None:
    sold, parts = taking
    kept = credits_of(sold, weights)
    left = sold
    for quantity, received in parts:
        after = left_after_return(sold, left, quantity=quantity, received=received)
        kept = [has + gets for has, gets in zip(kept, credits_of_change(left, after, weights), strict=True)]
        assert all(has.received >= 0 and has.quantity >= 0 for has in kept)
        left = after
    assert left == Figures(0, 0, None if sold.cost is None else 0)
    assert set(kept) == {left}


@given(takings())
def test_never_more_is_taken_back_than_was_sold(taking: tuple[Figures, list[tuple[int, int]]]) -> None:
    sold, parts = taking
    left = sold
    for quantity, received in parts:
        left = left_after_return(sold, left, quantity=quantity, received=received)
    with pytest.raises(DomainError):
        left_after_return(sold, left, quantity=1, received=0)
    with pytest.raises(DomainError):
        left_after_return(sold, left, quantity=0, received=1)


def test_three_who_share_ten_yuan_get_the_odd_fen_in_their_order() -> None:
    parts = credits_of(Figures(1000, 1000), [1, 1, 1])
    assert [part.received for part in parts] == [334, 333, 333]


def test_a_refund_of_money_alone_leaves_the_cost_with_the_goods() -> None:
    sold = Figures(10_000, 2000, 6000)
    left = left_after_return(sold, sold, quantity=0, received=1000)
    assert left == Figures(9000, 2000, 6000)
    assert left_after_return(sold, left, quantity=1000, received=4500) == Figures(4500, 1000, 3000)
