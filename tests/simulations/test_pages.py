"""Who sees simulations, and what the pages say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from incentives.commissions.models import PlanVersion
from incentives.db import db
from incentives.simulations.models import Simulation, SimulationState
from tests.conftest import Cast, ClientFor
from tests.simulations.conftest import WHOLE_TIERS


def _asked(cast: Cast, client_for: ClientFor, draft: PlanVersion) -> int:
    form = {"text": draft.text.replace("\n", "\r\n"), "first": "2026-08", "last": "2026-10"}
    answer = client_for(cast.ma).post(f"/stores/A01/simulations/new?version={draft.id}", data=form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return db.session.scalars(sa.select(Simulation.id)).one()


def test_the_manager_simulates_a_draft_and_opens_it_down_to_a_line(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    number = _asked(cast, client_for, season)
    manager = client_for(cast.ma)
    page = manager.get(f"/stores/A01/simulations/{number}").get_data(as_text=True)
    assert "+45.00" in page
    assert "By position" in page
    people = manager.get(f"/stores/A01/simulations/{number}/people").get_data(as_text=True)
    assert people.index("兰芳") < people.index("郝亮") < people.index("魏强")
    found = manager.get(f"/stores/A01/simulations/{number}/people?q=wei+qiang").get_data(as_text=True)
    assert "魏强" in found
    assert "郝亮" not in found
    path = f"/stores/A01/simulations/{number}/stores/{cast.east.id}/people/{cast.wei.id}"
    assert "60.00" in manager.get(path).get_data(as_text=True)
    lines = manager.get(f"{path}/2026-10").get_data(as_text=True)
    assert "120.00" in lines
    assert "100.00" in lines
    file = manager.get(f"/stores/A01/simulations/{number}/people?download=xlsx")
    assert file.data.startswith(b"PK")


def test_the_version_is_kept_with_it_and_the_approver_sees_it_on_the_versions_page(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    number = _asked(cast, client_for, season)
    assert db.session.get_one(Simulation, number).version_id == season.id
    office = client_for(cast.hua)
    part = office.get(f"/stores/A01/plans/versions/{season.id}/simulation").get_data(as_text=True)
    assert f"/stores/A01/simulations/{number}" in part
    assert "+45.00" in part
    page = office.get(f"/stores/A01/plans/{season.plan_id}?version={season.id}").get_data(as_text=True)
    assert f"versions/{season.id}/simulation" in page
    other = season.plan.versions[0]
    none = office.get(f"/stores/A01/plans/versions/{other.id}/simulation").get_data(as_text=True)
    assert f"/stores/A01/simulations/{number}" not in none


@pytest.mark.parametrize("who", ["wei", "qian", "sun", "ada"])
def test_who_neither_drafts_nor_approves_plans_sees_none(
    cast: Cast, season: PlanVersion, client_for: ClientFor, who: str
) -> None:
    number = _asked(cast, client_for, season)
    for path in ("", "/new", f"/{number}", f"/{number}/people"):
        assert client_for(getattr(cast, who)).get(f"/stores/A01/simulations{path}").status_code in {403, 404}


def test_a_manager_sees_neither_another_stores_nor_the_groups(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    number = _asked(cast, client_for, season)
    stranger = client_for(cast.bo)
    assert stranger.get(f"/stores/A01/simulations/{number}").status_code == 404
    assert stranger.get(f"/stores/B02/simulations/{number}").status_code == 404
    assert stranger.get("/group/simulations").status_code == 403
    assert client_for(cast.ma).post("/group/simulations/new", data={}).status_code == 403


@pytest.mark.usefixtures("season")
def test_the_head_office_replays_a_text_across_the_stores(cast: Cast, client_for: ClientFor) -> None:
    office = client_for(cast.hua)
    form = {"text": WHOLE_TIERS, "first": "2026-08", "last": "2026-10"}
    answer = office.post("/group/simulations/new", data=form)
    number = db.session.scalars(sa.select(Simulation.id)).one()
    assert answer.headers["Location"].endswith(f"/group/simulations/{number}")
    assert "+45.00" in office.get(f"/group/simulations/{number}").get_data(as_text=True)
    assert "East" in office.get(f"/group/simulations/{number}/people").get_data(as_text=True)
    assert office.get(f"/stores/A01/simulations/{number}").status_code == 404


def test_a_faulty_text_is_refused_with_its_place_and_stays_typed(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    form = {"text": season.text.replace("rate: 4 %", "rate: four"), "first": "2026-08", "last": "2026-10"}
    answer = client_for(cast.ma).post("/stores/A01/simulations/new", data=form)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "lines[0]" in page
    assert "rate: four" in page


def test_one_that_waits_can_be_called_off_and_months_outside_are_no_page(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    number = _asked(cast, client_for, season)
    manager = client_for(cast.ma)
    path = f"/stores/A01/simulations/{number}/stores/{cast.east.id}/people/{cast.wei.id}"
    assert manager.get(f"{path}/2026-11").status_code == 404
    assert manager.get(f"{path}/nonsense").status_code == 404
    db.session.get_one(Simulation, number).state = SimulationState.RUNNING
    db.session.commit()
    assert "hx-trigger" in manager.get(f"/stores/A01/simulations/{number}").get_data(as_text=True)
    manager.post(f"/stores/A01/simulations/{number}/cancel")
    assert db.session.get_one(Simulation, number).state is SimulationState.CANCELLED


def test_the_page_that_waits_loads_itself_anew_once_it_is_over_and_only_then(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    number = _asked(cast, client_for, season)
    manager, path, asking = client_for(cast.ma), f"/stores/A01/simulations/{number}", {"HX-Request": "true"}
    assert manager.get(path, headers=asking).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in manager.get(path).headers
    db.session.get_one(Simulation, number).state = SimulationState.RUNNING
    db.session.commit()
    assert "HX-Refresh" not in manager.get(path, headers=asking).headers
