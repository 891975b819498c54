"""Two versions of a plan stand beside each other on a page."""

from __future__ import annotations

from incentives.commissions.service import plans
from incentives.core.period import Month
from incentives.db import db
from tests.commissions.test_working_out_a_month import FIVE_PERCENT
from tests.conftest import Cast, ClientFor


def test_two_versions_are_compared_in_sentences(cast: Cast, client_for: ClientFor) -> None:
    first = plans.draft(cast.east.id, FIVE_PERCENT, from_month=Month(2026, 12), actor_id=cast.ma.id)
    second = plans.draft(
        cast.east.id, FIVE_PERCENT.replace("5 %", "6 %"), from_month=Month(2026, 12), actor_id=cast.ma.id
    )
    db.session.commit()
    page = f"/stores/A01/plans/{first.plan_id}/compare?one={first.id}&other={second.id}"
    answer = client_for(cast.ma).get(page)
    assert answer.status_code == 200
    assert "6 %" in answer.text
