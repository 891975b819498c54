"""Let facts count on the boards: which boards, by the person's posting on the fact's day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from sqlalchemy import bindparam, or_, select

from incentives.core.period import Span
from incentives.db import db
from incentives.ledger.calendar import keys_of, span_of
from incentives.ledger.service.leavers import sweep
from incentives.ledger.service.standings import BATCH, BoardKey, added, in_batches, replaced, write
from incentives.people.models import Posting, SizeClass, Store

POINTS = "points"
"""The measure that the points ledger itself keeps."""

Fact: TypeAlias = tuple[int, int, date, int]
"""A person, the store of the fact, its business day, and how much the measure changes."""

Value: TypeAlias = tuple[int, int, int | None]
"""A person, the store, and the value in a period; ``None`` takes the person off the board."""


class Posted(NamedTuple):
    """A posting as far as boards go by it."""

    employee_id: int
    store_id: int
    department_id: int
    position_id: int
    first_day: date
    last_day: date | None
    size_class: SizeClass
    group_id: int

    @property
    def scopes(self) -> tuple[str, str, str, str]:
        """The store, the department, the league and the group of this posting."""
        return (
            store_scope(self.store_id),
            department_scope(self.store_id, self.department_id),
            league_scope(self.position_id, self.size_class),
            group_scope(self.group_id),
        )

    def covers(self, day: date) -> bool:
        """Whether the posting lasted on that day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def store_scope(store_id: int) -> str:
    """The scope of a store's boards."""
    return f"s{store_id}"


def department_scope(store_id: int, department_id: int) -> str:
    """The scope of a department's boards."""
    return f"s{store_id}:d{department_id}"


def league_scope(position_id: int, size: SizeClass) -> str:
    """The scope of a league: the same position in stores of one size."""
    return f"l{position_id}:{size.value}"


def group_scope(group_id: int) -> str:
    """The scope of a group's boards."""
    return f"g{group_id}"


def tally(measure: str, facts: Iterable[Fact]) -> None:
    """Let facts count, each on its twenty boards, in the caller's transaction.

    A fact on a day without a posting counts nowhere (the person had left, or was not there yet). Where somebody
    has two postings that day, the one in the fact's store decides. A late fact counts
    on its own day, in a closed month too: what was frozen at closing is kept apart and stays.
    """
    db.session.flush()
    sweep()
    write(changes_of(measure, list(facts)), added)


def changes_of(measure: str, facts: Sequence[Fact]) -> dict[BoardKey, dict[int, int | None]]:
    """What facts add on which boards."""
    changes: dict[BoardKey, dict[int, int | None]] = defaultdict(dict)
    days = [day for _, _, day, _ in facts]
    postings = _postings({fact[0] for fact in facts}, min(days), max(days)) if facts else {}
    for employee_id, store_id, day, delta in facts:
        posting = posting_on(postings.get(employee_id, ()), store_id, day)
        for scope in posting.scopes if posting else ():
            for period in keys_of(day):
                people = changes[BoardKey(scope, measure, period)]
                people[employee_id] = (people.get(employee_id) or 0) + delta
    return changes


def counting_in(scope: str, employee_id: int, span: Span) -> Callable[[int, date], bool]:
    """Whether a person's fact of a store and day, within these days, counts on the boards of a scope. One query."""
    postings = _postings([employee_id], span.start, span.end - timedelta(days=1)).get(employee_id, ())

    def counts(store_id: int, day: date) -> bool:
        posting = posting_on(postings, store_id, day)
        return posting is not None and scope in posting.scopes

    return counts


def put(measure: str, period: str, values: Iterable[Value]) -> None:
    """Set the values of a measure that is no sum of facts, such as a score, in one period.

    The person's last posting in that store within the period decides which boards; without one, none.

    Raises:
        DomainError: the period is none.
    """
    db.session.flush()
    write(values_of(measure, period, list(values)), replaced)


def values_of(measure: str, period: str, values: Sequence[Value]) -> dict[BoardKey, dict[int, int | None]]:
    """Which values stand on which boards."""
    changes: dict[BoardKey, dict[int, int | None]] = defaultdict(dict)
    span = span_of(period)
    postings = _postings({value[0] for value in values}, span.start, span.end - timedelta(days=1))
    for employee_id, store_id, value in values:
        here = [posting for posting in postings.get(employee_id, ()) if posting.store_id == store_id]
        for scope in here[-1].scopes if here else ():
            changes[BoardKey(scope, measure, period)][employee_id] = value
    return changes


def posting_on(postings: Sequence[Posted], store_id: int, day: date) -> Posted | None:
    """The posting that a fact of that day counts by: the one in the fact's store before any other."""
    there = [posting for posting in postings if posting.covers(day)]
    return next((posting for posting in there if posting.store_id == store_id), there[0] if there else None)


_POSTINGS = (
    select(
        Posting.employee_id,
        Posting.store_id,
        Posting.department_id,
        Posting.position_id,
        Posting.first_day,
        Posting.last_day,
        Store.size_class,
        Store.group_id,
    )
    .join(Store, Store.id == Posting.store_id)
    .where(
        Posting.employee_id.in_(bindparam("people", expanding=True)),
        Posting.first_day <= bindparam("last"),
        or_(Posting.last_day.is_(None), Posting.last_day >= bindparam("first")),
    )
    .order_by(Posting.employee_id, Posting.first_day, Posting.id)
)


def _postings(people: Iterable[int], first: date, last: date) -> Mapping[int, Sequence[Posted]]:
    found: dict[int, list[Posted]] = defaultdict(list)
    for some in in_batches(sorted(people), BATCH):
        for row in db.session.connection().execute(_POSTINGS, {"people": some, "first": first, "last": last}):
            found[row.employee_id].append(Posted(*row))
    return found
