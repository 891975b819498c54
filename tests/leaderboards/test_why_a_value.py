"""A value of a board opens as far as the reader may see: the rule for all, the facts for its owner and the managers."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from sqlalchemy.orm import Session

from incentives.core.money import FEN_PER_YUAN, Money
from incentives.ledger import service as ledger
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from tests.conftest import Cast, ClientFor
from tests.leaderboards.test_boards import VALUES, give

DAY = date(2026, 11, 10)
BOARD = "/stores/A01/boards"


@pytest.fixture
def sold(cast: Cast, db_session: Session) -> dict[str, int]:
    """Each has sold accessories for so many hundred yuan as the others' points; the ids of the lines."""
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    made = {}
    for name, hundreds in VALUES.items():
        made[name] = record_sale(
            cast.east.id,
            Sale(
                f"WO-{name}",
                DAY,
                Article("Window film", Category.ACCESSORIES),
                1000,
                Money(hundreds * 100 * FEN_PER_YUAN),
            ),
            [Share(cast.people[name].id, EarningRole.SELLER)],
            maker_id=cast.ma.id,
            group_id=cast.group.id,
            today=DAY,
        )
    db_session.commit()
    return made


def _why(cast: Cast, name: str, measure: str) -> str:
    return f"{BOARD}/{cast.people[name].id}?measure={measure}&period=2026-11"


def test_ones_own_pieces_open_down_to_the_document(cast: Cast, client_for: ClientFor, sold: dict[str, int]) -> None:
    page = client_for(cast.wei).get(_why(cast, "wei", "accessory_quantity")).text
    assert "WO-wei-1" in page
    assert f'href="/me/sales/{sold["wei"]}"' in page
    assert "Lines counted: 1. Together: 1." in page
    line = client_for(cast.wei).get(f"/me/sales/{sold['wei']}").text
    assert "9,000.00" in line
    assert cast.ma.name in line, "who entered it"


def test_a_colleagues_published_value_shows_its_rule_and_no_document(
    cast: Cast, client_for: ClientFor, sold: dict[str, int]
) -> None:
    page = client_for(cast.wei).get(_why(cast, "lan", "accessory_quantity")).text
    assert "Each sale counts once" in page
    assert "WO-lan" not in page
    assert client_for(cast.wei).get(f"/me/sales/{sold['lan']}").status_code == 404


@pytest.mark.usefixtures("sold")
def test_a_colleagues_revenue_is_a_part_of_the_leaders_and_never_an_amount(cast: Cast, client_for: ClientFor) -> None:
    page = client_for(cast.wei).get(_why(cast, "lan", "sales_revenue")).text
    assert "88.9 %" in page
    assert "8,000" not in page


def test_the_manager_opens_it_down_to_the_document(cast: Cast, client_for: ClientFor, sold: dict[str, int]) -> None:
    page = client_for(cast.ma).get(_why(cast, "lan", "sales_revenue")).text
    assert f'href="/stores/A01/sales/{sold["lan"]}"' in page
    assert "Lines counted: 1. Together: 8,000.00." in page


@pytest.mark.usefixtures("sold")
@pytest.mark.parametrize("name", ["sun", "tao", "min"])
def test_the_lower_half_has_no_page(cast: Cast, client_for: ClientFor, name: str) -> None:
    assert client_for(cast.wei).get(_why(cast, name, "sales_revenue")).status_code == 404
    assert client_for(cast.ma).get(_why(cast, name, "sales_revenue")).status_code == 404


def test_a_board_of_fewer_than_five_opens_for_its_owner_alone(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    give(cast, {"wei": 90, "lan": 80, "hao": 70, "gang": 60})
    db_session.commit()
    assert client_for(cast.wei).get(_why(cast, "wei", "points")).status_code == 200
    assert client_for(cast.wei).get(_why(cast, "lan", "points")).status_code == 404


@pytest.mark.usefixtures("sold")
def test_where_ranks_are_off_only_the_own_value_opens(cast: Cast, client_for: ClientFor, db_session: Session) -> None:
    cast.east.show_ranks = False
    db_session.commit()
    assert client_for(cast.wei).get(_why(cast, "wei", "points")).status_code == 200
    assert client_for(cast.wei).get(_why(cast, "lan", "points")).status_code == 404


@pytest.mark.usefixtures("sold")
def test_another_stores_board_opens_nothing(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.bai).get(_why(cast, "wei", "points")).status_code == 404


def test_points_of_a_sale_open_down_to_its_document(cast: Cast, client_for: ClientFor, sold: dict[str, int]) -> None:
    client = client_for(cast.wei)
    (line,) = ledger.points_lines(cast.wei.id, "2026-11")
    assert f'href="/me/points/{line.id}"' in client.get("/me/points").text
    page = unescape(client.get(f"/me/points/{line.id}").text)
    assert "1 points for each 100: sale" in page
    assert "published on 2026-01-01" in page
    assert f'href="/me/sales/{sold["wei"]}"' in page
    assert client_for(cast.lan).get(f"/me/points/{line.id}").status_code == 404
    assert client_for(cast.lan).get(f"/stores/A01/points/{line.id}").status_code == 403
    assert f'href="/stores/A01/sales/{sold["wei"]}"' in client_for(cast.ma).get(f"/stores/A01/points/{line.id}").text
