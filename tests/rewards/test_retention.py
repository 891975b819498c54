"""Files of proposals that came to nothing go after a year; those of a record that ever counted stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from incentives import cli
from incentives.cli import evidence as command
from incentives.core.errors import NotFound
from incentives.db import db
from incentives.exchange.papers import Sent, keep_papers, load_paper
from incentives.rewards.models import RewardRecord
from incentives.rewards.service import records, retention
from tests.conftest import NOW, Cast, ClientFor
from tests.exchange.test_papers import PDF
from tests.inspections.conftest import picture_bytes
from tests.rewards.conftest import TODAY
from tests.rewards.test_deciding import approve, manager

DAY = timedelta(days=1)


@pytest.fixture
def together(cast: Cast, proposal: records.Proposal) -> list[RewardRecord]:
    """Wei and Lan are named in one proposal with a PDF and a picture: both records name both files."""
    papers = keep_papers(cast.east.id, [Sent("order.pdf", PDF), Sent("bay.png", picture_bytes())])
    said = {**{name: getattr(proposal, name) for name in proposal.__dataclass_fields__}, "papers": papers}
    made = records.propose_together(
        cast.east.id, records.Proposal(**said), [cast.wei.id, cast.lan.id], maker_id=cast.sun.id, today=TODAY
    )
    db.session.commit()
    return made


def reject(cast: Cast, record: RewardRecord) -> None:
    records.reject(manager(cast), cast.east.id, record.id, comment="Not so", today=TODAY)
    db.session.commit()


def swept_after(days: int) -> int:
    with time_machine.travel(NOW + days * DAY, tick=False):
        count = retention.sweep().total()
        db.session.commit()
    return count


def are_there(record: RewardRecord) -> bool:
    try:
        return all(load_paper(each.stored_as, each.mime) for each in record.evidence)
    except NotFound:
        return False


def test_files_of_what_was_rejected_or_withdrawn_go_after_a_year_and_once(
    cast: Cast, together: list[RewardRecord]
) -> None:
    rejected, withdrawn = together
    reject(cast, rejected)
    records.withdraw(cast.east.id, withdrawn.id, actor_id=cast.sun.id)
    db.session.commit()
    assert swept_after(366) == 0
    assert are_there(rejected)
    assert swept_after(367) == 2
    assert not are_there(rejected)
    assert swept_after(368) == 0
    assert [each.sha256 for each in rejected.evidence] == [each.sha256 for each in withdrawn.evidence]


def test_a_file_that_a_record_which_counted_names_too_stays(cast: Cast, together: list[RewardRecord]) -> None:
    rejected, counted = together
    reject(cast, rejected)
    approve(cast, counted)
    assert swept_after(4000) == 0
    assert are_there(counted)


def test_the_page_says_until_when_files_are_kept_and_then_offers_them_no_more(
    cast: Cast, together: list[RewardRecord], client_for: ClientFor
) -> None:
    reject(cast, together[0])
    page = f"/stores/A01/rewards/{together[0].id}"
    shown = client_for(cast.ma).get(page).text
    assert "its files are kept until 2027-11-17" in shown
    assert f"{page}/files/" in shown
    with time_machine.travel(NOW + 367 * DAY, tick=False):
        later = client_for(cast.ma).get(page).text
    assert "order.pdf" in later
    assert f"{page}/files/" not in later


def test_the_command_says_how_many_went(
    app: Flask,
    cast: Cast,
    together: list[RewardRecord],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "open_product", lambda _arguments: app)
    for record in together:
        reject(cast, record)
    with time_machine.travel(NOW + 367 * DAY, tick=False):
        assert cli.main(["evidence", "sweep"]) == 0
    assert "2 files deleted" in capsys.readouterr().out
