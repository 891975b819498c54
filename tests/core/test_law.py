"""What may be taken from a wage for a proven loss (product.md §8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.errors import DomainError
from incentives.core.law import deduct_loss, deduction_limit
from incentives.core.money import ZERO, Money
from tests.core.cases import worked_case

MINIMUM = Money.parse("2300.00")
amounts = st.integers(0, 10**7).map(Money)


def test_the_worked_deductions() -> None:
    for row in worked_case("pay.toml", "loss-compensation")["rows"]:
        taken = deduct_loss(Money.parse("1500.00"), Money.parse(row["wage"]), MINIMUM)
        assert (taken.deducted.plain(), taken.still_open.plain()) == (row["deduct"], row["open"])


@pytest.mark.parametrize(
    ("wage", "limit"),
    [
        pytest.param("2300.00", "0.00", id="nothing of the minimum wage"),
        pytest.param("2300.01", "0.01", id="only what is above it"),
        pytest.param("2875.00", "575.00", id="where both limits meet"),
        pytest.param("3000.04", "600.00", id="parts of a fen are cut off for the employee"),
        pytest.param("-5.00", "0.00", id="nothing of a negative wage"),
    ],
)
def test_the_limit_of_a_month(wage: str, limit: str) -> None:
    assert deduction_limit(Money.parse(wage), MINIMUM) == Money.parse(limit)


@given(amounts, amounts, amounts)
def test_the_law_is_never_broken_and_the_loss_never_grows(loss: Money, wage: Money, minimum: Money) -> None:
    taken = deduct_loss(loss, wage, minimum)
    assert ZERO <= taken.deducted <= taken.limit
    assert taken.deducted.fen * 5 <= wage.fen
    assert not taken.deducted or wage - taken.deducted >= minimum
    assert taken.deducted + taken.still_open == loss


def test_the_deduction_says_its_figures() -> None:
    taken = deduct_loss(Money.parse("1500.00"), Money.parse("5000.00"), MINIMUM)
    assert str(taken.sentence) == "1,000.00 is taken this month (at most 1,000.00); 500.00 stays open for later months."


def test_a_negative_loss_is_refused() -> None:
    with pytest.raises(DomainError, match="cannot be negative"):
        deduct_loss(Money(-1), MINIMUM, MINIMUM)
