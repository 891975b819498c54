"""Compensation of a proven loss: from the wage, within the law, apart from pay, and never from 6S or conduct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from incentives.core.access import Role
from incentives.core.approval import ProposalAction, RewardState
from incentives.core.errors import DomainError
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.kept import Paper
from incentives.ledger import service as ledger
from incentives.payroll.files import as_file
from incentives.payroll.service import closing, exporting, proving, reading, reopening, reviewing
from incentives.people.service import staff
from incentives.rewards.documents import issue_notices
from incentives.rewards.models import Direction, Instrument, LossDeduction, RewardNotice, RewardRecord
from incentives.rewards.service import appeals, losses, notices, profiles, reasons, records, wages
from incentives.rewards.service.paying import taken_over
from incentives.rewards.service.records import Claim, Proposal
from tests.conftest import Cast
from tests.core.cases import worked_case
from tests.rewards.conftest import reason
from tests.rewards.test_deciding import actor

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
LOST_ON = date(2026, 9, 14)
LOSS = Money(150_000)
PAPER = Paper("合同.pdf", "application/pdf", "1/abc", 100, "0" * 64)
CLAIM = Claim(
    "举升机操作失误致客户车辆损坏", "2025年劳动合同第A004号", "第十二条：因本人故意或重大过失造成损失的，应予赔偿"
)


def loss(cast: Cast, amount: Money = LOSS, **changes: object) -> RewardRecord:
    """Sun proposes that Wei makes good what was lost; Ma approves it, and the notice goes out."""
    proposal = Proposal(
        employee_id=cast.wei.id,
        reason_id=reason("proven_loss").id,
        day=LOST_ON,
        instrument=Instrument.LOSS,
        points=None,
        amount=amount,
        note="未按规程操作",
        token="loss",
        papers=[PAPER],
        claim=CLAIM,
    )
    said = replace(proposal, **changes)  # type: ignore[arg-type]  # what a story says differently
    made = records.propose(cast.east.id, said, maker_id=cast.sun.id, today=LOST_ON)
    records.approve(actor(cast, cast.ma, Role.MANAGER), cast.east.id, [made.id], today=LOST_ON)
    issue_notices(cast.east.id, today=LOST_ON, actor_id=cast.ma.id)
    db.session.commit()
    return made


def received(cast: Cast, record: RewardRecord) -> None:
    notices.acknowledge(record.id, employee_id=cast.wei.id, today=LOST_ON)
    db.session.commit()


def base_wage(cast: Cast, amount: Money) -> None:
    wages.enter(cast.east.id, cast.wei.id, starts=SEPTEMBER, amount=amount, source="合同", actor_id=cast.fan.id)
    db.session.commit()


def close(cast: Cast, month: Month) -> None:
    reviewing.start(cast.east.id, month, actor_id=cast.ma.id)
    for who, role in ((cast.ma, Role.MANAGER), (cast.hua, Role.HQ)):
        found = reviewing.statements(cast.east.id, month)
        own = [each for each in found if (each.employee_id == cast.ma.id) is (who is cast.hua)]
        if own or who is cast.ma:
            reviewing.approve(actor(cast, who, role), cast.east.id, month, {each.id: each.digest for each in own})
    closing.close(cast.east.id, month, actor_id=cast.fan.id)
    db.session.commit()


def taken(record: RewardRecord) -> str:
    return losses.taken_so_far([record.id]).get(record.id, ZERO).plain()


CASES = worked_case("pay.toml", "loss-compensation")["rows"]


@pytest.mark.both_databases
@pytest.mark.parametrize("row", CASES, ids=[row["wage"] for row in CASES])
def test_the_worked_case_through_the_payroll(cast: Cast, row: dict[str, str]) -> None:
    record = loss(cast)
    received(cast, record)
    base_wage(cast, Money.parse(row["wage"]))
    close(cast, SEPTEMBER)
    assert taken(record) == row["deduct"]
    found = exporting.payroll(cast.east.id, SEPTEMBER)
    assert (found.to_deduct.plain(), found.paid) == (row["deduct"], ZERO)
    assert -ledger.money_total(cast.east.id, SEPTEMBER, [ledger.MoneyKind.LOSS]) == found.to_deduct
    assert ledger.money_total(cast.east.id, SEPTEMBER) == ZERO
    assert proving.check() == (1, [])


def test_what_is_left_stays_open_for_later_months_and_never_goes_beyond_the_loss(cast: Cast) -> None:
    record = loss(cast)
    received(cast, record)
    base_wage(cast, Money.parse("5000"))
    close(cast, SEPTEMBER)
    assert record.state is RewardState.POSTED
    statement = reading.of_person(cast.east.id, OCTOBER, cast.wei.id)
    assert statement is not None
    assert [line.amount.plain() for line in statement.losses] == ["-500.00"]
    assert statement.total == ZERO
    close(cast, OCTOBER)
    assert taken(record) == "1500.00"
    assert reading.of_person(cast.east.id, NOVEMBER, cast.wei.id) is None


def test_the_file_has_a_column_and_a_list_of_its_own_with_control_totals(cast: Cast) -> None:
    received(cast, loss(cast))
    base_wage(cast, Money.parse("5000"))
    close(cast, SEPTEMBER)
    book = openpyxl.load_workbook(BytesIO(as_file(exporting.payroll(cast.east.id, SEPTEMBER))))
    people = list(book.worksheets[0].iter_rows(values_only=True))
    assert people[0][-1] == "应从工资中扣除的损失赔偿"
    assert (people[1][-2], people[1][-1], people[-1][-1]) == (0, 1000, 1000)
    apart = list(book["损失赔偿"].iter_rows(values_only=True))
    assert apart[1][3] == 1000
    assert "5,000.00" in apart[1][2]
    assert len(list(book.worksheets[1].iter_rows())) == 2


def _lines(store_id: int, month: Month, pay: Mapping[int, Money] | None = None) -> list[losses.LossLine]:
    """What a month takes for losses when variable pay comes to so much."""
    return losses.loss_lines(taken_over(store_id, month).losses, month, pay or {})


def test_nothing_is_taken_while_notice_wage_or_minimum_wage_are_missing(cast: Cast) -> None:
    record = loss(cast)
    cast.east.minimum_wage = ZERO
    db.session.commit()
    said = [str(each) for each in losses.missing(record, SEPTEMBER)]
    assert [word in "".join(said) for word in ("notice", "base wage", "minimum wage")] == [True] * 3
    assert _lines(cast.east.id, SEPTEMBER) == []
    received(cast, record)
    assert _lines(cast.east.id, SEPTEMBER) == []
    base_wage(cast, Money.parse("5000"))
    assert _lines(cast.east.id, SEPTEMBER) == []
    said_by = profiles.Allowed("广东", Money(230_000), source="粤人社规〔2025〕1号")
    profiles.enter(cast.east.id, said_by, starts=LOST_ON, actor_id=cast.hua.id)
    (line,) = _lines(cast.east.id, SEPTEMBER)
    assert line.amount == Money(-100_000)


def test_variable_pay_counts_in_the_wage_and_the_oldest_loss_comes_first(cast: Cast) -> None:
    first, second = loss(cast, Money(80_000)), loss(cast, Money(90_000), token="second")
    for record in (first, second):
        received(cast, record)
    base_wage(cast, Money.parse("4700"))
    lines = _lines(cast.east.id, SEPTEMBER, {cast.wei.id: Money(30_000)})
    assert [(line.record_id, line.amount) for line in lines] == [
        (first.id, Money(-80_000)),
        (second.id, Money(-20_000)),
    ]


def test_the_store_where_the_person_works_at_the_months_end_takes_it(cast: Cast) -> None:
    received(cast, loss(cast))
    base_wage(cast, Money.parse("5000"))
    position = cast.positions["adviser"]
    staff.move(cast.wei, store=cast.west, position=position, day=date(2026, 9, 20), actor_id=None, at=cast.east.id)
    assert _lines(cast.east.id, SEPTEMBER) == []
    assert len(_lines(cast.west.id, SEPTEMBER)) == 1


@pytest.mark.both_databases
def test_a_won_appeal_pays_back_what_was_taken(cast: Cast) -> None:
    record = loss(cast)
    received(cast, record)
    base_wage(cast, Money.parse("5000"))
    close(cast, SEPTEMBER)
    appeals.appeal(record.id, employee_id=cast.wei.id, words="设备故障", today=LOST_ON)
    chief = actor(cast, cast.hua, Role.HQ)
    appeals.decide(chief, cast.east.id, record.id, granted=True, answer="属实", today=LOST_ON)
    db.session.commit()
    close(cast, OCTOBER)
    assert taken(record) == "0.00"
    assert exporting.payroll(cast.east.id, OCTOBER).to_deduct == Money(-100_000)
    assert proving.check() == (2, [])
    assert _lines(cast.east.id, NOVEMBER) == []


def test_a_reopened_month_opens_the_loss_again(cast: Cast) -> None:
    record = loss(cast)
    received(cast, record)
    base_wage(cast, Money.parse("5000"))
    close(cast, SEPTEMBER)
    reopening.propose_reopening(cast.east.id, SEPTEMBER, reason="漏录", actor_id=cast.fan.id)
    reopening.decide_reopening(cast.east.id, SEPTEMBER, ProposalAction.CONFIRM, actor_id=cast.hua.id)
    db.session.commit()
    assert taken(record) == "0.00"
    close(cast, SEPTEMBER)
    assert taken(record) == "1000.00"
    assert db.session.scalar(select(func.count()).select_from(LossDeduction)) == 2
    assert proving.check() == (1, [])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"papers": []}, "at least one file"),
        ({"claim": None}, "contract and clause"),
        ({"claim": replace(CLAIM, clause="")}, "contract and clause"),
        ({"amount": ZERO}, "between 0.01"),
        ({"instrument": Instrument.PAY}, "compensation of a proven loss only"),
        ({"instrument": Instrument.POINTS, "points": 5}, "compensation of a proven loss only"),
    ],
)
def test_a_loss_without_proof_clause_or_its_own_instrument_is_refused(
    cast: Cast, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(DomainError, match=says):
        loss(cast, **changes)  # type: ignore[arg-type]  # what a story says differently


@pytest.mark.parametrize("code", ["cherry_picking", "poor_washing", "uncooperative", "six_s_poor"])
@pytest.mark.parametrize("instrument", [Instrument.PAY, Instrument.LOSS])
def test_no_service_leads_from_6s_or_conduct_to_a_wage(cast: Cast, code: str, instrument: Instrument) -> None:
    with pytest.raises(DomainError, match="never reaches pay"):
        loss(cast, reason_id=reason(code).id, instrument=instrument)
    said = reasons.NewReason("late", "迟到", "Late", Direction.PENALTY, instrument, None, Money(100), conduct=True)
    with pytest.raises(DomainError, match="never reaches pay"):
        reasons.add(cast.east.id, said, actor_id=cast.hua.id)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE reason_code SET instrument = 'loss', points = NULL WHERE code = 'cherry_picking'",
        "UPDATE reason_code SET instrument = 'pay', points = NULL WHERE code = 'six_s_poor'",
        "UPDATE reason_code SET conduct = TRUE WHERE code = 'proven_loss'",
        "UPDATE reward_record SET conduct = TRUE",
        "UPDATE reward_record SET instrument = 'pay'",
        "UPDATE reward_record SET instrument = 'points', points = -5",
        "UPDATE reward_record SET amount_fen = -100",
        "UPDATE reward_record SET loss_fen = -100",
    ],
)
def test_no_row_of_the_database_leads_there_either(cast: Cast, forged: str) -> None:
    loss(cast)
    with pytest.raises(IntegrityError):
        db.session.execute(text(forged))
    db.session.rollback()


def test_the_notice_is_kept_as_issued_and_received_once(cast: Cast) -> None:
    record = loss(cast)
    assert issue_notices(cast.east.id, today=LOST_ON, actor_id=cast.ma.id) == 0
    kept = db.session.scalars(select(RewardNotice)).one()
    assert (kept.last_day, kept.received_on, len(kept.sha256)) == (appeals.last_day(record), None, 64)
    day = date(2026, 9, 1)
    with pytest.raises(DomainError, match="between that of the notice"):
        notices.hand_over(cast.east.id, record.id, day=day, how="当面", actor_id=cast.ma.id, today=LOST_ON)
    notices.hand_over(cast.east.id, record.id, day=LOST_ON, how="当面签收", actor_id=cast.ma.id, today=LOST_ON)
    received(cast, record)
    assert kept.received_how == "当面签收"
