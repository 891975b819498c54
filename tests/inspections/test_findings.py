"""A finding until it is put right: repeats go up, nobody re-checks his own, nothing closes unanswered."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from incentives.core.access import Actor, Role
from incentives.core.errors import Conflict, DomainError, NotAllowed, NotFound
from incentives.core.inspection import FindingState, Level
from incentives.core.period import Month
from incentives.core.workflow import Refused
from incentives.db import db
from incentives.inspections.models import Area, ConductFault, Finding
from incentives.inspections.service import areas, findings
from incentives.ledger import service as ledger
from incentives.people.models import Employee
from incentives.periods.checks import lacks
from tests.conftest import Cast, ClientFor
from tests.inspections.conftest import TODAY, inspected


def as_actor(cast: Cast, person: Employee, *roles: Role) -> Actor:
    held = frozenset({(Role.EMPLOYEE, cast.east.id), *((role, cast.east.id) for role in roles)})
    return Actor(person.id, person.name, person.number, cast.east.id, cast.group.id, held)


def latest() -> Finding:
    return db.session.scalars(select(Finding).order_by(Finding.id.desc()).limit(1)).one()


def test_what_comes_back_goes_one_level_up_each_time(wash: Area, cast: Cast) -> None:
    days = (date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 16))
    seen = []
    for day in days:
        inspected(cast, wash, {"floor": 0}, day=day)
        seen.append((latest().level, latest().escalated_to_id))
    assert seen == [
        (Level.OWNER, None),
        (Level.TEAM_LEAD, cast.min.id),
        (Level.MANAGER, cast.ma.id),
        (Level.MANAGER, cast.ma.id),
    ]


def test_after_thirty_one_days_or_on_another_item_it_is_no_repeat(wash: Area, cast: Cast) -> None:
    inspected(cast, wash, {"floor": 0}, day=date(2026, 10, 15))
    inspected(cast, wash, {"floor": 0}, day=date(2026, 11, 15))
    assert latest().level is Level.OWNER
    inspected(cast, wash, {"windows": 0}, day=date(2026, 11, 16))
    assert latest().level is Level.OWNER


def test_a_finding_runs_from_answer_over_re_check_to_closed(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    inspected(cast, wash, {"floor": 0})
    found = latest()
    mine, gang, sun = f"/me/findings/{found.id}", client_for(cast.gang), client_for(cast.sun)
    again = f"/stores/A01/findings/{found.id}/recheck"
    assert mine in gang.get("/me/findings").text
    early = sun.post(again, data={"seen": "1", "outcome": "close", "words": "看过"})
    assert early.status_code == 422
    assert "must be answered" in early.text
    assert gang.post(mine, data={"seen": "1", "words": "已拖干"}).status_code == 302
    assert sun.post(again, data={"seen": "2", "outcome": "back", "words": "墙角还有水"}).status_code == 302
    assert gang.post(mine, data={"seen": "3", "words": "墙角已清"}).status_code == 302
    assert sun.post(again, data={"seen": "4", "outcome": "close", "words": "合格"}).status_code == 302
    db.session.expire_all()
    assert (found.state, found.evaluation, found.closed_on) == (FindingState.CLOSED, "合格", TODAY)
    assert [event.note for event in found.events] == ["已拖干", "墙角还有水", "墙角已清", "合格"]
    assert ledger.points_of(cast.gang.id, "2026-11") == 5
    assert mine not in gang.get("/me/findings").text
    assert "合格" in sun.get(f"/stores/A01/findings/{found.id}").text


def test_a_stale_answer_is_refused_and_its_words_are_kept(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    inspected(cast, wash, {"floor": 0})
    gang, url = client_for(cast.gang), f"/me/findings/{latest().id}"
    assert gang.post(url, data={"seen": "1", "words": "已拖干"}).status_code == 302
    late = gang.post(url, data={"seen": "1", "words": "又拖了一遍"})
    assert late.status_code == 422
    assert "又拖了一遍" in late.text


def test_nobody_re_checks_what_concerns_himself(wash: Area, cast: Cast) -> None:
    inspected(cast, wash, {"floor": 0})
    found, gang = latest(), as_actor(cast, cast.gang, Role.INSPECTOR)
    findings.answer(found, gang, text="已清", photo_id=None, seen=found.version, day=TODAY)
    with pytest.raises(NotAllowed):
        findings.close(found, gang, evaluation="很好", seen=found.version, day=TODAY)
    with pytest.raises(NotAllowed):
        findings.send_back(found, as_actor(cast, cast.wei), reason="没做", seen=found.version)


def test_closing_needs_an_evaluation_and_a_closed_finding_stays_closed(wash: Area, cast: Cast) -> None:
    inspected(cast, wash, {"floor": 0})
    found, sun, gang = latest(), as_actor(cast, cast.sun, Role.INSPECTOR), as_actor(cast, cast.gang)
    findings.answer(found, gang, text="已清", photo_id=None, seen=found.version, day=TODAY)
    with pytest.raises(DomainError, match="evaluation"):
        findings.close(found, sun, evaluation=" ", seen=found.version, day=TODAY)
    findings.close(found, sun, evaluation="合格", seen=found.version, day=TODAY)
    with pytest.raises(Refused):
        findings.send_back(found, sun, reason="又脏了", seen=found.version)
    with pytest.raises(Conflict):
        findings.close(found, sun, evaluation="合格", seen=1, day=TODAY)


def test_a_finding_is_answered_by_those_it_concerns_only(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    inspected(cast, wash, {"floor": 0})
    found = latest()
    url = f"/me/findings/{found.id}"
    assert {client_for(who).get(url).status_code for who in (cast.gang, cast.ma)} == {200}
    assert {client_for(who).get(url).status_code for who in (cast.wei, cast.bai, cast.bo)} == {404}
    with pytest.raises(NotFound):
        findings.answer(found, as_actor(cast, cast.wei), text="好了", photo_id=None, seen=1, day=TODAY)


def test_a_conduct_finding_needs_evidence_and_the_person_answers(cast: Cast, client_for: ClientFor) -> None:
    form = {"person": cast.tao.id, "fault": "cherry_picking", "reason": "上午两次拒接小保养"}
    url = "/stores/A01/findings/conduct"
    sun = client_for(cast.sun)
    assert sun.post(url, data=form | {"reason": " "}).status_code == 422
    assert sun.post(url, data=form | {"person": cast.bai.id}).status_code == 422
    assert sun.post(url, data=form | {"person": cast.sun.id}).status_code == 422
    assert sun.post(url, data=form).status_code == 302
    found = latest()
    assert (found.owner_id, found.conduct, found.area_id) == (cast.tao.id, ConductFault.CHERRY_PICKING, None)
    words = {"seen": "1", "words": "当时在做返修"}
    assert client_for(cast.tao).post(f"/me/findings/{found.id}", data=words).status_code == 302
    assert sun.post(url, data=form).status_code == 302
    assert (latest().level, latest().escalated_to_id) == (Level.TEAM_LEAD, cast.ma.id)


def test_where_nobody_answers_for_an_area_the_manager_does(wash: Area, cast: Cast) -> None:
    for_all = areas.open_area(cast.east, name="休息区", name_en="Lounge", actor_id=None)
    assert wash.id != for_all.id
    inspected(cast, for_all, {"shine-floor": 0})
    assert (latest().owner_id, latest().due_on) == (cast.ma.id, date(2026, 11, 19))


def test_the_month_lacks_what_is_not_closed_and_says_what_is_overdue(wash: Area, cast: Cast) -> None:
    inspected(cast, wash, {"floor": 0}, day=date(2026, 11, 2))
    inspected(cast, wash, {"windows": 0}, day=date(2026, 11, 16))
    found = {str(lack.sentence): lack.count for lack in lacks(cast.east.id, Month(2026, 11))}
    assert found["6S findings that are overdue"] == 1
    assert found["6S findings that are not closed yet"] == 1


def test_the_usual_areas_are_taken_over_once(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    ma = client_for(cast.ma)
    for _ in range(2):
        assert ma.post("/stores/A01/areas/usual").status_code == 302
    assert len(areas.areas_of(cast.east.id)) == 8
    form = {"person": cast.tao.id, "level": "owner", "day": "2025-12-31"}
    refused = ma.post(f"/stores/A01/areas/{wash.id}/responsible", data=form)
    assert refused.status_code == 422
    assert "must begin after" in refused.text
