"""Rules count from their adoption on, terms from their day on, and a won appeal leads to everybody with the same cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from incentives.adoptions.models import Way
from incentives.adoptions.service.acknowledging import unacknowledged
from incentives.adoptions.service.adopting import Consultation
from incentives.core.access import Role
from incentives.core.errors import DomainError, NotAllowed, NotFound
from incentives.core.money import Money
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.rewards.models import Direction, Instrument, ReasonCode, RewardRecord
from incentives.rewards.service import adopted, appeals, profiles, reasons, records
from incentives.targets.service.workdays import after_workdays
from tests.conftest import Cast
from tests.rewards.conftest import TODAY, Propose, reason
from tests.rewards.test_deciding import actor, approve, head_office, manager

NOON = "2026-11-16 12:00:00+08:00"


@pytest.fixture
def late(cast: Cast) -> ReasonCode:
    """A penalty of pay, in a store whose profile allows such rules."""
    said = profiles.Allowed("广东", Money(230_000), source="公报", pay_penalties=True)
    profiles.enter(cast.east.id, said, starts=date(2026, 11, 1), actor_id=cast.hua.id)
    new = reasons.NewReason(
        "late_delivery",
        "延误交车",
        "Late delivery",
        Direction.PENALTY,
        Instrument.PAY,
        None,
        Money(5_000),
        conduct=False,
    )
    made = reasons.add(cast.east.id, new, actor_id=cast.hua.id)
    db.session.commit()
    return made


def adopt(cast: Cast, which: ReasonCode, counts_from: date = TODAY, way: Way = Way.MEETING) -> None:
    heard = Consultation("全体职工", way, date(2026, 11, 10), date(2026, 11, 12), "公告栏", counts_from)
    with time_machine.travel(NOON, tick=False):
        adopted.adopt(cast.east.id, which.id, heard, actor_id=cast.ma.id)
    db.session.commit()


def penalty(propose: Propose, which: ReasonCode, **changes: object) -> RewardRecord:
    said = {"instrument": Instrument.PAY, "points": None, "amount": Money(5_000), "day": TODAY, **changes}
    return propose(reason_id=which.id, **said)


def test_a_penalty_of_pay_is_refused_before_its_rule_is_adopted(cast: Cast, propose: Propose, late: ReasonCode) -> None:
    with pytest.raises(DomainError, match="no adoption record"):
        penalty(propose, late)
    adopt(cast, late)
    with pytest.raises(DomainError, match="2026-11-16"):
        penalty(propose, late, day=date(2026, 11, 13))
    assert penalty(propose, late).amount == Money(-5_000)
    with pytest.raises(DomainError, match=r"at most 50\.00"):
        penalty(propose, late, amount=Money(5_001), token="more")


def test_a_rule_that_takes_more_is_adopted_anew(cast: Cast, propose: Propose, late: ReasonCode) -> None:
    adopt(cast, late)
    before = penalty(propose, late)
    reasons.change(cast.east.id, late.id, reasons.Terms(None, Money(8_000), TODAY), today=TODAY, actor_id=cast.hua.id)
    with pytest.raises(DomainError, match="changed since"):
        penalty(propose, late, token="after")
    assert before.amount == Money(-5_000)
    adopt(cast, late)
    assert penalty(propose, late, amount=Money(8_000), token="anew").amount == Money(-8_000)


def test_a_notice_alone_is_no_consultation_where_the_profile_asks_for_one(
    cast: Cast, propose: Propose, late: ReasonCode
) -> None:
    with pytest.raises(DomainError, match="a notice with time for objections is not enough"):
        adopt(cast, late, way=Way.NOTICE)
    lax = replace(profiles.allowed(cast.east.id, TODAY), consultation=False)
    profiles.enter(cast.east.id, lax, starts=TODAY, actor_id=cast.hua.id)
    adopt(cast, late, way=Way.NOTICE)
    assert penalty(propose, late).amount == Money(-5_000)
    profiles.enter(cast.east.id, replace(lax, consultation=True), starts=TODAY, actor_id=cast.hua.id)
    with pytest.raises(DomainError, match="a notice with time for objections is not enough"):
        penalty(propose, late, token="stricter")


def test_a_rule_of_points_may_be_adopted_by_notice(cast: Cast) -> None:
    adopt(cast, reason("poor_washing"), way=Way.NOTICE)


def test_everybody_at_the_store_is_asked_to_acknowledge_the_rule(cast: Cast, late: ReasonCode) -> None:
    adopt(cast, late)
    asked = {each.employee.number for each in unacknowledged(cast.east.id, TODAY)}
    assert {"A001", "A004", "A010"} <= asked
    assert "B001" not in asked


def test_the_province_profile_can_forbid_penalties_of_pay(cast: Cast, propose: Propose, late: ReasonCode) -> None:
    adopt(cast, late)
    said = replace(profiles.allowed(cast.east.id, TODAY), pay_penalties=False)
    profiles.enter(cast.east.id, said, starts=TODAY, actor_id=cast.hua.id)
    with pytest.raises(DomainError, match="province profile"):
        penalty(propose, late)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"loss_percent": 21}, "between 0 and 20"),
        ({"appeal_workdays": 0}, "between 1 and 30"),
        ({"minimum_wage": Money(250_000), "source": ""}, "its source"),
        ({"confirmed_by": "李律师"}, "a name and a day"),
    ],
)
def test_a_profile_without_sense_or_source_is_refused(cast: Cast, changes: dict[str, object], says: str) -> None:
    said = replace(profiles.allowed(cast.east.id, TODAY), source="公报")
    with pytest.raises(DomainError, match=says):
        profiles.enter(cast.east.id, replace(said, **changes), starts=TODAY, actor_id=cast.ada.id)  # type: ignore[arg-type]  # what a story says differently


def test_terms_hold_from_their_day_on_and_never_backwards(cast: Cast) -> None:
    praise = reason("praise")
    terms = reasons.Terms(30, None, date(2026, 12, 1))
    reasons.change(cast.east.id, praise.id, terms, today=TODAY, actor_id=cast.hua.id)
    assert [praise.usual(date(2026, 11, 30)), praise.usual(date(2026, 12, 1))] == [20, 30]
    with pytest.raises(DomainError, match="never count for days before"):
        reasons.change(
            cast.east.id, praise.id, replace(terms, starts=date(2026, 11, 1)), today=TODAY, actor_id=cast.hua.id
        )


def test_a_retired_reason_is_refused_and_its_records_stay(cast: Cast, propose: Propose) -> None:
    record = propose()
    reasons.offer(cast.east.id, record.reason_id, active=False, actor_id=cast.hua.id)
    with pytest.raises(DomainError, match="no longer in use"):
        propose(token="again")
    assert record.says == reason("praise").says


@pytest.fixture
def together(cast: Cast, proposal: records.Proposal) -> list[RewardRecord]:
    """Wei, Lan and Hao are said to have left a bay unwashed, all three in one proposal."""
    said = replace(proposal, reason_id=reason("poor_washing").id, points=5)
    people = [cast.wei.id, cast.lan.id, cast.hao.id]
    made = records.propose_together(cast.east.id, said, people, maker_id=cast.sun.id, today=TODAY)
    for record in made:
        approve(cast, record)
    return made


def test_a_won_appeal_lists_everybody_with_the_same_cause(cast: Cast, together: list[RewardRecord]) -> None:
    won, lan, hao = together
    appeals.appeal(won.id, employee_id=cast.wei.id, words="停水", today=TODAY)
    appeals.decide(head_office(cast), cast.east.id, won.id, granted=True, answer="属实", today=TODAY)
    assert appeals.hit_alike(won) == [lan, hao]
    appeals.overturn(head_office(cast), cast.east.id, lan.id, because_id=won.id, words="", today=TODAY)
    appeals.overturn(head_office(cast), cast.east.id, lan.id, because_id=won.id, words="", today=TODAY)
    points = [ledger.points_balance(who.id) for who in (cast.wei, cast.lan, cast.hao)]
    assert points == [0, 0, -5]


def test_only_a_won_appeal_with_the_same_cause_overturns(
    cast: Cast, together: list[RewardRecord], propose: Propose
) -> None:
    won, lan, _hao = together
    with pytest.raises(NotFound):
        appeals.overturn(head_office(cast), cast.east.id, lan.id, because_id=won.id, words="", today=TODAY)
    appeals.appeal(won.id, employee_id=cast.wei.id, words="停水", today=TODAY)
    appeals.decide(head_office(cast), cast.east.id, won.id, granted=True, answer="属实", today=TODAY)
    other = propose(reason_id=reason("poor_washing").id, points=5, employee_id=cast.lan.id, token="another day")
    approve(cast, other)
    with pytest.raises(NotFound):
        appeals.overturn(head_office(cast), cast.east.id, other.id, because_id=won.id, words="", today=TODAY)
    with pytest.raises(NotAllowed):
        appeals.overturn(manager(cast), cast.east.id, lan.id, because_id=won.id, words="", today=TODAY)


def test_an_overdue_appeal_may_be_decided_by_the_head_office(cast: Cast, propose: Propose) -> None:
    chief = actor(cast, cast.hua, Role.HQ)
    record = propose(employee_id=cast.lan.id)
    records.approve(manager(cast), cast.east.id, [record.id], today=TODAY)
    appeals.appeal(record.id, employee_id=cast.lan.id, words="太少", today=TODAY)
    assert record.appeal is not None
    due = after_workdays(cast.east.id, TODAY, 5)
    assert record.appeal.answer_by == due == date(2026, 11, 23)
    assert not appeals.is_overdue(record, due)
    assert appeals.is_overdue(record, date(2026, 11, 24))
    assert appeals.may_decide(chief, record, [], date(2026, 11, 24))
    assert not appeals.may_decide(chief, record, [], due)


def test_the_days_to_appeal_follow_the_profile(cast: Cast, propose: Propose) -> None:
    said = replace(profiles.allowed(cast.east.id, TODAY), appeal_workdays=10, source="公报")
    profiles.enter(cast.east.id, said, starts=TODAY, actor_id=cast.ada.id)
    record = propose()
    approve(cast, record)
    assert appeals.last_day(record) == date(2026, 11, 30)
