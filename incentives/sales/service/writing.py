"""Write sale lines with their credits, however many, and let them count. The one way into both tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Date, Insert, TableClause, column, func, insert, select, table, text

from incentives import clock
from incentives.audit import service as audit
from incentives.core.money import Money
from incentives.db import UtcDateTime, db
from incentives.sales.models import Earner, SaleLine
from incentives.sales.service.counting import count
from incentives.sales.service.lines import NewLine

BATCH = 5_000
"""Rows that are handed to the database at once: enough to be quick, few enough to stay small in memory."""


def next_ids(many: int) -> Sequence[int]:
    """Ids for so many lines of this transaction. Nobody else gets them, so lines can name each other before they are written."""
    if db.session.get_bind().dialect.name == "postgresql":
        taken = text("SELECT nextval(pg_get_serial_sequence('sale_line', 'id')) FROM generate_series(1, :many)")
        return [int(number) for number in db.session.scalars(taken, {"many": many})]
    last = db.session.scalar(select(func.max(SaleLine.id))) or 0  # SQLite: this writer is alone until it commits
    return range(last + 1, last + 1 + many)


def write(store_id: int, lines: Sequence[NewLine], *, maker_id: int | None, upload_id: int | None = None) -> None:
    """Write the lines and their credits, then let them count for points, standings and whoever listens."""
    now = clock.now()
    db.session.flush()
    _insert(_LINES, (_line_row(store_id, line, maker_id, upload_id, now) for line in lines))
    write_credits(store_id, lines)
    count(store_id, lines, f"upload {upload_id}" if upload_id is not None else f"line {lines[0].id}", maker_id=maker_id)


def write_credits(store_id: int, lines: Iterable[NewLine]) -> None:
    """Write the credits of lines that are there already."""
    _insert(_CREDITS, (row for line in lines for row in _credit_rows(store_id, line)))


def _plain(model: type[SaleLine | Earner]) -> TableClause:
    """The table without the house's types: rows are given as the database keeps them, in half the time."""
    kept = (Date, UtcDateTime)
    columns = model.__table__.columns
    return table(
        str(model.__tablename__),
        *(
            column(each.name, each.type if isinstance(each.type, kept) else None)
            for each in columns
            if each.name != "id" or model is SaleLine
        ),
    )


_LINES, _CREDITS = insert(_plain(SaleLine)), insert(_plain(Earner))


def _insert(statement: Insert, rows: Iterable[dict[str, object]]) -> None:
    for batch in _batches(rows):
        db.session.connection().execute(statement, batch)


def month_text(day: date) -> str:
    """The month of a day as it is stored."""
    return day.isoformat()[:7]


def _batches(rows: Iterable[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _line_row(
    store_id: int, line: NewLine, maker_id: int | None, upload_id: int | None, now: datetime
) -> dict[str, object]:
    price = line.article.list_price
    return {
        "id": line.id,
        "store_id": store_id,
        "document": line.document,
        "line_number": line.line_number,
        "kind": line.kind.value,
        "business_date": line.business_date,
        "counts_in": month_text(line.sold_on),
        "product_code": line.article.code,
        "product_name": line.article.name,
        "category": line.article.category.value,
        "subcategory": line.article.subcategory,
        "campaign": line.article.campaign,
        "quantity": line.figures.quantity,
        "list_price_fen": None if price is None else price.fen,
        "received_fen": line.figures.received,
        "cost_fen": line.figures.cost,
        "plate": line.plate,
        "named": line.named,
        "file_rate": line.file_rate,
        "returns_id": line.returns_id,
        "undoes_id": line.undoes_id,
        "upload_id": upload_id,
        "maker_id": maker_id,
        "created_at": now,
    }


def _credit_rows(store_id: int, line: NewLine) -> Iterator[dict[str, object]]:
    for credit in line.credits:
        yield {
            "sale_line_id": line.id,
            "employee_id": credit.share.employee_id,
            "role": credit.share.role.value,
            "weight": credit.share.weight,
            "main": credit.main,
            "leads": credit.leads,
            "received_fen": credit.figures.received,
            "quantity": credit.figures.quantity,
            "cost_fen": credit.figures.cost,
            "store_id": store_id,
            "business_date": line.business_date,
            "counts_in": month_text(line.sold_on),
            "sold_on": line.sold_on,
        }


def tell_trail(act: str, store_id: int, actor_id: int, line: NewLine) -> None:
    """Record in the audit trail what was done with a line."""
    audit.record(
        act,
        store_id=store_id,
        actor_id=actor_id,
        subject=f"{line.document} #{line.line_number}",
        changes={
            "product": (None, line.article.name),
            "quantity": (None, line.figures.quantity),
            "received": (None, Money(line.figures.received)),
            "day": (None, line.business_date.isoformat()),
        },
    )
