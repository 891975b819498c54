"""A month of sale lines worked out to pay: one store of sixty, and a group, against SQL alone and a plain loop.

``python3 -m bench.month [people [lines]]`` (30,000 people and 1,000,000 lines unless said) invents the lines, works the
month out by the same three-line plan in three ways, each in a process of its own, and prints seconds and peaks of
memory: the product (explained lines, a commit for each store), one INSERT … SELECT with the tiers in SQL, and a loop of
Decimals over every row. The goals: a store below one second, a group at most three times SQL and below 500 MB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench import world
from incentives import clock
from incentives.app import create_app
from incentives.commissions.service import calculation, plans
from incentives.config import resource as shipped
from incentives.core.approval import PlanAction
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.adopting import adopt

LINES_A_STORE = 2_000
AUTHOR, APPROVER = 1, 2
KILOBYTE = 1024
BATCH = 50_000
CATEGORIES = ("accessories", "care_products", "renewals", "labour")
PLAN = """
plan: sold
name: {en: Sold, zh: 销售提成}
lines:
  - line: accessories
    name: {en: Accessories, zh: 精品}
    measure: {kind: amount, category: accessories, role: seller}
    tiers:
      reads: each_band
      bands:
        - {up_to: 2000, rate: 5 %}
        - {above: 2000, rate: 8 %}
  - line: care
    name: {en: Care products, zh: 养护品}
    measure: {kind: amount, category: care_products, role: seller}
    rate: 6 %
  - line: renewals
    name: {en: Renewals, zh: 续保}
    measure: {kind: amount, category: renewals, role: seller}
    rate: 1 %
"""
REALISTIC = ("accessory-pieces", "insurance-renewals", "service-advisers")
"""Plans that ship with the product, all three for everybody in the small store."""
IN_SQL = """
INSERT INTO bare_line (employee_id, code, amount)
SELECT employee_id, category, CAST(round(CASE category
    WHEN 'accessories' THEN min(total, 200000) * 0.05 + max(total - 200000, 0) * 0.08
    WHEN 'care_products' THEN total * 0.06 ELSE total * 0.01 END) AS INTEGER)
FROM (SELECT e.employee_id, s.category, sum(e.received_fen) AS total
      FROM earner e JOIN sale_line s ON s.id = e.sale_line_id
      WHERE e.counts_in = :month AND e.role = 'seller' AND s.category IN ('accessories', 'care_products', 'renewals')
      GROUP BY e.employee_id, s.category)
"""
ROWS = """
SELECT e.employee_id, s.category, e.received_fen FROM earner e JOIN sale_line s ON s.id = e.sale_line_id
WHERE e.counts_in = :month AND e.role = 'seller'
"""
BARE_LINE = "CREATE TABLE bare_line (employee_id INTEGER, code TEXT, amount INTEGER, PRIMARY KEY (employee_id, code))"


def month() -> Month:
    """The running month."""
    return Month.of(clock.today())


def build(folder: Path, people: int, lines: int, texts: tuple[str, ...]) -> None:
    """People, sale lines and plans in a new database."""
    app = world.build(folder, people, points=False)
    with app.app_context():
        _sell(people, lines)
        for store_id in range(1, max(1, people // world.STORE_SIZE) + 1):
            for text in texts:
                in_force(store_id, text, month())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def in_force(store_id: int, text: str, first: Month) -> None:
    """A plan that pays a store's three positions from a month on; nobody lets it pay the position that he holds."""
    version = plans.draft(store_id, text, from_month=first, actor_id=AUTHOR)
    plans.act(version, PlanAction.SUBMIT, actor_id=AUTHOR)
    plans.act(version, PlanAction.APPROVE, actor_id=APPROVER)
    adopt(version, actor_id=AUTHOR)
    for position in range(1, world.POSITIONS + 1):
        holder_of_the_next = position
        plans.assign(
            version.plan,
            position_id=position,
            employee_id=None,
            from_month=first,
            to_month=None,
            actor_id=holder_of_the_next,
        )


def _sell(people: int, lines: int) -> None:
    """Lines one after the other through all people; written as the tables keep them, for speed."""
    connection = db.session.connection()
    line = sa.text(
        "INSERT INTO sale_line (id, store_id, document, line_number, kind, business_date, counts_in, product_code,"
        " product_name, category, subcategory, campaign, quantity, list_price_fen, received_fen, cost_fen, plate, named,"
        " created_at) VALUES (:id, :store, :document, 1, 'sale', :day, :month, 'P', '项目', :category, '', '', 1000,"
        " :fen, :fen, NULL, '', '', :now)"
    )
    credit = sa.text(
        "INSERT INTO earner (sale_line_id, employee_id, role, weight, main, leads, received_fen, quantity, store_id,"
        " business_date, counts_in, sold_on) VALUES (:id, :person, 'seller', 1, 1, 1, :fen, 1000, :store, :day, :month, :day)"
    )
    for batch in _batches(people, lines):
        connection.execute(line, batch)
        connection.execute(credit, batch)


def _batches(people: int, lines: int) -> Iterator[list[dict[str, object]]]:
    first, now = month().first.isoformat(), clock.now().replace(tzinfo=None).isoformat(" ")
    for begin in range(1, lines + 1, BATCH):
        yield [
            {
                "id": number,
                "person": (person := number % people + 1),
                "store": world.store_of(person, people),
                "document": f"W{number}",
                "day": first,
                "month": str(month()),
                "category": CATEGORIES[number // people % len(CATEGORIES)],
                "fen": 5_000 + number * 7919 % 95_000,
                "now": now,
            }
            for number in range(begin, min(begin + BATCH, lines + 1))
        ]


def by_the_product(app: Flask, people: int) -> None:
    """Every store, one after the other, each in a transaction of its own."""
    for store_id in range(1, max(1, people // world.STORE_SIZE) + 1):
        with app.app_context():
            calculation.work_out(store_id, month())
            db.session.commit()


def by_sql(app: Flask, _people: int) -> None:
    """One statement."""
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS bare_line")
        connection.exec_driver_sql(BARE_LINE)
        connection.execute(sa.text(IN_SQL), {"month": str(month())})


def by_loop(app: Flask, _people: int) -> None:
    """Every row into Python, added up in Decimals."""
    sums: dict[tuple[int, str], Decimal] = {}
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS bare_line")
        connection.exec_driver_sql(BARE_LINE)
        for person, category, fen in connection.execute(sa.text(ROWS), {"month": str(month())}):
            sums[person, category] = sums.get((person, category), Decimal(0)) + Decimal(fen)
        connection.execute(
            sa.text("INSERT INTO bare_line VALUES (:person, :code, :amount)"),
            [
                {"person": person, "code": code, "amount": int(_tiered(code, total))}
                for (person, code), total in sums.items()
                if code != "labour"
            ],
        )


def _tiered(code: str, total: Decimal) -> Decimal:
    limit = Decimal(200_000)
    rates = {"care_products": Decimal("0.06"), "renewals": Decimal("0.01")}
    if code in rates:
        amount = total * rates[code]
    else:
        amount = min(total, limit) * Decimal("0.05") + max(total - limit, Decimal(0)) * Decimal("0.08")
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)


WAYS: dict[str, Callable[[Flask, int], None]] = {"product": by_the_product, "sql": by_sql, "loop": by_loop}


def work(folder: Path, way: str, people: int) -> None:
    """One way, in this process: print the seconds, the peak in megabytes and how many lines there are."""
    app = create_app(world.settings(folder))
    begun = time.perf_counter()
    WAYS[way](app, people)
    seconds = time.perf_counter() - begun
    table = "pay_line" if way == "product" else "bare_line"
    with app.app_context():
        lines = db.session.scalar(sa.text(f"SELECT count(*) FROM {table}"))  # noqa: S608 (one of our two names)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE
    print(json.dumps({"seconds": seconds, "peak": peak, "lines": lines}))


def apart(folder: Path, way: str, people: int) -> dict[str, float]:
    """The same in a process of its own."""
    words = [sys.executable, "-m", "bench.month", "--work", str(folder), way, str(people)]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 (our own words)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def report(title: str, people: int, lines: int, texts: tuple[str, ...], ways: tuple[str, ...]) -> None:
    """Build a month and print what each way takes."""
    with tempfile.TemporaryDirectory() as name:
        build(Path(name), people, lines, texts)
        print(f"{title}: {people:,} people, {lines:,} lines", flush=True)
        for way in ways:
            found = apart(Path(name), way, people)
            print(
                f"  {way:<8} {found['seconds']:8.2f} s  {found['peak']:5.0f} MB  {found['lines']:,.0f} lines",
                flush=True,
            )


def main(words: list[str]) -> None:
    """Run what the command line asks for."""
    if words[:1] == ["--work"]:
        work(Path(words[1]), words[2], int(words[3]))
        return
    folder = shipped("seeds") / "reference" / "plans"
    realistic = tuple((folder / f"{plan}.yaml").read_text(encoding="utf-8") for plan in REALISTIC)
    report("one store, three plans as shipped", world.STORE_SIZE, LINES_A_STORE, realistic, ("product",))
    people, lines = (int(word) for word in [*words, *("30000", "1000000")[len(words) :]])
    report("a group, one plan", people, lines, (PLAN,), tuple(WAYS))


if __name__ == "__main__":
    main(sys.argv[1:])
