"""A sale line before it is written: what was sold, and who is credited with what of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from incentives.core.credits import Figures, credits_of_change
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.sales.models import Category, EarningRole, LineKind


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody's part in a sale: in which role, and with what weight among the earners of that role."""

    employee_id: int
    role: EarningRole
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Credit:
    """A share with what it comes to.

    ``main`` marks the person's first role on the line, ``leads`` the line's own first role: the fitters of what a
    seller has sold lead nothing.
    """

    share: Share
    main: bool
    leads: bool
    figures: Figures


@dataclass(frozen=True, slots=True)
class Article:
    """What was sold."""

    name: str
    category: Category
    code: str = ""
    subcategory: str = ""
    campaign: str = ""
    list_price: Money | None = None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be written. ``id`` was taken with :func:`next_ids`; ``sold_on`` is the day of the sale it belongs to."""

    id: int
    document: str
    line_number: int
    business_date: date
    sold_on: date
    article: Article
    figures: Figures
    credits: Sequence[Credit] = ()
    kind: LineKind = LineKind.SALE
    plate: str = ""
    named: str = ""
    file_rate: int | None = None
    returns_id: int | None = None
    undoes_id: int | None = None

    @property
    def counts_in(self) -> Month:
        """The month of the sale, also for what takes it back."""
        return Month.of(self.sold_on)


NOTHING = Figures(0, 0, 0)


def credited(shares: Sequence[Share], before: Figures, after: Figures) -> list[Credit]:
    """What each share gets when a sale goes from ``before`` to ``after``; a new sale begins at ``NOTHING``.

    Give the shares in order of employee number: the first ones get a fen that cannot be divided.
    """
    if len(shares) == 1:
        return [Credit(shares[0], main=True, leads=True, figures=after - before)]
    main = {share.employee_id: share.role for share in sorted(shares, key=lambda each: -each.role.order)}
    first = min((share.role for share in shares), key=lambda role: role.order, default=None)
    found: list[Credit] = []
    for role in EarningRole:
        those = [share for share in shares if share.role is role]
        parts = credits_of_change(before, after, [share.weight for share in those])
        found += [
            Credit(share, main[share.employee_id] is role, role is first, part)
            for share, part in zip(those, parts, strict=True)
        ]
    return found
