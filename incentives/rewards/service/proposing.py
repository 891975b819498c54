"""What rules propose by themselves: a 6S band, a training quota reached or missed, a met target. A person decides.

Each proposal explains itself with its figures. Its key names rule, record and person, so it is made once, whoever
presses the button however often; a rejected one does not come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select

from incentives.audit import service as audit
from incentives.core.errors import Sentence, say
from incentives.core.inspection import Band, band
from incentives.core.measure import Label
from incentives.core.period import Month
from incentives.core.quota import QuotaStatus
from incentives.db import db
from incentives.ledger.service.derived import figures_of
from incentives.people.models import Store
from incentives.people.service.staff import members
from incentives.periods import service as periods
from incentives.rewards.models import ReasonCode, RewardRecord
from incentives.rewards.service.reasons import reasons_of
from incentives.rewards.service.records import Figure, Origin, submit
from incentives.targets.scopes import of_person
from incentives.targets.service.attainment import attained
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.figures import figures
from incentives.targets.service.holding import held
from incentives.targets.service.workdays import workdays
from incentives.targets.units import Unit, written
from incentives.training.service.progress import matrix

BANDS = {Band.EXCELLENT: "six_s_excellent", Band.GOOD: "six_s_good", Band.POOR: "six_s_poor"}
"""The reason of each band; a fair score is neither rewarded nor penalised."""
QUOTAS = {QuotaStatus.DONE: "quota_reached", QuotaStatus.IMPOSSIBLE: "quota_missed"}
TARGET_MET = "target_met"


@dataclass(frozen=True, slots=True)
class Found:
    """Something a rule found: the reason's code, whom, what exactly, and why."""

    reason: str
    employee_id: int
    subject: str
    why: Sentence


def propose_for_month(store_id: int, month: Month, today: date, *, actor_id: int | None = None) -> int:
    """Propose what the rules in use find in a month; returns how many are new. A handful of queries.

    Raises:
        DomainError: the month takes no more facts.
    """
    periods.require_open(store_id, month)
    reasons = {reason.code: reason for reason in reasons_of(store_id, only_active=True)}
    day = min(today, month.span.end - timedelta(days=1))
    found = [each for each in _all(store_id, month, day) if each.reason in reasons]
    keys = {_key(store_id, each): each for each in found}
    known = set(db.session.scalars(select(RewardRecord.key).where(RewardRecord.key.in_(keys))))
    new = {key: each for key, each in keys.items() if key not in known}
    for key, each in new.items():
        _submit(store_id, reasons[each.reason], each, day, key)
    if new:
        changes: dict[str, tuple[object, object]] = {"proposals": (None, len(new))}
        audit.record(
            "rewards.rules_proposed", store_id=store_id, actor_id=actor_id, subject=str(month), changes=changes
        )
    return len(new)


def _key(store_id: int, found: Found) -> str:
    return f"rule:{found.reason}:{store_id}:{found.subject}:{found.employee_id}"


def _submit(store_id: int, reason: ReasonCode, found: Found, day: date, key: str) -> None:
    usual = reason.usual(day)
    points, amount = (usual, None) if isinstance(usual, int) else (None, usual)
    figure = Figure(reason.instrument, points, amount)
    cause = f"rule:{found.reason}:{store_id}:{found.subject}"
    submit(store_id, reason, found.employee_id, day, figure, Origin(key=key, cause=cause, explanation=found.why))


def _all(store_id: int, month: Month, day: date) -> Iterator[Found]:
    yield from _quotas(store_id, month, day)
    if day == month.span.end - timedelta(days=1):  # a band and a target are known when the month is over
        yield from _six_s(store_id, month)
        yield from _targets(store_id, month, day)


def _six_s(store_id: int, month: Month) -> Iterator[Found]:
    """The band of all that was inspected in a month in the areas that a person owned on the day of inspection."""
    for score in figures_of(store_id, "six_s_score", month, month):
        reason = BANDS.get(band(Fraction(score.value, score.base))) if score.base else None
        if score.employee_id is not None and reason is not None:
            why = say(
                "6S score of {month} in the own areas: {score} over {count} inspections.",
                month=str(month),
                score=written(Fraction(score.value, score.base or 1), Unit.PERCENT),
                count=score.facts,
            )
            yield Found(reason, score.employee_id, str(month), why)


def _quotas(store_id: int, month: Month, day: date) -> Iterator[Found]:
    """A personal quota of the year that is reached, or that can no longer be."""
    group_id = db.session.scalars(select(Store.group_id).where(Store.id == store_id)).one()
    for row in matrix(store_id, group_id, month.year, day).rows:
        for cell in row.cells:
            reason = QUOTAS.get(cell.status) if cell.status is not None and cell.quota.required else None
            if reason is not None:
                why = say(
                    "{kind}: {attended} of {required} sessions of {year} attended. {standing}",
                    kind=Label(en=cell.kind.name_en or cell.kind.name, zh=cell.kind.name).sentence(),
                    attended=cell.quota.attended,
                    required=cell.quota.required,
                    year=month.year,
                    standing=_standing(cell.status, day),
                )
                yield Found(reason, row.member.employee_id, f"{month.year}:{cell.kind.id}", why)


def _standing(status: QuotaStatus | None, day: date) -> Sentence:
    """Reached; or missed, and whether the year is over or the rest of it cannot suffice."""
    if status is QuotaStatus.DONE:
        return say("The quota is reached.")
    if (day.month, day.day) == (12, 31):
        return say("The year is over.")
    return say("As of {day} not even a make-up session a week would suffice.", day=day.isoformat())


def _targets(store_id: int, month: Month, day: date) -> Iterator[Found]:
    """A person's own target of the month that was met."""
    people = sorted({member.employee_id for member in members(store_id, month.span)})
    wanted = indicators(store_id)
    sums = figures(store_id, wanted, month, month, people=True)
    holding = held(store_id, {month.year}, scopes=[of_person(each) for each in people])
    days = workdays(store_id, month.span, day)
    for person in people:
        for indicator in wanted:
            stands = attained(indicator, month, sums, holding, days, of_person(person))
            if stands.met and stands.target:
                why = say(
                    "{indicator}: {actual}, the target of {month} was {target}.",
                    indicator=Label(en=indicator.name_en or indicator.name, zh=indicator.name).sentence(),
                    actual=written(stands.actual, indicator.unit),
                    target=written(stands.target, indicator.unit),
                    month=str(month),
                )
                yield Found(TARGET_MET, person, f"{month}:{indicator.id}", why)
