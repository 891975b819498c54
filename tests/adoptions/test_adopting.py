"""A rule is heard, published, recorded, and counts from then on: never backwards, and never changed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from incentives.adoptions.models import Adoption, Subject
from incentives.adoptions.service import adopting, files
from incentives.adoptions.service.adopting import Consultation
from incentives.core.errors import DomainError, NotFound
from incentives.core.period import Month
from incentives.db import db
from tests.adoptions.conftest import RULE_ID, TODAY, adopted, heard, rule
from tests.conftest import Cast

REASON = Subject.REWARD_REASON


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (heard(consulted=""), "Say who was consulted."),
        (heard(published_where=""), "Say where the rule was published."),
        (heard(published_on=date(2026, 11, 17), counts_from=date(2026, 11, 18)), "lies in the future"),
        (heard(consulted_on=date(2026, 11, 13)), "consulted before the rule is published"),
        (heard(counts_from=date(2026, 11, 15)), "never backwards"),
    ],
)
def test_an_adoption_that_makes_no_sense_is_refused_in_a_sentence(
    cast: Cast, record: Consultation, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        adopting.adopt(cast.east.id, rule(), record, actor_id=cast.ma.id)
    assert db.session.scalars(select(Adoption)).all() == []


def test_a_rule_counts_from_the_day_of_its_record_on_and_in_its_store_only(cast: Cast) -> None:
    adopted(cast, counts_from=date(2026, 12, 1))
    assert not adopting.is_adopted(cast.east.id, REASON, RULE_ID, date(2026, 11, 30))
    assert adopting.is_adopted(cast.east.id, REASON, RULE_ID, date(2026, 12, 1))
    assert not adopting.is_adopted(cast.west.id, REASON, RULE_ID, date(2026, 12, 1))
    with pytest.raises(DomainError, match="counts from 2026-12-01 on"):
        adopting.require_adopted(cast.east.id, REASON, RULE_ID, date(2026, 11, 30))
    with pytest.raises(DomainError, match="no adoption record"):
        adopting.require_adopted(cast.west.id, REASON, RULE_ID, date(2026, 12, 1))
    adopting.require_adopted(cast.east.id, REASON, RULE_ID, date(2026, 12, 1))


@pytest.mark.both_databases
def test_the_same_record_twice_is_one_and_a_changed_rule_follows_the_one_before(cast: Cast) -> None:
    first = adopted(cast)
    assert adopted(cast) is first
    second = adopted(cast, "Whoever is late three times gets no bonus.")
    assert (second.number, second.before_id) == (2, first.id)
    assert adopting.adoption_of(cast.east.id, REASON, RULE_ID) is second
    assert adopting.adopted_since(cast.east.id, REASON, RULE_ID) == TODAY


@pytest.mark.both_databases
@pytest.mark.parametrize("statement", ["UPDATE adoption SET consulted = 'everybody'", "DELETE FROM adoption"])
def test_the_database_itself_lets_no_record_be_changed(cast: Cast, statement: str) -> None:
    adopted(cast)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_the_record_of_another_store_looks_like_none(cast: Cast) -> None:
    record = adopted(cast)
    assert adopting.adoption_at(cast.east.id, record.id) is record
    with pytest.raises(NotFound):
        adopting.adoption_at(cast.west.id, record.id)


@pytest.mark.parametrize(
    ("counts_from", "month"),
    [
        (date(2026, 11, 1), Month(2026, 11)),
        (date(2026, 11, 2), Month(2026, 12)),
        (date(2026, 11, 30), Month(2026, 12)),
        (date(2026, 12, 31), Month(2027, 1)),
    ],
)
def test_a_month_is_worked_out_by_a_rule_that_counts_from_its_first_day(counts_from: date, month: Month) -> None:
    assert adopting.first_month(counts_from) == month


def test_a_pdf_that_carries_programs_is_no_evidence(cast: Cast) -> None:
    record = adopted(cast)
    with pytest.raises(DomainError, match="carries programs"):
        files.attach(record, "minutes.pdf", b"%PDF-1.7 /OpenAction << /S /JavaScript >> %%EOF", actor_id=cast.ma.id)
    assert record.files == []
