"""Lines are posted once, never changed, never into a closed month."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from incentives.core.approval import MonthState
from incentives.core.errors import DomainError, from_plain, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.points import PointsFact
from incentives.ledger import service as ledger
from incentives.ledger.models import MoneyLine
from incentives.ledger.service import EarningFact, MoneyKind, NewMoney
from incentives.periods.models import BusinessMonth
from tests.conftest import Cast

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def pay(cast: Cast, key: str, fen: int = 12_345, month: Month = NOVEMBER, for_month: Month | None = None) -> NewMoney:
    return NewMoney(
        key=key,
        store_id=cast.east.id,
        employee_id=cast.wei.id,
        month=month,
        for_month=for_month or month,
        kind=MoneyKind.PAY,
        amount=Money(fen),
        what=say("{count} sets of mats", count=3),
        source_kind="statement_line",
        source_id=1,
    )


def sale(cast: Cast, key: str, day: date, yuan: int) -> EarningFact:
    return EarningFact(
        key=key,
        fact=PointsFact.SALE,
        store_id=cast.east.id,
        employee_id=cast.wei.id,
        day=day,
        source_kind="sale",
        quantity=yuan,
    )


def close(session: Session, cast: Cast, month: Month) -> None:
    session.add(BusinessMonth(store_id=cast.east.id, month=month, state=MonthState.CLOSED))
    session.flush()


@pytest.mark.both_databases
def test_the_same_key_is_posted_once(cast: Cast) -> None:
    assert ledger.post_money([pay(cast, "a"), pay(cast, "b", -45)]) == 2
    assert ledger.post_money([pay(cast, "a"), pay(cast, "c", 100)]) == 1
    assert ledger.money_total(cast.east.id, NOVEMBER) == Money(12_400)
    assert ledger.money_by_person(cast.east.id, NOVEMBER) == {cast.wei.id: Money(12_400)}


@pytest.mark.both_databases
def test_a_reversal_names_its_line_and_brings_the_sum_to_nothing(cast: Cast, db_session: Session) -> None:
    ledger.post_money([pay(cast, "a")])

    assert ledger.reverse_money("a", month=NOVEMBER, why=say("Entered by mistake."))
    assert not ledger.reverse_money("a", month=NOVEMBER, why=say("Entered by mistake."))
    assert not ledger.reverse_money("never posted", month=NOVEMBER, why=say("Entered by mistake."))

    line, reversal = ledger.money_lines(cast.east.id, NOVEMBER)
    assert reversal.reverses_id == line.id
    assert from_plain(line.what) == say("{count} sets of mats", count=3)
    assert db_session.scalar(select(func.count()).select_from(MoneyLine)) == 2
    assert not ledger.money_total(cast.east.id, NOVEMBER)


@pytest.mark.both_databases
def test_a_closed_month_takes_no_money_but_a_repeat_is_harmless(cast: Cast, db_session: Session) -> None:
    ledger.post_money([pay(cast, "a", month=OCTOBER)])
    close(db_session, cast, OCTOBER)

    assert ledger.post_money([pay(cast, "a", month=OCTOBER)]) == 0
    with pytest.raises(DomainError, match="closed"):
        ledger.post_money([pay(cast, "fits"), pay(cast, "late", month=OCTOBER)])
    assert ledger.post_money([pay(cast, "late", 55, for_month=OCTOBER)]) == 1
    assert ledger.posted_for(cast.east.id, [cast.wei.id], OCTOBER) == {cast.wei.id: Money(12_400)}
    assert ledger.money_total(cast.east.id, NOVEMBER) == Money(55)


@pytest.mark.both_databases
@pytest.mark.parametrize("table", ["money_line", "points_line"])
@pytest.mark.parametrize("deed", ["UPDATE {table} SET source_kind = 'other'", "DELETE FROM {table}"])
def test_no_statement_changes_or_deletes_a_line(cast: Cast, db_session: Session, table: str, deed: str) -> None:
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    ledger.post_money([pay(cast, "a")])
    ledger.earn([sale(cast, "a", date(2026, 11, 16), 500)])
    db_session.commit()

    with pytest.raises(DatabaseError, match="append-only"):
        db_session.execute(text(deed.format(table=table)))


@pytest.mark.both_databases
def test_facts_earn_by_the_rule_of_their_day_in_full_steps_and_a_return_takes_the_same_back(cast: Cast) -> None:
    ledger.ensure_default_rules(cast.group.id, date(2026, 11, 10))
    assert ledger.ensure_default_rules(cast.group.id, date(2026, 11, 12)) == 0

    assert ledger.earn([sale(cast, "too early", date(2026, 11, 9), 900)]) == 0
    assert ledger.earn([sale(cast, "a", date(2026, 11, 16), 950), sale(cast, "too small", date(2026, 11, 16), 99)]) == 1
    assert ledger.earn([sale(cast, "a", date(2026, 11, 16), 950)]) == 0
    assert ledger.points_of(cast.wei.id, "2026-11") == 9

    assert ledger.earn([sale(cast, "return", date(2026, 11, 17), -250)]) == 1
    assert ledger.points_of(cast.wei.id, "2026-11-17") == -2
    assert ledger.take_back("a", why=say("The sale was entered twice."))
    assert not ledger.take_back("a", why=say("The sale was entered twice."))
    assert ledger.points_of(cast.wei.id, "2026-11-16") == 0
    assert ledger.points_balance(cast.wei.id) == -2


@pytest.mark.both_databases
def test_a_late_fact_counts_on_the_first_open_day(cast: Cast, db_session: Session) -> None:
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    close(db_session, cast, OCTOBER)

    ledger.earn([sale(cast, "late", date(2026, 10, 30), 300)])

    (line,) = ledger.points_lines(cast.wei.id, "2026-11-01")
    assert (line.business_date, line.month, line.points) == (date(2026, 10, 30), NOVEMBER, 3)
    assert ledger.points_of(cast.wei.id, "2026-10") == 0
    assert ledger.board("points", "2026-11-01", ledger.store_scope(cast.east.id), None).top[0].value == 3
