"""The past corrected without touching it: what was earned to date less what was posted to date.

A closed month is worked out again from today's facts, with the rules that held then. What a line comes to now, less
everything that has been posted for it so far (its pay and each correction since), is what the open month still
posts. Neither the return nor the sale is counted by itself, so nothing is ever taken back twice, and working out
again posts nothing new. Source: product.md §4 (returns and late facts after closing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, chain, explain
from incentives.core.money import FEN_PER_YUAN, ZERO, Money, total
from incentives.core.pay import added_up
from incentives.core.period import Month


@dataclass(frozen=True, slots=True)
class Earned:
    """What a line of a closed month comes to with today's facts, and how."""

    amount: Money
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Posted:
    """What a month has posted for a line: its pay, or a correction in a later month.

    ``waits`` says that the month is under review and will post it when it is closed.
    """

    month: Month
    amount: Money
    waits: bool = False

    @property
    def sentence(self) -> Sentence:
        """When it was or will be posted."""
        if self.waits:
            return say("Under review in {month}", month=str(self.month))
        return say("Posted in {month}", month=str(self.month))


@dataclass(frozen=True, slots=True)
class Correction:
    """What the open month posts for a line of a closed one. Below zero where something is taken back."""

    name: Sentence
    amount: Money
    explanation: Explanation


def still_owed(earned: Earned | None, posted: Sequence[Posted]) -> Money:
    """Earned to date less posted to date; a line that is no more has earned nothing."""
    return (earned.amount if earned else ZERO) - total(each.amount for each in posted)


@dataclass(frozen=True, slots=True)
class Balance:
    """What somebody owes at the beginning of a month, what the month does to it, and what it leaves; none below zero.

    ``opened`` and ``added`` less ``settled`` is ``carried``. Only one of ``added`` and ``settled`` is more than zero.
    """

    opened: Money
    added: Money = ZERO
    settled: Money = ZERO

    @property
    def carried(self) -> Money:
        """What later months still settle."""
        return self.opened + self.added - self.settled


def balance(opened: Money, earned: Money) -> Balance:
    """What a month that comes to ``earned``, adjustments included, does to a debt: it settles it first, or adds to it."""
    return Balance(opened, added=max(-earned, ZERO), settled=min(opened, max(earned, ZERO)))


def correct(
    month: Month, line: Sentence, earned: Earned | None, posted: Sequence[Posted], *, released: bool = False
) -> Correction | None:
    """The correction of a line of ``month``; none where what was posted is what was earned.

    ``released`` says that the statement was held when the month was closed: as long as nothing was posted for the
    line, its first posting is no correction but the pay itself.
    """
    owed = still_owed(earned, posted)
    if not owed:
        return None
    if released and not posted:
        name = say("Released from {month}: {line}", month=str(month), line=line)
    else:
        name = say("Adjustment of {month}: {line}", month=str(month), line=line)
    return Correction(name, owed, _explained(name, earned, posted))


def _explained(name: Sentence, earned: Earned | None, posted: Sequence[Posted]) -> Explanation:
    first = earned.explanation if earned else given(say("With today's facts nothing is earned for this line"), ZERO)
    before = added_up(
        [given(each.sentence, each.amount) for each in sorted(posted, key=lambda each: each.month)],
        say("Posted so far"),
    )
    less = explain(Does.LESS, say("Earned to date, less posted to date"), parts=[before], before=first.value)
    return chain(name, [first, less])


def given(sentence: Sentence, amount: Money) -> Explanation:
    """An amount that is taken as it stands."""
    return explain(Does.GIVEN, sentence, figures=[Fraction(amount.fen, FEN_PER_YUAN)])


def carried_on(name: Sentence, lines: Sequence[tuple[Sentence, Money]]) -> Explanation:
    """Why a debt is carried over: the lines come to less than nothing, nothing is paid, the rest is settled later."""
    parts = [given(line, amount) for line, amount in lines]
    reached = added_up(parts, say("Lines of the month"))
    paid = explain(
        Does.AT_LEAST,
        say("Base pay is never touched: nothing is paid instead of taking it from there"),
        figures=[Fraction(0)],
        read=[str(ZERO)],
        before=reached.value,
    )
    rest = explain(Does.CHANGE, say("Settled by later months"), parts=[reached], before=paid.value)
    return chain(name, [reached, paid, rest])
