"""What the rule book refuses, word for word: a sentence is part of the rule that it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from incentives.core.access import refuse_for_self, refuse_self
from incentives.core.allocation import Claim, allocate, allocate_year, in_units
from incentives.core.catalogue import NO_CATALOGUE
from incentives.core.credits import Figures, left_after_return
from incentives.core.errors import DomainError, from_plain, say
from incentives.core.explain import explanation_from_plain
from incentives.core.figures import signed
from incentives.core.keys import key_from_plain, key_of
from incentives.core.law import deduction_limit
from incentives.core.measure import Given, Kind, Measure, Parameter, Range, exact
from incentives.core.money import Money, round_half_away, share_out
from incentives.core.period import Month, Span, business_date
from incentives.core.plan import Band, Fixed, Rate, Reads, Tiered
from incentives.core.points import PointsFact, PointsRule, earned
from incentives.core.pools import somebody
from incentives.core.reading import Desk
from incentives.core.worth import work_out_worth

LONG = "1" * 60
OCTOBER = Month(2026, 10)
DESK = Desk(OCTOBER, {}, NO_CATALOGUE)
ONE = Given(Fraction(1))


def _rule(per: int) -> PointsRule:
    return PointsRule("sold", PointsFact.SALE, 3, Fraction(per), date(2026, 1, 1), date(2026, 1, 1))


def _key() -> dict[str, Any]:
    return dict(key_of(Measure(Kind.SCORE), Kind.SCORE, OCTOBER, 1).as_plain())


def _stored(**other: Any) -> dict[str, Any]:
    return {"sentence": say("x").as_plain(), "does": "sum", "value": "1", **other}


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: Money(1.5), "money is made of whole fen; a float or text would lose cents"),  # type: ignore[arg-type]  # that is what is refused
        (lambda: Money.parse("abc" * 20), f"“{('abc' * 20)[:40]}” is not an amount in yuan with at most two decimals."),
        (lambda: Money.parse(LONG), f"“{LONG[:40]}” is larger than any amount kept here."),
        (lambda: share_out(100, [1, -1]), "a weight cannot be negative"),
        (lambda: Month(2026, 13), "2026-13 is no month"),
        (lambda: Month.parse("x" * 30), f"“{'x' * 20}” is not a month such as 2026-11."),
        (lambda: Month(2100, 12).plus(1), "“2101-01” is not a month such as 2026-11."),
        (lambda: Month(2100, 1).plus(14), "“2101-03” is not a month such as 2026-11."),
        (lambda: business_date(datetime(2026, 10, 1), "Asia/Shanghai"), "a moment without a time zone names no day"),  # noqa: DTZ001 (that it has none is what is refused)
        (lambda: allocate(10, [Claim("a", -1)]), "A weight cannot be negative."),
        (lambda: allocate(10, [Claim("a", 0)]), "Nobody has a weight, so there is nobody to share this out to."),
        (lambda: allocate(10, [Claim("a"), Claim("a")]), "somebody claims twice"),
        (lambda: in_units(Fraction(1, 3), Fraction(1, 2)), "1/3 is finer than the unit of 1/2 it is kept in."),
        (lambda: deduction_limit(Money(9), Money(0), Fraction(1)), "The share of the wage lies between 0 and 20 %."),
        (lambda: exact(Parameter("tax")), "parameter tax was not filled in"),
        (lambda: from_plain({"say": "x", "with": "y"}), "a stored sentence keeps its values in a mapping"),
        (lambda: explanation_from_plain(_stored(sentence="x")), "a stored explanation is made of mappings"),
        (lambda: explanation_from_plain(_stored(parts="x")), "a stored explanation keeps its parts in lists"),
        (lambda: key_from_plain({**_key(), "sales": "x"}), "a stored key keeps its filters in a mapping"),
        (
            lambda: left_after_return(Figures(9, 9), Figures(9, 9), quantity=0, received=0),
            "A return takes back a quantity, an amount, or both.",
        ),
        (
            lambda: left_after_return(Figures(9, 9), Figures(9, 9), quantity=-1, received=9),
            "A return takes back a quantity, an amount, or both.",
        ),
        (
            lambda: left_after_return(Figures(900, 2500), Figures(900, 0), quantity=1250, received=0),
            "Only 0 of this sale are left; 1.25 cannot be taken back.",
        ),
        (
            lambda: left_after_return(Figures(900, 2500), Figures(100, 1500), quantity=1000, received=250),
            "Only 1.00 of what was received for this sale is left; 2.50 cannot be paid back.",
        ),
        (lambda: refuse_self(1, 1, None), "Nobody approves what he made himself: somebody else must decide this."),
        (lambda: refuse_self(1, 2, 1), "Nobody approves what pays himself: somebody else must decide this."),
        (lambda: refuse_for_self(1, 1), "This is about yourself: somebody else must record it."),
        (lambda: _rule(0), "points are given for a quantity above zero"),
        (lambda: somebody(DESK), "a line or a share belongs to somebody"),
        (
            lambda: work_out_worth(Tiered(Reads.EACH_BAND, (Band(Range(), Fixed(ONE)),), Measure(Kind.AMOUNT)), DESK),
            "where each band has its own rate, a band cannot pay a fixed amount",
        ),
        (
            lambda: work_out_worth(Tiered(Reads.WHOLE, (Band(Range(), Rate(ONE)),), None, Measure(Kind.AMOUNT)), DESK),
            "a band with a rate needs a measure that the rate is taken of",
        ),
        (
            lambda: Tiered(Reads.WHOLE, ()).decides,
            "tiers need a measure that picks the band",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_just_this(act: Callable[[], object], words: str) -> None:
    with pytest.raises((DomainError, TypeError, ValueError)) as refused:
        act()
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (Fraction(1, 1000), "0.00"), (Fraction(-1, 1000), "0.00"), (10, "+10.00"), (-10, "-10.00")]
)  # fmt: skip
def test_a_difference_of_nothing_has_no_sign(value: Fraction | int, text: str) -> None:
    assert signed(value, 0 if text == "0" else 2) == text


def test_the_smallest_values_are_rounded_and_shared_like_all_others() -> None:
    halves = [Fraction(1, 2), Fraction(-1, 2), Fraction(49, 100), Fraction(-49, 100), Fraction(0)]
    assert [round_half_away(value) for value in halves] == [1, -1, 0, 0, 0]
    assert (share_out(0, [1, 2]), share_out(1, [1, 1]), share_out(-1, [1, 1])) == ([0, 0], [1, 0], [-1, 0])
    assert share_out(0, []) == []


def test_points_are_given_for_parts_of_one_and_taken_back_as_they_were_given() -> None:
    half = PointsRule("half", PointsFact.SALE, 3, Fraction(1, 2), date(2026, 1, 1), date(2026, 1, 1))
    assert [earned(half, quantity) for quantity in (Fraction(1, 2), 1, 0, Fraction(-1, 2), -1)] == [3, 6, 0, -3, -6]


def test_the_days_of_a_span_come_one_after_the_other() -> None:
    days = list(Span(date(2026, 2, 27), date(2026, 3, 2)).each_day())
    assert days == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]


def test_a_year_without_weights_is_shared_evenly_with_the_odd_units_first() -> None:
    assert list(allocate_year(25, 2026).values()) == [3, *[2] * 11]


def test_sentences_that_read_alike_are_kept_apart_by_their_values_only() -> None:
    one, other = say("{a}", a=1), say("{a}", a=2)
    assert len({one, other, say("{a}", a=1)}) == 2
    assert hash(one) != hash(other)
    assert from_plain(say("{a}", a=1).as_plain()) == one
