"""Whom the names in a file mean: employees of the store, by number, by name, by what was answered before.

A cell may name several people, with shares: ``张三60%/李四40%``. A name that nobody can place is asked about once and
then remembered for the store.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from incentives.core.errors import DomainError, say
from incentives.core.period import Span
from incentives.db import db
from incentives.exchange.interface import Choice, Question
from incentives.people.models import Employee, Posting
from incentives.sales.models import EarningRole
from incentives.sales.service.lines import Share

PERSON, ABSENT = "person", "absent"
NOBODY, CREDIT = "nobody", "credit"
NOBODY_LABEL, CREDIT_LABEL = "不归任何人 · nobody", "仍计入本人 · credit"
"""Answers in both languages at once: files are checked by a job, which has no reader."""
PERCENT_PARTS = 100
FINEST_SHARE = 100

_BETWEEN = re.compile(r"[、,，/;；&+|\n]+")
_WITH_SHARE = re.compile(r"(.+?)[\s:：(\[（]*(\d+(?:\.\d{1,2})?)\s*[%％][)\]）]*")
_WITH_NUMBER = re.compile(r"(.+?)\s*[(\[（【]\s*([^)\]）】]+)\s*[)\]）】]")


@dataclass(frozen=True, slots=True)
class Known:
    """An employee of the store, with the days of the postings there."""

    id: int
    number: str
    name: str
    pinyin: str
    spans: tuple[Span, ...]

    def works_on(self, day: date) -> bool:
        """Whether posted to the store on that day."""
        return any(day in span for span in self.spans)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a cell, with its weight (hundredths of a percent where shares are written, else 1)."""

    name: str
    weight: int


def parts_of(cell: str) -> tuple[Named, ...]:
    """The names of a cell, each once, in the order written.

    Raises:
        DomainError: some have a share and some have none, or the shares do not add up to 100 %.
    """
    found: dict[str, Fraction | None] = {}
    for part in _BETWEEN.split(cell):
        if name := part.strip():
            match = _WITH_SHARE.fullmatch(name)
            found.setdefault(match[1].strip() if match else name, Fraction(match[2]) if match else None)
    shares = [share for share in found.values() if share is not None]
    if shares and (len(shares) < len(found) or sum(shares) != PERCENT_PARTS):
        raise DomainError(say("The shares in “{text}” do not add up to 100 %.", text=cell[:60]))
    return tuple(
        Named(name, 1 if share is None else int(share * FINEST_SHARE)) for name, share in found.items() if share != 0
    )


class People:
    """Places names. Keeps what it could not place, to be asked about."""

    def __init__(
        self, known: Sequence[Known], remembered: Mapping[str, str], answers: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._known = known
        self._by_number = {person.number.casefold(): person for person in known}
        names = Counter(person.name.casefold() for person in known)
        self._by_name = {person.name.casefold(): person for person in known if names[person.name.casefold()] == 1}
        self._answers = {**remembered, **answers.get(PERSON, {})}
        self._absent = answers.get(ABSENT, {})
        self._strangers: dict[str, tuple[str, ...]] = {}
        self._cells: dict[str, tuple[tuple[Known, int], ...] | DomainError] = {}
        self._given: dict[tuple[tuple[EarningRole, str], ...], tuple[tuple[Known, Share], ...]] = {}
        self._present: dict[tuple[str, date], bool] = {}
        self.unknown: Counter[str] = Counter()
        self.away: dict[str, list[date]] = {}

    def place(self, cell: str) -> tuple[tuple[Known, int], ...]:
        """The employees a cell names, with their weights, in order of employee number. Unknown ones are noted.

        Raises:
            DomainError: the shares in it cannot be.
        """
        if cell not in self._cells:
            self._cells[cell] = self._placed(cell)
        found = self._cells[cell]
        if isinstance(found, DomainError):
            raise found
        return found

    def _placed(self, cell: str) -> tuple[tuple[Known, int], ...] | DomainError:
        whole = self.find(cell)
        if whole is not None:
            return ((whole, 1),)
        try:
            named = parts_of(cell)
        except DomainError as refusal:
            return refusal
        weights: Counter[Known] = Counter()
        for each in named:
            if (person := self.find(each.name)) is not None:
                weights[person] += each.weight
        return tuple(sorted(weights.items(), key=lambda pair: pair[0].number))

    def note_unknown(self, cell: str) -> None:
        """Count a row for each name of the cell that nobody can place yet."""
        if cell not in self._strangers:
            names = () if self.find(cell) else tuple(each.name for each in parts_of(cell))
            self._strangers[cell] = tuple(
                name for name in names if self.find(name) is None and self._answers.get(name) != NOBODY
            )
        self.unknown.update(self._strangers[cell])

    def find(self, name: str) -> Known | None:
        """The employee of that name or number, if there is exactly one."""
        answer = self._answers.get(name)
        if answer is not None:
            return self._by_number.get(answer.casefold())
        folded = name.strip().casefold()
        found = self._by_number.get(folded) or self._by_name.get(folded)
        if found is None and (match := _WITH_NUMBER.fullmatch(name)):
            outside, inside = match[1].casefold(), match[2].casefold()
            found = self._by_number.get(inside) or self._by_number.get(outside) or self._by_name.get(outside)
        if found is None and " " in folded:
            found = next((self._by_number[word] for word in folded.split() if word in self._by_number), None)
        return found

    def credited(self, person: Known, day: date) -> bool:
        """Whether the person gets the credit of that day. One who did not work here then is asked about."""
        key = person.number, day
        if key not in self._present:
            self._present[key] = person.works_on(day)
        if self._present[key]:
            return True
        answer = self._absent.get(person.number)
        if answer is None:
            self.away.setdefault(person.number, []).append(day)
        return answer == CREDIT

    def shares(self, cells: tuple[tuple[EarningRole, str], ...], day: date) -> tuple[Share, ...]:
        """The shares that the cells of a row give, by role; names that nobody can place are noted.

        Raises:
            DomainError: the shares written in a cell cannot be.
        """
        given = self._given.get(cells)
        if given is None:
            given = self._given[cells] = tuple(
                (person, Share(person.id, role, weight)) for role, cell in cells for person, weight in self.place(cell)
            )
        for _role, cell in cells:
            self.note_unknown(cell)
        return tuple([share for person, share in given if self.credited(person, day)])

    def questions(self) -> list[Question]:
        """What only a person can say: who the unknown names are, and what about people who were not here yet."""
        offered = [Choice(person.number, f"{person.name} · {person.number}") for person in self._known]
        return [
            *(self._who(name, rows, offered) for name, rows in self.unknown.most_common()),
            *(self._was_away(number, days) for number, days in sorted(self.away.items())),
        ]

    def _who(self, name: str, rows: int, offered: Sequence[Choice]) -> Question:
        nobody = Choice(NOBODY, NOBODY_LABEL)
        return Question(
            PERSON, name, say("Who is “{name}”?", name=name), (*self._likely_first(name, offered), nobody), rows
        )

    def _likely_first(self, name: str, offered: Sequence[Choice]) -> list[Choice]:
        signs = set(name.casefold())
        likeness = {
            person.number: len(signs & set(f"{person.name}{person.pinyin}".casefold())) for person in self._known
        }
        return sorted(offered, key=lambda choice: (-likeness[choice.value], choice.value))

    def _was_away(self, number: str, days: Sequence[date]) -> Question:
        name = self._by_number[number.casefold()].name
        sentence = say(
            "{name} ({number}) did not work here on {rows} of these days, such as {day}. Credit them all the same?",
            name=name,
            number=number,
            rows=len(days),
            day=min(days).isoformat(),
        )
        return Question(
            ABSENT, number, sentence, (Choice(NOBODY, NOBODY_LABEL), Choice(CREDIT, CREDIT_LABEL)), len(days)
        )


def people_of(store_id: int) -> list[Known]:
    """Everybody who ever worked in the store, by number; one query."""
    rows = db.session.execute(
        select(Employee.id, Employee.number, Employee.name, Employee.pinyin, Posting)
        .join(Posting, Posting.employee_id == Employee.id)
        .where(Posting.store_id == store_id)
        .order_by(Employee.number)
    )
    spans: dict[tuple[int, str, str, str], list[Span]] = {}
    for number, code, name, pinyin, posting in rows:
        spans.setdefault((number, code, name, pinyin), []).append(posting.span)
    return [Known(*who, tuple(days)) for who, days in spans.items()]
