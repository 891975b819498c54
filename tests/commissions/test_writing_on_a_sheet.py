"""A plan written on a sheet in the browser: kept at every change, undone and done again, and kept as a draft."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select

from incentives.commissions.format import dump, load
from incentives.commissions.models import PlanSheet, PlanVersion
from incentives.commissions.service import beginnings, checking, plans, sheets
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee
from tests.conftest import Browser, Cast, ClientFor

NOVEMBER = Month(2026, 11)
TEMPLATES = sorted(Path("seeds/reference/plans").glob("*.yaml"))


class _Fields(HTMLParser):
    """What a browser would send of the first form with an editor."""

    def __init__(self) -> None:
        super().__init__()
        self.data: list[tuple[str, str]] = []
        self.select = ""
        self.chosen: str | None = None
        self.first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "input" and name and (said.get("type") != "checkbox" or "checked" in said):
            self.data.append((name, said.get("value") or ""))
        if tag == "select":
            self.select, self.chosen, self.first = name, None, None
        if tag == "option" and self.select:
            value = said.get("value") or ""
            self.first = value if self.first is None else self.first
            if "selected" in said:
                self.chosen = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            self.data.append((self.select, self.chosen if self.chosen is not None else self.first or ""))
            self.select = ""


def fields_of(page: str) -> dict[str, list[str]]:
    """The form of a page as it would be sent untouched."""
    parser = _Fields()
    parser.feed(page.split("data-plan-editor", 1)[1].split("<datalist", 1)[0])
    found: dict[str, list[str]] = {}
    for name, value in parser.data:
        found.setdefault(name, []).append(value)
    return found


def begin(client: Browser, **choice: str) -> str:
    answer = client.post("/stores/A01/plans/new", data=choice)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def sheet_of(cast: Cast) -> PlanSheet:
    return db.session.scalars(select(PlanSheet).where(PlanSheet.owner_id == cast.ma.id)).one()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_usual_plan_goes_through_the_form_untouched(cast: Cast, client_for: ClientFor, path: Path) -> None:
    client = client_for(cast.ma)
    address = begin(client, template=path.stem)
    page = client.get(address)
    assert page.status_code == 200
    answer = client.post(address, data=fields_of(page.text))
    assert answer.status_code == 200
    document = load(path.read_text(encoding="utf-8"))
    assert load(sheets.text_of(sheet_of(cast))) == document
    assert sheets.tree_of(sheet_of(cast)) == sheets.tree_of(sheet_of(cast), 0)
    assert sheet_of(cast).at == 0, "nothing was changed"


def test_a_manager_builds_a_plan_by_pressing_and_typing_and_keeps_it_as_a_draft(
    cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    typed = fields_of(client.get(address).text)
    typed["name.zh#text"], typed["name.en#text"] = ["前台提成"], ["Front desk"]
    typed["plan#code"] = ["front-desk"]
    typed["lines[0].rate#rate"] = ["6", "%"]
    page = client.post(address, data={**typed, "op": "add|lines[0].then|gate"})
    typed = fields_of(page.text)
    typed["lines[0].then[0].gate.all[0].measure.indicator#choice"] = ["csi"]
    typed["lines[0].then[0].gate.all[0]#edges"] = ["from", "93%", "up_to", ""]
    page = client.post(address, data={**typed, "op": "add|lines|pool"})
    kept = client.post(address, data={**fields_of(page.text), "op": "keep"})
    assert kept.status_code == 302, kept.text
    version = db.session.scalars(select(PlanVersion)).one()
    document = load(version.text)
    assert document.plan.code == "front-desk"
    assert "rate: 6 %" in version.text
    assert "from: 93 %" in version.text
    assert [node.code for node in document.plan.lines] == ["line_1", "pool_1"]
    assert db.session.scalars(select(PlanSheet)).all() == []


def test_what_was_done_is_undone_and_done_again(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    page = client.post(address, data={**fields_of(client.get(address).text), "op": "add|lines|group"})
    assert "group_1" in page.text
    page = client.post(address, data={**fields_of(page.text), "op": "undo"})
    assert "group_1" not in page.text
    page = client.post(address, data={**fields_of(page.text), "op": "redo"})
    assert "group_1" in page.text


def test_what_is_no_plan_yet_is_kept_and_each_fault_stands_at_its_row(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    typed = fields_of(client.get(address).text)
    typed["lines[0].rate#rate"] = ["lots", "%"]
    page = client.post(address, data=typed)
    assert page.status_code == 200
    assert "“lots %” is not a rate" in page.text
    assert 'href="#at-lines-0"' in page.text
    assert client.get(address).text.count('value="lots"') == 1
    refused = client.post(address, data={**typed, "op": "keep"})
    assert refused.status_code == 422
    assert 'value="lots"' in refused.text


def test_the_sample_pays_what_was_typed_over_the_figures(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    page = client.get(address)
    typed = fields_of(page.text)
    (figure,) = re.findall(r'name="(figure:[0-9a-f]+)"', page.text)
    answer = client.post(address, data={**typed, figure: ["12,345.60"]})
    assert "617.28" in answer.text
    assert "617.28" in client.get(address).text


def test_a_draft_that_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    cast: Cast, client_for: ClientFor
) -> None:
    version = plans.draft(cast.east.id, dump(load(beginnings.EMPTY)), from_month=NOVEMBER, actor_id=cast.ma.id)
    db.session.commit()
    client = client_for(cast.ma)
    address = str(client.post(f"/stores/A01/plans/versions/{version.id}/edit").location)
    typed = fields_of(client.get(address).text)
    typed["lines[0].rate#rate"] = ["7", "%"]
    others = version.text.replace("5 %", "9 %")
    plans.rewrite(version, others, from_month=NOVEMBER, seen=version.revision, actor_id=cast.fan.id)
    db.session.commit()
    refused = client.post(address, data={**typed, "op": "keep"})
    assert refused.status_code == 409
    assert "Somebody else changed this draft" in refused.text
    compared = client.get(f"{address}/compare")
    assert "9 %" in compared.text
    assert "7 %" in compared.text
    page = client.post(address, data={**fields_of(refused.text), "op": "over"})
    assert client.post(address, data={**fields_of(page.text), "op": "keep"}).status_code == 302
    db.session.refresh(version)
    assert "rate: 7 %" in version.text


def test_a_sheet_is_nobody_else_s(cast: Cast, client_for: ClientFor) -> None:
    address = begin(client_for(cast.ma), template="empty")
    for person in (cast.fan, cast.bo, cast.hua):
        assert client_for(person).get(address).status_code in {403, 404}
        assert client_for(person).post(address, data={"op": "undo"}).status_code in {403, 404}
        assert client_for(person).post(f"{address}/discard").status_code in {403, 404}


def test_nobody_without_the_right_begins_a_plan(cast: Cast, client_for: ClientFor) -> None:
    people: list[Employee] = [cast.wei, cast.qian, cast.sun, cast.ada]
    assert {client_for(each).get("/stores/A01/plans/new").status_code for each in people} == {403}


def test_a_plan_s_versions_stand_beside_each_other_without_any_sheet(cast: Cast, client_for: ClientFor) -> None:
    version = plans.draft(cast.east.id, dump(load(beginnings.EMPTY)), from_month=NOVEMBER, actor_id=cast.ma.id)
    db.session.commit()
    page = client_for(cast.ma).get(f"/stores/A01/plans/{version.plan_id}/compare")
    assert page.status_code == 200
    assert f"/plans/{version.plan_id}?version={version.id}" in page.text


def test_the_live_sample_becomes_an_example_that_the_plan_reproduces(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    page = client.get(address)
    (figure,) = re.findall(r'name="(figure:[0-9a-f]+)"', page.text)
    answer = client.post(address, data={**fields_of(page.text), figure: ["12,345.60"], "op": "example"})
    assert answer.status_code == 200
    (example,) = load(sheets.text_of(sheet_of(cast))).examples
    (person,) = example.people
    assert (person.number, str(person.total)) == ("01", "617.28")
    assert "The plan does not reproduce" not in answer.text


EXAMPLE_SAID = {
    "examples[0].people[0].position#choice": ["adviser"],
    "examples[0].people[0].department#choice": ["reception"],
    "examples[0].people[0].readings#readings": ["csi", "95.1 %", "", "csi", "94 %", "2026-09", "", "", ""],
    "examples[0].people[0].sales[0].role#many": ["", "seller", "fitter"],
    "examples[0].people[0].sales[0].campaign#text": ["trade-in"],
    "examples[0].people[0].sales[0].order#text": ["XS-1"],
    "examples[0].month#month": ["2026-10"],
}


def test_everything_of_an_example_is_filled_in(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    page = client.get(address)
    for act in (
        "add|examples|example",
        "add|examples[0].people[0].sales|sale",
        "add|examples[0].departments|department:workshop",
    ):
        page = client.post(address, data={**fields_of(page.text), "op": act})
    page = client.post(address, data={**fields_of(page.text), **EXAMPLE_SAID})
    (example,) = load(sheets.text_of(sheet_of(cast))).examples
    (person,) = example.people
    (sale,) = person.facts.sales
    assert (person.position, person.department) == ("adviser", "reception")
    assert (sale.roles, sale.campaign, sale.order) == (("seller", "fitter"), "trade-in", "XS-1")
    assert [str(each.month) for each in person.facts.readings] == ["2026-10", "2026-09"]
    assert [code for code, _ in example.departments] == ["workshop"]
    assert fields_of(page.text)["examples[0].people[0].readings#readings"][:3] == ["csi", "95.1 %", "2026-10"]


NEGATIVE = beginnings.EMPTY.replace("rate: 5 %", "rate: 5 %\n    then: [{floor: -1}]")


def _reason_field(page: str) -> str:
    (name,) = set(re.findall(r'name="(reason:[0-9a-f]{64})"', page))
    return str(name)


def test_a_reason_is_written_beside_the_warning_and_stays_with_the_draft_and_its_next_version(
    cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.ma)
    address = begin(client, pasted=NEGATIVE)
    page = client.get(address)
    field = _reason_field(page.text)
    typed = {**fields_of(page.text), field: ["Agreed with the staff."]}
    assert "Agreed with the staff." in client.post(address, data=typed).text
    kept = client.post(address, data={**typed, "op": "keep"})
    assert kept.status_code == 302
    version = db.session.scalars(select(PlanVersion)).one()
    assert not checking.report_of(version).against
    assert "Agreed with the staff." in client_for(cast.hua).get(str(kept.location)).text
    next_sheet = client.post(f"/stores/A01/plans/{version.plan_id}/versions/new").location
    assert "Agreed with the staff." in client.get(str(next_sheet)).text


def test_what_another_window_wrote_is_never_written_over_unseen(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    one, other = ({**fields_of(client.get(address).text), "page": [name]} for name in ("one", "other"))
    client.post(address, data={**one, "lines[0].rate#rate": ["6", "%"]})
    refused = client.post(address, data={**other, "lines[0].rate#rate": ["9", "%"]})
    assert refused.status_code == 409
    assert "Another window or device wrote on this sheet" in refused.text
    assert fields_of(refused.text)["lines[0].rate#rate"] == ["6", "%"]
    back = client.post(address, data={**fields_of(refused.text), "op": "undo"})
    assert fields_of(back.text)["lines[0].rate#rate"] == ["9", "%"]


def test_who_else_changes_the_draft_is_said_while_it_is_being_written(cast: Cast, client_for: ClientFor) -> None:
    version = plans.draft(cast.east.id, dump(load(beginnings.EMPTY)), from_month=NOVEMBER, actor_id=cast.ma.id)
    db.session.commit()
    mine, others = client_for(cast.ma), client_for(cast.fan)
    address = str(mine.post(f"/stores/A01/plans/versions/{version.id}/edit").location)
    theirs = str(others.post(f"/stores/A01/plans/versions/{version.id}/edit").location)
    assert "Also changing this draft now: 范静" in mine.get(address).text
    page = others.get(theirs)
    others.post(theirs, data={**fields_of(page.text), "lines[0].rate#rate": ["8", "%"], "op": "keep"})
    assert "范静 changed this draft at" in mine.get(address).text


def test_a_copy_is_a_plan_of_its_own(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    version = plans.draft(cast.east.id, dump(load(beginnings.EMPTY)), from_month=NOVEMBER, actor_id=cast.ma.id)
    db.session.commit()
    address = begin(client, version=str(version.id))
    client.post(address, data={**fields_of(client.get(address).text), "op": "keep"})
    assert {each.code for each in plans.plans_of(cast.east.id)} == {"new-plan", "new-plan-2"}


def test_another_store_s_plan_is_copied_by_those_who_draft_there_and_by_nobody_else(
    cast: Cast, client_for: ClientFor
) -> None:
    version = plans.draft(cast.west.id, dump(load(beginnings.EMPTY)), from_month=NOVEMBER, actor_id=cast.bo.id)
    db.session.commit()
    assert "West" in client_for(cast.fan).get("/stores/A01/plans/new").text
    assert begin(client_for(cast.fan), version=str(version.id))
    assert "West" not in client_for(cast.ma).get("/stores/A01/plans/new").text
    assert client_for(cast.ma).post("/stores/A01/plans/new", data={"version": str(version.id)}).status_code == 404


def test_a_name_in_one_language_counts_for_both(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    client.post(address, data={**fields_of(client.get(address).text), "lines[0].name.zh#text": ["精品提成"]})
    (line,) = load(sheets.text_of(sheet_of(cast))).plan.lines
    assert (line.label.zh, line.label.en) == ("精品提成", "精品提成")


def test_a_band_that_is_added_leaves_no_gap_and_no_overlap(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.ma)
    address = begin(client, template="empty")
    typed = fields_of(client.get(address).text)
    page = client.post(address, data={**typed, "lines[0]#worth": ["whole"], "shape": "1"})
    page = client.post(address, data={**fields_of(page.text), "lines[0].tiers#by": ["by"], "shape": "1"})
    typed = {**fields_of(page.text), "lines[0].tiers.by.indicator#choice": ["workshop_revenue"]}
    page = client.post(address, data={**typed, "op": "add|lines[0].tiers.bands|band"})
    text = sheets.text_of(sheet_of(cast))
    assert ("above: 100 %" in text, "up_to: 200 %" in text, "above: 200 %" in text) == (True, True, True)
    assert "in two bands" not in page.text
