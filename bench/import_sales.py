"""Import of 100,000 sale lines, checked and stored, against openpyxl's bare parse of the same file.

``python3 -m bench.import_sales [rows]`` runs both sides in processes of their own, so that the peak of memory is theirs
alone. The target is at most as long as the bare parse, below 400 MB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter

PEOPLE = 60
DAYS = 365
HEADINGS = (
    "结算单号", "行号", "结算日期", "项目编码", "项目名称", "类别", "数量", "零售价", "实收金额", "成本", "车牌号", "销售员", "施工技师",
)  # fmt: skip
CATEGORIES = ("精品", "养护品", "配件", "工时", "续保")


def write_file(path: Path, rows: int) -> None:
    """A year's lines of one store, three to a document, every tenth with two earners."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("销售")
    sheet.write_row(0, 0, HEADINGS)
    first = datetime(2025, 11, 1)  # noqa: DTZ001 (a workbook's days have no zone)
    for row in range(rows):
        document = row // 3
        sheet.write_row(row + 1, 0, (f"WX{document:07d}", row % 3 + 1))
        sheet.write_datetime(row + 1, 2, first + timedelta(days=document % DAYS))
        price = 50 + row % 950
        seller, second = f"员工{row % PEOPLE:02d}", f"员工{(row * 7 + 1) % PEOPLE:02d}"
        sheet.write_row(
            row + 1,
            3,
            (
                f"JP{row % 400:04d}",
                f"项目{row % 400}",
                CATEGORIES[row % 5],
                1,
                price,
                price * 0.9 if row % 2 else price,
                price // 2,
                f"粤A{row % 90_000 + 10_000}",
                f"{seller}/{second}" if row % 10 == 0 and seller != second else seller,
                second if row % 5 == 0 else None,
            ),
        )
    book.close()


def bare_parse(path: Path) -> None:
    """What openpyxl needs to look at every cell once."""
    from openpyxl import load_workbook  # noqa: PLC0415 (only this side pays for it)

    sheet = load_workbook(path, read_only=True, data_only=True).active
    for row in sheet.iter_rows(values_only=True):
        tuple(row)


def take_in(path: Path) -> dict[str, float]:
    """Read, check, check again and store, as the job does; seconds of each part."""
    from incentives.app import create_app  # noqa: PLC0415 (only this side pays for it)
    from incentives.config import Settings  # noqa: PLC0415
    from incentives.db import db  # noqa: PLC0415
    from incentives.exchange.examination import Wishes, judge, read_file  # noqa: PLC0415
    from incentives.exchange.interface import Context  # noqa: PLC0415
    from incentives.sales.importing.importer import SalesImporter  # noqa: PLC0415

    files = path.parent / "data"
    app = create_app(
        Settings("for the benchmark only, never anywhere else 01", f"sqlite:///{path.parent / 'bench.db'}", files)
    )
    with app.app_context():
        db.create_all()
        store_id, maker_id = _people()
        context = Context(store_id, maker_id, 1, date(2026, 11, 16))
        importer, marks = SalesImporter(), [time.perf_counter()]
        reading = read_file(importer, path.read_bytes(), Wishes())
        marks.append(time.perf_counter())
        found = judge(importer, context, reading)
        if not found.report.sound:
            raise SystemExit(found.report.faults[:3] or found.report.questions[:3])
        db.session.commit()
        marks.append(time.perf_counter())
        importer.apply(context, found.rows)
        db.session.commit()
        marks.append(time.perf_counter())
    parts = ("read", "check", "store")
    return {part: later - earlier for part, earlier, later in zip(parts, marks, marks[1:], strict=False)}


def _people() -> tuple[int, int]:
    from incentives.db import db  # noqa: PLC0415 (only this side pays for it)
    from incentives.ledger import service as ledger  # noqa: PLC0415
    from incentives.people.models import Department, Employee, Group, Position, Posting, Store  # noqa: PLC0415

    group = Group(name="东方汽车集团")
    db.session.add(group)
    db.session.flush()
    store = Store(group_id=group.id, code="A01", name="东方路店")
    department = Department(group_id=group.id, code="reception", name="前台")
    db.session.add_all([store, department])
    db.session.flush()
    position = Position(group_id=group.id, department_id=department.id, code="adviser", name="服务顾问")
    people = [
        Employee(group_id=group.id, number=f"A{n:03d}", name=f"员工{n:02d}", hired_on=date(2025, 1, 1))
        for n in range(PEOPLE)
    ]
    db.session.add_all([position, *people])
    db.session.flush()
    db.session.add_all(
        Posting(
            employee_id=person.id,
            store_id=store.id,
            department_id=department.id,
            position_id=position.id,
            first_day=date(2025, 1, 1),
        )
        for person in people
    )
    ledger.ensure_default_rules(group.id, date(2025, 1, 1))
    db.session.commit()
    return store.id, people[0].id


def peak_megabytes() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(side: str, path: Path) -> dict[str, float]:
    """Run one side in a process of its own."""
    answer = subprocess.run(  # noqa: S603 (our own file)
        [sys.executable, "-m", "bench.import_sales", side, str(path)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main(rows: int) -> None:
    """Write the file, run both sides, say how they compare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.xlsx"
        write_file(path, rows)
        bare = measured("bare", path)
        ours = measured("ours", path)
    spent = ours["read"] + ours["check"] + ours["store"]
    print(f"{datetime.now(UTC):%Y-%m-%d} {rows:,} rows")
    print(f"openpyxl, bare parse   {bare['parse']:6.2f} s  {bare['peak']:6.0f} MB")
    print(f"checked and stored     {spent:6.2f} s  {ours['peak']:6.0f} MB  = {spent / bare['parse']:.2f} x")
    print(f"  read {ours['read']:.2f}  check {ours['check']:.2f}  check again and store {ours['store']:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        began = time.perf_counter()
        bare_parse(Path(sys.argv[2]))
        print(json.dumps({"parse": time.perf_counter() - began, "peak": peak_megabytes()}))
    elif sys.argv[1:2] == ["ours"]:
        print(json.dumps({**take_in(Path(sys.argv[2])), "peak": peak_megabytes()}))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
