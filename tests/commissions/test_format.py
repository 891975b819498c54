"""Reading plans: every fault is told with its place, in a sentence; hostile text is refused."""

from __future__ import annotations

import json

import pytest

from incentives.commissions.format import dump, load
from incentives.core.errors import Faults
from incentives.core.measure import Given, Whose
from incentives.core.plan import Deduct, Line, Rated

SHELL = "plan: shown\nname: Shown\n"
LINES = SHELL + "lines:\n"


def faults(text: str) -> list[str]:
    with pytest.raises(Faults) as refusal:
        load(text)
    return [str(fault) for fault in refusal.value.faults]


def line(rest: str) -> str:
    return f"{LINES}  - {{line: any, {rest}}}\n"


def then(step: str) -> str:
    return f"{LINES}  - {{line: any, fixed: 1.00, then: [{step}]}}\n"


def pool(rest: str, inner: str = "fixed: 1.00") -> str:
    return f"{LINES}  - {{pool: any, lines: [{{line: inner, {inner}}}], {rest}}}\n"


SALES = "measure: {kind: amount}"
PIECES = "measure: {kind: quantity}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (line(f"{SALES}, rate: 5 percent"), "lines[0].rate: “5 percent” is not a rate; write 5 % or 2.00 per unit."),
        (line(f"{SALES}, rate: 0.05"), "lines[0].rate: “0.05” is not a rate; write 5 % or 2.00 per unit."),
        (
            line(f"{PIECES}, rate: 5 % per unit"),
            "lines[0].rate: an amount in yuan is expected here, not a percent.",
        ),
        (line(f"{SALES}"), "lines[0]: say exactly one of these: fixed, rate, each, tiers, by_product."),
        (line("rate: 5 %"), "lines[0]: “measure” must be said here."),
        (line(f"{SALES}, fixed: 1.00"), "a fixed amount has no measure; write rate, each, tiers or by_product."),
        (line("fixed: 5 %"), "lines[0].fixed: an amount in yuan is expected here, not a percent."),
        (line("fixed: {amount: 1.00, prorated: maybe}"), "“maybe” is none of these: yes, no."),
        (line("fixed: 1e3"), "lines[0].fixed: “1e3” is not a number; write 1234.50 or 5 %."),
        (line("fixed: .inf"), "lines[0].fixed: “.inf” is not a number"),
        (line("fixed: ١٢"), "lines[0].fixed: “١٢” is not a number"),
        (line("fixed: 1.00, colour: red"), "lines[0]: “colour” is not known here; known are: line, name"),
        (line("fixed: 1.00, months: [13]"), "lines[0].months[0]: “13” is not a whole number from 1 to 12."),
        (line("fixed: 1.00, months: []"), "lines[0].months: a list of 1 to 400 items is expected here."),
        (line("fixed: 1.00, name: {}"), "a name is needed, in English (en), Chinese (zh) or both."),
        (line("fixed: 1.00, name: {en: Sold, and fitted}"), "a text with a comma must stand in quotes."),
        (line("fixed: 1.00, name: {en: [A]}"), "lines[0].name.en: a single value is expected here"),
        (line("fixed: [1.00]"), "lines[0].fixed: a mapping is expected here, with keys such as amount, prorated."),
        (line("measure: sold, rate: 5 %"), "lines[0].measure: there is no measure named “sold” under measures."),
        (line("measure: {kind: steam}, rate: 5 %"), "lines[0].measure.kind: “steam” is none of these: amount, profit"),
        (line("measure: {kind: indicator}, each: 1"), "lines[0].measure: “indicator” must be said here."),
        (line("measure: {kind: amount, indicator: csi}, rate: 5 %"), "this does not go with kind: amount."),
        (line("measure: {indicator: csi, role: seller}, each: 1"), "only measures of sales can be filtered like this."),
        (line("measure: {indicator: csi, attainment: csi}, each: 1"), "say exactly one of these: kind, indicator"),
        (line("measure: {indicator: CSI!}, each: 1"), "“CSI!” is not a code; write lower-case letters"),
        (line("measure: {indicator: csi, baseline: 1}, each: 1"), "only an uplift has a baseline."),
        (line("measure: {uplift: csi}, each: 1"), "lines[0].measure: “baseline” must be said here."),
        (line("measure: {uplift: csi, baseline: 0}, each: 1"), "lines[0].measure.baseline: nothing can be divided by zero."),
        (line("measure: {kind: amount, department: parts}, rate: 5 %"), "a department is only said with “of: department”."),
        (line("measure: {kind: amount, divided_by: 0}, rate: 5 %"), "nothing can be divided by zero."),
        (line("measure: {kind: amount, price: cheap}, rate: 5 %"), "“cheap” is not a price condition; write > 80 %."),
        (
            line(f"{SALES}, tiers: {{reads: whole, bands: [{{from: 5, below: 5, rate: 5 %}}]}}"),
            "lines[0].tiers.bands[0]: no value lies between these edges.",
        ),
        (
            line(f"{SALES}, tiers: {{reads: whole, bands: [{{from: 5, above: 6, rate: 5 %}}]}}"),
            "lines[0].tiers.bands[0]: say one lower edge (from or above) and one upper edge (up_to or below) at most.",
        ),
        (line(f"{SALES}, tiers: {{bands: [{{rate: 5 %}}]}}"), "lines[0].tiers: “reads” must be said here."),
        (
            line(f"{SALES}, tiers: {{reads: each_band, bands: [{{amount: 5}}]}}"),
            "where each band has its own rate, every band needs a rate",
        ),
        (
            line(f"{SALES}, tiers: {{reads: each_band, by: {{indicator: csi}}, bands: [{{rate: 5 %}}]}}"),
            "and “by” makes no sense.",
        ),
        (line("tiers: {reads: whole, bands: [{amount: 5}]}"), "lines[0]: “measure” must be said here."),
        (line("tiers: {reads: whole, by: {indicator: csi}, bands: [{rate: 5 %}]}"), "lines[0]: “measure” must be said here."),
        (line("measure: {indicator: csi}, by_product: {rates: {a: 5 %}}"), "a table by product needs a measure of sales"),
        (line(f"{PIECES}, by_product: {{rates: {{}}}}"), "the table names no product."),
        (line(f"{PIECES}, by_product: {{rates: 5 %}}"), "a mapping of names to values is expected here."),
        (then("{factor: 1, cap: 2}"), "lines[0].then[0]: say exactly one of these: factor, gate, deduct, floor, cap."),
        (then("{factor: {indicator: csi, per: 0}}"), "lines[0].then[0].factor.per: nothing can be divided by zero."),
        (
            then("{factor: {indicator: csi, cap: 2, bands: [{factor: 1}]}}"),
            "lines[0].then[0].factor.cap: a table of bands already says every factor.",
        ),
        (then("{factor: {measure: {indicator: csi}, of: store}}"), "“of” belongs inside measure."),
        (then("{gate: {indicator: csi}}"), "a condition needs an edge: from, above, up_to or below."),
        (then("{gate: {all: []}}"), "lines[0].then[0].gate.all: a list of 1 to 20 items is expected here."),
        (then("{deduct: 5 %}"), "lines[0].then[0].deduct: an amount in yuan is expected here, not a percent."),
        (pool("share: {coefficients: {positions: {adviser: -1}}}"), "a weight cannot be negative."),
        (pool("share: {days: worked}"), "lines[0].share.days: “worked” is none of these: posting, present."),
        (pool("share: equal", "measure: {kind: amount, of: person}, rate: 5 %"), "a pool belongs to nobody alone; say of:"),
        (pool("share: equal", "measure: {kind: amount, of: department}, rate: 5 %"), "a pool belongs to nobody alone"),
        (f"{LINES}  - {{group: g, lines: [{{pool: a, lines: [{{pool: b, lines: []}}]}}]}}\n", "inside another pool."),
        (pool("share: equal", "fixed: {amount: 1, prorated: yes}"), "a pool has no posting by which it could be prorated."),
        (pool("share: equal", "fixed: 1, positions: [adviser]"), "positions make no sense in it."),
        (f"{LINES}  - {{pool: a, lines: [{{pool: b, lines: []}}]}}\n", "a pool cannot stand inside another pool."),
        (f"{LINES}  - {{pool: a, lines: [{{group: g, lines: [{{pool: b, lines: []}}]}}]}}\n", "inside another pool."),
        (LINES + "  - {line: any, fixed: 1}\n" * 2, "lines: the code “any” stands for two lines."),
        (LINES + "  - {line: whole, fixed: 1}\n", "the code “whole” is kept for the change to the sum."),
        (SHELL, "plan: “lines” must be said here."),
        (line("fixed: $piece"), "parameters: the parameter $piece is used but not said."),
        (
            line(f"{SALES}, rate: $piece") + "parameters: {piece: 0.05}\n",
            "parameters.piece: it is used as a rate of money, so its values must be percents, such as 5 %.",
        ),
        (
            line(f"{PIECES}, rate: $piece per unit") + "parameters: {piece: 5 %}\n",
            "parameters.piece: it is used as yuan per unit, so its values cannot be percents.",
        ),
        (
            line("fixed: $piece")
            + "parameters: {piece: [{from: 2026-01-01, value: 1}, {from: 2026-01-01, value: 2}]}\n",
            "parameters.piece: two values start on 2026-01-01.",
        ),
        (line("fixed: $p") + "parameters: {p: [{from: 1 May, value: 1}]}\n", "“1 May” is not a day such as 2026-01-01."),
        (line("fixed: 1") + "examples: [{name: A, month: May, people: [{number: 1}]}]\n", "“May” is not a month"),
        (
            line("fixed: 1") + "examples: [{name: A, month: 2026-10, people: [{number: 1, expect: lots}]}]\n",
            "examples[0].people[0].expect: “lots” is not an amount in yuan with at most two decimals.",
        ),
        (line(f"fixed: 1, name: {'x' * 401}"), "write a text of 1 to 400 characters."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(text: str, fault: str) -> None:
    assert any(fault in told for told in faults(text)), faults(text)


def test_all_faults_are_told_at_once() -> None:
    text = LINES + "  - {line: a, fixed: x}\n  - {line: b, fixed: y}\nexamples: [{name: A}]\n"
    assert len(faults(text)) == 3


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "The text is empty."),
        ("a: [", "this is not YAML"),
        ("a: \x07", "characters that no YAML file may hold"),
        ("a: &x 1\nb: *x", "Line 1: anchors and aliases (& and *) are not allowed."),
        ("a: !!python/object/apply:os.system [id]", "Line 1: tags (!) are not allowed."),
        ("a: 1\na: 2", "a: this key stands here twice."),
        ("? [a, b]\n: 1", "a key must be a single word."),
        ("a: 1\n---\nb: 2", "this is not YAML"),
        ("[" * 60 + "]" * 60, "nested deeper than 24 levels."),
        ("# " + "x" * 300_000, "The text is larger than 256 kB."),
        ("a: \udcff", "characters that no YAML file may hold"),
        ("- a\n- b", "a mapping is expected here"),
        ("just text", "a mapping is expected here"),
    ],
)
def test_hostile_and_broken_text_is_refused_in_a_sentence(text: str, fault: str) -> None:
    assert any(fault in told for told in faults(text)), faults(text)


def test_words_of_yaml_stay_words() -> None:
    plan = load(line("fixed: 1.00, name: NO, positions: [yes, 0x10]")).plan
    (part,) = plan.lines
    assert isinstance(part, Line)
    assert part.label.en == "NO"
    assert part.positions == ("yes", "0x10")


def test_json_is_read_as_well() -> None:
    plan = {"plan": "shown", "name": "Shown", "lines": [{"line": "any", "fixed": "1,234.50"}]}
    assert load(json.dumps(plan)) == load(line('fixed: "1,234.50"'))


def test_a_named_measure_stands_for_what_it_names() -> None:
    named = "measures: {base: {indicator: visits}, sold: {kind: amount, divided_by: base}}\n"
    written_out = line("measure: {kind: amount, divided_by: {indicator: visits}}, rate: 5 %")
    assert load(line("measure: sold, rate: 5 %") + named) == load(written_out)


def test_inside_a_pool_a_measure_is_of_all_members() -> None:
    plan = load(pool("share: equal", "measure: {kind: amount}, rate: 5 %")).plan
    (formed,) = plan.lines
    inner = formed.lines[0] if not isinstance(formed, Line) else formed
    assert isinstance(inner, Line)
    assert isinstance(inner.worth, Rated)
    assert inner.worth.measure.of is Whose.MEMBERS


def test_a_parameter_without_dates_holds_always() -> None:
    ((_, (entry,)),) = load(line("fixed: $piece") + "parameters: {piece: 2.50}\n").plan.parameters
    assert entry.value == Given(entry.value.value)
    assert str(entry.start) == "2000-01-01"


def test_per_mille_is_a_thousandth_and_is_written_back_as_a_percent() -> None:
    document = load(line(f"{SALES}, rate: 2 ‰"))
    assert "rate: 0.2 %" in dump(document)
    assert load(dump(document)) == document


def test_every_kind_of_deduction_is_read_and_written() -> None:
    steps = (
        "{deduct: 5.00}, {deduct: {measure: {indicator: visits}, each: 2}}, "
        "{deduct: {measure: {kind: quantity}, by_product: {rates: {mats: 1 per unit}, other: 2 per unit}}}"
    )
    document = load(then(steps))
    (part,) = document.plan.lines
    assert all(isinstance(step, Deduct) for step in part.then)
    assert load(dump(document)) == document


EVERYTHING = """
plan: everything
name: {en: Everything, zh: 全部}
note: Written once, read twice.
parameters: {piece: [{from: 2026-01-01, value: 2.00}, {from: 2027-01-01, value: 2.50}]}
lines:
  - line: paint
    name: Paint
    measure: {attainment: waste, of: department, department: paint, better: lower}
    each: $piece
    positions: [painter]
  - line: growth
    measure: {uplift: visits, baseline: {months_back: 12}}
    each: 1
    months: [1, 2]
  - line: limited
    fixed: {amount: 5, prorated: yes}
    then:
      - gate: {target_met: visits, of: store}
      - cap: {amount: 9, prorated: yes}
  - pool: shared
    lines: [{line: made, measure: {kind: amount, but_product: [mats], price: {from: 50 %}}, rate: 5 %}]
    share: [{coefficients: {positions: {painter: 1.2}, people: {E1: 1}, default: 1}}, {kind: score, per: 100}]
    share_then: [{factor: {kind: score, per: 100, floor: 0, cap: 1}}]
examples:
  - name: October
    month: 2026-10
    members: {readings: {visits: 5}}
    store: {score: 3}
    departments: {paint: {targets: {waste: 2 %}}}
    pools: {shared: 0.00}
    people:
      - {number: E1, position: painter, department: paint, days: 9, present: 8, coefficient: 1.5, score: 90,
         readings: {visits: {2025-10: 4, 2026-10: 5}, waste: 1 %}, expect: {lines: {limited: 1.00}},
         sales: [{category: parts, received: 1, list: 2, cost: 1, quantity: 2, product: a, campaign: b, role: fitter, order: c}]}
      - {number: E2, expect: 5.00}
      - {number: E3}
"""


def test_every_part_of_a_plan_and_its_examples_survives_being_written() -> None:
    document = load(EVERYTHING)
    text = dump(document)
    assert load(text) == document
    assert dump(load(text)) == text
