"""Schemes as dealerships publish them, played from the file to the payroll file: their hand-worked amounts are paid."""

from __future__ import annotations

from pathlib import Path

import pytest

from incentives.core.approval import PlanState
from incentives.core.money import ZERO
from incentives.db import db
from tests.commissions.acting import PLANS, stage
from tests.conftest import Cast, ClientFor
from tests.payroll.acts import Books
from tests.payroll.desk import Desk

PUBLISHED = Path(__file__).parent.parent / "core" / "published"


@pytest.fixture
def desk(cast: Cast, client_for: ClientFor) -> Desk:
    return Desk(Books(cast), client_for)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("name", "place"),
    [
        pytest.param("adviser", 0, id="tiers, a factor by step table and gates"),
        pytest.param("body", 0, id="a pool of labour with the step table of rework"),
        pytest.param("parts", 0, id="a pool of which one forfeits a share"),
        pytest.param("parts", 1, id="the same pool below its base"),
        pytest.param("mechanic", 0, id="hours at a price that changes, floors and caps by days"),
        pytest.param("reception", 0, id="a pool by attainments, with own factors"),
    ],
)
def test_a_published_scheme_pays_what_was_worked_out_by_hand(desk: Desk, name: str, place: int) -> None:
    played = stage(desk, PUBLISHED / f"{name}.yaml", place)
    played.adopted(played.written())
    played.told()
    desk.close(played.month)
    played.require_paid_by_hand()
    paid = {each.number for each in played.example.people if each.total != ZERO}
    file = desk.file(played.month)
    assert {number for number, row in file.items() if row["应发"]} == paid


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        pytest.param("{from: $base, rate: 4 %}", "{above: $base, rate: 4 %}", "All sales", id="a gap in the bands"),
        pytest.param("expect: 1633.37", "expect: 1633.38", "1,633.38", id="an amount that does not come out"),
        pytest.param("parts_manager: 6", "part_manager: 6", "part_manager", id="a position that is not there"),
    ],
)
def test_a_scheme_that_is_wrong_is_refused_at_its_row_when_it_is_submitted(
    desk: Desk, right: str, wrong: str, told: str
) -> None:
    played = stage(desk, PUBLISHED / "parts.yaml")
    assert right in played.text
    played.text = played.text.replace(right, wrong)
    version = played.written()
    fan = desk.books.cast.fan
    page = desk.refused(fan, f"{PLANS}/versions/{version.id}/submit", {}, on=played.eve)
    assert "The plan check stands against it." in page
    assert told in page
    db.session.refresh(version)
    assert version.state is PlanState.DRAFT
