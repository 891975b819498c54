"""Who may do what, where: one table of grants, and the rules that no grant can lift.

Source: product.md §1. Roles are held per store. A grant reaches a person's own records, the stores where
the role is held, or every store of the group. Whoever made a record never approves it, nobody approves what
pays him, and the admin runs the system and touches no money.

Where the table of §1 is silent, the capability stands below "Where §1 is silent" with what a person of that
job would expect.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from incentives.core.errors import NotAllowed, Sentence, say
from incentives.core.spoken import Spoken


class Role(Spoken):
    """What somebody is at a store; a person may hold several, at several stores."""

    EMPLOYEE = "employee", say("employee")
    TRAINER = "trainer", say("trainer")
    INSPECTOR = "inspector", say("inspector")
    MANAGER = "manager", say("manager")
    FINANCE = "finance", say("finance")
    HQ = "hq", say("head office")
    ADMIN = "admin", say("admin")


class Scope(IntEnum):
    """How far a grant reaches; a wider scope includes the narrower ones."""

    NONE = 0
    OWN = 1
    STORE = 2
    GROUP = 3

    @property
    def says(self) -> Sentence:
        """The scope's word in the table of capabilities."""
        return _SCOPE_WORDS[self]


_SCOPE_WORDS: Mapping[Scope, Sentence] = {
    Scope.NONE: say("–"),
    Scope.OWN: say("own"),
    Scope.STORE: say("store"),
    Scope.GROUP: say("group"),
}


class Capability(Spoken):
    """Something that can be done, with the sentence that says it in the guide."""

    READ_OWN = "read_own", say("See one's own statement, points, attendance and 6S findings.")
    READ_STATEMENTS = "read_statements", say("See other people's statements.")
    READ_BOARDS = "read_boards", say("See the published leaderboards.")
    SET_TARGETS = "set_targets", say("Set targets and quotas, and change them in an open month.")
    DRAFT_PLANS = "draft_plans", say("Draft pay plans and points rules.")
    APPROVE_PLANS = "approve_plans", say("Approve pay plans and points rules.")
    IMPORT_FACTS = "import_facts", say("Enter and import sales and readings.")
    RUN_TRAINING = "run_training", say("Plan and run training, and show the sign-in code.")
    SIGN_IN_TRAINING = "sign_in_training", say("Sign in to a training session.")
    CORRECT_ATTENDANCE = "correct_attendance", say("Correct other people's attendance, with a reason.")
    INSPECT = "inspect", say("Carry out 6S inspections, photograph and re-check.")
    ANSWER_FINDINGS = "answer_findings", say("Answer 6S findings.")
    PROPOSE_REWARDS = "propose_rewards", say("Propose rewards and penalties.")
    APPROVE_REWARDS = "approve_rewards", say("Approve rewards and penalties.")
    APPROVE_MONTH = "approve_month", say("Approve the month's statements.")
    CLOSE_MONTH = "close_month", say("Close a month.")
    EXPORT_PAYROLL = "export_payroll", say("Export the payroll.")
    CONFIRM_CLOSING = "confirm_closing", say("Confirm the closing of a month.")
    REOPEN_MONTH = "reopen_month", say("Reopen a closed month that somebody else proposed to reopen.")
    MANAGE_ACCOUNTS = "manage_accounts", say("Manage accounts and roles.")
    CHANGE_SETTINGS = "change_settings", say("Change settings.")
    BACK_UP = "back_up", say("Back up the data.")
    READ_AUDIT = "read_audit", say("Read the audit trail.")
    # Where §1 is silent
    READ_PLANS = "read_plans", say("Read the pay plans and points rules in force.")
    READ_COCKPIT = "read_cockpit", say("See the store's targets, actual figures and forecasts.")
    READ_FACTS = "read_facts", say("See the sales and readings of the store.")
    READ_TRAINING = "read_training", say("See everybody's attendance and quotas.")
    READ_INSPECTIONS = "read_inspections", say("See all inspections and findings.")
    READ_PEOPLE = "read_people", say("See who works where, and as what.")
    MANAGE_PEOPLE = "manage_people", say("Manage people, postings and the staffing plan.")
    MANAGE_CHECKLISTS = "manage_checklists", say("Manage 6S checklists, areas and schedules.")
    PROPOSE_REOPENING = "propose_reopening", say("Propose to reopen a closed month.")
    ANSWER_QUESTIONS = "answer_questions", say("Answer questions to lines of pay.")
    PREPARE_SUPPLEMENTS = "prepare_supplements", say("Prepare a supplement to the payroll.")
    SET_WAGE_TERMS = "set_wage_terms", say("Set a store's province profile: minimum wage, limits and days to appeal.")
    KEEP_BASE_WAGES = "keep_base_wages", say("Enter and import base wages.")


_EVERYBODY_OWN = dict.fromkeys(Role, Scope.OWN)
_STORE_AND_HQ = {Role.MANAGER: Scope.STORE, Role.HQ: Scope.GROUP}
_OVERSIGHT = {Role.MANAGER: Scope.STORE, Role.FINANCE: Scope.GROUP, Role.HQ: Scope.GROUP}
_PUBLIC_IN_STORE = {Role.EMPLOYEE: Scope.STORE, Role.TRAINER: Scope.STORE, Role.INSPECTOR: Scope.STORE, **_OVERSIGHT}
_ADMIN_ONLY = {Role.ADMIN: Scope.GROUP}
_STAFF_OWN = {Role.EMPLOYEE: Scope.OWN, Role.TRAINER: Scope.OWN, Role.INSPECTOR: Scope.OWN}

GRANTS: Mapping[Capability, Mapping[Role, Scope]] = MappingProxyType(
    {
        Capability.READ_OWN: _EVERYBODY_OWN,
        Capability.READ_STATEMENTS: _OVERSIGHT,
        Capability.READ_BOARDS: _PUBLIC_IN_STORE,
        Capability.SET_TARGETS: _STORE_AND_HQ,
        Capability.DRAFT_PLANS: {Role.MANAGER: Scope.STORE, Role.FINANCE: Scope.GROUP},
        Capability.APPROVE_PLANS: {Role.HQ: Scope.GROUP},
        Capability.IMPORT_FACTS: {Role.MANAGER: Scope.STORE, Role.FINANCE: Scope.GROUP},
        Capability.RUN_TRAINING: {Role.TRAINER: Scope.STORE, **_STORE_AND_HQ},
        Capability.SIGN_IN_TRAINING: {**_STAFF_OWN, Role.MANAGER: Scope.OWN, Role.FINANCE: Scope.OWN},
        Capability.CORRECT_ATTENDANCE: {Role.TRAINER: Scope.STORE, Role.MANAGER: Scope.STORE},
        Capability.INSPECT: {Role.INSPECTOR: Scope.STORE, Role.HQ: Scope.GROUP},
        Capability.ANSWER_FINDINGS: {**_STAFF_OWN, Role.MANAGER: Scope.STORE},
        Capability.PROPOSE_REWARDS: {Role.TRAINER: Scope.STORE, Role.INSPECTOR: Scope.STORE, **_STORE_AND_HQ},
        Capability.APPROVE_REWARDS: _STORE_AND_HQ,
        Capability.APPROVE_MONTH: _STORE_AND_HQ,
        Capability.CLOSE_MONTH: {Role.FINANCE: Scope.GROUP},
        Capability.EXPORT_PAYROLL: {Role.FINANCE: Scope.GROUP},
        Capability.CONFIRM_CLOSING: {Role.HQ: Scope.GROUP},
        Capability.REOPEN_MONTH: {Role.HQ: Scope.GROUP},
        Capability.MANAGE_ACCOUNTS: _ADMIN_ONLY,
        Capability.CHANGE_SETTINGS: _ADMIN_ONLY,
        Capability.BACK_UP: _ADMIN_ONLY,
        Capability.READ_AUDIT: {**_OVERSIGHT, Role.ADMIN: Scope.GROUP},
        Capability.READ_PLANS: _PUBLIC_IN_STORE,
        Capability.READ_COCKPIT: _OVERSIGHT,
        Capability.READ_FACTS: _OVERSIGHT,
        Capability.READ_TRAINING: {Role.TRAINER: Scope.STORE, **_STORE_AND_HQ},
        Capability.READ_INSPECTIONS: {Role.INSPECTOR: Scope.STORE, **_STORE_AND_HQ},
        Capability.READ_PEOPLE: {**_OVERSIGHT, Role.ADMIN: Scope.GROUP},
        Capability.MANAGE_PEOPLE: {**_STORE_AND_HQ, Role.ADMIN: Scope.GROUP},
        Capability.MANAGE_CHECKLISTS: _STORE_AND_HQ,
        Capability.PROPOSE_REOPENING: {Role.FINANCE: Scope.GROUP, Role.HQ: Scope.GROUP},
        Capability.ANSWER_QUESTIONS: _OVERSIGHT,
        Capability.PREPARE_SUPPLEMENTS: {Role.FINANCE: Scope.GROUP},
        Capability.SET_WAGE_TERMS: {Role.HQ: Scope.GROUP, Role.ADMIN: Scope.GROUP},
        Capability.KEEP_BASE_WAGES: {Role.FINANCE: Scope.GROUP},
    }
)
"""The one table. A role that is not named for a capability has none of it."""

_NOT_OWN = say("not one's own")
_NOT_SELF = say("not for oneself")
_NOT_OWN_NOR_SELF = say("not one's own proposals, not for oneself")
_MANAGERS_OWN = say("only the managers' own")
_PASSWORD = say("re-entering the password")

CONDITIONS: Mapping[tuple[Capability, Role], Sentence] = MappingProxyType(
    {
        (Capability.CORRECT_ATTENDANCE, Role.TRAINER): _NOT_OWN,
        (Capability.CORRECT_ATTENDANCE, Role.MANAGER): _NOT_OWN,
        (Capability.PROPOSE_REWARDS, Role.MANAGER): _NOT_SELF,
        (Capability.APPROVE_REWARDS, Role.MANAGER): _NOT_OWN_NOR_SELF,
        (Capability.APPROVE_REWARDS, Role.HQ): _MANAGERS_OWN,
        (Capability.APPROVE_MONTH, Role.MANAGER): _NOT_OWN_NOR_SELF,
        (Capability.APPROVE_MONTH, Role.HQ): _MANAGERS_OWN,
        (Capability.ANSWER_QUESTIONS, Role.MANAGER): _NOT_SELF,
        (Capability.ANSWER_QUESTIONS, Role.FINANCE): _NOT_SELF,
        (Capability.ANSWER_QUESTIONS, Role.HQ): _NOT_SELF,
        (Capability.MANAGE_ACCOUNTS, Role.ADMIN): _PASSWORD,
        (Capability.CHANGE_SETTINGS, Role.ADMIN): _PASSWORD,
        (Capability.BACK_UP, Role.ADMIN): _PASSWORD,
    }
)
"""What narrows a grant further; the functions below enforce it."""

STEP_UP: frozenset[Capability] = frozenset(
    capability for capability, _ in CONDITIONS if GRANTS[capability] is _ADMIN_ONLY
)
"""Capabilities for which the password is asked again."""

TOUCHES_MONEY: frozenset[Capability] = frozenset(
    {
        Capability.READ_STATEMENTS,
        Capability.SET_TARGETS,
        Capability.DRAFT_PLANS,
        Capability.APPROVE_PLANS,
        Capability.IMPORT_FACTS,
        Capability.PROPOSE_REWARDS,
        Capability.APPROVE_REWARDS,
        Capability.APPROVE_MONTH,
        Capability.CLOSE_MONTH,
        Capability.EXPORT_PAYROLL,
        Capability.CONFIRM_CLOSING,
        Capability.PROPOSE_REOPENING,
        Capability.REOPEN_MONTH,
        Capability.ANSWER_QUESTIONS,
        Capability.PREPARE_SUPPLEMENTS,
        Capability.KEEP_BASE_WAGES,
    }
)
"""Capabilities that decide about, or show, what others earn. The admin has none of them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person as the rules see one. ``roles`` are pairs of a role and the store it is held at."""

    employee_id: int
    name: str
    number: str
    home_store_id: int | None
    group_id: int
    roles: frozenset[tuple[Role, int]] = frozenset()

    def stores(self) -> frozenset[int]:
        """The stores where any role is held."""
        return frozenset(store_id for _, store_id in self.roles)

    def has_role(self, role: Role, store_id: int) -> bool:
        """Whether the role is held at just that store."""
        return (role, store_id) in self.roles


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a capability reaches for an actor: the widest scope, and the stores where it is a store's."""

    scope: Scope
    stores: frozenset[int]


def reach(actor: Actor, capability: Capability) -> Reach:
    """The widest scope any of the actor's roles gives, and the stores where it is at least ``STORE``.

    With ``GROUP`` every store of the group is reached, whichever stores are named.
    """
    grants = GRANTS[capability]
    held = [(grants.get(role, Scope.NONE), store_id) for role, store_id in actor.roles]
    widest = max((scope for scope, _ in held), default=Scope.NONE)
    return Reach(widest, frozenset(store_id for scope, store_id in held if scope >= Scope.STORE))


def scope_at(actor: Actor, capability: Capability, store_id: int) -> Scope:
    """The widest scope at one store: from roles held there, or from a group's role held anywhere."""
    grants = GRANTS[capability]
    scopes = (
        grants.get(role, Scope.NONE)
        for role, held_at in actor.roles
        if held_at == store_id or grants.get(role) == Scope.GROUP
    )
    return max(scopes, default=Scope.NONE)


def may(actor: Actor, capability: Capability, *, store_id: int) -> bool:
    """Whether the capability covers everybody's records at a store. A grant on one's own does not."""
    return scope_at(actor, capability, store_id) >= Scope.STORE


def may_own(actor: Actor, capability: Capability, owner_id: int) -> bool:
    """Whether the capability covers a record that belongs to this very person."""
    return owner_id == actor.employee_id and reach(actor, capability).scope >= Scope.OWN


def refuse_self(actor_id: int, maker_id: int | None, beneficiary_id: int | None) -> None:
    """Nobody approves what he made, and nobody approves what pays him. ``None``: made by a rule, pays nobody.

    Raises:
        NotAllowed: the actor is the maker or the beneficiary.
    """
    if actor_id == maker_id:
        raise NotAllowed(say("Nobody approves what he made himself: somebody else must decide this."))
    if actor_id == beneficiary_id:
        raise NotAllowed(say("Nobody approves what pays himself: somebody else must decide this."))


def refuse_for_self(actor_id: int, beneficiary_id: int) -> None:
    """Nobody proposes a reward for himself, nor corrects his own attendance.

    Raises:
        NotAllowed: the actor is the one whom the record is about.
    """
    if actor_id == beneficiary_id:
        raise NotAllowed(say("This is about yourself: somebody else must record it."))


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be approved: whose store, who made it (``None``: a rule), whom it pays (``None``: nobody)."""

    store_id: int
    maker_id: int | None
    beneficiary_id: int | None


def refuse_approval(actor: Actor, capability: Capability, matter: Matter, managers: Collection[int]) -> None:
    """The whole rule for approving rewards, penalties and statements.

    A manager decides for the store, but neither what he made nor what pays him. Head office decides only
    what a manager made or what pays a manager. ``managers`` are the employee ids of the store's managers.

    Raises:
        NotAllowed: the actor may not decide this, with the reason.
    """
    if not may(actor, capability, store_id=matter.store_id):
        raise NotAllowed(say("You may not approve this."))
    refuse_self(actor.employee_id, matter.maker_id, matter.beneficiary_id)
    concerns_manager = matter.maker_id in managers or matter.beneficiary_id in managers
    if not concerns_manager and not actor.has_role(Role.MANAGER, matter.store_id):
        raise NotAllowed(say("Head office decides only what a manager made or what pays a manager."))


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A row of the table of capabilities: what can be done, and how far for each role."""

    capability: Capability
    cells: Mapping[Role, Sentence]


def table() -> Iterator[GrantRow]:
    """The table of product.md §1 as the guide prints it, in the order of the capabilities."""
    for capability in Capability:
        yield GrantRow(capability, {role: _cell(capability, role) for role in Role})


def _cell(capability: Capability, role: Role) -> Sentence:
    scope = GRANTS[capability].get(role, Scope.NONE).says
    condition = CONDITIONS.get((capability, role))
    return say("{scope}, {condition}", scope=scope, condition=condition) if condition else scope
