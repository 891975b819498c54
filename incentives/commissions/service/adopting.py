"""Adopting an approved version: the staff were heard, it is published, and it holds from a month that is yet to begin."""

from __future__ import annotations

from collections.abc import Sequence

from incentives.adoptions.models import Adoption, Subject
from incentives.adoptions.service import adopting as adoptions
from incentives.adoptions.service import files
from incentives.adoptions.service.adopting import Consultation, Rule
from incentives.commissions.format import load
from incentives.commissions.models import PlanDeed, PlanVersion
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.checking import meant
from incentives.commissions.service.plans import note_move
from incentives.core.aloud import read_aloud
from incentives.core.approval import PLAN, PlanAction, PlanState
from incentives.core.errors import say
from incentives.core.parameters import in_month
from incentives.core.period import Month
from incentives.ledger.service import changed
from incentives.periods import service as periods


def adopt(
    version: PlanVersion,
    record: Consultation,
    *,
    actor_id: int | None,
    evidence: Sequence[tuple[str, bytes]] = (),
) -> bool:
    """Record the adoption of a version; a repeat does nothing. Returns whether anything changed.

    It holds from its month on, or from the first month that begins on or after the day from which the adoption
    counts, whichever is later: nobody is paid by a rule for days on which it was not published (product.md §8).
    ``evidence`` are names and contents of files.

    Raises:
        Refused: the version was not approved.
        DomainError: the record contradicts itself or reaches back, the month is not open, or a file is not taken in.
    """
    step = PLAN.after(version.state, PlanAction.ADOPT)
    if not step.changed:
        return False
    store_id, wished = version.plan.store_id, version.from_month
    month = beginning(version, record)
    periods.require_open(store_id, month)
    version.state, version.from_month = step.state, month
    rule = rule_of(version)
    note_move(version, PlanDeed.ADOPTED, actor_id)
    adoption = adoptions.adopt(store_id, rule, record, actor_id=actor_id, changes={"holds_from": (wished, month)})
    for name, data in evidence:
        files.attach(adoption, name, data, actor_id=actor_id)
    changed(store_id, month, ())
    return True


def beginning(version: PlanVersion, record: Consultation) -> Month:
    """The month from which a version would hold, adopted so."""
    return max(version.from_month, adoptions.first_month(record.counts_from))


def rule_of(version: PlanVersion) -> Rule:
    """A version as it is adopted and acknowledged: its name, and the plan read aloud as it holds in its first month."""
    plan = load(version.text).plan
    return Rule(
        Subject.PLAN_VERSION,
        version.id,
        say(
            "{plan}, version {number}, from {month}",
            plan=plan.label.sentence(),
            number=version.number,
            month=str(version.from_month),
        ),
        read_aloud(in_month(plan, version.from_month), catalogue_of(version.plan.store_id, [plan])),
        before_id=_adoption_before(version),
        meant=meant(version),
    )


def adoption_of(version: PlanVersion) -> Adoption | None:
    """The adoption record of a version; none before it is adopted, or if that was before records were kept."""
    return adoptions.adoption_of(version.plan.store_id, Subject.PLAN_VERSION, version.id)


def _adoption_before(version: PlanVersion) -> int | None:
    """The record of the version that this one follows."""
    held = [
        other
        for other in version.plan.versions
        if other.id != version.id and other.state is PlanState.ADOPTED and other.from_month <= version.from_month
    ]
    before = max(held, key=lambda each: (each.from_month, each.number), default=None)
    record = None if before is None else adoption_of(before)
    return None if record is None else record.id
