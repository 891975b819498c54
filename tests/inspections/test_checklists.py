"""The checklist in versions: copied, edited, published; what was inspected keeps the version of its day."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from incentives.core.errors import Conflict, DomainError
from incentives.db import db
from incentives.inspections.models import Area, ChecklistVersion, Section
from incentives.inspections.service import areas, checklists
from incentives.inspections.service.checklists import Line
from tests.conftest import Cast, ClientFor
from tests.inspections.conftest import TODAY, inspected

PAGE = "/group/checklist/revise"


def typed(version: ChecklistVersion, **changes: str) -> MultiDict[str, str]:
    """What the page sends when nothing but these fields was changed."""
    sent = {"seen": str(version.number), "day": TODAY.isoformat()}
    for place, item in enumerate(version.items):
        sent |= {
            f"lines-{place}-code": item.code,
            f"lines-{place}-section": item.section.value,
            f"lines-{place}-text": item.text,
            f"lines-{place}-maximum": str(item.maximum),
            f"lines-{place}-weight": str(item.weight),
        }
        if item.must:
            sent[f"lines-{place}-must"] = "y"
    return MultiDict(sent | {key.replace("__", "-"): value for key, value in changes.items()})


def test_every_group_has_a_sensible_checklist_from_the_start(cast: Cast) -> None:
    version = checklists.checklist_of(cast.group.id).versions[-1]
    assert {item.section for item in version.items} == set(Section)
    assert len(version.items) == 24
    assert all(item.text and item.text_en and item.guidance for item in version.items)
    assert {item.section for item in version.items if item.must} == {Section.SAFETY}


def test_head_office_publishes_a_new_version_and_codes_are_kept(cast: Cast, client_for: ClientFor) -> None:
    first = checklists.checklist_of(cast.group.id).versions[-1]
    hua = client_for(cast.hua)
    assert first.items[0].text in hua.get(PAGE).text
    sent = typed(first, lines__0__text="只留当班工具", lines__1__text="")
    new = len(first.items)
    sent.update({f"lines-{new}-text": "充电桩无杂物", f"lines-{new}-section": "safety"})
    sent.update({f"lines-{new}-maximum": "2", f"lines-{new}-weight": "1"})
    answer = hua.post(PAGE, data=sent)
    assert answer.status_code == 302, answer.text
    db.session.expire_all()
    second = checklists.checklist_of(cast.group.id).versions[-1]
    codes = [item.code for item in first.items]
    assert second.number == 2
    assert [item.code for item in second.items] == [codes[0], *codes[2:], "v2-24"]
    assert (first.items[0].text, second.items[0].text) == ("现场只留当天要用的工具和物料", "只留当班工具")
    assert "充电桩无杂物" in hua.get("/group/checklist").text
    assert "充电桩无杂物" not in hua.get("/group/checklist?version=1").text


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("day", "2026-11-15"),
        ("day", "soon"),
        ("seen", "0"),
        ("lines__0__text", "长" * 201),
        ("lines__0__section", "seventh"),
        ("lines__0__maximum", "0"),
        ("lines__0__maximum", "11"),
        ("lines__0__weight", "heavy"),
        ("lines__0__code", "sort-scrap"),
        ("lines__0__code", "c" * 41),
    ],
)
def test_a_version_with_a_slip_is_refused_and_what_was_typed_is_kept(
    cast: Cast, client_for: ClientFor, field: str, told: str
) -> None:
    version = checklists.checklist_of(cast.group.id).versions[-1]
    sent = typed(version, lines__3__text="改写后的一条", **{field: told})
    answer = client_for(cast.hua).post(PAGE, data=sent)
    assert answer.status_code == 422
    assert "改写后的一条" in answer.text
    assert db.session.query(ChecklistVersion).filter_by(checklist_id=version.checklist_id).count() == 1


def test_only_head_office_changes_what_all_stores_share(cast: Cast, client_for: ClientFor) -> None:
    told = {who: client_for(getattr(cast, who)).get(PAGE).status_code for who in ("hua", "ma", "sun", "wei", "fan")}
    assert told == {"hua": 200, "ma": 403, "sun": 403, "wei": 403, "fan": 403}
    read = {who: client_for(getattr(cast, who)).get("/group/checklist").status_code for who in ("ma", "sun", "wei")}
    assert read == {"ma": 200, "sun": 200, "wei": 403}


def test_two_cannot_publish_over_one_another(cast: Cast) -> None:
    checklist, line = checklists.checklist_of(cast.group.id), Line("", Section.SORT, "只此一条")
    checklists.publish(checklist, [line], day=TODAY, today=TODAY, seen=1, actor_id=cast.hua.id)
    with pytest.raises(Conflict):
        checklists.publish(checklist, [line], day=TODAY, today=TODAY, seen=1, actor_id=cast.hua.id)
    with pytest.raises(DomainError, match="1 to 80"):
        checklists.publish(checklist, [], day=TODAY, today=TODAY, seen=2, actor_id=cast.hua.id)


def test_an_inspection_of_an_earlier_day_keeps_the_version_of_its_day(wash: Area, cast: Cast) -> None:
    old = inspected(cast, wash, {"floor": 0}, day=date(2026, 11, 10))
    line = Line("floor", Section.SHINE, "地面", maximum=5)
    checklists.publish(wash.checklist, [line], day=TODAY, today=TODAY, seen=1, actor_id=cast.hua.id)
    assert areas.version_on(wash, TODAY).number == 2
    corrected = inspected(cast, wash, {"windows": 0}, day=date(2026, 11, 10), corrects=old)
    assert corrected.version_id == old.version_id
    assert inspected(cast, wash, {"floor": 0}).possible == 5
