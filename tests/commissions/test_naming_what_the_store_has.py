"""A plan that names what the store does not have is found, with the row and the nearest that there is."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.commissions.format import load
from incentives.commissions.service import checking, plans
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.names import names_of
from incentives.core.approval import PlanAction
from incentives.core.errors import Faults
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from tests.commissions.test_writing_on_a_sheet import begin, fields_of
from tests.conftest import Browser, Cast, ClientFor

NOVEMBER, TODAY = Month(2026, 11), date(2026, 11, 16)
PLAN = """
plan: named
name: Named
lines:
  - line: sold
    name: {en: Sold, zh: 精品销售}
    measure: {kind: amount, WHICH}
    rate: 5 %
    positions: [WHOM]
"""
SOLD, ADVISERS = "category: accessories", "adviser"
SLIP = "If it is not new but a slip, nobody will ever be paid by it."
NOBODY = "Nobody can ever be paid by it: correct the code, or add it first."


def _text(which: str = SOLD, whom: str = ADVISERS) -> str:
    return PLAN.replace("WHICH", which).replace("WHOM", whom)


def _told(cast: Cast, text: str) -> list[str]:
    document = load(text)
    catalogue = catalogue_of(cast.east.id, [document.plan])
    names = names_of(cast.east.id, document.plan, catalogue)
    found = checking.report(document, NOVEMBER, catalogue, {}, names).found
    told = [str(each) for each in checking.told(found)]
    return [each for each in told if "known here" in each or "No sale" in each]


def _sell(cast: Cast) -> None:
    article = Article("脚垫", Category.ACCESSORIES, "floor-mats", "mats", "trade-in")
    sale = Sale(document="XS1", day=TODAY, article=article, quantity=1000, received=Money.parse("200"), line_number=1)
    shares = [Share(cast.wei.id, EarningRole.SELLER)]
    record_sale(cast.east.id, sale, shares, maker_id=cast.ma.id, group_id=cast.group.id, today=TODAY)


def test_a_position_written_by_its_name_leads_to_its_code(cast: Cast) -> None:
    assert _told(cast, _text()) == []
    assert _told(cast, _text(whom="服务顾问")) == [
        f"row 1 “Sold”: The position “服务顾问” is not known here. {NOBODY} The nearest that is known is “adviser”: adviser."
    ]


@pytest.mark.parametrize(
    ("which", "told"),
    [
        (
            "product: [floor-mats, flor-mats]",
            "product “flor-mats”. SLIP The nearest that is known is “floor-mats”: 脚垫.",
        ),
        (
            "campaign: [trade-in, tradein]",
            "campaign “tradein”. SLIP The nearest that is known is “trade-in”: trade-in.",
        ),
        ("category: [mats, matts]", "category “matts”. SLIP The nearest that is known is “mats”: mats."),
        ("but_product: 贴膜", "product “贴膜”. SLIP"),
    ],
)
def test_what_nobody_has_sold_is_a_warning(cast: Cast, which: str, told: str) -> None:
    _sell(cast)
    assert _told(cast, _text(which)) == [f"row 1 “Sold”: No sale so far has the {told.replace('SLIP', SLIP)}"]


def test_before_the_first_sale_no_product_is_unknown(cast: Cast) -> None:
    assert _told(cast, _text("product: floor-mats, campaign: trade-in")) == []


@pytest.mark.parametrize(
    ("which", "told"),
    [
        (
            "role: selller",
            f"The earning role “selller” is not known here. {NOBODY} The nearest that is known is “seller”: seller.",
        ),
        (
            "of: department, department: recption",
            f"The department “recption” is not known here. {NOBODY} The nearest that is known is “reception”: reception.",
        ),
    ],
)
def test_roles_and_departments_are_those_of_the_group(cast: Cast, which: str, told: str) -> None:
    assert _told(cast, _text(which)) == [f"row 1 “Sold”: {told}"]


POOL = """
plan: pool
name: Pool
lines:
  - pool: team
    lines: [{line: part, fixed: 100}]
    share: [{coefficients: {people: {A004: 1.2, WHO: 1}, default: 1}}]
"""


def test_an_employee_is_one_of_the_group_wherever_he_works(cast: Cast) -> None:
    assert _told(cast, POOL.replace("WHO", "B002")) == []
    (told,) = _told(cast, POOL.replace("WHO", "A0044"))
    assert told.endswith(f"employee “A0044” is not known here. {NOBODY} The nearest that is known is “A004”: 魏强.")


def test_an_unknown_position_keeps_a_version_from_being_submitted(cast: Cast) -> None:
    version = plans.draft(cast.east.id, _text(whom="advisor"), from_month=NOVEMBER, actor_id=cast.ma.id)
    with pytest.raises(Faults, match="Errors: 1") as refused:
        plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    assert "“adviser”" in str(refused.value.faults[0])


def test_in_the_editor_an_unknown_indicator_stands_at_its_row(cast: Cast, client_for: ClientFor) -> None:
    client: Browser = client_for(cast.ma)
    address = begin(client, template="empty")
    page = client.post(address, data={**fields_of(client.get(address).text), "op": "add|lines[0].then|gate"})
    typed = fields_of(page.text)
    typed["lines[0].then[0].gate.all[0].measure.indicator#choice"] = ["rework"]
    page = client.post(address, data=typed)
    assert "The indicator “rework” is not known here." in page.text
    assert 'href="#at-lines-0-then-0"' in page.text
