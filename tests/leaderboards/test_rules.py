"""The rules are open to everybody; head office changes them, from today on and never backwards."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from incentives.core.period import Month
from incentives.core.score import Part
from incentives.leaderboards.service.weights import weights
from incentives.ledger import service as ledger
from tests.conftest import Cast, ClientFor

WEIGHTS = {"from_month": "2026-11", "revenue": 50, "accessories": 50, "training": 0, "six_s": 0, "conduct": 0}
RULE = {"fact": "sale", "points": 3, "per": 100, "starts": "2026-11-16"}


def test_everybody_may_read_the_rules(cast: Cast, client_for: ClientFor, db_session: Session) -> None:
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    db_session.commit()

    page = client_for(cast.wei).get("/rules").text

    assert "1 points for each 100: sale" in page
    assert "adviser" in page
    assert "/group/" not in page


def test_head_office_sets_weights_and_the_manager_cannot(cast: Cast, client_for: ClientFor) -> None:
    adviser = cast.positions["adviser"].id
    url = f"/group/positions/{adviser}/weights"

    assert client_for(cast.ma).post(url, data=WEIGHTS).status_code == 403
    assert client_for(cast.hua).post(url, data=WEIGHTS).status_code == 302
    assert weights([adviser], Month(2026, 11))[adviser][Part.ACCESSORIES] == 50
    assert weights([adviser], Month(2026, 10))[adviser][Part.ACCESSORIES] == 20


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"revenue": 60}, "these come to 110"),
        ({"revenue": -1}, ""),
        ({"revenue": ""}, ""),
        ({"from_month": "2026-10"}, "what is over stays as it was"),
        ({"from_month": "soon"}, ""),
    ],
)
def test_weights_that_do_not_work_are_refused_and_kept_as_typed(
    cast: Cast, client_for: ClientFor, change: dict[str, object], says: str
) -> None:
    adviser = cast.positions["adviser"].id
    answer = client_for(cast.hua).post(f"/group/positions/{adviser}/weights", data={**WEIGHTS, **change})
    assert answer.status_code == 422
    assert says in answer.text
    assert weights([adviser], Month(2026, 11))[adviser][Part.ACCESSORIES] == 20


def test_a_published_rule_counts_from_its_day_on_and_never_twice(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.hua)
    assert client.post("/group/points-rules/new", data=RULE).status_code == 302
    assert "3 points for each 100: sale" in client.get("/rules").text
    assert client.post("/group/points-rules/new", data=RULE).status_code == 422
    assert client.post("/group/points-rules/new", data={**RULE, "starts": "2026-11-15"}).status_code == 422
    assert client.post("/group/points-rules/new", data={**RULE, "fact": "luck"}).status_code == 422
    assert client_for(cast.ma).get("/group/points-rules/new").status_code == 403


def test_another_groups_position_is_not_found(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.hua).get("/group/positions/999/weights").status_code == 404
