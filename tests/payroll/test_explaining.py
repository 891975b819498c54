"""Every amount of a statement opens: the rule, the arithmetic, the facts as they counted then; the payslip says the same."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from flask_babel import force_locale
from pypdf import PdfReader
from sqlalchemy import select

from incentives.adoptions.models import Adoption
from incentives.adoptions.service import acknowledging
from incentives.commissions.models import PayLine
from incentives.core.explain import explanation_from_plain, recompute
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, StatementLine
from incentives.payroll.service import explaining, reading
from incentives.people.models import Account, Employee, Language
from incentives.sales.service.returns import record_return
from incentives.web.i18n import tell
from tests.conftest import Cast, ClientFor
from tests.payroll.months import NOVEMBER, OCTOBER, adopt, close, sell

CLOSED = datetime(2026, 11, 3, 4, tzinfo=UTC)
LATER = datetime(2026, 11, 16, 4, tzinfo=UTC)


@pytest.fixture
def sold(cast: Cast) -> int:
    """A sale of October that was paid, closed, and taken back in November; the id of the pay line."""
    with time_machine.travel(CLOSED, tick=False):
        adopt(cast)
        sale = sell(cast, "D1", cast.wei, date(2026, 10, 20))
        close(cast, OCTOBER)
    with time_machine.travel(LATER, tick=False):
        record_return(
            cast.east.id,
            sale,
            quantity=1000,
            received=Money.parse("3880"),
            day=date(2026, 11, 10),
            maker_id=cast.ma.id,
            today=date(2026, 11, 16),
        )
        db.session.commit()
    return db.session.scalars(
        select(PayLine.id).where(PayLine.employee_id == cast.wei.id, PayLine.month == OCTOBER)
    ).one()


def _reads(person: Employee, language: str) -> None:
    account = db.session.scalars(select(Account).where(Account.employee_id == person.id)).one()
    account.language = Language(language)
    db.session.commit()


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def test_a_closed_line_shows_the_facts_as_they_counted_then_and_the_return_as_later(
    cast: Cast, client_for: ClientFor, sold: int
) -> None:
    _reads(cast.wei, "zh")
    page = client_for(cast.wei).get(f"/me/pay-lines/{sold}/facts/0").text
    counted, later = page.split("后来登记的")
    assert "D1-1" in counted
    assert "1,500.00" in counted
    assert cast.ma.name in counted
    assert "D1-2" not in counted
    assert "-1,500.00" in later.replace("\N{MINUS SIGN}", "-")
    assert "按今天已知的全部数据应为 0.00" in later


def test_an_adjustment_opens_and_the_corrected_line_says_what_became_of_it(
    cast: Cast, client_for: ClientFor, sold: int
) -> None:
    _reads(cast.wei, "zh")
    wei = client_for(cast.wei)
    line = _line_of(cast, NOVEMBER, LineKind.ADJUSTMENT)
    page = wei.get(f"/me/statement/2026-11/lines/{line.key}").text
    assert "算式" in page
    assert "规则" in page
    assert "更正的是哪一项" in page
    assert f'href="/me/pay-lines/{sold}"' in page
    with time_machine.travel(datetime(2026, 12, 2, 4, tzinfo=UTC), tick=False):
        close(cast, NOVEMBER)
        assert "后来的变化" in client_for(cast.wei).get(f"/me/pay-lines/{sold}").text


def _line_of(cast: Cast, month: Month, kind: LineKind) -> reading.ReadLine:
    statement = reading.of_person(cast.east.id, month, cast.wei.id)
    assert statement is not None
    db.session.commit()
    return next(line for line in statement.lines if line.kind is kind)


def test_an_explanation_says_when_the_person_paid_acknowledged_the_plan(
    cast: Cast, client_for: ClientFor, sold: int
) -> None:
    manager, address = client_for(cast.ma), f"/stores/A01/pay-lines/{sold}"
    assert "魏强 has not acknowledged it yet" in manager.get(address).text
    adoption = db.session.scalars(select(Adoption)).one()
    today = date(2026, 11, 16)
    assert acknowledging.acknowledge(adoption.id, employee_id=cast.wei.id, digest=adoption.digest, today=today)
    db.session.commit()
    assert "Acknowledged by 魏强 on 2026-11-16" in manager.get(address).text
    assert "Acknowledged by 魏强 on 2026-11-16" in client_for(cast.wei).get(f"/me/pay-lines/{sold}").text


def test_every_amount_of_a_statement_opens_for_its_owner_and_for_the_manager(
    cast: Cast, client_for: ClientFor, sold: int
) -> None:
    assert sold
    for client, address in (
        (client_for(cast.wei), "/me/statement?month=2026-11"),
        (client_for(cast.ma), f"/stores/A01/months/2026-11/statements/{cast.wei.id}"),
    ):
        page = client.get(address).text
        links = _whys(page)
        amounts = page.count('class="statement-amount"')
        assert amounts >= 2
        assert len(links) > amounts, "each line and the total"
        assert [client.get(link).status_code for link in links] == [200] * len(links)


def _whys(page: str) -> list[str]:
    return re.findall(r'<a class="why"\s+href="([^"]+)"', page)


def test_another_persons_line_and_a_line_that_is_none_look_alike(cast: Cast, client_for: ClientFor, sold: int) -> None:
    assert client_for(cast.lan).get(f"/me/pay-lines/{sold}").status_code == 404
    assert client_for(cast.wei).get("/me/statement/2026-11/lines/pay-0-0-2026-11").status_code == 404
    assert (
        client_for(cast.wei).get(f"/stores/A01/months/2026-11/statements/{cast.wei.id}/lines/total").status_code == 403
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_payslip_says_what_the_pages_say(cast: Cast, client_for: ClientFor, sold: int, language: str) -> None:
    assert sold
    _reads(cast.wei, language)
    client = client_for(cast.wei)
    for month in ("2026-10", "2026-11"):
        said = _squeezed(_text_of(client, month))
        statement = reading.of_person(cast.east.id, Month.parse(month), cast.wei.id)
        assert statement is not None
        with force_locale(language):
            for line in statement.lines:
                told = explaining.why_line(cast.east.id, statement, line, own=True)
                sentences = [_squeezed(tell(each)) for each in told.sentences()]
                assert [each for each in sentences if each not in said] == []


def test_the_payslip_lists_the_documents_and_marks_an_estimate(cast: Cast, client_for: ClientFor, sold: int) -> None:
    _reads(cast.wei, "zh")
    assert sold
    client = client_for(cast.wei)
    closed, running = _text_of(client, "2026-10"), _text_of(client, "2026-11")
    assert "D1-1" in closed
    assert cast.ma.name in closed
    assert "预估" not in closed
    assert "预估" in running
    assert (
        client_for(cast.ma).get(f"/stores/A01/months/2026-10/statements/{cast.wei.id}/payslip.pdf").status_code == 200
    )
    assert client_for(cast.lan).get("/me/statement/2026-10/payslip.pdf").status_code in {200, 404}


def _text_of(client: FlaskClient, month: str) -> str:
    response = client.get(f"/me/statement/{month}/payslip.pdf")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(response.data))
    return "".join(page.extract_text() for page in reader.pages)


def _squeezed(text: str) -> str:
    """Where a line breaks on paper means nothing."""
    return re.sub(r"\s+", "", text)


def test_each_line_is_worked_out_again_from_what_is_stored(cast: Cast, sold: int) -> None:
    assert sold
    with time_machine.travel(datetime(2026, 12, 2, 4, tzinfo=UTC), tick=False):
        close(cast, NOVEMBER)
    kept = db.session.execute(
        select(StatementLine, PayLine).outerjoin(PayLine, PayLine.id == StatementLine.pay_line_id)
    ).all()
    assert {line.kind for line, _pay in kept} >= {LineKind.PAY, LineKind.ADJUSTMENT, LineKind.CARRIED_OUT}
    for line, pay in kept:
        stored = line.explanation if line.kind is not LineKind.PAY else pay.explanation
        assert recompute(explanation_from_plain(stored or {})) * FEN_PER_YUAN == line.amount.fen
