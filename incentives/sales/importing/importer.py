"""The importer of sales, as the engine knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.errors import Sentence, say
from incentives.core.money import Money
from incentives.db import db
from incentives.exchange.interface import Context, Field, Findings, Row, Summary
from incentives.people.models import Store
from incentives.sales.importing.fields import FIELDS
from incentives.sales.importing.settling import Planned, Settled, settle
from incentives.sales.importing.stored import remember
from incentives.sales.models import LineKind
from incentives.sales.service import products
from incentives.sales.service.lines import NewLine
from incentives.sales.service.writing import next_ids, write


@dataclass(frozen=True, slots=True)
class SalesImporter:
    """Takes in sales and returns, each line once."""

    key: str = "sales"
    title: Sentence = say("Sales and returns")
    capability: Capability = Capability.IMPORT_FACTS
    fields: Sequence[Field] = FIELDS

    def check(self, context: Context, rows: Sequence[Row]) -> Findings:
        """What is new, known, contradictory or unclear."""
        settled = settle(context, rows)
        return Findings(settled.faults, settled.questions, list(_notes(settled)))

    def apply(self, context: Context, rows: Sequence[Row]) -> Summary:
        """Write the new lines in bulk, let them count, and remember products and answers."""
        settled = settle(context, rows)
        settled.understood.drafts.clear()
        lines = list(_numbered(settled.lines))
        if lines:
            write(context.store_id, lines, maker_id=context.actor_id, upload_id=context.upload_id)
            group_id = db.session.scalars(select(Store.group_id).where(Store.id == context.store_id)).one()
            products.remember(group_id, [line.article for line in lines if line.kind is LineKind.SALE])
        remember(context)
        context.progress(len(rows))
        audit.record(
            "sales.imported",
            store_id=context.store_id,
            actor_id=context.actor_id,
            subject=f"upload {context.upload_id}",
            changes={"lines": (None, len(lines)), "received": (None, _received(settled))},
        )
        return Summary(list(_notes(settled)), "sales.index")


def _numbered(planned: Sequence[Planned]) -> Iterator[NewLine]:
    """The lines with their ids; sales come before what is taken back of them."""
    for line, number in zip(planned, next_ids(len(planned)), strict=True):
        if line.kind is LineKind.SALE:
            line.sale.id = number
        yield NewLine(
            id=number,
            document=line.document,
            line_number=line.line,
            business_date=line.day,
            sold_on=line.sale.day,
            article=line.sale.article,
            figures=line.figures,
            credits=line.credits,
            kind=line.kind,
            plate=line.plate,
            named=line.sale.named,
            file_rate=line.file_rate,
            returns_id=line.sale.id if line.kind is LineKind.RETURN else None,
        )


def _received(settled: Settled) -> Money:
    return Money(sum(line.figures.received for line in settled.lines))


def _notes(settled: Settled) -> Iterator[Sentence]:
    understood = settled.understood
    sales = sum(line.kind is LineKind.SALE for line in settled.lines)
    returned = len(settled.lines) - sales
    yield say(
        "New: {sales} sales and {returned} returns, {received} yuan in all.",
        sales=sales,
        returned=returned,
        received=str(_received(settled)),
    )
    if settled.known:
        yield say("Here already, just the same, and passed over: {count} lines.", count=settled.known)
    if settled.unmatched:
        yield say("Kept without anybody who earned them: {count} sales.", count=settled.unmatched)
    if settled.flagged:
        yield say(
            "Marked as returned in the file: {count} sales. Each is recorded with its return.", count=settled.flagged
        )
    if understood.left_out:
        yield say("Left out because the file calls them cancelled or drafts: {count} rows.", count=understood.left_out)
    if understood.worked_out:
        yield say(
            "Received was worked out as quantity × price less discount in {count} rows.", count=understood.worked_out
        )
    if understood.rounded:
        yield say("Amounts with more than two decimals, rounded to the fen: {count}.", count=understood.rounded)
    if understood.adviser_sells:
        yield say("The file names no seller, so the service adviser is credited as the seller.")
