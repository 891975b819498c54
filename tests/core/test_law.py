"""What may be taken from a wage for a proven loss (product.md §8)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.errors import DomainError
from incentives.core.law import Claim, Limits, Step, deduction_limit, steps_of_month
from incentives.core.money import ZERO, Money, total
from tests.core.cases import worked_case

MINIMUM = Money.parse("2300.00")
amounts = st.integers(0, 10**7).map(Money)


def test_the_worked_deductions() -> None:
    loss = Money.parse("1500.00")
    for row in worked_case("pay.toml", "loss-compensation")["rows"]:
        steps = steps_of_month([Claim(1, loss, ZERO)], Limits(Money.parse(row["wage"]), MINIMUM))
        taken = total(step.amount for step in steps)
        assert (taken.plain(), (loss - taken).plain()) == (row["deduct"], row["open"])
        assert all(step.still_open.plain() == row["open"] for step in steps)


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


@given(st.lists(amounts, max_size=5), amounts, amounts, st.integers(0, 20))
def test_the_law_is_never_broken_and_no_loss_grows(
    losses: list[Money], wage: Money, minimum: Money, percent: int
) -> None:
    limits = Limits(wage, minimum, Fraction(percent, 100))
    steps = steps_of_month([Claim(key, loss, ZERO) for key, loss in enumerate(losses)], limits)
    taken = total(step.amount for step in steps)
    assert taken.fen * 100 <= wage.fen * percent
    assert not taken or wage - taken >= minimum
    assert taken == min(total(losses), limits.limit)
    assert all(step.amount > ZERO and step.amount + step.still_open == losses[step.key] for step in steps)


def test_the_oldest_loss_comes_first_and_all_share_one_limit() -> None:
    claims = [Claim(7, Money(60_000), ZERO), Claim(9, Money(90_000), Money(10_000)), Claim(11, Money(500), ZERO)]
    steps = steps_of_month(claims, Limits(Money(500_000), MINIMUM))
    assert steps == [Step(7, Money(60_000), ZERO), Step(9, Money(40_000), Money(40_000))]


@pytest.mark.parametrize("limits", [None, Limits(ZERO, MINIMUM), Limits(Money(500_000), MINIMUM)])
def test_what_was_taken_too_much_is_paid_back_whatever_the_wage(limits: Limits | None) -> None:
    assert steps_of_month([Claim(1, ZERO, Money(70_000))], limits) == [Step(1, Money(-70_000), ZERO)]


def test_nothing_is_taken_while_the_limits_are_not_known() -> None:
    assert steps_of_month([Claim(1, Money(70_000), ZERO)], None) == []


@pytest.mark.parametrize("share", [Fraction(-1, 100), Fraction(21, 100)])
def test_no_share_beyond_the_laws(share: Fraction) -> None:
    with pytest.raises(DomainError, match="between 0 and 20 %"):
        deduction_limit(Money(500_000), MINIMUM, share)
