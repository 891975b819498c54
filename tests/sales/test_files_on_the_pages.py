"""A file of sales on its way through the pages: sent in, asked about, taken in once."""

from __future__ import annotations

import io
import re

from sqlalchemy import func, select

from incentives.db import db
from incentives.exchange.models import Upload
from incentives.sales.models import SaleLine
from tests.conftest import Browser, Cast, ClientFor

FILE = "单据号,日期,商品名称,类别,数量,实收金额,销售员\nX1,2026-11-02,脚垫,精品,1,100,小魏\nX1,2026-11-03,脚垫,精品,-1,-100,小魏\n"


def send(browser: Browser, text: str) -> Upload:
    data = {"file": (io.BytesIO(text.encode("gb18030")), "销售.csv")}
    answer = browser.post("/stores/A01/imports/sales/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return db.session.scalars(select(Upload).order_by(Upload.id.desc())).first() or Upload()


def state(upload: Upload) -> str:
    db.session.refresh(upload)
    return upload.state.value


def lines() -> int:
    return db.session.scalar(select(func.count()).select_from(SaleLine)) or 0


def test_a_file_is_sent_its_names_are_answered_and_it_is_taken_in_whole(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    upload = send(browser, FILE)
    page = f"/stores/A01/imports/{upload.id}"
    shown = browser.get(page)
    assert "小魏" in shown.text
    assert lines() == 0
    question = upload.result["questions"][0]
    assert (question["kind"], question["token"], question["rows"]) == ("person", "小魏", 1)
    assert question["choices"][0]["value"] == cast.wei.number
    token = next(name for name in re.findall(r'name="([^"]+)"', shown.text) if name.startswith("answer"))
    assert browser.post(f"{page}/answers", data={token: cast.wei.number}).status_code == 302
    assert state(upload) == "ready"
    assert browser.post(f"{page}/apply").status_code == 302
    assert state(upload) == "applied"
    assert lines() == 2


def test_only_those_who_may_enter_facts_may_send_files(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.wei).get("/stores/A01/imports/sales/new").status_code == 403
    assert client_for(cast.bo).get("/stores/A01/imports/sales/new").status_code == 404
    assert client_for(cast.fan).get("/stores/A01/imports/sales/new").status_code == 200
