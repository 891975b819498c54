"""Group, stores and people: hired, moved, gone, with roles and ready-made accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from incentives import clock
from incentives.core.access import Role
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.story import Person, Shop, Story, noon, told
from incentives.ledger import service as ledger
from incentives.people import passwords
from incentives.people.models import Account, Group, SizeClass
from incentives.people.service import accounts, setup, staff, staffing
from incentives.people.service.setup import StoreDetails

LONG_AGO = -30
"""Months before the running one in which most people were hired."""


def gather(story: Story) -> None:
    """Everybody on the stage, as things stood when the year began."""
    told_stores = told("stores")
    with clock.telling(noon(story.months[0].first)):
        group = Group(name=told_stores["group"]["name"], name_en=told_stores["group"]["name_en"])
        db.session.add(group)
        db.session.flush()
        setup.add_usual_positions(group)
        story.positions = {position.code: position for position in staff.positions(group.id)}
        ledger.ensure_default_rules(group.id, story.months[0].first)
        password = passwords.hashed(told("sign_ins")["password"])
        for entry in told_stores["stores"]:
            story.shops.append(_open(story, group, entry, password))
    _transfer(story, told_stores["transfer"])


def _open(story: Story, group: Group, entry: dict[str, Any], password: str) -> Shop:
    details = StoreDetails(
        code=entry["code"],
        name=entry["name"],
        name_en=entry["name_en"],
        province=entry["province"],
        city=entry["city"],
        minimum_wage=Money.parse(str(entry["minimum_wage"])),
        size_class=SizeClass(entry["size_class"]),
    )
    shop = Shop(setup.add_store(group, details, actor_id=None), entry["scale"])
    for person in entry["people"]:
        shop.people.append(_hire(story, shop, person, password))
    for code, planned in entry["planned"].items():
        staffing.plan_headcount(
            shop.store,
            story.positions[code],
            month=story.months[0],
            planned=planned,
            note=entry["notes"].get(code, ""),
            actor_id=shop.manager.id,
        )
    return shop


def _day(story: Story, said: list[int] | None, otherwise: date) -> date:
    if said is None:
        return otherwise
    month = story.running.plus(said[0])
    return min(date(month.year, month.month, said[1]), story.today)


def _hire(story: Story, shop: Shop, entry: dict[str, Any], password: str) -> Person:
    first = _day(story, entry.get("hired"), story.running.plus(LONG_AGO).first)
    employee = staff.hire(
        store=shop.store,
        number=entry["number"],
        name=entry["name"],
        position=story.positions[entry["position"]],
        day=first,
        actor_id=None,
    )
    db.session.add(Account(employee_id=employee.id, username=employee.number, password_hash=password))
    if entry.get("roles"):
        accounts.set_roles(employee, shop.store, [Role(role) for role in entry["roles"]], actor_id=None)
    last = _day(story, entry["left"], first) if "left" in entry else None
    if last is not None:
        staff.leave(employee, last_day=last, store_id=shop.store.id, actor_id=None)
    return Person(employee, entry["position"], entry.get("skill", 100), first, last)


def _transfer(story: Story, said: dict[str, Any]) -> None:
    """One person changes positions in the middle of a month."""
    month: Month = story.running.plus(said["months"])
    day = date(month.year, month.month, said["day"])
    shop = story.shops[0]
    person = next(each for each in shop.people if each.employee.number == said["number"])
    to = story.positions[said["position"]]
    with clock.telling(noon(day)):
        staff.move(person.employee, store=shop.store, position=to, day=day, actor_id=shop.manager.id, at=shop.store.id)
    person.last_day = date.fromordinal(day.toordinal() - 1)
    shop.people.append(Person(person.employee, said["position"], person.skill, day))
