"""Who may do what, where: product.md §1, row by row, and the rules that no grant can lift."""

from __future__ import annotations

import pytest

from incentives.core.access import (
    GRANTS,
    STEP_UP,
    TOUCHES_MONEY,
    Actor,
    Capability,
    Matter,
    Role,
    Scope,
    may,
    may_own,
    reach,
    refuse_approval,
    refuse_for_self,
    refuse_self,
    scope_at,
    table,
)
from incentives.core.errors import NotAllowed

HERE, THERE = 1, 2


def actor(*roles: Role, employee_id: int = 7, store: int = HERE) -> Actor:
    return Actor(employee_id, "Lin", "E007", store, 1, frozenset((role, store) for role in roles))


PRODUCT_TABLE = """
read_own           | own   | own                 | own   | own                                                      | own   | own                          | own
read_statements    | –     | –                   | –     | store                                                    | group | group                        | –
read_boards        | store | store               | store | store                                                    | group | group                        | –
set_targets        | –     | –                   | –     | store                                                    | –     | group                        | –
draft_plans        | –     | –                   | –     | store                                                    | group | –                            | –
approve_plans      | –     | –                   | –     | –                                                        | –     | group                        | –
import_facts       | –     | –                   | –     | store                                                    | group | –                            | –
run_training       | –     | store               | –     | store                                                    | –     | group                        | –
sign_in_training   | own   | own                 | own   | own                                                      | own   | –                            | –
correct_attendance | –     | store, not one's own | –    | store, not one's own                                     | –     | –                            | –
inspect            | –     | –                   | store | –                                                        | –     | group                        | –
answer_findings    | own   | own                 | own   | store                                                    | –     | –                            | –
propose_rewards    | –     | store               | store | store, not for oneself                                   | –     | group                        | –
approve_rewards    | –     | –                   | –     | store, not one's own proposals, not for oneself          | –     | group, only the managers' own | –
approve_month      | –     | –                   | –     | store, not one's own proposals, not for oneself          | –     | group, only the managers' own | –
close_month        | –     | –                   | –     | –                                                        | group | –                            | –
export_payroll     | –     | –                   | –     | –                                                        | group | –                            | –
confirm_closing    | –     | –                   | –     | –                                                        | –     | group                        | –
reopen_month       | –     | –                   | –     | –                                                        | –     | group                        | –
manage_accounts    | –     | –                   | –     | –                                                        | –     | –                            | group, re-entering the password
change_settings    | –     | –                   | –     | –                                                        | –     | –                            | group, re-entering the password
back_up            | –     | –                   | –     | –                                                        | –     | –                            | group, re-entering the password
read_audit         | –     | –                   | –     | store                                                    | group | group                        | group
"""


def test_the_table_of_the_product_is_the_table_that_is_enforced() -> None:
    ordered = [[cell.strip() for cell in line.split("|")] for line in PRODUCT_TABLE.strip().splitlines()]
    enforced = {row.capability.value: [str(row.cells[role]) for role in Role] for row in table()}
    assert {name: cells for name, *cells in ordered} == {name: enforced[name] for name, *_ in ordered}


def test_every_capability_has_its_grants_and_a_sentence_of_its_own() -> None:
    assert set(GRANTS) == set(Capability)
    assert all(str(capability.says).endswith(".") for capability in Capability)
    assert len({capability.says for capability in Capability}) == len(Capability)


def test_a_capability_is_stored_by_its_value() -> None:
    assert str(Capability.SET_TARGETS) == "set_targets"
    assert Capability("set_targets") is Capability.SET_TARGETS


def test_every_role_has_a_name() -> None:
    assert [str(role.says) for role in Role][-2:] == ["head office", "admin"]


@pytest.mark.parametrize("capability", sorted(TOUCHES_MONEY))
def test_the_admin_touches_no_money(capability: Capability) -> None:
    assert scope_at(actor(Role.ADMIN), capability, HERE) is Scope.NONE


def test_the_password_is_asked_again_for_accounts_settings_and_backup() -> None:
    assert {Capability.MANAGE_ACCOUNTS, Capability.CHANGE_SETTINGS, Capability.BACK_UP} == STEP_UP


@pytest.mark.parametrize(
    ("role", "store_id", "answer"),
    [
        pytest.param(Role.MANAGER, HERE, True, id="a manager's role holds at the own store"),
        pytest.param(Role.MANAGER, THERE, False, id="and not at another store"),
        pytest.param(Role.HQ, THERE, True, id="head office reaches every store"),
        pytest.param(Role.EMPLOYEE, HERE, False, id="an employee sets no targets"),
    ],
)
def test_targets_are_set_where_the_role_is_held(*, role: Role, store_id: int, answer: bool) -> None:
    assert may(actor(role), Capability.SET_TARGETS, store_id=store_id) is answer


def test_a_grant_on_ones_own_records_is_none_on_others() -> None:
    washer = actor(Role.EMPLOYEE)
    assert not may(washer, Capability.ANSWER_FINDINGS, store_id=HERE)
    assert may_own(washer, Capability.ANSWER_FINDINGS, washer.employee_id)
    assert not may_own(washer, Capability.ANSWER_FINDINGS, washer.employee_id + 1)


def test_head_office_has_no_attendance_of_its_own_to_sign() -> None:
    assert not may_own(actor(Role.HQ), Capability.SIGN_IN_TRAINING, 7)


def test_the_widest_of_several_roles_counts() -> None:
    both = actor(Role.EMPLOYEE, Role.FINANCE)
    assert scope_at(both, Capability.READ_BOARDS, THERE) is Scope.GROUP
    assert reach(both, Capability.READ_OWN).scope is Scope.OWN


def test_a_store_s_capability_reaches_every_store_where_a_role_gives_it() -> None:
    manager = Actor(
        7, "Lin", "E007", HERE, 1, frozenset({(Role.MANAGER, HERE), (Role.MANAGER, THERE), (Role.EMPLOYEE, 3)})
    )
    assert reach(manager, Capability.SET_TARGETS).stores == {HERE, THERE}
    assert manager.stores() == {HERE, THERE, 3}


def test_somebody_without_a_role_may_nothing() -> None:
    assert {reach(actor(), capability).scope for capability in Capability} == {Scope.NONE}


def test_nobody_approves_what_he_made() -> None:
    with pytest.raises(NotAllowed, match="made himself"):
        refuse_self(7, 7, 8)


def test_nobody_approves_what_pays_him() -> None:
    with pytest.raises(NotAllowed, match="pays himself"):
        refuse_self(7, None, 7)


def test_somebody_else_may_approve() -> None:
    refuse_self(7, 8, 9)


def test_nobody_records_for_himself() -> None:
    refuse_for_self(7, 8)
    with pytest.raises(NotAllowed, match="about yourself"):
        refuse_for_self(7, 7)


MANAGER_HERE, OTHER_MANAGER, WASHER, TRAINER = 7, 8, 20, 21


@pytest.mark.parametrize(
    ("approver", "maker", "beneficiary", "refusal"),
    [
        pytest.param(Role.MANAGER, TRAINER, WASHER, None, id="the manager decides what a trainer proposed"),
        pytest.param(Role.MANAGER, None, WASHER, None, id="the manager decides what a rule proposed"),
        pytest.param(Role.MANAGER, MANAGER_HERE, WASHER, "made himself", id="but not his own proposal"),
        pytest.param(Role.MANAGER, TRAINER, MANAGER_HERE, "pays himself", id="nor what pays him"),
        pytest.param(Role.MANAGER, OTHER_MANAGER, WASHER, None, id="another manager's proposal he decides"),
        pytest.param(Role.HQ, OTHER_MANAGER, WASHER, None, id="head office decides what a manager proposed"),
        pytest.param(Role.HQ, TRAINER, OTHER_MANAGER, None, id="head office decides what pays a manager"),
        pytest.param(Role.HQ, TRAINER, WASHER, "Head office decides only", id="and leaves the rest to the store"),
        pytest.param(Role.TRAINER, OTHER_MANAGER, WASHER, "may not approve", id="a trainer decides nothing"),
    ],
)
def test_approval_of_rewards(approver: Role, maker: int | None, beneficiary: int, refusal: str | None) -> None:
    decides = actor(approver, employee_id=MANAGER_HERE)
    matter = Matter(HERE, maker, beneficiary)
    managers = {OTHER_MANAGER} | ({MANAGER_HERE} if approver is Role.MANAGER else set())
    if refusal is None:
        refuse_approval(decides, Capability.APPROVE_REWARDS, matter, managers)
    else:
        with pytest.raises(NotAllowed, match=refusal):
            refuse_approval(decides, Capability.APPROVE_REWARDS, matter, managers)
