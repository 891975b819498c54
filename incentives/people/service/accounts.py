"""Accounts and roles. Every change ends the person's sessions at once, and asks the admin's password again."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Role
from incentives.core.errors import DomainError, NotFound, say
from incentives.db import db
from incentives.people import passwords
from incentives.people.models import Account, Employee, RoleGrant, Store

FIRST_PASSWORD_WORDS = 4
SYLLABLES = tuple(f"{c}{v}" for c in "bdfghjklmnprstwz" for v in ("a", "e", "i", "o", "u", "ai", "an", "ong"))


def first_password() -> str:
    """A password to be handed over once and changed at the first sign-in."""
    return "-".join(
        "".join(secrets.choice(SYLLABLES) for _syllable in range(2)) for _word in range(FIRST_PASSWORD_WORDS)
    )


def account_of(employee_id: int) -> Account | None:
    """A person's account, if there is one."""
    return db.session.scalars(select(Account).where(Account.employee_id == employee_id)).one_or_none()


def give_account(employee: Employee, *, actor_id: int | None, store_id: int | None) -> str:
    """Open an account, or give an existing one a new first password; returns the password, which is kept nowhere.

    Raises:
        DomainError: the person has left.
    """
    if employee.left_on is not None and employee.left_on < clock.today():
        raise DomainError(say("{name} has left. Take the person on again instead.", name=employee.name))
    account = account_of(employee.id)
    if account is None:
        account = Account(employee_id=employee.id, username=employee.number.lower(), epoch=0, failures=0)
        db.session.add(account)
    fresh = first_password()
    account.password_hash, account.must_change, account.active = passwords.hashed(fresh), True, True
    account.failures, account.locked_until = 0, None
    account.epoch += 1
    db.session.flush()
    audit.record("people.account_given", store_id=store_id, actor_id=actor_id, subject=employee.number)
    return fresh


def switch_off(employee: Employee, *, actor_id: int, store_id: int | None) -> None:
    """Close an account; its sessions end at once.

    Raises:
        DomainError: it is one's own.
        NotFound: there is none.
    """
    if employee.id == actor_id:
        raise DomainError(say("You cannot switch off your own account."))
    account = account_of(employee.id)
    if account is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    account.active = False
    account.epoch += 1
    audit.record("people.account_switched_off", store_id=store_id, actor_id=actor_id, subject=employee.number)


def roles_of(employee_id: int) -> list[RoleGrant]:
    """The roles somebody holds, by store."""
    found = select(RoleGrant).where(RoleGrant.employee_id == employee_id)
    return list(db.session.scalars(found.order_by(RoleGrant.store_id, RoleGrant.role)))


def set_roles(employee: Employee, store: Store, roles: Collection[Role], *, actor_id: int | None) -> None:
    """Give somebody just these roles in a store. Being an employee needs no grant.

    Raises:
        DomainError: an admin would take the last admin's role away, or gives an admin a role that touches money.
    """
    wanted = set(roles) - {Role.EMPLOYEE}
    held = {grant.role: grant for grant in roles_of(employee.id) if grant.store_id == store.id}
    if Role.ADMIN in held and Role.ADMIN not in wanted and _admins() <= 1:
        raise DomainError(say("The last admin cannot be taken away: somebody must be able to run the system."))
    elsewhere = {grant.role for grant in roles_of(employee.id) if grant.store_id != store.id}
    if Role.ADMIN in wanted | elsewhere and (wanted | elsewhere) & {Role.MANAGER, Role.FINANCE, Role.HQ}:
        raise DomainError(
            say("An admin runs the system and touches no money: no manager, finance or head-office role beside it.")
        )
    for role in wanted - held.keys():
        db.session.add(
            RoleGrant(
                employee_id=employee.id, store_id=store.id, role=role, granted_by=actor_id, granted_at=clock.now()
            )
        )
    for role in held.keys() - wanted:
        db.session.delete(held[role])
    account = account_of(employee.id)
    if account is not None and wanted != held.keys():
        account.epoch += 1
    db.session.flush()
    before, after = (", ".join(sorted(role.value for role in group)) for group in (held.keys(), wanted))
    changes: dict[str, tuple[object, object]] = {"roles": (before, after)}
    audit.record("people.roles_set", store_id=store.id, actor_id=actor_id, subject=employee.number, changes=changes)


def _admins() -> int:
    return int(
        db.session.scalar(select(db.func.count()).select_from(RoleGrant).where(RoleGrant.role == Role.ADMIN)) or 0
    )
