"""A plan pays once it is approved by another and adopted, from a month that is yet to begin, and never before."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import select

from incentives.adoptions.models import Acknowledgement, Adoption
from incentives.adoptions.service import acknowledging
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import adopting, beginnings, checking, plans
from incentives.core.approval import PlanAction, PlanState
from incentives.core.errors import NotAllowed
from incentives.core.period import Month
from incentives.core.workflow import Refused
from incentives.db import db
from incentives.people.service import staff
from tests.adoptions.conftest import TODAY, heard
from tests.commissions.test_working_out_a_month import FIVE_PERCENT
from tests.conftest import Cast, ClientFor

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


def _approved(
    cast: Cast, month: Month = DECEMBER, *, position: str = "adviser", text: str = FIVE_PERCENT
) -> PlanVersion:
    version = plans.draft(cast.east.id, text, from_month=month, actor_id=cast.ma.id)
    if not version.plan.assignments:
        plans.assign(
            version.plan,
            position_id=cast.positions[position].id,
            employee_id=None,
            from_month=month,
            to_month=None,
            actor_id=cast.ma.id,
        )
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
    db.session.commit()
    return version


@pytest.mark.both_databases
def test_an_approved_plan_pays_only_once_it_is_adopted(cast: Cast) -> None:
    version = _approved(cast)
    assert plans.in_force(version.plan, DECEMBER) is None
    assert adopting.adopt(version, heard(), actor_id=cast.ma.id)
    assert not adopting.adopt(version, heard(), actor_id=cast.ma.id)
    assert plans.in_force(version.plan, NOVEMBER) is None
    assert plans.in_force(version.plan, DECEMBER) is version
    assert len(db.session.scalars(select(Adoption)).all()) == 1


@pytest.mark.both_databases
def test_an_adoption_in_the_middle_of_a_month_moves_the_beginning_to_the_next(cast: Cast) -> None:
    version = _approved(cast, NOVEMBER)
    adopting.adopt(version, heard(counts_from=TODAY), actor_id=cast.ma.id)
    assert (version.state, version.from_month) == (PlanState.ADOPTED, DECEMBER)
    assert plans.in_force(version.plan, NOVEMBER) is None


def test_the_record_keeps_what_the_check_warned_of_and_why_it_is_meant(cast: Cast, client_for: ClientFor) -> None:
    text = beginnings.EMPTY.replace("rate: 5 %", "rate: 5 %\n    then: [{floor: -1}]")
    version = plans.draft(cast.east.id, text, from_month=DECEMBER, actor_id=cast.ma.id)
    (warning,) = checking.report_of(version).against
    checking.give_reason(version, warning.key, "Chargebacks are agreed.", actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
    adopting.adopt(version, heard(), actor_id=cast.ma.id)
    db.session.commit()
    record = db.session.scalars(select(Adoption)).one()
    (told,) = record.warned_of
    assert "Pay can become negative." in str(told)
    assert str(told).endswith("Meant, because: Chargebacks are agreed.")
    assert "Chargebacks are agreed." in client_for(cast.ma).get(f"/stores/A01/adoptions/{record.id}").text


def test_a_plan_that_was_not_approved_is_not_adopted(cast: Cast) -> None:
    version = plans.draft(cast.east.id, FIVE_PERCENT, from_month=DECEMBER, actor_id=cast.ma.id)
    with pytest.raises(Refused, match="was not submitted"):
        adopting.adopt(version, heard(), actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    with pytest.raises(Refused, match="has not approved"):
        adopting.adopt(version, heard(), actor_id=cast.ma.id)


def test_whoever_ever_wrote_or_submitted_a_version_does_not_approve_it(cast: Cast) -> None:
    version = plans.draft(cast.east.id, FIVE_PERCENT, from_month=DECEMBER, actor_id=cast.hua.id)
    plans.rewrite(version, FIVE_PERCENT, from_month=DECEMBER, seen=version.revision, actor_id=cast.fan.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    for person in (cast.hua, cast.fan, cast.ma):
        with pytest.raises(NotAllowed, match="Nobody approves what he made"):
            plans.act(version, PlanAction.APPROVE, actor_id=person.id)
    assert version.state is PlanState.SUBMITTED


def test_nobody_approves_a_plan_that_pays_himself(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="what pays himself"):
        _approved(cast, position="clerk")


@pytest.mark.both_databases
def test_a_new_version_is_acknowledged_anew_with_what_changed(cast: Cast) -> None:
    first = _approved(cast)
    adopting.adopt(first, heard(), actor_id=cast.ma.id)
    second = _approved(cast, Month(2027, 1), text=FIVE_PERCENT.replace("5 %", "6 %"))
    adopting.adopt(second, heard(), actor_id=cast.ma.id)
    record = adopting.adoption_of(second)
    assert record is not None
    assert record.before is adopting.adoption_of(first)
    # The first holds from December, the second from January: in December both concern the adviser.
    waiting = acknowledging.waiting_for(cast.wei.id, date(2026, 12, 31))
    assert [each.adoption.subject_id for each in waiting] == [first.id, second.id]
    waiting = acknowledging.waiting_for(cast.wei.id, date(2027, 1, 1))
    assert [each.adoption.subject_id for each in waiting] == [second.id]


def test_a_plan_is_adopted_and_acknowledged_on_the_pages(cast: Cast, client_for: ClientFor) -> None:
    version = _approved(cast)
    manager = client_for(cast.ma)
    page = f"/stores/A01/plans/versions/{version.id}/adoption"
    assert "Who was consulted" in manager.get(page).text
    typed = {
        "consulted": "全体顾问",
        "way": "meeting",
        "consulted_on": "2026-11-10",
        "published_on": "2026-11-12",
        "published_where": "公告栏",
        "counts_from": "2026-11-01",
    }
    refused = manager.post(page, data=typed)
    assert refused.status_code == 422
    assert "never backwards" in refused.text
    assert "全体顾问" in refused.text
    minutes = {"files": (io.BytesIO(b"%PDF-1.7 minutes %%EOF"), "minutes.pdf")}
    assert manager.post(page, data={**typed, "counts_from": "2026-11-16", **minutes}).status_code == 302
    record = db.session.scalars(select(Adoption)).one()
    adviser = client_for(cast.wei)
    assert "Plans and rules to read and acknowledge" in adviser.get("/").text
    assert "I have read and understood this" in adviser.get("/me/plans").text
    assert adviser.post(f"/me/plans/{record.id}/acknowledge", data={"digest": record.digest}).status_code == 302
    assert "I have read and understood this" not in adviser.get("/me/plans").text
    assert len(db.session.scalars(select(Acknowledgement)).all()) == 1
    assert "兰芳" in manager.get("/stores/A01/adoptions/missing").text
    shown = manager.get(f"/stores/A01/adoptions/{record.id}").text
    assert "minutes.pdf" in shown
    assert "魏强" in shown
    assert (
        manager.get(f"/stores/A01/adoptions/{record.id}/evidence/{record.files[0].id}").data
        == b"%PDF-1.7 minutes %%EOF"
    )
    assert manager.get(f"/stores/A01/adoptions/{record.id}/signed.pdf").data.startswith(b"%PDF")
    manager.post("/language", data={"language": "zh"})
    assert manager.get(f"/stores/A01/adoptions/{record.id}/signed.pdf").data.startswith(b"%PDF")
    manager.post("/language", data={"language": "en"})
    assert manager.get(f"/stores/A01/adoptions/{record.id}/signed.xlsx").data.startswith(b"PK")
    assert manager.post("/stores/A01/adoptions/reminders").status_code == 302
    assert [each.reminded_on for each in acknowledging.waiting_for(cast.lan.id, TODAY)] == [TODAY]
    assert "acknowledged by 1 of 3" in manager.get(f"/stores/A01/plans/versions/{version.id}/history").text


def test_evidence_and_the_chase_list_are_for_those_who_keep_the_records(cast: Cast, client_for: ClientFor) -> None:
    version = _approved(cast)
    adopting.adopt(version, heard(), actor_id=cast.ma.id, evidence=[("minutes.pdf", b"%PDF-1.7 %%EOF")])
    record = db.session.scalars(select(Adoption)).one()
    db.session.commit()
    file = f"/stores/A01/adoptions/{record.id}/evidence/{record.files[0].id}"
    adviser, head, stranger = client_for(cast.wei), client_for(cast.hua), client_for(cast.bo)
    assert adviser.get(f"/stores/A01/adoptions/{record.id}").status_code == 200
    assert "minutes.pdf" not in adviser.get(f"/stores/A01/adoptions/{record.id}").text
    assert adviser.get(file).status_code == adviser.get("/stores/A01/adoptions/missing").status_code == 403
    assert head.get(file).status_code == 200
    assert head.post("/stores/A01/adoptions/reminders").status_code == 403
    assert stranger.get(f"/stores/A01/adoptions/{record.id}").status_code == 404
    assert client_for(cast.gang).post(f"/me/plans/{record.id}/acknowledge").status_code == 404


@pytest.mark.parametrize("by_name", [True, False], ids=["in person", "by the own position"])
def test_nobody_lets_an_approved_plan_pay_himself(cast: Cast, by_name: bool) -> None:  # noqa: FBT001 (a case of the table)
    version = _approved(cast)
    posting = staff.posting_on(cast.ma.id, DECEMBER.first)
    assert posting is not None

    def let_it_pay(actor_id: int) -> None:
        plans.assign(
            version.plan,
            position_id=None if by_name else posting.position_id,
            employee_id=cast.ma.id if by_name else None,
            from_month=DECEMBER,
            to_month=None,
            actor_id=actor_id,
        )

    with pytest.raises(NotAllowed, match="pays himself"):
        let_it_pay(cast.ma.id)
    let_it_pay(cast.hua.id)
