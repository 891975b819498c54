"""Give readings, correct them, take them back. Nothing is overwritten: a correction names what it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.attainment import Aggregation
from incentives.core.errors import Conflict, DomainError, Faults, Sentence, say
from incentives.core.measure import Label
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month
from incentives.db import db
from incentives.ledger.service import changed
from incentives.people.models import Department, Posting
from incentives.periods import service as periods
from incentives.targets.models import Indicator, Level, Origin, Reading, Source
from incentives.targets.scopes import STORE, Scope
from incentives.targets.units import PART_SCALE, Unit, kept, written

STALE = say("Somebody else has saved this at the same moment. Load the page again.")


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading to be kept, in the indicator's unit. Of a ratio, ``value`` of ``base``. No value takes it back."""

    indicator: Indicator
    day: date
    scope: Scope
    value: Fraction | None
    base: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving readings."""

    new: int
    changed: int
    same: int


def give(
    store_id: int,
    given: Sequence[NewReading],
    *,
    actor_id: int,
    today: date,
    origin: Origin = Origin.TYPED,
    upload_id: int | None = None,
) -> Given:
    """Keep readings; those that stand there already with the same figures change nothing.

    Raises:
        Faults: some cannot be kept, each with its reason; then none is.
        DomainError: a month is being reviewed.
        Conflict: somebody else gave one of them at the same moment.
    """
    _refuse(store_id, given, today)
    for month in sorted({Month.of(new.day) for new in given}):
        periods.require_takes_facts(store_id, month)
    standing = _versions(store_id, given, lock=True)
    departments = _departments(store_id, given)
    made = [(standing.get(_key(new)), new) for new in given]
    changes = [(old, new) for old, new in made if not _same(old, new)]
    for old, new in changes:
        db.session.add(_row(store_id, old, new, departments, actor_id, origin, upload_id))
    try:
        db.session.flush()
    except IntegrityError as fault:
        raise Conflict(STALE) from fault
    _tell(store_id, [new for _, new in changes], actor_id, changes)
    replaced = sum(old is not None for old, _ in changes)
    return Given(new=len(changes) - replaced, changed=replaced, same=len(made) - len(changes))


def _key(new: NewReading) -> tuple[int, str, date]:
    return new.indicator.id, str(new.scope), new.day


def _figures(new: NewReading) -> tuple[int | None, int | None]:
    if new.value is None:
        return None, None
    if new.indicator.aggregation is Aggregation.RATIO:
        return kept(new.value, PART_SCALE), kept(new.base or Fraction(0), PART_SCALE)
    return kept(new.value, new.indicator.unit.scale), None


def _same(old: Reading | None, new: NewReading) -> bool:
    if new.value is None and new.base is not None:
        return False  # half a ratio: refused later, in words
    value, base = _figures(new)
    return (old.value, old.base) == (value, base) if old else value is None


def faults_of(new: NewReading, today: date) -> Sentence | None:
    """What is wrong with a reading in itself, if anything."""
    if new.indicator.source is Source.DERIVED:
        return say("This indicator is worked out from facts in the system: it takes no readings.")
    if new.day > today or not FIRST_YEAR <= new.day.year <= LAST_YEAR:
        return say("A reading is of today or an earlier day.")
    return None if new.value is None and new.base is None else _fault_of_figures(new)


def _fault_of_figures(new: NewReading) -> Sentence | None:
    if new.indicator.aggregation is Aggregation.RATIO and (new.value is None or not new.base):
        return say("A ratio needs both: how many, and of how many.")
    if new.base is not None and new.base < 0:
        return say("What a ratio is a part of cannot be negative.")
    try:
        _figures(new)
    except DomainError as refusal:
        return refusal.sentence
    return None


def faults_of_all(store_id: int, given: Sequence[NewReading], today: date) -> Iterator[tuple[int, Sentence]]:
    """What is wrong with readings, each by its place among them; one query for all."""
    postings, seen = _departments(store_id, given), set[tuple[int, str, date]]()
    for place, new in enumerate(given):
        if fault := faults_of(new, today):
            yield place, fault
        if _key(new) in seen:
            yield place, say("There are two readings for the same day.")
        seen.add(_key(new))
        if new.scope.level is Level.PERSON and (new.scope.id, new.day) not in postings:
            yield place, say("This person does not work here on that day.")
        if _is_strange(new):
            yield place, say("There is no such department.")


def _refuse(store_id: int, given: Sequence[NewReading], today: date) -> None:
    faults = [_placed(given[place], fault) for place, fault in faults_of_all(store_id, given, today)]
    if faults:
        raise Faults(say("Some readings cannot be kept, so none was."), faults)


def _is_strange(new: NewReading) -> bool:
    """Departments are the group's, so another group's is unknown here."""
    if new.scope.level is not Level.DEPARTMENT:
        return False
    found = db.session.get(Department, new.scope.id)
    return found is None or found.group_id != new.indicator.group_id


def _placed(new: NewReading, fault: Sentence) -> Sentence:
    return say("{indicator}, {day}: {fault}", indicator=name_of(new.indicator), day=new.day.isoformat(), fault=fault)


def name_of(indicator: Indicator) -> Sentence:
    """An indicator's name, in the reader's language when it is told."""
    return Label(en=indicator.name_en or indicator.name, zh=indicator.name).sentence()


def changed_since(store_id: int, typed: Sequence[NewReading], seen: int) -> list[NewReading]:
    """What somebody typed that differs from what the form showed, which was made when ``seen`` was the newest reading.

    Raises:
        Conflict: one of those was changed by somebody else since.
    """
    then = _versions(store_id, typed, until=seen)
    touched = [new for new in typed if not _same(then.get(_key(new)), new)]
    now = _versions(store_id, touched)
    if any(_key(new) in now and now[_key(new)].id > seen for new in touched):
        raise Conflict(STALE)
    return touched


def newest(store_id: int) -> int:
    """The newest reading's id, for a form to remember; 0 if there is none."""
    return db.session.scalar(select(func.max(Reading.id)).where(Reading.store_id == store_id)) or 0


def standing_figures(
    store_id: int, places: Sequence[NewReading]
) -> dict[tuple[int, str, date], tuple[Fraction | None, Fraction | None]]:
    """The readings that stand at some places, as (value, base) in the indicator's unit; those taken back left out."""
    units = {new.indicator.id: new.indicator for new in places}
    return {
        place: exact_figures(units[row.indicator_id], row)
        for place, row in _versions(store_id, places).items()
        if row.value is not None
    }


def exact_figures(indicator: Indicator, row: Reading) -> tuple[Fraction | None, Fraction | None]:
    """A reading's value and base as exact numbers in the indicator's unit."""
    if row.value is None:
        return None, None
    if row.base is not None:
        return Fraction(row.value, PART_SCALE), Fraction(row.base, PART_SCALE)
    return Fraction(row.value, indicator.unit.scale), None


def _versions(
    store_id: int, given: Sequence[NewReading], *, until: int | None = None, lock: bool = False
) -> dict[tuple[int, str, date], Reading]:
    """The latest version at each place, whether it was taken back or not. Locked, versions never fork."""
    if not given:
        return {}
    days = [new.day for new in given]
    found = (
        select(Reading)
        .where(
            Reading.store_id == store_id,
            Reading.indicator_id.in_({new.indicator.id for new in given}),
            Reading.business_date.between(min(days), max(days)),
        )
        .order_by(Reading.version)
    )
    if until is not None:
        found = found.where(Reading.id <= until)
    rows = db.session.scalars(found.with_for_update() if lock else found)
    return {(row.indicator_id, row.scope, row.business_date): row for row in rows}


def _departments(store_id: int, given: Sequence[NewReading]) -> dict[tuple[int, date], int]:
    """The department of each person's posting in this store on each day asked for."""
    people = {new.scope.id for new in given if new.scope.level is Level.PERSON and new.scope.id is not None}
    if not people:
        return {}
    postings = db.session.scalars(
        select(Posting).where(Posting.store_id == store_id, Posting.employee_id.in_(people))
    ).all()
    return {
        (posting.employee_id, day): posting.department_id
        for posting in postings
        for day in {new.day for new in given}
        if day in posting.span
    }


def _row(
    store_id: int,
    old: Reading | None,
    new: NewReading,
    departments: Mapping[tuple[int, date], int],
    actor_id: int,
    origin: Origin,
    upload_id: int | None,
) -> Reading:
    value, base = _figures(new)
    person = new.scope.employee_id
    return Reading(
        store_id=store_id,
        indicator_id=new.indicator.id,
        level=new.scope.level,
        department_id=departments[person, new.day] if person is not None else new.scope.department_id,
        employee_id=person,
        scope=str(new.scope),
        business_date=new.day,
        month=Month.of(new.day),
        value=value,
        base=base,
        version=old.version + 1 if old else 1,
        replaces_id=old.id if old else None,
        origin=origin,
        upload_id=upload_id,
        note=new.note,
        maker_id=actor_id,
        created_at=clock.now(),
    )


def _tell(
    store_id: int, given: Sequence[NewReading], actor_id: int, changes: Sequence[tuple[Reading | None, NewReading]]
) -> None:
    """One row in the trail, and the scores of whom it concerns."""
    if not given:
        return
    days = sorted({new.day for new in given})
    audit.record(
        "targets.readings_given",
        store_id=store_id,
        actor_id=actor_id,
        subject=f"{days[0]} – {days[-1]}" if len(days) > 1 else str(days[0]),
        changes={_label(new): (_shown(old), str(new.value)) for old, new in changes[:_SHOWN_IN_TRAIL]},
    )
    for month in {Month.of(day) for day in days}:
        whose = {new.scope for new in given if Month.of(new.day) == month}
        changed(store_id, month, people_of(store_id, month, whose))


_SHOWN_IN_TRAIL = 50


def _label(new: NewReading) -> str:
    return f"{new.indicator.code} {new.scope} {new.day}"


def _shown(old: Reading | None) -> str | None:
    if old is None or old.value is None:
        return None
    return f"{old.value}/{old.base}" if old.base is not None else str(old.value)


def people_of(store_id: int, month: Month, scopes: set[Scope]) -> set[int]:
    """The people whom figures of these scopes concern: themselves, or everybody of the department or store."""
    people = {scope.id for scope in scopes if scope.level is Level.PERSON and scope.id is not None}
    departments = {scope.id for scope in scopes if scope.level is Level.DEPARTMENT}
    if STORE not in scopes and not departments:
        return people
    found = select(Posting.employee_id).where(
        Posting.store_id == store_id,
        Posting.first_day <= month.last,
        or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
    )
    if STORE not in scopes:
        found = found.where(Posting.department_id.in_(departments))
    return people | set(db.session.scalars(found))


def history(store_id: int, reading_id: int) -> list[Reading]:
    """A reading and all that it replaced, the latest first; empty if the store has no such reading."""
    found = db.session.scalars(
        select(Reading).where(Reading.store_id == store_id, Reading.id == reading_id)
    ).one_or_none()
    if found is None:
        return []
    same = select(Reading).where(
        Reading.store_id == store_id,
        Reading.indicator_id == found.indicator_id,
        Reading.scope == found.scope,
        Reading.business_date == found.business_date,
    )
    return list(
        db.session.scalars(same.order_by(Reading.version.desc()).options(joinedload(Reading.maker, innerjoin=True)))
    )


def shown(reading: Reading) -> str:
    """A reading's figure as a page writes it; of a ratio both sides."""
    if reading.value is None:
        return "–"
    if reading.base is not None:
        value, base = (written(Fraction(part, PART_SCALE), Unit.NUMBER) for part in (reading.value, reading.base))
        return f"{value} / {base}"
    return written(Fraction(reading.value, reading.indicator.unit.scale), reading.indicator.unit)
