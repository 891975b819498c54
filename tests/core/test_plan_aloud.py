"""A plan read aloud: every part in a plain sentence, in the order in which it is calculated."""

from __future__ import annotations

from incentives.commissions.format import load
from incentives.core.aloud import read_aloud
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.measure import Label

CATALOGUE = Catalogue(
    {"csi": Indicator("csi", Label("CSI", "满意度"), Unit.PERCENT)},
    positions={"adviser": Label("Service adviser", "服务顾问")},
    departments={"paint": Label("Paint shop", "钣喷车间")},
    products={"film": Label("Window film", "贴膜")},
)

PLAN = """
plan: whole
name: {en: Everything, zh: 全部}
parameters: {piece: 2.00}
lines:
  - line: bonus
    name: Attendance bonus
    fixed: {amount: 300, prorated: yes}
    months: [3, 6]
    positions: [adviser, mechanic]
    then:
      - gate: {any: [{indicator: csi, of: store, above: 93 %}, {target_met: csi, of: department}]}
      - gate: {all: [{kind: score, from: 60}, {indicator: visits, below: 9}]}
      - factor: 0.9
      - factor: {kind: score, per: 100, floor: 0.5, cap: 1.2}
      - deduct: {measure: {indicator: complaints}, each: $piece}
      - deduct: 5
      - floor: 0
      - cap: {amount: 900, prorated: yes}
  - line: pieces
    name: Pieces
    measure: {kind: quantity, category: accessories}
    by_product: {rates: {mats: 5 per unit}, other: 1 per unit}
  - line: film
    name: Film
    measure: {kind: quantity, divided_by: 2}
    by_product: {rates: {film: 5 per unit}}
  - line: tiered
    name: Sales
    measure: {kind: amount, over: quarter, price: {above: 80 %, up_to: 95 %}, divided_by: {kind: orders}}
    tiers:
      reads: whole
      by: {attainment: csi, over: year}
      bands: [{below: 80 %, rate: 1 %}, {from: 80 %, rate: 2 %}]
  - line: open
    name: Open
    measure: {kind: labour, of: department, department: paint}
    tiers: {reads: each_band, bands: [{rate: 1 %}]}
  - pool: pool
    name: Pool
    lines:
      - {group: inner, name: Inner, lines: [{line: part, name: Part, measure: {kind: profit}, rate: 5 %}]}
    share: [equal, {days: posting}, {days: present}, {kind: score}, {coefficients: {people: {E1: 2}, default: 1}}]
    share_then: [{gate: {uplift: csi, baseline: 90 %, from: 0 %}}]
  - {pool: plain, name: Plain, lines: [{line: rest, name: Rest, fixed: 5}], share: {coefficients: {positions: {a: 1}}}}
then:
  - factor: {indicator: csi, of: store, bands: [{below: 93 %, factor: 0.9}, {from: 93 %, factor: 1}]}
"""

TOLD = """
Everything:
Only in these months: 3, 6.
Only for these positions: Service adviser, “mechanic”.
Attendance bonus: a fixed 300.00, by days in the posting.
Only if CSI of the store > 93 % or the target of CSI of the person's department is met; otherwise nothing.
Only if score of the month ≥ 60 and “visits” < 9; otherwise nothing.
Then times 0.9.
Then times score of the month / 100, at least 0.5, at most 1.2.
Then less “complaints” × “piece” per unit.
Then less a fixed 5.00.
Then at least 0.00.
Then at most 900.00 by days in the posting.
Pieces: pieces (accessories) by a price list of products.
“mats”: 5.00 per unit.
All other products: 1.00 per unit.
Film: pieces / 2 by a price list of products.
Window film: 5.00 per unit.
Sales: the band that attainment of CSI in the year so far reaches holds for the whole.
< 80 %: 1 % of sales amount in the quarter so far (only lines sold at > 80 % and ≤ 95 % of list) / number of orders.
≥ 80 %: 2 % of sales amount in the quarter so far (only lines sold at > 80 % and ≤ 95 % of list) / number of orders.
Open: labour sales of the department Paint shop, each band at its own rate.
any value: 1 %.
Pool is one amount for all members, made of:
Inner is the sum of:
Part: profit of all members × 5 %.
The pool is shared by equal parts.
The pool is shared by days in the posting.
The pool is shared by days present.
The pool is shared by score of the month.
The pool is shared by coefficients (number E1: 2, all others: 1).
These weights are multiplied.
A person's own share changes; what it loses is forfeited and not handed round:
Only if uplift of CSI ≥ 0 %; otherwise nothing.
Plain is one amount for all members, made of:
Rest: a fixed 5.00.
The pool is shared by coefficients (“a”: 1).
What then changes the sum of all lines stands as a line of its own.
Then times the factor of the band in which CSI of the store lies.
< 93 %: 0.9.
≥ 93 %: 1.
“piece” is 2 from 2000-01-01 on.
"""


def test_every_part_of_a_plan_is_told() -> None:
    told = [str(sentence) for sentence in read_aloud(load(PLAN).plan, CATALOGUE)]
    assert told == TOLD.strip().splitlines()
