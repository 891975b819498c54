"""The pages of rewards and penalties, each for those who may open it."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import func, select

from incentives.core.period import Month
from incentives.db import db
from incentives.rewards.models import RewardRecord
from incentives.rewards.service.proposing import propose_for_month
from tests.conftest import Cast, ClientFor
from tests.rewards.conftest import TODAY, Propose, reason

HERE = "/stores/A01/rewards"
PAGES = {
    f"{HERE}": {"ma", "hua"},
    f"{HERE}/waiting": {"ma", "hua"},
    f"{HERE}/new": {"ma", "hua", "sun", "qian"},
    f"{HERE}/reasons": {"ma", "hua", "sun", "qian"},
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
