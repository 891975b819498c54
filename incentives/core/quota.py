"""Training quotas have two sides: sessions the department held, and sessions each person attended.

Source: product.md §5 and plan-facts.md §2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.attendance import Summary
from incentives.core.errors import Sentence, say
from incentives.core.money import round_half_away
from incentives.core.spoken import Spoken

DAYS_PER_MAKE_UP = 7
"""A make-up session needs a week's notice, so no more than one a week can still be added."""


class QuotaStatus(Spoken):
    """How a quota stands."""

    DONE = "done", say("done")
    ON_COURSE = "on_course", say("on course")
    AT_RISK = "at_risk", say("at risk")
    IMPOSSIBLE = "impossible", say("can no longer be met")


STATUS_RULES: Mapping[QuotaStatus, Sentence] = {
    QuotaStatus.DONE: say("The quota is reached."),
    QuotaStatus.ON_COURSE: say("Enough sessions are planned, or the pace is right for the time of year."),
    QuotaStatus.AT_RISK: say("Too few sessions are planned: make-up sessions are needed."),
    QuotaStatus.IMPOSSIBLE: say("Not even a make-up session a week would suffice."),
}
"""Why a quota stands as it does."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the rest of the year offers: sessions still planned, and calendar days of the year by now and in all."""

    planned: int
    days_passed: int
    days_in_year: int

    @property
    def still_possible(self) -> int:
        """Sessions that could yet take place: those planned, and one make-up for each full week left."""
        return self.planned + max(0, self.days_in_year - self.days_passed) // DAYS_PER_MAKE_UP


@dataclass(frozen=True, slots=True)
class DepartmentQuota:
    """The department's side: sessions held of those required."""

    held: int
    required: int

    @property
    def needed(self) -> int:
        """Sessions still to be held."""
        return max(0, self.required - self.held)

    @property
    def sentence(self) -> Sentence:
        """The figure in words."""
        return say("{held} of {required} held", held=self.held, required=self.required)


@dataclass(frozen=True, slots=True)
class PersonQuota:
    """A person's side: sessions attended of those that count, and those required in the year."""

    attended: int
    countable: int
    required: int

    @classmethod
    def of(cls, attendance: Summary, required: int) -> PersonQuota:
        """The quota of somebody whose attendance was summed up."""
        return cls(attendance.attended, attendance.countable, required)

    @property
    def needed(self) -> int:
        """Sessions still to be attended."""
        return max(0, self.required - self.attended)

    @property
    def sentence(self) -> Sentence:
        """The figures in words."""
        return say(
            "{attended} of {countable} countable sessions attended; {required} required, {needed} still needed",
            attended=self.attended,
            countable=self.countable,
            required=self.required,
            needed=self.needed,
        )


def status(done: int, required: int, outlook: Outlook) -> QuotaStatus:
    """How a quota stands, for a department (held) as for a person (attended).

    Done: reached. Impossible: more is needed than planned sessions and a make-up a week could give.
    On course: enough is planned, or the part done is at least the part of the year that has passed.
    At risk: anything else.
    """
    needed = required - done
    if needed <= 0:
        return QuotaStatus.DONE
    if needed > outlook.still_possible:
        return QuotaStatus.IMPOSSIBLE
    in_step = done * outlook.days_in_year >= required * outlook.days_passed
    return QuotaStatus.ON_COURSE if needed <= outlook.planned or in_step else QuotaStatus.AT_RISK


def prorated_quota(required: int, part_of_year: Fraction) -> int:
    """A year's quota for somebody who held the posting for part of it, by calendar days, rounded half away.

    It may round to nothing: a quota of two asks nothing of somebody who was there for a month.
    """
    return round_half_away(required * part_of_year)
