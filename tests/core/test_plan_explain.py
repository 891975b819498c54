"""Explanations are stored as JSON and read back; a broken one is refused, and so is a plan put together wrongly in code."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from incentives.core.catalogue import NO_CATALOGUE, Unit
from incentives.core.errors import Plain, say
from incentives.core.explain import Does, Explanation, explanation_from_plain, recompute
from incentives.core.keys import key_from_plain, key_of
from incentives.core.measure import Given, Kind, Measure, Parameter, Range, Sales, Whose, exact
from incentives.core.period import Month
from incentives.core.plan import Band, Fixed, Rate, Reads, Tiered
from incentives.core.pools import PoolResult, weigh
from incentives.core.reading import Desk, NotKnownError, read
from incentives.core.wording import money_text, text_of
from incentives.core.worth import work_out_worth

OCTOBER = Month(2026, 10)
SOLD = Measure(Kind.AMOUNT, of=Whose.STORE)
KEY = key_of(SOLD, Kind.AMOUNT, OCTOBER, None)
DESK = Desk(OCTOBER, {KEY: 5}, NO_CATALOGUE)
ONE = Given(Fraction(1))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1944", Unit.MONEY, "1,944.00"),
        ("-1/3", Unit.MONEY, "-0.3333…"),
        ("19/20", Unit.PERCENT, "95 %"),
        ("951/1000", Unit.PERCENT, "95.1 %"),
        ("1/1000000", Unit.NUMBER, "0.0000…"),
        ("585", Unit.NUMBER, "585"),
        ("3/2", Unit.NUMBER, "1.5"),
    ],
)
def test_figures_are_shown_and_never_rounded(value: str, unit: Unit, text: str) -> None:
    assert text_of(Fraction(value), unit) == text


def test_money_inside_the_arithmetic_keeps_its_thousandths() -> None:
    assert money_text(Fraction("2.665")) == "2.665"


def test_a_stored_value_is_not_trusted_when_the_amount_is_worked_out_again() -> None:
    given = Explanation(Does.GIVEN, say("Quantity"), Fraction(99), figures=(Fraction(2),))
    chained = Explanation(Does.CHAIN, say("Quantity"), Fraction(99), (given,))
    assert recompute(chained) == 2


@pytest.mark.parametrize("price", [None, Range(ONE), Range(high=ONE, high_belongs=True)])
def test_a_key_is_stored_with_all_its_filters(price: Range | None) -> None:
    sales = Sales(("accessories",), ("mats",), ("spring",), ("seller",), ("film",), price)
    key = key_of(Measure(Kind.AMOUNT, sales=sales), Kind.AMOUNT, OCTOBER, 7)
    assert key_from_plain(key.as_plain()) == key


def broken(**changes: Plain) -> dict[str, Plain]:
    whole = Explanation(Does.GIVEN, say("Quantity"), Fraction(2), figures=(Fraction(2),), key=KEY).as_plain()
    return {**whole, **changes}


@pytest.mark.parametrize(
    "wrongly",
    [
        lambda: explanation_from_plain(broken(sentence="text")),
        lambda: explanation_from_plain(broken(figures="text")),
        lambda: key_from_plain({**KEY.as_plain(), "sales": []}),
        lambda: exact(Parameter("piece")),
        lambda: Tiered(Reads.WHOLE, ()).decides,
        lambda: work_out_worth(Tiered(Reads.EACH_BAND, (Band(Range(), Fixed(ONE)),), SOLD), DESK),
        lambda: work_out_worth(Tiered(Reads.WHOLE, (Band(Range(), Rate(ONE)),), by=SOLD), DESK),
        lambda: weigh((), DESK) and weigh((Given(Fraction(1)),), DESK),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_what_was_put_together_wrongly_in_code_is_refused(wrongly: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        wrongly()


def test_a_figure_that_was_never_gathered_is_not_taken_for_zero() -> None:
    with pytest.raises(NotKnownError, match=r"There is no reading of “csi” for 2026-10\."):
        read(Measure(Kind.INDICATOR, "csi", Whose.STORE), DESK)


def test_nobody_forfeits_what_he_had_no_share_in() -> None:
    assert not PoolResult("pool", say("Quantity")).forfeited_by(1)
