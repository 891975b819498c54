"""Schemes as dealerships publish them, written from the format's own guide: each sound one, and its twin that is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from incentives.commissions.format import PlanDocument, dump, load
from incentives.core.aloud import read_aloud
from incentives.core.checker import check
from incentives.core.findings import Finding, Severity
from tests.core.checked import ERROR, NOTE, OCTOBER, REFERENCE, WARNING, catalogue

SERVICE_ADVISERS = """
plan: advisers-2026
name: {en: Service advisers, zh: 服务顾问绩效方案}
lines:
  - line: revenue
    name: {en: Revenue, zh: 产值提成}
    measure: {indicator: workshop_revenue}
    tiers:
      reads: each_band
      bands:
        - {up_to: 200000, rate: 0.8 %}
        - {above: 200000, up_to: 300000, rate: 1.0 %}
        - {above: 300000, rate: 1.2 %}
    then:
      - factor:
          indicator: csi
          bands:
            - {below: 90 %, factor: 0.80}
            - {from: 90 %, below: 95 %, factor: 1.00}
            - {from: 95 %, factor: 1.10}
  - line: accessories
    name: {en: Accessories, zh: 精品提成}
    measure: {kind: amount, category: [accessories, care_products], role: seller, price: "> 80 %"}
    rate: 8 %
  - line: renewals
    name: {en: Renewals, zh: 续保奖}
    measure: {kind: orders, category: renewals, role: seller}
    each: 50.00
  - line: call_backs
    name: {en: Call-backs, zh: 回访奖}
    fixed: {amount: 200.00, prorated: yes}
    then:
      - gate: {indicator: call_back_rate, from: 90 %}
examples:
  - name: {en: October, zh: 十月}
    month: 2026-10
    people:
      - number: "1001"
        readings: {workshop_revenue: 320000, csi: 96 %, call_back_rate: 92 %}
        sales:
          - {category: accessories, role: seller, list: 1000.00, received: 900.00}
          - {category: renewals, role: seller, received: 4200.00}
        expect: {lines: {revenue: 3124.00, accessories: 72.00, renewals: 50.00, call_backs: 200.00}, total: 3446.00}
"""

SHEET_METAL = """
plan: sheet-metal-2026
name: {en: Sheet metal, zh: 钣金提成方案}
lines:
  - group: labour_pay
    name: {en: Labour, zh: 工时提成}
    lines:
      - line: master
        name: {en: Master, zh: 大工}
        positions: [body-master]
        measure: {kind: labour}
        rate: 28 %
      - line: apprentice
        name: {en: Apprentice, zh: 小工}
        positions: [body-apprentice]
        measure: {kind: labour}
        rate: 18 %
    then:
      - factor:
          indicator: rework_rate
          bands:
            - {up_to: 2 %, factor: 1.05}
            - {above: 2 %, up_to: 4 %, factor: 1.00}
            - {above: 4 %, up_to: 6 %, factor: 0.90}
            - {above: 6 %, factor: 0.80}
      - deduct: {measure: {indicator: wash_complaints}, each: 50.00}
examples:
  - name: {en: Four and five percent, zh: 返修率 4 % 与 5 %}
    month: 2026-10
    people:
      - number: "2001"
        position: body-master
        readings: {rework_rate: 4 %, wash_complaints: 1}
        sales: [{category: labour, received: 42000.00}]
        expect: 11710.00
      - number: "2002"
        position: body-apprentice
        readings: {rework_rate: 5 %, wash_complaints: 0}
        sales: [{category: labour, received: 30000.00}]
        expect: 4860.00
"""

PARTS_TEAM = """
plan: parts-2026
name: {en: Parts team, zh: 配件组奖金}
parameters:
  tax_divisor:
    - {from: 2026-01-01, value: 1.13}
lines:
  - pool: parts_pool
    name: {en: Parts pool, zh: 配件奖金池}
    lines:
      - line: outlet
        name: {en: Parts sold, zh: 配件出库}
        measure: {kind: amount, category: parts, of: store, divided_by: $tax_divisor}
        tiers:
          reads: each_band
          bands: [{up_to: 200000, rate: 1 %}, {above: 200000, rate: 1.5 %}]
    then:
      - cap: 8000.00
    share:
      - coefficients: {positions: {parts-lead: 60 %, parts: 40 %}}
    share_then:
      - gate: {indicator: stock_count_difference, up_to: 0.3 %}
      - factor: {indicator: training_attendance, cap: 100 %}
examples:
  - name: {en: One of two forfeits, zh: 一人盘点超差}
    month: 2026-10
    store: {sales: [{category: parts, received: 226000.00}]}
    pools: {parts_pool: 2000.00}
    people:
      - number: "3001"
        position: parts-lead
        readings: {stock_count_difference: 0.2 %, training_attendance: 90 %}
        expect: 1080.00
      - number: "3002"
        position: parts
        readings: {stock_count_difference: 0.4 %, training_attendance: 100 %}
        expect: 0.00
"""

WARRANTY = """
plan: warranty-2026
name: {en: Warranty clerks, zh: 索赔员绩效}
lines:
  - line: claims
    name: {en: Claims, zh: 索赔单}
    measure: {indicator: claims_passed}
    tiers:
      reads: each_band
      bands: [{up_to: 80, each: 6.00}, {above: 80, each: 9.00}]
    then:
      - gate: {target_met: warranty_pass_rate, of: store}
      - cap: 2400.00
  - line: papers
    name: {en: Papers in time, zh: 资料归档}
    fixed: 300.00
    then:
      - deduct: {measure: {indicator: late_documents}, each: 50.00}
examples:
  - name: {en: A good month, zh: 正常月份}
    month: 2026-10
    store: {readings: {warranty_pass_rate: 96 %}, targets: {warranty_pass_rate: 95 %}}
    people:
      - {number: "4001", readings: {claims_passed: 120, late_documents: 2}, expect: 1040.00}
"""

MANAGER = """
plan: manager-2026
name: {en: After-sales manager, zh: 售后经理绩效}
lines:
  - line: target
    name: {en: Target bonus, zh: 达成奖}
    tiers:
      reads: whole
      by: {attainment: after_sales_revenue, of: store}
      bands:
        - {below: 85 %, amount: 0}
        - {from: 85 %, below: 100 %, amount: 3000.00}
        - {from: 100 %, below: 110 %, amount: 6000.00}
        - {from: 110 %, amount: 8000.00}
  - line: profit
    name: {en: Share of profit, zh: 毛利分成}
    measure: {kind: profit, category: accessories, of: store}
    rate: 2 %
    then:
      - floor: 0
then:
  - factor: {indicator: csi, of: store, floor: 80 %, cap: 105 %}
examples:
  - name: {en: One yuan short, zh: 差一元}
    month: 2026-10
    store:
      readings: {after_sales_revenue: 499999, csi: 100 %}
      targets: {after_sales_revenue: 500000}
    people: [{number: "5001", expect: 3000.00}]
"""

GATES = """
plan: mechanics-2026
name: {en: Mechanics, zh: 机电组绩效}
lines:
  - pool: team
    name: {en: Team, zh: 班组奖}
    lines:
      - {line: labour_share, measure: {kind: labour, of: members}, rate: 12 %}
    then:
      - gate: {all: [{indicator: csi, of: store, from: 92 %}, {attainment: workshop_revenue, of: store, from: 90 %}]}
    share:
      - coefficients: {positions: {mechanic: 1.0, lead: 1.3}, default: 0.6}
      - days: present
    share_then:
      - gate: {any: [{indicator: training_attendance, from: 80 %}, {kind: score, from: 85}]}
      - factor: {indicator: six_s_score, floor: 50 %, cap: 100 %}
examples:
  - name: {en: Both gates, zh: 团队与个人门槛}
    month: 2026-10
    store:
      readings: {csi: 92 %, workshop_revenue: 270000}
      targets: {workshop_revenue: 300000}
    pools: {team: 12000.00}
    people:
      - number: "6001"
        position: lead
        present: 20
        readings: {training_attendance: 60 %, six_s_score: 90 %}
        score: 85
        sales: [{category: labour, received: 60000.00}]
        expect: 6104.35
      - number: "6002"
        position: mechanic
        present: 20
        readings: {training_attendance: 60 %, six_s_score: 90 %}
        score: 84
        sales: [{category: labour, received: 40000.00}]
        expect: 0.00
"""

CAR_WASH = """
plan: wash-2026
name: {en: Car wash, zh: 洗车计件}
lines:
  - line: vehicles
    name: {en: Vehicles, zh: 台次}
    measure: {indicator: vehicles_washed}
    tiers:
      reads: each_band
      bands: [{up_to: 400, each: 3.00}, {above: 400, each: 4.00}]
    then:
      - deduct:
          measure: {indicator: wash_complaints}
          tiers: {reads: each_band, bands: [{up_to: 2, each: 0}, {above: 2, each: 20.00}]}
      - floor: {amount: 900.00, prorated: yes}
  - line: clean
    name: {en: Clean area, zh: 责任区}
    measure: {indicator: six_s_score, of: department, divided_by: 1 %}
    tiers: {reads: each_band, bands: [{up_to: 80, each: 0}, {above: 80, each: 10.00}]}
examples:
  - name: {en: October, zh: 十月}
    month: 2026-10
    departments: {wash: {readings: {six_s_score: 95 %}}}
    people:
      - {number: "9101", department: wash, readings: {vehicles_washed: 450, wash_complaints: 3}, expect: 1530.00}
"""

PAINT = """
plan: paint-2026
name: {en: Paint, zh: 喷漆按面提成}
lines:
  - line: panels
    name: {en: Panels painted, zh: 喷漆面数}
    measure: {kind: quantity, category: paint, role: fitter}
    tiers:
      reads: whole
      bands:
        - {up_to: 60, each: 45.00}
        - {above: 60, up_to: 100, each: 50.00}
        - {above: 100, each: 55.00}
    then:
      - factor:
          indicator: rework_rate
          of: department
          bands: [{up_to: 3 %, factor: 1}, {above: 3 %, factor: 0.9}]
  - line: materials
    name: {en: Materials saved, zh: 辅料节约奖}
    measure: {kind: labour, category: paint_labour, of: department}
    rate: 2 %
    then:
      - deduct: {measure: {kind: amount, category: paint_materials, of: department}, rate: 10 %}
examples:
  - name: {en: October, zh: 十月}
    month: 2026-10
    departments:
      paint: {readings: {rework_rate: 3 %}, sales: [{category: paint_labour, received: 90000.00}, {category: paint_materials, received: 8000.00}]}
    people:
      - {number: "7001", department: paint, sales: [{category: paint, role: fitter, quantity: 80, received: 24000.00}], expect: {lines: {panels: 4000.00, materials: 1000.00}, total: 5000.00}}
"""

SCHEMES = {
    "service advisers": SERVICE_ADVISERS,
    "sheet metal": SHEET_METAL,
    "parts team": PARTS_TEAM,
    "warranty": WARRANTY,
    "manager": MANAGER,
    "team and personal gates": GATES,
    "car wash": CAR_WASH,
    "paint": PAINT,
}
MEANT = {
    "manager": {
        ("lines[0].tiers", "There is a cliff at 85 %."),
        ("lines[0].tiers", "There is a cliff at 100 %."),
    },
    "team and personal gates": {
        ("lines[0].share_then[1]", "score of the month and 6S score come from the same cause and both count against the same amount."),
        ("lines[0].share_then[0]", "score of the month and Training attendance come from the same cause and both count against the same amount."),
    },
}  # fmt: skip
"""The warnings that a sound scheme has and its drafter gives a reason for."""


def every(text: str) -> list[Finding]:
    document = load(text)
    return check(document.plan, OCTOBER, document.examples, catalogue())


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_as_published_is_sound_and_its_examples_come_out(name: str) -> None:
    found = every(SCHEMES[name])
    assert [each for each in found if each.severity is ERROR] == []
    warnings = {(each.path, str(each.sentence)) for each in found if each.severity is WARNING}
    assert {each[1] for each in warnings} <= {each[1] for each in MEANT.get(name, set())} | _cliffs(warnings)


def _cliffs(warnings: set[tuple[str, str]]) -> set[str]:
    return {sentence for _, sentence in warnings if sentence.startswith("There is a cliff at")}


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_is_written_without_loss_and_read_aloud(name: str) -> None:
    document = load(SCHEMES[name])
    assert load(dump(document)) == document
    sentences = [str(sentence) for sentence in read_aloud(document.plan, catalogue())]
    assert len(sentences) > len(document.plan.lines)
    assert all("{" not in sentence for sentence in sentences)


@pytest.mark.parametrize("file", sorted((REFERENCE / "plans").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_templates_have_no_error_with_the_catalogue_that_every_group_has(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]  # a path, typed as pytest hands it over
    assert [each for each in every(text) if each.severity is ERROR] == []


# --- wrong on purpose ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Twin:
    """A scheme with one thing changed, and what must be found then."""

    scheme: str
    before: str
    after: str
    severity: Severity
    path: str
    sentence: str
    case: str


TWINS = {
    "a gap": Twin(
        SERVICE_ADVISERS, "{above: 300000, rate: 1.2 %}", "{above: 310000, rate: 1.2 %}",
        ERROR, "lines[0].tiers", "There is a gap between 300,000.00 and 310,000.00.",
        "Workshop repair and warranty revenue of 305,000.00 lies in no band.",
    ),
    "an overlap": Twin(
        PAINT, "{above: 60, up_to: 100, each: 50.00}", "{above: 50, up_to: 100, each: 50.00}",
        ERROR, "lines[0].tiers.bands[1]", "The bands ≤ 60 and > 50 and ≤ 100 overlap.",
        "pieces (paint, fitter) of 55 lies in two bands.",
    ),
    "an edge of two bands": Twin(
        SHEET_METAL, "{above: 2 %, up_to: 4 %, factor: 1.00}", "{from: 2 %, up_to: 4 %, factor: 1.00}",
        ERROR, "lines[0].then[0].factor.bands[1]", "The edge 2 % belongs to two bands.",
        "Rework rate of 2 % lies in two bands.",
    ),
    "pay that falls": Twin(
        SHEET_METAL, "{above: 4 %, up_to: 6 %, factor: 0.90}", "{above: 4 %, up_to: 6 %, factor: 1.20}",
        ERROR, "lines[0].then[0].factor", "The factor falls as results get better.",
        "> 4 % and ≤ 6 % gives 1.2 and > 2 % and ≤ 4 % gives 1.",
    ),
    "pay that falls in the line as a whole": Twin(
        PARTS_TEAM, "      - cap: 8000.00", "      - gate: {kind: amount, category: parts, of: store, divided_by: $tax_divisor, below: 300000}",
        ERROR, "lines[0]", "Pay falls as results get better.",
        "With Stock count difference 0.3 %, Training attendance 100 %: sales amount (parts) of the store / “tax divisor” 1.13: 300,000.00 pays 0.00, less than the 3,499.99 of 299,999.00.",
    ),
    "a cliff": Twin(
        MANAGER, "{from: 100 %, below: 110 %, amount: 6000.00}", "{from: 100 %, below: 110 %, amount: 6500.00}",
        WARNING, "lines[0].tiers", "There is a cliff at 100 %.",
        "99 % pays 3,000.00 and 100 % pays 6,500.00: that step is worth 3,500.00.",
    ),
    "negative pay": Twin(
        CAR_WASH, "      - floor: {amount: 900.00, prorated: yes}", "      - floor: -300.00",
        WARNING, "lines[0].then[1].floor", "Pay can become negative.",
        "The plan itself says -300.",
    ),
    "shares that do not add up": Twin(
        PARTS_TEAM, "parts: 40 %", "parts: 45 %",
        ERROR, "lines[0].share[0].coefficients", "The shares do not add up to 100 %.",
        "They add up to 105 %; a share of 60 % is paid as 60 % of 105 %.",
    ),
    "more than the pool": Twin(
        PARTS_TEAM, "cap: 100 %", "cap: 120 %",
        ERROR, "lines[0].share_then[1]", "More than the pool can be paid out.",
        "Of a pool of 10,000.00, 12,000.00 can be paid.",
    ),
    "punished twice": Twin(
        WARRANTY, "      - cap: 2400.00", "      - factor: {indicator: warranty_pass_rate, of: store, cap: 100 %}",
        WARNING, "lines[0].then[1]", "Warranty claim pass rate counts twice against the same amount.",
        "At “Claims” · step 1 it can leave 0 %, and at “Claims” · step 2 0 % of that.",
    ),
    "an example that does not come out": Twin(
        CAR_WASH, "expect: 1530.00", "expect: 1550.00",
        ERROR, "examples[0]", "The plan does not reproduce this example.",
        "9101: expected 1,550.00, the plan gives 1,530.00.",
    ),
    "a gate that can never hold": Twin(
        GATES, "{attainment: workshop_revenue, of: store, from: 90 %}", "{indicator: csi, of: store, below: 90 %}",
        ERROR, "lines[0].then[0].gate", "These conditions can never hold together.",
        "Customer satisfaction (CSI) cannot be ≥ 92 % (at “Team” · step 1) and < 90 %: nothing is ever paid.",
    ),
    "an indicator nobody has": Twin(
        SERVICE_ADVISERS, "indicator: call_back_rate", "indicator: callback_rate",
        ERROR, "lines[3].then[0]", "The indicator “callback_rate” is not known here.",
        "Nobody can ever be paid by it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TWINS)
def test_a_scheme_that_is_wrong_on_purpose_is_found_with_its_row_and_a_case(name: str) -> None:
    twin = TWINS[name]
    assert twin.before in twin.scheme
    found = every(twin.scheme.replace(twin.before, twin.after))
    match = [each for each in found if (each.path, str(each.sentence)) == (twin.path, twin.sentence)]
    assert [each.severity for each in match] == [twin.severity], [(e.path, str(e.sentence), str(e.case)) for e in found]
    assert str(match[0].case).startswith(twin.case)


def test_notes_alone_keep_no_scheme_back() -> None:
    assert {each.severity for each in every(WARRANTY)} == {NOTE}


def test_a_document_keeps_its_examples_when_it_is_written() -> None:
    document = load(MANAGER)
    assert isinstance(document, PlanDocument)
    assert load(dump(document)).examples == document.examples
