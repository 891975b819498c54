"""What is odd about somebody's pay, each with its reason and the figures: a hint for the reviewer, never a verdict.

Source: product.md §9 (what is odd, against the own past and the peers). The measures are robust: a median and the median
distance from it, so that one strange month does not make the next ones look usual. Small sums are never odd.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, range_from
from incentives.core.formula import told
from incentives.core.measure import Kind, exact
from incentives.core.money import ZERO, Money

SMALL = Money(30_000)
"""300 yuan: up to there a difference is everyday ups and downs."""
ENOUGH = 3
"""From so many months or peers on their spread is measured; with fewer, unlike is less than half or more than double."""
SPREADS = Fraction(7, 2) * Fraction(14826, 10000)
"""Three and a half times the spread, which is 1.4826 times the median distance where figures are distributed evenly."""
QUARTER = Fraction(1, 4)
"""Within a quarter of what is usual nothing is odd, however alike the past months were."""
TRIPLED = 3
ONE_SALE = Fraction(2, 5)
"""One document that makes two fifths of what somebody sold in a month of at least three documents."""
FEWEST_SALES = 3
CLOSE = Fraction(1, 50)
"""Within two percent above an edge: one sale more or less would have decided."""
JUMP = Fraction(2, 5)
"""Forty points of attainment from one month to the next."""
MANY_RETURNS = 3


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd. ``weight`` is how many times it passes what is let through; 1 is just odd."""

    weight: Fraction
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line of pay with its arithmetic, if it has any."""

    name: Sentence
    amount: Money
    explanation: Explanation | None = None


def against_past(amount: Money, past: Sequence[Money]) -> Oddity | None:
    """Against the own closed months, at most twelve."""
    found = _unlike(Fraction(amount.fen), [Fraction(each.fen) for each in past])
    if found is None:
        return None
    usual, weight = found
    months = len(past)
    return Oddity(
        weight,
        say(
            "{amount}, where {usual} was usual in {months} months", amount=str(amount), usual=str(usual), months=months
        ),
    )


def against_peers(amount: Money, part: Fraction, others: Sequence[tuple[Money, Fraction]]) -> Oddity | None:
    """Against the others in the same position, each for a whole month; ``part`` is the part of the month worked."""
    if not part:
        return None
    found = _unlike(Fraction(amount.fen) / part, [Fraction(each.fen) / days for each, days in others if days])
    if found is None:
        return None
    usual, weight = found
    return Oddity(
        weight,
        say(
            "{amount} for a whole month, where {usual} is usual in the position",
            amount=str(Money.rounded(Fraction(amount.fen) / part)),
            usual=str(usual),
        ),
    )


def _unlike(amount: Fraction, usual: Sequence[Fraction]) -> tuple[Money, Fraction] | None:
    """What is usual, and how many times the amount passes what is let through; nothing if it does not."""
    if not usual:
        return None
    middle = median(usual)
    distance = abs(amount - middle)
    if len(usual) >= ENOUGH:
        spread = median(abs(each - middle) for each in usual)
        allowed = max(Fraction(SMALL.fen), SPREADS * spread, abs(middle) * QUARTER)
    else:
        allowed = max(Fraction(SMALL.fen), abs(middle) if amount > middle else abs(middle) / 2)
    return (Money.rounded(middle), distance / allowed) if distance > allowed else None


def of_lines(now: Mapping[str, PaidLine], before: Mapping[str, PaidLine]) -> Iterator[Oddity]:
    """Lines that vanished, appeared, changed sign or tripled since last month, each by more than small change."""
    for key in sorted(now.keys() | before.keys()):
        found = _line(now.get(key), before.get(key))
        if found is not None:
            yield found


def _line(now: PaidLine | None, before: PaidLine | None) -> Oddity | None:
    amount = now.amount if now else ZERO
    former = before.amount if before else ZERO
    change = abs(amount - former)
    one = now or before
    if one is None or change <= SMALL:
        return None
    figures: dict[str, str | Sentence] = {"line": one.name, "amount": str(amount), "before": str(former)}
    weight = Fraction(change.fen, SMALL.fen * TRIPLED)
    if not former:
        return Oddity(weight, say("{line} is new: {amount}", line=one.name, amount=str(amount)))
    if not amount:
        return Oddity(weight, say("{line} is gone: {before} last month", line=one.name, before=str(former)))
    if amount.fen * former.fen < 0:
        return Oddity(weight, say("{line} changed its sign: {before} last month, {amount} now", **figures))
    if abs(amount.fen) > TRIPLED * abs(former.fen):
        return Oddity(weight, say("{line} more than tripled: {before} last month, {amount} now", **figures))
    return None


def near_edge(line: PaidLine) -> Oddity | None:
    """The first edge of a gate or tier that was just passed."""
    for node in _walk(line.explanation):
        if _just_passed(node):
            return Oddity(Fraction(1), say("{line}: just past an edge, {step}", line=line.name, step=told(node)))
    return None


def _just_passed(node: Explanation) -> bool:
    if node.does is Does.WITHIN and node.value:
        low = range_from(node.figures).low
        return low is not None and _close(node.parts[0].value, exact(low))
    if node.does is Does.MET and node.value:
        actual, target = node.parts
        return _close(actual.value, target.value)
    return False


def _close(value: Fraction, edge: Fraction) -> bool:
    return edge > 0 and 0 <= value - edge <= edge * CLOSE


def attainment_jump(now: PaidLine, before: PaidLine) -> Oddity | None:
    """The first attainment in the line's arithmetic that moved by forty points or more since last month."""
    here, there = (_quotient(line.explanation) for line in (now, before))
    if here is None or there is None or abs(here - there) < JUMP:
        return None
    return Oddity(
        abs(here - there) / JUMP,
        say(
            "{line}: an attainment moved from {before} to {now}",
            line=now.name,
            before=_percent(there),
            now=_percent(here),
        ),
    )


def _quotient(explanation: Explanation | None) -> Fraction | None:
    """The first actual figure divided by its target; other quotients, such as money per person, are no attainment."""
    return next((node.value for node in _walk(explanation) if _is_attainment(node)), None)


def _is_attainment(node: Explanation) -> bool:
    keys = [part.key for part in node.parts]
    return node.does is Does.QUOTIENT and any(key is not None and key.kind is Kind.TARGET for key in keys)


def _percent(value: Fraction) -> str:
    return f"{round(value * 100)} %"


def _walk(explanation: Explanation | None) -> Iterator[Explanation]:
    if explanation is not None:
        yield explanation
        for part in explanation.parts:
            yield from _walk(part)


def one_sale(document: str, largest: Money, sold: Money, documents: int) -> Oddity | None:
    """One document that makes a large part of what somebody sold in the month."""
    if documents < FEWEST_SALES or sold <= SMALL or Fraction(largest.fen, sold.fen) < ONE_SALE:
        return None
    part = Fraction(largest.fen, sold.fen)
    return Oddity(
        part / ONE_SALE,
        say(
            "one sale, {document}, is {part} of everything sold: {amount} of {sold}",
            document=document,
            part=_percent(part),
            amount=str(largest),
            sold=str(sold),
        ),
    )


def late_returns(count: int, amount: Money) -> Oddity | None:
    """Many returns of the month's sales after its end."""
    if count < MANY_RETURNS:
        return None
    return Oddity(
        Fraction(count, MANY_RETURNS),
        say("{count} returns after the month's end, {amount} in all", count=count, amount=str(amount)),
    )


def typed_by_managers(count: int) -> Oddity | None:
    """Actual figures that a manager typed in, who is paid by some of them."""
    if not count:
        return None
    return Oddity(Fraction(1), say("{count} actual figures of the month were typed in by a manager", count=count))
