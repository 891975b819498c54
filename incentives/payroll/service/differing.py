"""What became of a statement since somebody saw it: a refused approval says which lines changed from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from incentives.core.errors import Changed, Sentence, from_plain, say
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import SentBack, Statement
from incentives.people.models import Employee


def keep(statement: Statement) -> None:
    """Keep what a statement said before it goes, for the approval of a page that still shows it."""
    db.session.add(
        SentBack(
            store_id=statement.store_id,
            month=statement.month,
            employee_id=statement.employee_id,
            digest=statement.digest,
            lines=[[line.name, line.amount.fen] for line in statement.lines],
        )
    )


def changed(store_id: int, month: Month, digests: Sequence[str], found: Sequence[Statement]) -> Changed:
    """The refusal, with every difference between the statements that were seen and those there are."""
    sentences = list(_differences(store_id, month, digests, {each.employee_id: each for each in found}))
    return Changed(
        say("A statement is no longer what you saw. Nothing was approved; look at the lines again."), sentences
    )


def _differences(
    store_id: int, month: Month, digests: Sequence[str], found: dict[int, Statement]
) -> Iterator[Sentence]:
    rows = db.session.execute(
        select(SentBack, Employee.name)
        .join(Employee, Employee.id == SentBack.employee_id)
        .where(SentBack.store_id == store_id, SentBack.month == month, SentBack.digest.in_(digests))
        .order_by(Employee.number, SentBack.id)
    )
    told = set()
    for seen, name in rows:
        now = found.get(seen.employee_id)
        if seen.digest not in told and (now is None or now.digest != seen.digest):
            told.add(seen.digest)
            yield from _of_one(name, seen, now)


def _of_one(person: str, seen: SentBack, now: Statement | None) -> Iterator[Sentence]:
    before, after = (
        _sums(seen.lines),
        _sums([] if now is None else [[each.name, each.amount.fen] for each in now.lines]),
    )
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ZERO), after.get(name, ZERO)
        if old != new:
            yield say("{person}, {line}: {old} → {new}", person=person, line=name, old=str(old), new=str(new))


def _sums(lines: Sequence[Sequence[object]]) -> dict[Sentence, Money]:
    found: dict[Sentence, Money] = {}
    for name, fen in lines:
        key = from_plain(name)  # type: ignore[arg-type]  # as :func:`keep` wrote it
        found[key] = found.get(key, ZERO) + Money(int(str(fen)))
    return found
