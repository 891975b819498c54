"""A scheme played through the pages: from its file to the payroll file, with the facts of its own worked example."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from incentives.adoptions.models import Adoption
from incentives.adoptions.service import acknowledging
from incentives.commissions.format import load
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import plans
from incentives.core.approval import PlanState
from incentives.core.attainment import Aggregation
from incentives.core.catalogue import Unit
from incentives.core.measure import DAYS_PRESENT, Given
from incentives.core.money import ZERO
from incentives.core.needs import measures_of
from incentives.core.period import Month
from incentives.core.samples import Example, SamplePerson, SampleReading, SampleSale
from incentives.db import db
from incentives.payroll.models import StatementLine, StatementState
from incentives.payroll.service import reading
from incentives.people.models import Account, Department, Employee, Language, Position, Posting
from incentives.people.passwords import hashed
from incentives.sales.models import Category
from incentives.targets.scopes import STORE, Scope, of_department, of_person
from incentives.targets.service import catalogue
from tests.commissions.test_writing_on_a_sheet import fields_of
from tests.conftest import PASSWORD, POSITIONS
from tests.core.test_published_schemes import known
from tests.payroll.desk import Desk, at

PLANS = "/stores/A01/plans"
FINER = "单据号,行号,日期,商品名称,类别,子类,数量,实收金额,销售员"


@dataclass
class Stage:
    """The east store in the month before a scheme begins, and the example that is played in the scheme's month."""

    desk: Desk
    text: str
    example: Example
    people: dict[str, Employee]

    @property
    def month(self) -> Month:
        """The month of the example, from which the plan holds."""
        return self.example.month

    @property
    def eve(self) -> date:
        """The day on which the plan is written, adopted and acknowledged: in the middle of the month before."""
        return self.month.plus(-1).first + timedelta(days=14)

    def person(self, sample: SamplePerson) -> Employee:
        """Whom a person of the example is played by."""
        return self.people[sample.number]

    def written(self) -> PlanVersion:
        """The scheme's file sent in by finance, each warning answered with a reason, kept as a draft and assigned."""
        with at(self.eve):
            browser = self.desk.client_for(self.desk.books.cast.fan)
            upload = {"upload": (io.BytesIO(self.text.encode()), "plan.yaml")}
            sent = browser.post(f"{PLANS}/new", data=upload, content_type="multipart/form-data")
            assert sent.status_code == 302, sent.text
            page = browser.get(sent.location).text
            reasons = dict.fromkeys(re.findall(r'name="(reason:[0-9a-f]{64})"', page), "与全体员工议定")
            typed = MultiDict({**fields_of(page), **reasons, "from_month": str(self.month), "op": "keep"})
            kept = browser.post(sent.location, data=typed)
            assert kept.status_code == 302, kept.text
        version = db.session.scalars(select(PlanVersion)).one()
        self._assign(version)
        return version

    def _assign(self, version: PlanVersion) -> None:
        """To the positions of the example; where others hold the position, too, to its people by name."""
        cast = self.desk.books.cast
        codes = sorted({each.position for each in self.example.people} - POSITIONS.keys())
        by_position = [{"position": str(cast.positions[code].id)} for code in codes]
        by_name = [{"person": str(self.person(each).id)} for each in self.example.people if each.position in POSITIONS]
        for whom in (*by_position, *by_name):
            typed = {"from_month": str(self.month), **whom}
            self.desk.done(cast.fan, f"{PLANS}/{version.plan_id}/assign", typed, on=self.eve)

    def adopted(self, version: PlanVersion) -> None:
        """Submitted by finance, approved by the head office, adopted with its record, acknowledged by everybody."""
        cast, url = self.desk.books.cast, f"{PLANS}/versions/{version.id}"
        self.desk.done(cast.fan, f"{url}/submit", on=self.eve)
        self.desk.done(cast.hua, f"{url}/approve", on=self.eve)
        heard = {
            "consulted": "全体员工", "way": "meeting", "consulted_on": self.eve.isoformat(),
            "published_on": self.eve.isoformat(), "published_where": "公告栏", "counts_from": self.month.first.isoformat(),
        }  # fmt: skip
        self.desk.done(cast.fan, f"{url}/adoption", heard, on=self.eve)
        db.session.refresh(version)
        record = db.session.scalars(select(Adoption)).one()
        assert (version.state, version.from_month) == (PlanState.ADOPTED, self.month)
        for who in self.people.values():
            seen = {"digest": record.digest}
            self.desk.done(who, f"/me/plans/{record.id}/acknowledge", seen, on=self.month.last)
        assert [acknowledging.waiting_for(who.id, self.month.last) for who in self.people.values()] == [
            [] for _ in self.people
        ]
        assert plans.in_force(version.plan, self.month.plus(-1)) is None
        assert plans.in_force(version.plan, self.month) is version

    # --- the example's facts ----------------------------------------------------------------------------------

    def told(self) -> None:
        """Every target, sale and reading of the example, typed in on the pages."""
        departments = self.desk.books.cast.departments
        own = [(of_person(self.person(each).id), each.facts) for each in self.example.people]
        wider = [(of_department(departments[code].id), facts) for code, facts in self.example.departments]
        everywhere = [(STORE, self.example.store), *wider, *own]
        for scope, facts in everywhere:
            for target in facts.targets:
                self._aim(target, scope)
            for said in facts.readings:
                self._read(said, scope)
        for person in self.example.people:
            own_scope = of_person(self.person(person).id)
            if person.present is not None:
                self._read(SampleReading(DAYS_PRESENT.indicator, Given(Fraction(person.present))), own_scope)
            for sale in person.facts.sales:
                self._sell(sale, self.person(person))

    def _aim(self, target: SampleReading, scope: Scope) -> None:
        month = target.month or self.month
        url = f"/stores/A01/targets/{target.indicator}?year={month.year}&scope={scope}"
        with at(month.plus(-1).first):
            browser = self.desk.client_for(self.desk.books.cast.ma)
            page = browser.get(url).text
            fields = dict(re.findall(r'name="(year|m\d+|seen)"[^>]*?value="([^"]*)"', page))
            answer = browser.post(url, data=fields | {f"m{month.month}": _typed(target.value)})
        assert answer.status_code == 302, answer.text

    def _read(self, said: SampleReading, scope: Scope) -> None:
        """A ratio is typed as two figures, and a percentage of a hundred is one."""
        found = catalogue.indicator(self.desk.books.store_id, said.indicator)
        ratio = found.aggregation is Aggregation.RATIO
        day = (said.month or self.month).last
        base = "10000" if ratio else ""
        value = f"{said.value.value * 10_000}" if ratio else _typed(said.value)
        self.desk.read(said.indicator, value, day=day, on=day, scope=str(scope), base=base)

    def _sell(self, sale: SampleSale, who: Employee) -> None:
        """Typed in; a finer category comes from the dealer's system in a file, as it is no choice of the form."""
        if sale.category not in set(Category):
            self._import(sale, who)
            return
        self.desk.books.documents += 1
        typed = {
            "document": sale.order or f"D{self.desk.books.documents:04d}", "line_number": "1",
            "day": ((sale.month or self.month).last).isoformat(), "category": sale.category,
            "product_code": sale.product, "product_name": sale.product or "项目",
            "quantity": _typed(sale.quantity), "received": sale.received.plain(),
            "cost": (sale.cost or ZERO).plain(),
            "list_price": "" if sale.list_price is None else sale.list_price.plain(),
            "earners-0-person": str(who.id), "earners-0-role": (sale.roles or ("seller",))[0],
        }  # fmt: skip
        self.desk.done(self.desk.books.cast.ma, "/stores/A01/sales/new", typed, on=self.month.last)

    def _import(self, sale: SampleSale, who: Employee) -> None:
        row = (
            f"F{who.number},1,{self.month.last},{sale.category},其他,{sale.category},"
            f"{_typed(sale.quantity)},{sale.received.plain()},{who.number}"
        )
        found = self.desk.import_sales(row, on=self.month.last, headings=FINER)
        assert found.state == "applied", found.result

    # --- what came of it --------------------------------------------------------------------------------------

    def require_paid_by_hand(self) -> None:
        """That each statement, ledger and payroll file say what was worked out by hand, to the fen."""
        for sample in self.example.people:
            assert sample.total is not None
            paid, who = sample.total.plain(), self.person(sample)
            self.desk.require(self.month, who, paid, **({"pay": paid} if sample.total.fen else {}))
            found = reading.of_person(self.desk.books.store_id, self.month, who.id)
            assert found is not None
            assert found.state is StatementState.APPROVED
            lines = select(StatementLine.code, StatementLine.amount).where(StatementLine.statement_id == found.id)
            by_code = dict(db.session.execute(lines).all())
            assert {code: by_code[code] for code, _ in sample.lines} == dict(sample.lines)
        self.desk.require_proved()


def _typed(given: Given) -> str:
    value = given.value * 100 if given.percent else given.value
    return f"{float(value):.10f}".rstrip("0").rstrip(".")


def stage(desk: Desk, file: Path, place: int = 0) -> Stage:
    """Set a scheme up: hire the people of an example, in its positions and departments, from the day it says on."""
    text = file.read_text("utf-8")
    told = load(text).examples
    for sample in (each for one in told for each in one.people):
        _position(desk, sample)
    example = told[place]
    _add_indicators(desk, text, example.month.plus(-1).first)
    people = {each.number: _hired(desk, each, example.month) for each in example.people}
    db.session.commit()
    return Stage(desk, text, example, people)


def _add_indicators(desk: Desk, text: str, day: date) -> None:
    """The dealership adds the indicators that it measures and the product does not come with."""
    wanted = sorted({measure.indicator for measure in measures_of(load(text).plan) if measure.indicator})
    ours = {each.code for each in catalogue.indicators(desk.books.store_id)}
    for code in wanted:
        if code not in ours:
            of_theirs = known().indicators[code]
            typed = {
                "code": code, "name": code, "active": "y", "parent": "", "measure": "",
                "unit": {Unit.MONEY: "cny", Unit.PERCENT: "percent", Unit.NUMBER: "number"}[of_theirs.unit],
                "aggregation": "last" if of_theirs.unit is Unit.PERCENT else "sum",
                "comparison": of_theirs.met.value,
            }  # fmt: skip
            desk.done(desk.books.cast.hua, "/stores/A01/indicators/new", typed, on=day)


def _hired(desk: Desk, sample: SamplePerson, month: Month) -> Employee:
    cast = desk.books.cast
    first = date(2025, 1, 1) if sample.days is None else month.last - timedelta(days=sample.days - 1)
    who = Employee(group_id=cast.group.id, number=sample.number, name=f"员工{sample.number}", hired_on=first)
    db.session.add(who)
    db.session.flush()
    position = _position(desk, sample)
    posting = {"store_id": cast.east.id, "department_id": position.department_id, "position_id": position.id}
    db.session.add(Posting(employee_id=who.id, first_day=first, **posting))
    account = {"username": sample.number, "password_hash": hashed(PASSWORD), "language": Language.ENGLISH}
    db.session.add(Account(employee_id=who.id, **account))
    return who


def _position(desk: Desk, sample: SamplePerson) -> Position:
    cast, code = desk.books.cast, sample.position
    if code in cast.positions:
        return cast.positions[code]
    department = cast.departments.get(sample.department or "team")
    if department is None:
        name = sample.department or "team"
        department = Department(group_id=cast.group.id, code=name, name=name, name_en=name, order=9)
        db.session.add(department)
        db.session.flush()
        cast.departments[name] = department
    made = Position(group_id=cast.group.id, department_id=department.id, code=code, name=code, name_en=code, order=9)
    db.session.add(made)
    db.session.flush()
    cast.positions[code] = made
    return made
