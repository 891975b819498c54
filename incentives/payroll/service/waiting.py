"""How much of a month's money waits for somebody: the rules of who decides, as conditions of a query."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from incentives.core.access import Actor, Role
from incentives.core.approval import ProposalState
from incentives.payroll.models import Reopening, Supplement, SupplementLine
from incentives.people.models import RoleGrant


def decided_by(
    actor: Actor, store_id: int, employee_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whose pay somebody decides: a manager everybody's but his own, the head office only the managers'.

    The same as :func:`incentives.core.access.refuse_approval` says of one person.
    """
    if actor.has_role(Role.MANAGER, store_id):
        return employee_id != actor.employee_id
    of_a_manager = exists().where(
        RoleGrant.employee_id == employee_id, RoleGrant.store_id == store_id, RoleGrant.role == Role.MANAGER
    )
    return of_a_manager & (employee_id != actor.employee_id)


def supplements_to_decide(actor: Actor, store_id: int) -> Select[int]:
    """How many supplements wait for this person: others prepared them, and everybody in them is his to decide."""
    of_another = exists().where(
        SupplementLine.supplement_id == Supplement.id,
        ~decided_by(actor, store_id, SupplementLine.employee_id),
    )
    return select(func.count(Supplement.id)).where(
        Supplement.store_id == store_id,
        Supplement.state == ProposalState.PROPOSED,
        Supplement.prepared_by != actor.employee_id,
        ~of_another,
    )


def reopenings_to_decide(actor: Actor, store_id: int) -> Select[int]:
    """How many months somebody else proposed to reopen."""
    return select(func.count(Reopening.id)).where(
        Reopening.store_id == store_id, Reopening.state == "proposed", Reopening.proposed_by != actor.employee_id
    )
