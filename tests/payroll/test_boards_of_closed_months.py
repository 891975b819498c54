"""Boards of a closed month after late facts: what was frozen stays, points go to the open month, amounts to their own day."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.db import db
from incentives.ledger import service as ledger
from tests.conftest import Cast
from tests.payroll.acts import NOVEMBER, OCTOBER, TIERS, Books


def _places(cast: Cast, measure: str, period: str) -> dict[str, int]:
    found = ledger.board(measure, period, ledger.store_scope(cast.east.id), None)
    return {place.name: place.value for place in found.top}


def _frozen(cast: Cast, measure: str) -> dict[str, int]:
    found = ledger.frozen_board(cast.east.id, OCTOBER, measure, ledger.store_scope(cast.east.id), None)
    assert found is not None
    return {place.name: place.value for place in found.top}


@pytest.mark.both_databases
def test_frozen_boards_stay_and_points_of_late_facts_count_in_the_open_month(cast: Cast) -> None:
    """A point for each 100 yuan sold. October as closed: Wei 1,000, Lan 500, Hao 300.

    | in November                 | points of October | points of November | amounts shown live              |
    | Wei's sale comes back whole | 10 stay           | −10                | October 1,000, November −1,000  |
    | a late sale of Lan, 900     | 5 stay            | +9                 | October 500 + 900               |
    """
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    books = Books(cast)
    books.plan(TIERS)
    sale = books.sell("1000", cast.wei, day=date(2026, 10, 9))
    books.sell("500", cast.lan, day=date(2026, 10, 9))
    books.sell("300", cast.hao, day=date(2026, 10, 9))
    books.close(OCTOBER)
    points, amounts = _frozen(cast, "points"), _frozen(cast, "accessory_revenue")
    assert points == {"魏强": 10, "兰芳": 5, "郝亮": 3}
    assert amounts == {"魏强": 100_000, "兰芳": 50_000, "郝亮": 30_000}
    books.take_back(sale, "1000", day=date(2026, 11, 10), quantity=1000)
    books.sell("900", cast.lan, day=date(2026, 10, 30))
    assert (_frozen(cast, "points"), _frozen(cast, "accessory_revenue")) == (points, amounts)
    assert _places(cast, "points", "2026-10") == points
    assert _places(cast, "points", "2026-11") == {"魏强": -10, "兰芳": 9}
    assert _places(cast, "accessory_revenue", "2026-10") == amounts | {"兰芳": 140_000}
    assert _places(cast, "accessory_revenue", "2026-11") == {"魏强": -100_000}
    assert not ledger.rebuild(check=True).differences
    books.close(NOVEMBER)
    assert (_frozen(cast, "points"), _frozen(cast, "accessory_revenue")) == (points, amounts)
    books.require_proved()
    db.session.commit()
