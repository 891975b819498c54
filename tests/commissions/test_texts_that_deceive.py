"""A plan's writer cannot make its words or figures look like others, nor fill the store with what he typed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.commissions.format import load
from incentives.commissions.models import PlanSheet
from incentives.commissions.service import checking, sheets
from incentives.web.forms import Form, note
from tests.conftest import Cast, ClientFor

TURN = "\N{RIGHT-TO-LEFT OVERRIDE}"
PLAN = r"""plan: films
name: {en: "Films \u202Eof the month", zh: "本月膜\u202E"}
parameters:
  "share\u202E": 5 %
lines:
  - line: film
    name: {en: "Film\u202E", zh: "膜"}
    measure: {kind: amount, category: accessories}
    rate: $share
"""


class WordsForm(Form):
    words = note("Words")


def test_names_of_a_plan_never_turn_the_figures_beside_them() -> None:
    plan = load(PLAN).plan
    assert (plan.label.en, plan.label.zh) == ("Films of the month", "本月膜")
    assert [name for name, _values in plan.parameters] == ["share"]
    assert plan.lines[0].label.en == "Film"


def test_no_form_takes_signs_that_turn_its_words(cast: Cast, client_for: ClientFor) -> None:
    app = client_for(cast.ma).application
    with app.test_request_context(method="POST", data={"words": f"agreed: {TURN}15 %"}):
        assert WordsForm().words.data == "agreed: 15 %"


def test_a_sheet_keeps_the_latest_reasons_and_only_those_of_findings(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    browser = client_for(cast.ma)
    url = browser.post("/stores/A01/plans/new", data={"template": "empty"}).location
    browser.post(url, data={"reason:" + "k" * 5000: "why not", "reason:first": "a" * 2000})
    for turn in range(2):
        browser.post(url, data={f"reason:{turn}-{number}": "meant" for number in range(sheets.MOST_REASONS)})
    kept = db_session.scalars(select(PlanSheet)).one().reasons
    assert len(kept) == sheets.MOST_REASONS
    assert all(key.startswith("1-") for key in kept)
    browser.post(url, data={"reason:first": "a" * 2000, "reason:1-7": " "})
    db_session.expire_all()
    kept = db_session.scalars(select(PlanSheet)).one().reasons
    assert len(kept["first"]) == checking.LONGEST_REASON
    assert "1-7" not in kept
