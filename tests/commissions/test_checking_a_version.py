"""What the plan check finds keeps a version back until it is mended, or meant with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from incentives.audit.models import AuditEntry
from incentives.commissions.format import load
from incentives.commissions.format.rows import lasting_name
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import checking, plans
from incentives.core.approval import PlanAction, PlanState
from incentives.core.errors import Conflict, DomainError, Faults, NotFound
from incentives.core.period import Month
from incentives.core.places import row_name
from incentives.db import db
from tests.conftest import Cast

NOVEMBER = Month(2026, 11)
PLAN = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - line: sold
    name: {en: Sold, zh: 精品销售}
    measure: {kind: amount, category: accessories}
    tiers:
      reads: each_band
      bands: [{up_to: 1000, rate: 5 %}, {above: LOW, rate: 8 %}]
    then: [{factor: FACTOR}]
"""
SOUND = PLAN.replace("LOW", "1000").replace("FACTOR", "0.9")
GAP = PLAN.replace("LOW", "1200").replace("FACTOR", "0.9")
NEGATIVE = PLAN.replace("LOW", "1000").replace("{factor: FACTOR}", "{floor: -1}")


def _draft(cast: Cast, text: str) -> PlanVersion:
    return plans.draft(cast.east.id, text, from_month=NOVEMBER, actor_id=cast.ma.id)


def _only_warning(version: PlanVersion) -> checking.Found:
    return next(each for each in checking.report_of(version).found if each.stands_against)


def test_a_sound_plan_is_submitted_and_its_check_kept_with_it(cast: Cast) -> None:
    version = _draft(cast, SOUND)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    kept = checking.last_check(version.id)
    assert kept is not None
    assert (kept.text_digest, kept.checked_by) == (checking.digest_of(SOUND), cast.ma.id)
    assert kept.rules_digest == checking.rules_digest()
    assert [each["severity"] for each in kept.findings] == ["note"]


def test_a_gap_is_refused_with_the_row_and_a_case(cast: Cast) -> None:
    version = _draft(cast, GAP)
    with pytest.raises(Faults, match="Errors: 2") as refused:
        plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    assert str(refused.value.faults[0]).startswith("row 1 “Sold” · tiers")
    assert "1,100.00 lies in no band" in str(refused.value.faults[0])
    assert version.state is PlanState.DRAFT
    assert checking.last_check(version.id) is None


def test_a_warning_stops_a_plan_until_the_drafter_says_why_it_is_meant(cast: Cast) -> None:
    version = _draft(cast, NEGATIVE)
    with pytest.raises(Faults, match="Warnings without a reason: 1"):
        plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    warning = _only_warning(version)
    checking.give_reason(version, warning.key, " Chargebacks are agreed with the staff. ", actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    kept = checking.last_check(version.id)
    assert kept is not None
    assert "Chargebacks are agreed with the staff." in [each["reason"] for each in kept.findings]
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.act == "commissions.warning_meant")).one()


def test_the_approver_s_check_is_made_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    version = _draft(cast, SOUND)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    gap = load(GAP)
    monkeypatch.setattr(checking, "load", lambda _text: gap)
    with pytest.raises(Faults, match="Errors: 2"):
        plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)


def test_a_reason_lapses_when_the_finding_changes_but_not_when_a_line_is_added_above(cast: Cast) -> None:
    version = _draft(cast, NEGATIVE)
    checking.give_reason(version, _only_warning(version).key, "Agreed.", actor_id=cast.ma.id)
    above = "lines:\n  - {line: first, fixed: 100.00}"
    version.text = NEGATIVE.replace("lines:", above, 1)
    assert not checking.report_of(version).against
    version.text = NEGATIVE.replace("floor: -1", "floor: -2")
    assert len(checking.report_of(version).against) == 1


def test_a_reason_is_given_to_a_warning_of_a_draft_in_words(cast: Cast) -> None:
    version = _draft(cast, NEGATIVE)
    key = _only_warning(version).key
    with pytest.raises(DomainError, match="1 to 500"):
        checking.give_reason(version, key, "  ", actor_id=cast.ma.id)
    with pytest.raises(NotFound):
        checking.give_reason(version, "0" * 64, "Agreed.", actor_id=cast.ma.id)
    checking.give_reason(version, key, "Agreed.", actor_id=cast.ma.id)
    checking.give_reason(version, key, "Agreed with all.", actor_id=cast.ma.id)
    assert list(checking.reasons_of(version.id).values()) == ["Agreed with all."]
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    with pytest.raises(Conflict):
        checking.give_reason(version, key, "Later.", actor_id=cast.ma.id)


@pytest.mark.parametrize(
    ("path", "words", "lasting"),
    [
        ("", "the plan", ":"),
        ("lines[0].tiers.bands[1]", "row 1 “Sold” · tiers · band 2", "sold:tiers.bands[1]"),
        ("lines[0].then[0].factor", "row 1 “Sold” · step 1 · factor", "sold:then[0].factor"),
        ("then[1].gate", "the whole · step 2 · gate", ":then[1].gate"),
        ("examples[0]", "example 1", ":examples[0]"),
        ("parameters.tax", "parameters · tax", ":parameters.tax"),
        ("lines[7]", "row 8", ":lines[7]"),
    ],
)
def test_a_row_is_named_in_words(path: str, words: str, lasting: str) -> None:
    plan = load(SOUND).plan
    assert str(row_name(plan, path)) == words
    assert lasting_name(plan, path) == lasting
