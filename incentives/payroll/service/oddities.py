"""What is odd in a month, person by person with its reasons, the oddest first; and who looked at it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.commissions.models import PayLine, PayPlan, PlanVersion
from incentives.core import oddity
from incentives.core.errors import DomainError, NotFound, Sentence, from_plain, say
from incentives.core.explain import Explanation, explanation_from_plain
from incentives.core.money import Money
from incentives.core.oddity import Oddity, PaidLine
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, OddityLook
from incentives.payroll.service.compared import Compared, PaidBefore, gather
from incentives.payroll.service.reading import ReadStatement
from incentives.people.models import Employee
from incentives.people.service import staff

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
    """Everybody with something odd, those nobody looked at yet first, the oddest before the rest. Four queries."""
    known = gather(store_id, month)
    people = [each for each in _people(store_id, month, found, known) if each.found]
    by_managers = oddity.typed_by_managers(known.typed_by_managers)
    store = Odd(None, "", "", None, () if by_managers is None else (by_managers,))
    looks = _looks(store_id, month)
    odd_ones = [_with_look(each, looks) for each in (*people, store) if each.found]
    return sorted(odd_ones, key=lambda each: (each.look is not None, -each.weight, each.number))


def _with_look(each: Odd, looks: Mapping[tuple[int | None, str], tuple[OddityLook, str]]) -> Odd:
    look, by = looks.get((each.employee_id, each.digest), (None, ""))
    return Odd(each.employee_id, each.number, each.name, each.total, each.found, look, by)


def _people(store_id: int, month: Month, found: Sequence[ReadStatement], known: Compared) -> Iterator[Odd]:
    parts = _parts(store_id, month)
    now, before = _lines(found, known.paid_before)
    sales, returns = known.largest_sales, known.late_returns
    for each in found:
        reasons = [
            oddity.against_past(each.total, known.past.get(each.employee_id, [])),
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


def _lines(found: Sequence[ReadStatement], before: Iterable[PaidBefore]) -> tuple[Lines, Lines]:
    """Lines of pay by person and by plan and line, of the month and of the month before. One query."""
    now = [
        PaidBefore(each.employee_id, line.pay_line_id, line.amount)
        for each in found
        for line in each.lines
        if line.kind is LineKind.PAY
    ]
    known = _arithmetic_of({line.pay_line_id for line in (*now, *before) if line.pay_line_id is not None})
    return _with_arithmetic(now, known), _with_arithmetic(before, known)


def _arithmetic_of(ids: Collection[int]) -> dict[int, tuple[str, Sentence, Explanation | None]]:
    """Plan and line as one word, name, and how it came about, of each line of pay."""
    found = select(PayLine.id, PayPlan.code, PayLine.code, PayLine.name, PayLine.explanation)
    rows = db.session.execute(
        found.join(PlanVersion, PlanVersion.id == PayLine.version_id)
        .join(PayPlan, PayPlan.id == PlanVersion.plan_id)
        .where(PayLine.id.in_(ids))
    )
    return {
        line_id: (
            f"{plan}/{code}",
            from_plain(name),
            None if explanation is None else explanation_from_plain(explanation),
        )
        for line_id, plan, code, name, explanation in rows
    }


def _with_arithmetic(
    paid: Iterable[PaidBefore], known: Mapping[int, tuple[str, Sentence, Explanation | None]]
) -> Lines:
    found: dict[int, dict[str, PaidLine]] = defaultdict(dict)
    for employee_id, line_id, amount in paid:
        if line_id is not None and line_id in known:
            code, name, explanation = known[line_id]
            found[employee_id][code] = PaidLine(name, amount, explanation)
    return found


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
