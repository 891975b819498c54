"""The year's training: sessions by kind, who was there, one quota that is missed, and sessions still to come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from incentives import clock
from incentives.clock import DEFAULT_ZONE
from incentives.core.attendance import Attendance as State
from incentives.core.period import Month
from incentives.demo.story import Person, Shop, Story, chance, noon
from incentives.training.models import TrainingKind
from incentives.training.service import quotas, roster, rows, sessions
from incentives.training.service.kinds import kinds_of
from incentives.training.service.sessions import Particulars

RECEPTION = ("adviser", "adviser-assistant", "customer-service", "insurance")
EVERYBODY = (*RECEPTION, "mechanic", "body-master", "body-apprentice", "painter", "parts", "warranty", "manager")
TECHNICAL = ("mechanic", "apprentice", "body-master", "body-apprentice", "painter")
CALENDAR: dict[str, tuple[tuple[int, ...], tuple[str, ...], str]] = {
    "front_desk": ((1, 4, 8, 10), RECEPTION, "接车流程与需求沟通"),
    "technical_basics": ((3, 12), RECEPTION, "发动机与底盘基础"),
    "workshop": ((1, 3, 5, 7, 9, 11), TECHNICAL, "保养工艺与扭力标准"),
    "hard_problems": ((2, 6, 11), (*TECHNICAL, "adviser"), "疑难故障案例复盘"),
    "car_lecture": ((3, 6, 9, 11), (), "车主用车讲堂"),
    "technical_lecture": ((5, 10), TECHNICAL, "混动系统专题"),
    "team_event": ((2, 7, 12), EVERYBODY, "部门团建"),
}
"""In which months a kind is held, for whom (nobody: for customers), and about what. Only one of the two sessions of
technical basics lies before December, so that quota is at risk in November."""
USUAL = (State.PRESENT,) * 16 + (State.LATE, State.EXCUSED, State.ABSENT)


def set_quotas(story: Story, shop: Shop) -> None:
    """The plan's quotas for every year that the story touches."""
    with clock.telling(noon(story.months[0].first)):
        for year in sorted({month.year for month in story.months}):
            quotas.begin_year(shop.store, year, actor_id=shop.manager.id)


def train(story: Story, shop: Shop, month: Month) -> None:
    """The sessions of a month: held if their day has come, planned otherwise."""
    known = {kind.code: kind for kind in kinds_of(shop.store.group_id)}
    for place, (code, (months, positions, topic)) in enumerate(CALENDAR.items()):
        if month.month in months:
            day = date(month.year, month.month, 8 + 2 * place)
            _hold(story, shop, known[code], day, positions, topic)


def _hold(story: Story, shop: Shop, kind: TrainingKind, day: date, positions: tuple[str, ...], topic: str) -> None:
    trainer = _trainer(shop, kind.code, day)
    called = frozenset(story.positions[code].id for code in positions)
    begins = datetime.combine(day, time(17, 30), ZoneInfo(DEFAULT_ZONE))
    wanted = Particulars(
        kind_id=kind.id,
        topic=topic,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        trainer_id=trainer.id,
        position_ids=called,
        place="二楼培训室",
    )
    planned_on = min(day - timedelta(days=7), story.today)
    with clock.telling(noon(max(planned_on, story.months[0].first))):
        session = sessions.plan(shop.store, wanted, actor_id=trainer.id)
    if day <= story.today:
        with clock.telling(noon(day)):
            sessions.start(shop.store.id, session.id, actor_id=trainer.id, today=day)
            _record(shop, session.id, trainer, chance("roster", shop.store.code, session.business_date, kind.code))
            sessions.close(shop.store.id, session.id, actor_id=trainer.id)


def _trainer(shop: Shop, code: str, day: date) -> Person:
    """Departments train one another: mechanics teach the reception, customer service holds the lectures."""
    by_code = {"car_lecture": "customer-service", "front_desk": "customer-service", "team_event": "manager"}
    found = shop.of(by_code.get(code, "mechanic"), day=day)
    return max(found, key=lambda person: person.skill)


def _record(shop: Shop, session_id: int, trainer: Person, luck: Random) -> None:
    marks = [
        roster.Mark(row.employee_id, row.state, luck.choice(USUAL))
        for row in rows.rows_of(session_id)
        if row.employee_id != trainer.id
    ]
    roster.save(shop.store.id, session_id, marks, actor_id=trainer.id)
