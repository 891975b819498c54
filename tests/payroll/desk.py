"""The east store's work through its pages: every act is a form, sent by whoever may send it, on its day.

What comes of it is read where people read it: on the statement, in the ledger, in the payroll file as it was downloaded.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import openpyxl
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.models import Upload
from incentives.ledger import service as ledger
from incentives.ledger.models import PAID_KINDS, MoneyKind
from incentives.payroll.models import LineKind
from incentives.payroll.service import proving, reading
from incentives.payroll.service.closing import MONEY_KINDS
from incentives.people.models import Employee
from incentives.sales.models import SaleLine
from incentives.targets.service import catalogue
from tests.conftest import ClientFor
from tests.payroll.acts import Books

COLUMNS = {
    "上期结转": LineKind.CARRIED_IN,
    "绩效提成": LineKind.PAY,
    "奖励": LineKind.REWARD,
    "处罚": LineKind.PENALTY,
    "往月调整": LineKind.ADJUSTMENT,
    "结转下期": LineKind.CARRIED_OUT,
}
"""The headings of the payroll file, as finance reads them."""
HEADINGS = "单据号,行号,日期,商品名称,类别,数量,实收金额,成本,销售员,原单据号,原行号,退货日期"


@dataclass
class Desk:
    """Whoever sits at the pages."""

    books: Books
    client_for: ClientFor

    def send(self, who: Employee, url: str, data: Mapping[str, object] | None = None, *, on: date) -> TestResponse:
        """Sign in on that day and send a form."""
        with at(on):
            return self.client_for(who).post(url, data=dict(data or {}))

    def done(self, who: Employee, url: str, data: Mapping[str, object] | None = None, *, on: date) -> str:
        """The same, and it was accepted: where it led to."""
        answer = self.send(who, url, data, on=on)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def seen(self, who: Employee, url: str, *, on: date) -> str:
        """The page as somebody sees it on that day."""
        with at(on):
            answer = self.client_for(who).get(url)
        assert answer.status_code == 200, answer.text
        return answer.text

    def refused(self, who: Employee, url: str, data: Mapping[str, object], *, on: date) -> str:
        """The same, and it was refused: the page that says why."""
        answer = self.send(who, url, data, on=on)
        assert answer.status_code in {409, 422}, answer.status
        return answer.text

    # --- facts ------------------------------------------------------------------------------------------

    def sell(self, received: str, who: Employee, *, day: date, on: date, category: str = "accessories") -> int:
        """A sale typed in by the manager; its id."""
        self.books.documents += 1
        typed = {
            "document": f"D{self.books.documents:04d}", "line_number": "1", "day": day.isoformat(),
            "category": category, "product_name": "脚垫", "quantity": "1", "received": received, "cost": "0",
            "earners-0-person": str(who.id), "earners-0-role": "seller",
        }  # fmt: skip
        led_to = self.done(self.books.cast.ma, "/stores/A01/sales/new", typed, on=on)
        return int(led_to.rsplit("/", 1)[-1])

    def take_back(self, sale: int, received: str, *, on: date, quantity: str = "0") -> int:
        """A return typed in by the manager, dated that day; its id."""
        url, typed = f"/stores/A01/sales/{sale}/return", self.returned(received, on, quantity)
        return int(self.done(self.books.cast.ma, url, typed, on=on).rsplit("/", 1)[-1])

    def returned(self, received: str, day: date, quantity: str = "0") -> dict[str, str]:
        """What the form of a return sends."""
        return {"quantity": quantity, "received": received, "day": day.isoformat()}

    def import_sales(self, *rows: str, on: date, headings: str = HEADINGS) -> Upload:
        """A file of sales, sent in by finance and taken in if there is nothing wrong with it."""
        data = {"file": (io.BytesIO("\n".join([headings, *rows]).encode("gb18030")), "销售.csv")}
        with at(on):
            browser = self.client_for(self.books.cast.fan)
            sent = browser.post("/stores/A01/imports/sales/new", data=data, content_type="multipart/form-data")
            assert sent.status_code == 302, sent.text
            found = db.session.scalars(select(Upload).order_by(Upload.id.desc())).first()
            assert found is not None
            browser.post(f"/stores/A01/imports/{found.id}/apply")
        db.session.refresh(found)
        return found

    def document(self, sale: int) -> str:
        """The document that a sale stands on."""
        return db.session.get_one(SaleLine, sale).document

    def read(self, code: str, value: str, *, day: date, on: date, scope: str = "store", base: str = "") -> None:
        """A reading typed in by finance into the page of its day."""
        url = f"/stores/A01/readings/enter?by=indicators&day={day.isoformat()}&scope={scope}"
        with at(on):
            browser = self.client_for(self.books.cast.fan)
            fields = dict(re.findall(r'name="(i\d+b?|seen)"[^>]*?value="([^"]*)"', browser.get(url).text))
            name = f"i{self._indicator(code)}"
            answer = browser.post(url, data=fields | {name: value} | ({f"{name}b": base} if base else {}))
        assert answer.status_code == 302, answer.text

    def _indicator(self, code: str) -> int:
        return catalogue.indicator(self.books.store_id, code).id

    # --- the month --------------------------------------------------------------------------------------

    def close(self, month: Month, *, hold: tuple[Employee, ...] = ()) -> None:
        """Reviewed by the manager, approved by him and the head office, closed by finance, on the day after it."""
        cast, day, url = self.books.cast, month.last + timedelta(days=1), f"/stores/A01/months/{month}"
        self.done(cast.ma, f"{url}/start", on=day)
        for who in (cast.ma, cast.hua):
            with at(day):
                browser = self.client_for(who)
                page = browser.get(url).text
                seen = dict(re.findall(r'name="(seen-\d+)"\s+value="([0-9a-f]{64})"', page))
                held = [key for each in hold if who is cast.ma for key in self._statement(page, each)]
                for key in held:
                    answer = browser.post(f"{url}/statements/{key}/hold", data={"reason": "待核实"})
                    assert answer.status_code == 302, answer.text
                ticked = [key.removeprefix("seen-") for key in seen if key.removeprefix("seen-") not in held]
                if ticked:
                    answer = browser.post(f"{url}/approve", data=seen | {"statement": ticked})
                    assert answer.status_code == 302, answer.text
        self.done(cast.fan, f"{url}/close", on=day)

    def _statement(self, page: str, who: Employee) -> list[str]:
        rows = (row for row in page.split("<tr>") if f"/statements/{who.id}" in row)
        return [key for row in rows for key in re.findall(r'name="seen-(\d+)"', row)]

    # --- what came of it --------------------------------------------------------------------------------

    def file(self, month: Month) -> dict[str, dict[str, float]]:
        """The payroll file of a closed month as finance downloads it: the columns of each person's number."""
        with at(month.last + timedelta(days=2)):
            answer = self.client_for(self.books.cast.fan).get(f"/stores/A01/months/{month}/payroll.xlsx")
        assert answer.status_code == 200, answer.text
        heading, *rows = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True)
        *people, control = rows
        for place in range(2, len(heading)):
            assert round(sum(row[place] for row in people), 2) == round(control[place], 2)
        return {str(row[0]): dict(zip(map(str, heading), row, strict=True)) for row in people}

    def require(self, month: Month, who: Employee, paid: str, **kinds: str) -> None:
        """That statement, ledger and file of a closed month say just this of somebody, to the fen.

        ``kinds`` are yuan as text by kind of line; kinds that are not named come to nothing.
        """
        expected = {LineKind(kind): Money.parse(amount) for kind, amount in kinds.items()}
        statement = reading.of_person(self.books.store_id, month, who.id)
        assert statement is not None
        assert (statement.total, _sums((line.kind, line.amount) for line in statement.lines)) == (
            Money.parse(paid),
            expected,
        )
        posted = ledger.money_lines(self.books.store_id, month, who.id)
        in_ledger = _sums((line.kind, line.amount) for line in posted if line.kind in PAID_KINDS)
        by_posting: Counter[MoneyKind] = Counter()
        for kind, amount in expected.items():
            by_posting[MONEY_KINDS[kind]] += amount.fen
        assert in_ledger == {kind: Money(fen) for kind, fen in by_posting.items() if fen}
        row = self.file(month)[who.number]
        in_file = {kind: round(row[column] * 100) for column, kind in COLUMNS.items() if row.get(column)}
        assert (round(row["应发"] * 100), in_file) == (
            Money.parse(paid).fen,
            {kind: amount.fen for kind, amount in expected.items()},
        )

    def require_proved(self) -> None:
        """That ``ledger check`` agrees, and each adjustment comes out of its own explanation."""
        assert proving.check()[1] == []
        self.books.require_proved()


def _sums(lines: Iterator[tuple[LineKind | MoneyKind, Money]]) -> dict[LineKind | MoneyKind, Money]:
    found: Counter[LineKind | MoneyKind] = Counter()
    for kind, amount in lines:
        found[kind] += amount.fen
    return {kind: Money(fen) for kind, fen in found.items() if fen}


@contextmanager
def at(day: date) -> Iterator[None]:
    with time_machine.travel(datetime.combine(day, time(2), UTC), tick=False):
        yield
