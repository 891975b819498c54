from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from incentives.audit.models import AuditEntry
from incentives.db import db
from incentives.exchange import service
from incentives.exchange.models import HeadingChoice, Upload, UploadState
from incentives.exchange.registry import KEY
from incentives.people.models import Account, Language
from tests.conftest import Cast, ClientFor
from tests.exchange.conftest import send
from tests.exchange.wares import HEADINGS, ROWS, WaresImporter, csv_file, workbook, written


def only_upload() -> Upload:
    db.session.expire_all()
    return db.session.scalars(select(Upload)).one()


@pytest.mark.both_databases
def test_a_sound_file_is_shown_first_and_written_when_agreed(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    page = send(client, workbook())
    assert page.status_code == 200
    assert "Everything is in order" in page.text
    assert "1,890.70" in page.text
    assert "2 wares are new." in page.text
    assert written() == {}
    page = client.post(f"/stores/A01/imports/{only_upload().id}/apply", follow_redirects=True)
    assert "2 wares were taken in." in page.text
    assert written() == {"SO1": 194_400, "SO2": -5_330}


def test_faults_are_named_by_row_and_column_and_nothing_is_written(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    page = send(client, workbook([*ROWS, ("SO3", "2026-13-01", "魏强", "x", "12.345")]))
    upload = only_upload()
    assert upload.state is UploadState.FAULTY
    assert "3 faults were found" in page.text
    for words in (
        "Row 4",
        "B 日期",
        "“2026-13-01” is not a day",
        "“x” is not a number",
        "“12.345” has more than two decimals",
    ):
        assert words in page.text
    refused = client.post(f"/stores/A01/imports/{upload.id}/apply")
    assert refused.status_code == 409
    assert written() == {}
    download = client.get(f"/stores/A01/imports/{upload.id}/faults.csv")
    assert "“12.345” has more than two decimals" in download.data.decode("utf-8-sig")


@pytest.mark.both_databases
def test_the_same_file_twice_changes_nothing_and_says_so(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    client.post(f"/stores/A01/imports/{only_upload().id}/apply")
    page = send(client, workbook())
    assert page.status_code == 422
    assert "already taken in on 2026-11-16 by 马丽" in page.text
    assert only_upload().state is UploadState.APPLIED
    assert len(written()) == 2


def test_the_same_file_while_it_waits_is_the_one_that_waits(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    page = send(client, workbook())
    assert "already waiting here" in page.text
    assert only_upload().state is UploadState.READY


@pytest.mark.both_databases
def test_applying_twice_writes_once(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    target = f"/stores/A01/imports/{only_upload().id}/apply"
    assert client.post(target).status_code == 302
    assert client.post(target).status_code == 409
    assert len(written()) == 2


@pytest.mark.both_databases
def test_a_failure_halfway_leaves_nothing_behind(app: Flask, client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    app.extensions[KEY]["wares"] = WaresImporter(explode=True)
    page = client.post(f"/stores/A01/imports/{only_upload().id}/apply", follow_redirects=True)
    assert "Nothing was changed" in page.text
    assert only_upload().state is UploadState.FAILED
    assert written() == {}


@pytest.mark.both_databases
def test_an_unknown_heading_is_asked_about_once_and_remembered(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    headings = ("单号", "日期", "销售顾问", "数量", "实付")
    page = send(client, workbook(headings=headings))
    assert "Say below which column is which" in page.text
    upload = only_upload()
    chosen = {
        f"column:{key}": str(place) for place, key in enumerate(("number", "day", "seller", "quantity", "amount"))
    }
    page = client.post(f"/stores/A01/imports/{upload.id}/columns", data=chosen, follow_redirects=True)
    assert "Everything is in order" in page.text
    page = send(client, workbook([("SO9", "2026-11-05", "兰芳", 1, "20")], headings))
    assert "Everything is in order" in page.text


def test_a_column_cannot_serve_two_purposes_and_the_choice_is_kept(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    chosen = {"column:number": "0", "column:seller": "0", "column:day": "1", "column:amount": "4"}
    page = client.post(f"/stores/A01/imports/{only_upload().id}/columns", data=chosen)
    assert page.status_code == 422
    assert "The column “单号” cannot serve two purposes." in page.text
    assert page.text.count('<option value="0" selected>') == 2
    assert only_upload().state is UploadState.READY


@pytest.mark.parametrize("place", ["99", "-1", "x", "²"])
def test_a_column_that_is_not_there_is_refused(client_for: ClientFor, cast: Cast, place: str) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    page = client.post(f"/stores/A01/imports/{only_upload().id}/columns", data={"column:number": place})
    assert page.status_code == 422
    assert "The file has no such column." in page.text


def test_an_unknown_seller_is_offered_for_matching(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    page = send(client, workbook([*ROWS, ("SO3", "2026-11-05", "小魏", 1, "1")]))
    upload = only_upload()
    assert "Who is “小魏”?" in page.text
    assert upload.state is UploadState.FAULTY
    target = f"/stores/A01/imports/{upload.id}/answers"
    wrong = client.post(target, data={"answer:person:小魏": "白雪"})
    assert wrong.status_code == 422
    assert "Please choose one of the list." in wrong.text
    page = client.post(target, data={"answer:person:小魏": "魏强"}, follow_redirects=True)
    assert "Everything is in order" in page.text


def test_a_file_in_another_encoding_can_be_read_again(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    page = send(client, csv_file(encoding="gb18030"), "明细.csv", encoding="utf-8")
    assert "not written in UTF-8" in page.text
    upload = only_upload()
    assert upload.state is UploadState.FAULTY
    page = client.post(f"/stores/A01/imports/{upload.id}/columns", data={"encoding": "gb18030"}, follow_redirects=True)
    assert "Everything is in order" in page.text
    assert "兰芳" in page.text


def test_a_discarded_file_is_gone_and_may_be_sent_again(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    page = client.post(f"/stores/A01/imports/{only_upload().id}/discard", follow_redirects=True)
    assert "Nothing of it was taken in" in page.text
    assert only_upload().state is UploadState.DISCARDED
    assert "Everything is in order" in send(client, workbook()).text


def test_what_was_applied_cannot_be_discarded(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    client.post(f"/stores/A01/imports/{only_upload().id}/apply")
    assert client.post(f"/stores/A01/imports/{only_upload().id}/discard").status_code == 409
    assert only_upload().state is UploadState.APPLIED


def test_another_store_neither_sees_nor_touches_a_file(client_for: ClientFor, cast: Cast) -> None:
    send(client_for(cast.ma), workbook())
    stranger, upload_id = client_for(cast.bo), only_upload().id
    for store in ("A01", "B02"):
        assert stranger.get(f"/stores/{store}/imports/{upload_id}").status_code == 404
        for verb in ("apply", "discard", "columns", "answers"):
            assert stranger.post(f"/stores/{store}/imports/{upload_id}/{verb}").status_code == 404
    assert "销售明细" not in stranger.get("/stores/B02/imports/").text
    assert only_upload().state is UploadState.READY


def test_the_same_file_may_be_sent_at_two_stores(client_for: ClientFor, cast: Cast) -> None:
    send(client_for(cast.ma), workbook())
    assert "Everything is in order" in send(client_for(cast.bo), workbook(), store="B02").text
    assert db.session.scalar(select(func.count()).select_from(Upload)) == 2


def test_remembered_headings_belong_to_one_store(client_for: ClientFor, cast: Cast) -> None:
    client, headings = client_for(cast.ma), ("单号", "日期", "销售顾问", "数量", "实付")
    send(client, workbook(headings=headings))
    chosen = {
        f"column:{key}": str(place) for place, key in enumerate(("number", "day", "seller", "quantity", "amount"))
    }
    client.post(f"/stores/A01/imports/{only_upload().id}/columns", data=chosen)
    assert db.session.scalars(select(HeadingChoice.store_id).distinct()).all() == [cast.east.id]
    assert "Say below which column is which" in send(client_for(cast.bo), workbook(headings=headings), store="B02").text


def test_only_those_who_may_import_facts_reach_the_wares(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.wei).get("/stores/A01/imports/wares/new").status_code == 403
    assert client_for(cast.ada).get("/stores/A01/imports/wares/new").status_code == 403
    assert client_for(cast.ma).get("/stores/A01/imports/wares/new").status_code == 200
    assert client_for(cast.ma).get("/stores/A01/imports/nothing/new").status_code == 404


def test_the_list_of_another_role_does_not_name_the_file(client_for: ClientFor, cast: Cast) -> None:
    send(client_for(cast.ma), workbook())
    page = client_for(cast.ada).get("/stores/A01/imports/")
    assert page.status_code == 200
    assert "销售明细" not in page.text
    assert client_for(cast.ada).get(f"/stores/A01/imports/{only_upload().id}").status_code == 403


def test_the_template_file_can_be_sent_back(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    blank = client.get("/stores/A01/imports/wares/template.xlsx")
    assert "Everything is in order" in send(client, blank.data).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"<html><table></table></html>", "This is a web page"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x89PNG\r\n\x1a\n0000", "neither a spreadsheet nor a text file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(client_for: ClientFor, cast: Cast, data: bytes, words: str) -> None:
    assert words in send(client_for(cast.ma), data).text
    assert written() == {}


def test_no_file_at_all_is_asked_for(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.ma).post("/stores/A01/imports/wares/new", data={"encoding": "auto"})
    assert page.status_code == 422
    assert "Please choose a file." in page.text


def test_each_step_is_in_the_audit_trail_with_its_maker(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    client.post(f"/stores/A01/imports/{only_upload().id}/apply")
    found = db.session.execute(select(AuditEntry.act, AuditEntry.actor_id).where(AuditEntry.act.like("exchange.%")))
    assert [tuple(row) for row in found] == [
        (act, cast.ma.id) for act in ("exchange.received", "exchange.apply_asked", "exchange.applied")
    ]


def test_headings_below_a_title_and_a_row_of_totals_are_understood(client_for: ClientFor, cast: Cast) -> None:
    rows = [HEADINGS, *ROWS, ("合计", None, None, 0, 1890.7)]
    page = send(client_for(cast.ma), workbook(rows, ("十一月销售明细",)))
    assert "Everything is in order" in page.text
    assert only_upload().rows_total == 2


def test_of_two_people_who_send_the_same_file_at_once_only_one_has_it_written(
    client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    first = only_upload()
    kept = {name: getattr(first, name) for name in ("store_id", "importer", "file_name", "sha256", "size", "stored_as")}
    more = {"state": UploadState.READY, "maker_id": cast.fan.id, "maker_name": "范静", "created_at": first.created_at}
    second = Upload(**kept, **more, rows_total=2, result=first.result)
    db.session.add(second)
    db.session.commit()
    ids = first.id, second.id
    db.session.rollback()
    client.post(f"/stores/A01/imports/{ids[0]}/apply")
    refused = client_for(cast.fan).post(f"/stores/A01/imports/{ids[1]}/apply")
    assert refused.status_code == 409
    assert "already taken in" in refused.text
    assert len(written()) == 2


def test_what_changed_since_the_check_is_noticed_before_anything_is_written(
    app: Flask, client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    app.extensions[KEY]["wares"] = WaresImporter(known=("魏强",))
    page = client.post(f"/stores/A01/imports/{only_upload().id}/apply", follow_redirects=True)
    assert "Who is “兰芳”?" in page.text
    assert written() == {}


def test_a_store_keeps_only_so_many_files(monkeypatch: pytest.MonkeyPatch, client_for: ClientFor, cast: Cast) -> None:
    monkeypatch.setattr(service, "MOST_STORED_OF_A_STORE", 100)
    page = send(client_for(cast.ma), workbook())
    assert page.status_code == 422
    assert "Ask the admin to make room" in page.text
    assert db.session.scalars(select(Upload)).all() == []


def test_the_pages_speak_chinese_too(client_for: ClientFor, cast: Cast) -> None:
    account = db.session.scalars(select(Account).where(Account.employee_id == cast.ma.id)).one()
    account.language = Language.CHINESE
    db.session.commit()
    client = client_for(cast.ma)
    assert "检查文件" in client.get("/stores/A01/imports/wares/new").text
    page = send(client, workbook([*ROWS, ("SO3", "2026-13-01", "魏强", 1, "1")]))
    assert "发现 1 处问题" in page.text
    assert "“2026-13-01”不是日期" in page.text
    assert "待处理" in client.get("/stores/A01/imports/").text


def test_a_page_of_long_work_looks_again_by_itself(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.ma)
    send(client, workbook())
    only_upload().state = UploadState.CHECKING
    db.session.commit()
    page = client.get(f"/stores/A01/imports/{only_upload().id}")
    assert 'hx-trigger="every 1s"' in page.text
    assert '<meta http-equiv="refresh"' in page.text
