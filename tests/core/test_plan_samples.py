"""The facts of a worked example answer the same questions as a store's."""

from __future__ import annotations

from incentives.commissions.format import load
from incentives.core.samples import mismatches

PLAN = """
plan: scopes
name: Scopes
lines:
  - {line: own, measure: {kind: amount}, rate: 100 %}
  - {line: members, measure: {kind: amount, of: members}, rate: 100 %}
  - {line: department, measure: {kind: amount, of: department}, rate: 100 %}
  - {line: paint, measure: {kind: amount, of: department, department: paint}, rate: 100 %}
  - {line: store, measure: {kind: amount, of: store}, rate: 100 %}
  - {line: visits, measure: {indicator: visits, of: members}, each: 1}
  - {line: orders, measure: {kind: orders}, each: 1}
  - {line: cheap, measure: {kind: amount, price: "<= 80 %"}, rate: 100 %}
  - {line: profit, measure: {kind: profit}, rate: 100 %}
examples:
  - name: Sales of everybody
    month: 2026-10
    members: {readings: {visits: 7}, sales: [{category: parts, received: 1000}]}
    store: {sales: [{category: parts, received: 10000}]}
    departments: {paint: {sales: [{category: parts, received: 20}]}}
    people:
      - number: E1
        department: paint
        sales:
          - {category: parts, received: 3, list: 4, cost: 1, order: A}
          - {category: parts, received: 2, list: 1, quantity: 2, order: A}
          - {category: parts, received: 1, order: B}
          - {category: parts, received: -1, quantity: -1, order: B}
        expect:
          lines: {own: 5, members: 1105, department: 25, paint: 25, store: 11125, visits: 7, orders: 1, cheap: 3, profit: 2}
      - {number: E2, sales: [{category: parts, received: 100}], expect: {lines: {department: 100}}}
"""


def test_each_scope_sees_its_own_sales() -> None:
    document = load(PLAN)
    assert mismatches(document.plan, document.examples[0]) == []
