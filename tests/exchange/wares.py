"""An importer to test the engine with: wares that were sold, by whom, for how much."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from sqlalchemy import insert, select

from incentives.core.access import Capability
from incentives.core.errors import Sentence, say
from incentives.db import db
from incentives.exchange.interface import Choice, Context, Fault, Field, Findings, Kind, Question, Row, Summary
from incentives.exchange.models import HeadingChoice

FIELDS = (
    Field(
        "number", say("Document number"), names=("单号", "订单号", "order no"), required=True, longest=40, example="SO1"
    ),
    Field("day", say("Day"), Kind.DAY, names=("日期", "销售日期", "date"), required=True, example="2026-11-03"),
    Field("seller", say("Seller"), names=("销售顾问", "业务员", "sales person"), required=True, example="魏强"),
    Field("quantity", say("Quantity"), Kind.QUANTITY, names=("数量", "qty"), example="1"),
    Field("amount", say("Amount"), Kind.MONEY, names=("金额", "实收金额", "amount"), required=True, example="1944.00"),
)
KNOWN = ("兰芳", "魏强")
WRITTEN = "written"


@dataclass(frozen=True)
class WaresImporter:
    """Takes wares; asks about sellers it does not know; refuses a document number that stands twice."""

    key: str = "wares"
    title: Sentence = say("Wares")
    capability: Capability = Capability.IMPORT_FACTS
    fields: Sequence[Field] = FIELDS
    known: tuple[str, ...] = KNOWN
    explode: bool = False

    def check(self, context: Context, rows: Sequence[Row]) -> Findings:
        seen: dict[str, int] = {}
        faults = []
        for row in rows:
            number = row.text("number")
            if number in seen:
                faults.append(
                    Fault(
                        row.number, "number", say("{number} stands in row {row} too.", number=number, row=seen[number])
                    )
                )
            seen.setdefault(number, row.number)
        answered = context.answers.get("person", {})
        unknown = {row.text("seller"): 0 for row in rows if row.text("seller") not in {*self.known, *answered}}
        people = tuple(Choice(name, name) for name in KNOWN)
        questions = [Question("person", name, say("Who is “{name}”?", name=name), people) for name in unknown]
        return Findings(faults, questions, (say("{count} wares are new.", count=len(rows)),))

    def apply(self, context: Context, rows: Sequence[Row]) -> Summary:
        for done in range(0, len(rows), 1000):
            db.session.execute(
                insert(HeadingChoice), [_written(context.store_id, row) for row in rows[done : done + 1000]]
            )
            context.progress(done)
        if self.explode:
            raise RuntimeError("the power fails")
        return Summary((say("{count} wares were taken in.", count=len(rows)),), "exchange.index")


def _written(store_id: int, row: Row) -> dict[str, object]:
    """The engine's own table of headings stands in for a feature's table."""
    amount = row.money("amount")
    assert amount is not None
    return {"store_id": store_id, "importer": WRITTEN, "heading": row.text("number"), "field": str(amount.fen)}


def written() -> dict[str, int]:
    """Number → fen of every ware that was taken in and committed."""
    found = select(HeadingChoice.heading, HeadingChoice.field).where(HeadingChoice.importer == WRITTEN)
    return {row.heading: int(row.field) for row in db.session.execute(found)}


HEADINGS = ("单号", "日期", "销售顾问", "数量", "金额")
ROWS = (("SO1", "2026-11-03", "魏强", 1, "1944.00"), ("SO2", "2026-11-04", "兰芳", -1, "-53.30"))


def workbook(rows: Sequence[Sequence[Any]] = ROWS, headings: Sequence[str] = HEADINGS) -> bytes:
    """An .xlsx of these rows."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("销售")
    for number, row in enumerate((headings, *rows)):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    book.close()
    return target.getvalue()


def csv_file(
    rows: Sequence[Sequence[Any]] = ROWS, headings: Sequence[str] = HEADINGS, encoding: str = "utf-8"
) -> bytes:
    """The same as text."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in (headings, *rows)).encode(encoding)
