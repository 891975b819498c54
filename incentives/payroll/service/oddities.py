"""What is odd in a month, person by person with its reasons, the oddest first; and who looked at it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from incentives import clock
from incentives.audit import service as audit
from incentives.commissions.models import PayLine
from incentives.core import oddity
from incentives.core.errors import DomainError, NotFound, from_plain, say
from incentives.core.explain import explanation_from_plain
from incentives.core.money import ZERO, Money
from incentives.core.oddity import Oddity, PaidLine
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, OddityLook, Statement, StatementLine
from incentives.payroll.service.comparing import line_codes
from incentives.payroll.service.reading import ReadStatement
from incentives.payroll.service.rounds import newest_round
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.sales.models import Earner, SaleLine
from incentives.sales.models import LineKind as SaleKind
from incentives.targets.models import Origin, Reading

MONTHS_BACK = 12
Lines = Mapping[int, Mapping[str, PaidLine]]


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd about one person's pay (none: about the store's month), and who looked at just that."""

    employee_id: int | None
    number: str
    name: str
    total: Money | None
    found: tuple[Oddity, ...]
    look: OddityLook | None = None
    looked_by: str = ""

    @property
    def weight(self) -> Fraction:
        """How odd it is in all."""
        return sum((each.weight for each in self.found), Fraction(0))

    @property
    def digest(self) -> str:
        """Of what was found; a note holds only for that."""
        said = "\n".join(sorted(str(each.sentence) for each in self.found))
        return hashlib.sha256(said.encode()).hexdigest()


def odd(store_id: int, month: Month, found: Sequence[ReadStatement]) -> list[Odd]:
    """Everybody with something odd, those nobody looked at yet first, the oddest before the rest. A dozen queries."""
    people = [each for each in _people(store_id, month, found) if each.found]
    store = Odd(None, "", "", None, tuple(_of_store(store_id, month)))
    looks = _looks(store_id, month)
    known = [_with_look(each, looks) for each in (*people, store) if each.found]
    return sorted(known, key=lambda each: (each.look is not None, -each.weight, each.number))


def _with_look(each: Odd, looks: Mapping[tuple[int | None, str], tuple[OddityLook, str]]) -> Odd:
    look, by = looks.get((each.employee_id, each.digest), (None, ""))
    return Odd(each.employee_id, each.number, each.name, each.total, each.found, look, by)


def _people(store_id: int, month: Month, found: Sequence[ReadStatement]) -> Iterator[Odd]:
    past = _past(store_id, month)
    parts = _parts(store_id, month)
    now, before = _lines_now(found), _lines_before(store_id, month.plus(-1))
    sales, returns = _largest_sales(store_id, month), _late_returns(store_id, month)
    for each in found:
        reasons = [
            oddity.against_past(each.total, past.get(each.employee_id, [])),
            _against_peers(each, found, parts),
            *(
                oddity.of_lines(now.get(each.employee_id, {}), before[each.employee_id])
                if each.employee_id in before
                else ()
            ),
            *_arithmetic(now.get(each.employee_id, {}), before.get(each.employee_id, {})),
            oddity.one_sale(*sales[each.employee_id]) if each.employee_id in sales else None,
            oddity.late_returns(*returns[each.employee_id]) if each.employee_id in returns else None,
        ]
        kept = tuple(sorted((reason for reason in reasons if reason), key=lambda reason: -reason.weight))
        yield Odd(each.employee_id, each.number, each.name, each.total, kept)


def _arithmetic(now: Mapping[str, PaidLine], before: Mapping[str, PaidLine]) -> Iterator[Oddity | None]:
    for key, line in now.items():
        yield oddity.near_edge(line)
        if key in before:
            yield oddity.attainment_jump(line, before[key])


def _past(store_id: int, month: Month) -> dict[int, list[Money]]:
    """Everybody's totals of the reviewed months before, at most twelve. One query."""
    rows = db.session.execute(
        select(Statement.month, Statement.round, Statement.employee_id, Statement.total)
        .where(Statement.store_id == store_id, Statement.month < month, Statement.month >= month.plus(-MONTHS_BACK))
        .order_by(Statement.round)
    )
    newest: dict[Month, dict[int, Money]] = {}
    rounds: dict[Month, int] = {}
    for its_month, number, employee_id, amount in rows:
        if rounds.get(its_month) != number:
            rounds[its_month], newest[its_month] = number, {}
        newest[its_month][employee_id] = amount
    found: dict[int, list[Money]] = defaultdict(list)
    for of_month in newest.values():
        for employee_id, amount in of_month.items():
            found[employee_id].append(amount)
    return found


def _parts(store_id: int, month: Month) -> dict[int, tuple[int, Fraction]]:
    """Everybody's last position of the month and the part of it that was worked there."""
    return {each.employee_id: (each.position_id, each.part_of(month)) for each in staff.members(store_id, month.span)}


def _against_peers(
    each: ReadStatement, found: Sequence[ReadStatement], parts: Mapping[int, tuple[int, Fraction]]
) -> Oddity | None:
    if each.employee_id not in parts:
        return None
    position, part = parts[each.employee_id]
    others = [
        (other.total, parts[other.employee_id][1])
        for other in found
        if other.employee_id != each.employee_id and parts.get(other.employee_id, (None,))[0] == position
    ]
    return oddity.against_peers(each.total, part, others)


def _lines_now(found: Sequence[ReadStatement]) -> Lines:
    pay = [
        (each.employee_id, line.pay_line_id, line.amount)
        for each in found
        for line in each.lines
        if line.kind is LineKind.PAY
    ]
    return _with_arithmetic(pay)


def _lines_before(store_id: int, month: Month) -> Lines:
    rows = db.session.execute(
        select(Statement.employee_id, StatementLine.pay_line_id, StatementLine.amount)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(
            Statement.store_id == store_id,
            Statement.month == month,
            Statement.round == newest_round(store_id, month),
            StatementLine.kind == LineKind.PAY,
        )
    )
    return _with_arithmetic([(employee_id, line_id, amount) for employee_id, line_id, amount in rows])


def _with_arithmetic(pay: Iterable[tuple[int, int | None, Money]]) -> Lines:
    """Lines of pay by person and by plan and line. Two queries."""
    pay = list(pay)
    ids = {line_id for _person, line_id, _amount in pay if line_id is not None}
    codes = line_codes(ids)
    rows = db.session.execute(select(PayLine.id, PayLine.name, PayLine.explanation).where(PayLine.id.in_(ids)))
    kept = {line_id: (name, explanation) for line_id, name, explanation in rows}
    found: dict[int, dict[str, PaidLine]] = defaultdict(dict)
    for employee_id, line_id, amount in pay:
        if line_id is not None and line_id in kept:
            name, explanation = kept[line_id]
            known = None if explanation is None else explanation_from_plain(explanation)
            found[employee_id][codes[line_id]] = PaidLine(from_plain(name), amount, known)
    return found


def _largest_sales(store_id: int, month: Month) -> dict[int, tuple[str, Money, Money, int]]:
    """Each person's largest document of the month, all that was sold, and on how many documents. One query."""
    rows = db.session.execute(
        select(Earner.employee_id, SaleLine.document, func.sum(Earner.received))
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(Earner.store_id == store_id, Earner.counts_in == month, Earner.main.is_(True))
        .group_by(Earner.employee_id, SaleLine.document)
        .order_by(SaleLine.document)
    )
    by_person: dict[int, list[tuple[str, Money]]] = defaultdict(list)
    for employee_id, document, received in rows:
        if received > ZERO:
            by_person[employee_id].append((document, received))
    found = {}
    for employee_id, documents in by_person.items():
        document, largest = max(documents, key=lambda each: each[1])
        found[employee_id] = (document, largest, Money(sum(each.fen for _, each in documents)), len(documents))
    return found


def _late_returns(store_id: int, month: Month) -> dict[int, tuple[int, Money]]:
    """How many of each person's sales of the month came back after its end, and for how much. One query."""
    rows = db.session.execute(
        select(Earner.employee_id, func.count(), func.sum(Earner.received))
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(
            SaleLine.store_id == store_id,
            SaleLine.counts_in == month,
            SaleLine.kind == SaleKind.RETURN,
            SaleLine.business_date > month.last,
            Earner.main.is_(True),
        )
        .group_by(Earner.employee_id)
    )
    return {employee_id: (count, received) for employee_id, count, received in rows}


def _of_store(store_id: int, month: Month) -> Iterator[Oddity]:
    typed = select(func.count(Reading.id)).where(
        Reading.store_id == store_id,
        Reading.month == month,
        Reading.origin == Origin.TYPED,
        Reading.maker_id.in_(staff.managers_of(store_id)),
    )
    found = oddity.typed_by_managers(db.session.scalar(typed) or 0)
    if found is not None:
        yield found


def _looks(store_id: int, month: Month) -> dict[tuple[int | None, str], tuple[OddityLook, str]]:
    rows = db.session.execute(
        select(OddityLook, Employee.name)
        .join(Employee, Employee.id == OddityLook.looked_by)
        .where(OddityLook.store_id == store_id, OddityLook.month == month)
        .order_by(OddityLook.id)
    )
    return {(look.employee_id, look.digest): (look, name) for look, name in rows}


def look(each: Odd, store_id: int, month: Month, *, note: str, actor_id: int) -> None:
    """Keep a note of why what is odd is right. It holds until something else is odd.

    Raises:
        DomainError: without words, or about one's own pay.
    """
    if not note:
        raise DomainError(say("Say what you found: the note is kept."))
    if each.employee_id == actor_id:
        raise DomainError(say("This is about your own pay: somebody else looks at it."))
    db.session.add(
        OddityLook(
            store_id=store_id,
            month=month,
            employee_id=each.employee_id,
            digest=each.digest,
            note=note,
            looked_by=actor_id,
            looked_at=clock.now(),
        )
    )
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"note": (None, note)}
    audit.record(
        "payroll.oddity_looked",
        store_id=store_id,
        actor_id=actor_id,
        subject=f"{month} {each.number}".strip(),
        changes=changes,
    )


def of_employee(found: Sequence[Odd], employee_id: int | None) -> Odd:
    """What is odd about one person.

    Raises:
        NotFound: nothing is.
    """
    one = next((each for each in found if each.employee_id == employee_id), None)
    if one is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return one
