"""A plan table comes in as it was written, every mismatch is said, and a person decides."""

from __future__ import annotations

import io
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select

from incentives.config import resource
from incentives.core.approval import MonthState
from incentives.core.errors import DomainError, Faults, NotFound
from incentives.core.period import Month
from incentives.core.proofreading import Finding
from incentives.db import db
from incentives.periods import service as periods
from incentives.targets.models import PlanFile, Target
from incentives.targets.scopes import Period, of_department
from incentives.targets.service import catalogue, plan_columns, plan_decisions, plan_files, plan_proof, plan_targets
from incentives.targets.service.holding import held
from tests.targets.conftest import TODAY, Desk

CASES = Path(__file__).resolve().parent.parent / "cases" / "other.toml"
PLAN = (resource("seeds") / "reference" / "annual-plan.csv").read_bytes()


def cells() -> list[list[str]]:
    return [line.split(",") for line in PLAN.decode("utf-8-sig").split()]


def as_workbook(lines: list[list[str]]) -> bytes:
    """The lines as .xlsx, figures as numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("计划")
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell.replace(".", "", 1).isdigit():
                    sheet.write_number(row, column, float(cell))
                else:
                    sheet.write_string(row, column, cell)
    return target.getvalue()


def send(desk: Desk, data: bytes, year: int = 2027, name: str = "annual-plan.csv") -> PlanFile:
    sent = plan_files.send(desk.store_id, year, name, data, actor_id=desk.cast.ma.id)
    db.session.commit()
    return sent.plan


def found_in(plan: PlanFile) -> tuple[Finding, ...]:
    return plan_proof.findings(plan, plan_files.decided(plan), plan_columns.meanings(plan))


def said(plan: PlanFile) -> list[str]:
    return [str(finding.sentence) for finding in found_in(plan)]


def apply(desk: Desk, plan: PlanFile) -> plan_targets.Applied:
    applied = plan_targets.apply(plan, actor_id=desk.cast.ma.id, today=TODAY)
    db.session.commit()
    return applied


def target(desk: Desk, code: str, period: Period) -> Fraction | None:
    return held(desk.store_id, {2026, 2027}).written(catalogue.indicator(desk.store_id, code), period)


def expected_findings() -> list[str]:
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    found: list[str] = next(case["finds"] for case in cases if case["id"] == "plan-table-proof-reading")
    return found


def test_the_proof_reader_finds_just_what_the_case_says(desk: Desk) -> None:
    plan = send(desk, PLAN)
    assert said(plan) == expected_findings()
    assert [finding.line for finding in found_in(plan)] == [14, 14, 5]
    assert db.session.scalars(select(Target)).all() == []


@pytest.mark.parametrize(
    ("above", "lead"),
    [([], 0), ([["售后年度产值分配"], ["单位：万元"], []], 0), ([["2027年计划"]], 1)],
)
def test_the_same_table_as_a_workbook_is_read_alike(desk: Desk, above: list[list[str]], lead: int) -> None:
    lines = [*above, *([""] * lead + line for line in cells())]
    plan = send(desk, as_workbook(lines), name="plan.xlsx")
    assert said(plan) == expected_findings()
    assert plan.wan is True


def test_remarks_shares_and_counters_are_left_aside(desk: Desk) -> None:
    head, *body = cells()
    lines = [["序号", *head, "前台占比", "备注"]]
    lines += [[str(number), *line, "70%", "见附件"] for number, line in enumerate(body, start=1)]
    plan = send(desk, "\n".join(",".join(line) for line in [*lines, ["注：单位万元"]]).encode("gb18030"))
    assert said(plan) == expected_findings()


def test_english_headings_and_yuan_are_understood(desk: Desk) -> None:
    head = ["Month", "Total revenue", "Reception", "Insurance", "Accessories and parts"]
    body = [
        [label, *(str(int(Fraction(cell) * 10_000)) for cell in line)]
        for (_, *line), label in zip(
            cells()[1:],
            [
                *["January", "February", "March", "April", "May", "June", "July", "August"],
                "September",
                "October",
                "November",
                "December",
                "Total",
            ],
            strict=True,
        )
    ]
    plan = send(desk, "\n".join(",".join(line) for line in [head, *body]).encode())
    assert plan.wan is False
    assert "Reception: months add up to 4,191,000, total says 4,200,000 (difference -9,000)" in said(plan)
    meant = {meaning.column: meaning.indicator for meaning in plan_columns.meanings(plan)}
    assert {name: found.code for name, found in meant.items() if found} == {
        "Total revenue": "after_sales_revenue",
        "Reception": "workshop_revenue",
        "Insurance": "insurance_revenue",
        "Accessories and parts": "accessories_and_parts_revenue",
    }


def test_a_table_that_lies_on_its_side_is_turned(desk: Desk) -> None:
    turned = [list(column) for column in zip(*cells(), strict=True)]
    turned[0] = ["项目", *(f"{number}月" for number in range(1, 13)), "总计"]
    plan = send(desk, "\n".join(",".join(line) for line in turned).encode())
    assert said(plan) == expected_findings()


def test_what_the_indicators_ask_for_is_held_against_the_plan(desk: Desk) -> None:
    desk.aim("insurance_revenue", 2027, "220万")
    desk.aim("workshop_revenue", 2027, "380万")
    desk.aim("revenue_per_repair_order", 2027, "800")
    for number in range(1, 13):
        desk.aim("vehicles_received", Month(2027, number), "650")
    assert said(send(desk, PLAN))[3:] == [
        "总产值目标: 650 × 12 × 800 gives 624.0, but 600.0 is planned in all (difference -24.0)",
        "保险理赔续保: 180.0 is planned in all, but the indicator's target is >= 220.0 (difference -40.0)",
    ]


def test_nothing_becomes_a_target_before_it_is_decided(desk: Desk) -> None:
    plan = send(desk, PLAN)
    with pytest.raises(Faults) as refusal:
        apply(desk, plan)
    assert [str(fault) for fault in refusal.value.faults] == expected_findings()[:2]
    db.session.rollback()
    assert db.session.scalars(select(Target)).all() == []


@pytest.mark.both_databases
def test_kept_months_make_the_totals(desk: Desk) -> None:
    plan = send(desk, PLAN)
    plan_decisions.decide(plan, {}, actor_id=desk.cast.ma.id)
    assert said(plan) == expected_findings()[2:]
    assert apply(desk, plan).outcome.in_force == 4 * 13
    assert target(desk, "workshop_revenue", 2027) == 4_191_000
    assert target(desk, "workshop_revenue", Month(2027, 4)) == 320_000
    assert target(desk, "after_sales_revenue", 2027) == 6_000_000
    assert target(desk, "accessories_and_parts_revenue", Month(2027, 12)) == 80_000


def test_kept_totals_give_april_its_usual_shares(desk: Desk) -> None:
    plan = send(desk, PLAN)
    plan_decisions.decide(plan, {"接车前台": True, "保险理赔续保": True}, actor_id=desk.cast.ma.id)
    assert said(plan) == []
    apply(desk, plan)
    assert target(desk, "workshop_revenue", 2027) == 4_200_000
    assert target(desk, "workshop_revenue", Month(2027, 4)) == 329_000
    assert target(desk, "insurance_revenue", Month(2027, 4)) == 141_000


def test_single_figures_can_be_edited_and_what_was_written_stays(desk: Desk) -> None:
    plan = send(desk, PLAN)
    numbers = {(4, "接车前台"): Fraction("32.9"), (4, "保险理赔续保"): Fraction("14.1")}
    plan_decisions.edit_cells(plan, numbers, actor_id=desk.cast.ma.id)
    assert said(plan) == []
    assert plan_files.written(plan).number(4, 1) == Fraction(32)
    assert plan_decisions.differences(plan_files.written(plan), plan_files.decided(plan)) == numbers
    plan_decisions.undo(plan, actor_id=desk.cast.ma.id)
    assert said(plan) == expected_findings()


def test_the_same_file_twice_is_kept_once(desk: Desk) -> None:
    first = send(desk, PLAN)
    again = plan_files.send(desk.store_id, 2027, "copy.csv", PLAN, actor_id=desk.cast.ma.id)
    assert again.again
    assert again.plan.id == first.id
    assert len(plan_files.plan_files(desk.store_id)) == 1


def test_a_table_is_applied_once(desk: Desk) -> None:
    plan = send(desk, PLAN)
    plan_decisions.decide(plan, {}, actor_id=desk.cast.ma.id)
    apply(desk, plan)
    with pytest.raises(DomainError, match="became targets already"):
        apply(desk, plan)


def test_months_that_are_closed_keep_the_targets_they_had(desk: Desk) -> None:
    january = Month(2026, 1)
    periods.move(desk.store_id, january, before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)
    plan = send(desk, PLAN, year=2026)
    plan_decisions.decide(plan, {}, actor_id=desk.cast.ma.id)
    assert apply(desk, plan).not_open == (january,)
    assert target(desk, "workshop_revenue", january) is None
    assert target(desk, "workshop_revenue", Month(2026, 2)) == 343_000


def test_what_a_column_means_is_remembered_for_the_next_table(desk: Desk) -> None:
    reception = desk.cast.departments["reception"].id
    workshop = catalogue.indicator(desk.store_id, "workshop_revenue").id
    chosen: dict[str, tuple[int | None, int | None]] = {"接车前台": (workshop, reception), "精品配件": (None, None)}
    plan_columns.remember(send(desk, PLAN), chosen, wan=True, actor_id=desk.cast.ma.id)
    following = {meaning.column: meaning for meaning in plan_columns.meanings(send(desk, PLAN, year=2028))}
    assert following["接车前台"].scope == of_department(reception)
    assert following["精品配件"].indicator is None
    assert following["保险理赔续保"].indicator is not None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        ("月份,总产值\n1,50\n".encode(), "This is not a plan table"),
        ("姓名,金额\n王,1\n李,2\n".encode(), "This is not a plan table"),
        (b"%PDF-1.7 hello", "neither a spreadsheet"),
        ("月份,总产值\n".encode() + b"".join(f"{n},1\n".encode() for n in range(1, 300)), "far larger than a plan"),
    ],
)
def test_files_that_are_no_plan_are_refused_in_a_sentence(desk: Desk, data: bytes, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        send(desk, data)


def test_another_stores_plan_table_is_unknown(desk: Desk) -> None:
    plan = send(desk, PLAN)
    with pytest.raises(NotFound):
        plan_files.plan_file(desk.cast.west.id, plan.id)
