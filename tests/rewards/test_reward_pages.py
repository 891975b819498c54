"""The pages of rewards and penalties, each for those who may open it."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import func, select

from incentives.core.period import Month
from incentives.db import db
from incentives.rewards.models import RewardNotice, RewardRecord
from incentives.rewards.service import notices
from incentives.rewards.service.proposing import propose_for_month
from tests.conftest import Cast, ClientFor
from tests.exchange.test_papers import PDF
from tests.rewards.conftest import TODAY, Propose, reason
from tests.rewards.test_losses import loss

HERE = "/stores/A01/rewards"
PAGES = {
    f"{HERE}": {"ma", "hua", "sun", "qian"},
    f"{HERE}/waiting": {"ma", "hua"},
    f"{HERE}/new": {"ma", "hua", "sun", "qian"},
    f"{HERE}/losses/new": {"ma", "hua", "sun", "qian"},
    f"{HERE}/reasons": {"ma", "hua", "sun", "qian", "fan"},
    f"{HERE}/reasons/new": {"hua"},
    f"{HERE}/profile": {"ma", "hua", "fan", "ada"},
    f"{HERE}/profile/new": {"hua", "ada"},
    f"{HERE}/wages": {"fan"},
    f"{HERE}/wages/new": {"fan"},
    "/me/rewards": {"ma", "hua", "sun", "qian", "wei", "fan", "ada", "bo"},
}


def form(cast: Cast, **changes: object) -> dict[str, object]:
    said: dict[str, object] = {
        "token": "t",
        "person": cast.wei.id,
        "reason": reason("praise").id,
        "day": "2026-11-13",
        "instrument": "points",
        "note": "Cake",
    }
    return said | changes


@pytest.mark.parametrize("who", ["ma", "hua", "sun", "qian", "wei", "fan", "ada", "bo"])
def test_each_page_opens_for_those_it_is_for(cast: Cast, client_for: ClientFor, propose: Propose, who: str) -> None:
    propose()
    client = client_for(cast.people[who])
    opened = {page for page in PAGES if client.get(page).status_code == 200}
    assert opened == {page for page, people in PAGES.items() if who in people}


def test_a_proposal_is_approved_and_appealed_against_on_pages(cast: Cast, client_for: ClientFor) -> None:
    sun, ma, wei = client_for(cast.sun), client_for(cast.ma), client_for(cast.wei)
    shown = sun.post(f"{HERE}/new", data=form(cast)).location
    assert wei.get(shown).status_code == 404
    assert ma.post(f"{shown}/decision", data={"decision": "reject"}).status_code == 422
    assert ma.post(f"{shown}/decision", data={"decision": "approve"}).status_code == 302
    own = f"/me/rewards/{shown.rsplit('/', 1)[1]}"
    assert wei.post(own, data={"words": ""}).status_code == 422
    assert wei.post(own, data={"words": "Too little"}).status_code == 302
    answer = {"decision": "dismiss", "words": "It stays"}
    assert ma.post(f"{shown}/appeal", data=answer).status_code == 422
    assert client_for(cast.hua).post(f"{shown}/appeal", data=answer).status_code == 302
    assert "It stays" in wei.get(own).text


@pytest.mark.parametrize(
    "changes",
    [
        {"person": ""},
        {"person": "9999"},
        {"reason": "x"},
        {"day": "2026-13-40"},
        {"day": "2026-12-01"},
        {"points": "0"},
        {"points": "-5"},
        {"points": "1001"},
        {"points": "many"},
        {"instrument": "cash"},
        {"note": ""},
        {"note": "x" * 1001},
        {"token": ""},
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_kept(
    cast: Cast, client_for: ClientFor, changes: dict[str, object]
) -> None:
    assert client_for(cast.sun).post(f"{HERE}/new", data=form(cast, **changes)).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(RewardRecord)) == 0


def test_a_file_that_is_no_picture_is_refused(cast: Cast, client_for: ClientFor) -> None:
    page = BytesIO(b"<script>alert(1)</script>")
    answer = client_for(cast.sun).post(f"{HERE}/new", data=form(cast, photo=(page, "../../x.jpg")))
    assert answer.status_code == 422
    assert "JPEG" in answer.text


def test_a_penalty_of_pay_works_by_its_reasons_own_instrument_unless_said_otherwise(
    cast: Cast, client_for: ClientFor
) -> None:
    sun = client_for(cast.sun)
    shown = sun.post(f"{HERE}/new", data=form(cast, reason=reason("extra_bonus").id, instrument="")).location
    assert "+100.00 yuan" in sun.get(shown).text
    other = sun.post(f"{HERE}/new", data=form(cast, token="u", instrument="", points="7")).location
    assert "+7 points" in sun.get(other).text


def test_whoever_proposes_finds_his_own_proposals_again_and_nobody_elses(
    cast: Cast, client_for: ClientFor, propose: Propose
) -> None:
    mine = propose()
    sun, qian = client_for(cast.sun), client_for(cast.qian)
    assert f"{HERE}/{mine.id}" in sun.get(HERE).text
    assert f"{HERE}/{mine.id}" not in qian.get(HERE).text
    assert qian.get(f"{HERE}/{mine.id}").status_code == 404


def test_those_named_together_stand_on_each_others_page(cast: Cast, client_for: ClientFor) -> None:
    sun = client_for(cast.sun)
    shown = sun.post(f"{HERE}/new", data=form(cast, person=[cast.wei.id, cast.lan.id])).location
    page = sun.get(shown).text
    assert "With the same cause" in page
    assert cast.lan.name in page
    assert "Cake" in client_for(cast.ma).get(f"{HERE}/waiting").text


def test_the_approver_is_told_why_the_appeal_is_not_his_to_decide(
    cast: Cast, client_for: ClientFor, propose: Propose
) -> None:
    record = propose()
    ma = client_for(cast.ma)
    ma.post(f"{HERE}/{record.id}/decision", data={"decision": "approve"})
    client_for(cast.wei).post(f"/me/rewards/{record.id}", data={"words": "Too little"})
    page = ma.get(f"{HERE}/{record.id}").text
    assert "Decide the appeal" not in page
    assert "decides" in page or "approved" in page


def test_what_waits_for_a_receipt_is_found_in_one_step(cast: Cast, client_for: ClientFor, propose: Propose) -> None:
    praised = propose()
    blamed = propose(reason_id=reason("poor_washing").id, points=5, token="blame")
    for record in (praised, blamed):
        client_for(cast.ma).post(f"{HERE}/{record.id}/decision", data={"decision": "approve"})
    wei = client_for(cast.wei)
    assert 'href="/me/rewards?notice=open"' in wei.get("/").text
    found = wei.get("/me/rewards?notice=open").text
    assert f"/me/rewards/{blamed.id}" in found
    assert f'"/me/rewards/{praised.id}"' not in found
    wei.post(f"/me/rewards/{blamed.id}/receipt")
    assert 'href="/me/rewards?notice=open"' not in wei.get("/").text


def test_the_head_office_opens_records_of_every_store(cast: Cast, client_for: ClientFor) -> None:
    there = "/stores/B02/rewards"
    made = client_for(cast.hua).post(f"{there}/new", data=form(cast, person=cast.bo.id)).location
    assert client_for(cast.hua).get(made).status_code == 200
    assert client_for(cast.ma).get(made).status_code == 404


def test_another_store_knows_nothing_of_a_record(cast: Cast, client_for: ClientFor, propose: Propose) -> None:
    number = propose().id
    assert client_for(cast.bo).get(f"/stores/B02/rewards/{number}").status_code == 404
    assert client_for(cast.bo).post(f"/stores/B02/rewards/{number}/decision").status_code in {404, 422}


def test_rules_propose_nothing_twice(cast: Cast) -> None:
    october = Month(2026, 10)
    first = propose_for_month(cast.east.id, october, TODAY)
    count = db.session.scalar(select(func.count()).select_from(RewardRecord))
    assert count == first
    assert propose_for_month(cast.east.id, october, TODAY) == 0


@pytest.mark.parametrize("who", ["ma", "sun", "wei"])
def test_a_loss_shows_its_steps_notice_and_evidence_to_those_it_is_for(
    cast: Cast, client_for: ClientFor, who: str
) -> None:
    record = loss(cast)
    client = client_for(cast.people[who])
    own = who == "wei"
    page = f"/me/rewards/{record.id}" if own else f"{HERE}/{record.id}"
    shown = client.get(page)
    assert shown.status_code == 200
    assert "1,500.00" in shown.text
    assert "finance enters it" in shown.text
    notice = client.get(f"{page}/notice")
    assert notice.data.startswith(b"%PDF-")
    assert notice.headers["Content-Disposition"].startswith("attachment")
    assert hashlib.sha256(notice.data).hexdigest() == db.session.scalars(select(RewardNotice.sha256)).one()


def test_colleagues_and_other_stores_see_neither_evidence_nor_notice(cast: Cast, client_for: ClientFor) -> None:
    record = loss(cast)
    file_id = record.evidence[0].id
    for who in ("lan", "qian", "fan"):
        for page in (f"{HERE}/{record.id}/notice", f"{HERE}/{record.id}/files/{file_id}", f"/me/rewards/{record.id}"):
            assert client_for(cast.people[who]).get(page).status_code in {403, 404}
    assert client_for(cast.bo).get(f"/stores/B02/rewards/{record.id}/notice").status_code == 404


def test_the_person_confirms_the_receipt_and_appeals_with_a_file(cast: Cast, client_for: ClientFor) -> None:
    record = loss(cast, day=date(2026, 9, 14))
    wei = client_for(cast.wei)
    assert wei.post(f"/me/rewards/{record.id}/receipt").status_code == 302
    assert db.session.scalars(select(RewardNotice.received_how)).one() == notices.IN_THE_APP


def test_several_people_are_named_with_evidence_in_one_proposal(cast: Cast, client_for: ClientFor) -> None:
    said = form(cast, person=[cast.wei.id, cast.lan.id], photo=(BytesIO(PDF), "minutes.pdf"))
    shown = client_for(cast.sun).post(f"{HERE}/new", data=said).location
    made = db.session.scalars(select(RewardRecord).order_by(RewardRecord.id)).all()
    assert [each.employee_id for each in made] == [cast.wei.id, cast.lan.id]
    assert len({each.cause for each in made}) == 1
    file = client_for(cast.ma).get(f"{shown}/files/{made[0].evidence[0].id}")
    assert file.data == PDF


def test_a_loss_is_recorded_on_its_page_only_with_a_file(cast: Cast, client_for: ClientFor) -> None:
    said = {
        "token": "t",
        "person": cast.wei.id,
        "reason": reason("proven_loss").id,
        "day": "2026-11-13",
        "amount": "1500",
        "what": "A door",
        "contract": "2024",
        "clause": "12",
        "note": "Not locked",
    }
    sun = client_for(cast.sun)
    assert "at least one file" in sun.post(f"{HERE}/losses/new", data=said).text
    said["photo"] = (BytesIO(PDF), "bill.pdf")
    assert sun.post(f"{HERE}/losses/new", data=said).status_code == 302


def test_finance_enters_wages_and_the_head_office_the_profile(cast: Cast, client_for: ClientFor) -> None:
    wage = {"person": cast.wei.id, "starts": "2026-09", "amount": "4800", "source": "Contract"}
    assert client_for(cast.fan).post(f"{HERE}/wages/new", data=wage).status_code == 302
    said = {
        "starts": "2026-11-24",
        "province": "广东",
        "minimum_wage": "2500",
        "source": "Gazette 1",
        "loss_percent": "21",
        "appeal_workdays": "5",
    }
    hua = client_for(cast.hua)
    assert hua.post(f"{HERE}/profile/new", data=said).status_code == 422
    assert hua.post(f"{HERE}/profile/new", data=said | {"loss_percent": "15"}).status_code == 302
    assert "Gazette 1" in hua.get(f"{HERE}/profile").text
