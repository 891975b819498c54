"""Twelve months replayed under a draft: one store of sixty, and a group, with progress and memory as it goes.

``python3 -m bench.simulate [stores [lines]]`` (500 stores of sixty unless said, 2,000 sale lines a store and month)
invents a year of sale lines, puts a plan in force in every store and has a draft simulated as the product does it. As
it goes it prints how many of all stores' months are done, the seconds and the resident memory; at the end the least and
the most memory after the first store. Inventing and simulating are processes of their own, so that the memory is that
of the simulation alone. Goal: the memory of the last store is that of the first.
"""

from __future__ import annotations

import gc
import math
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from bench import world
from bench.month import AUTHOR, CATEGORIES, LINES_A_STORE, PLAN, in_force
from incentives import clock
from incentives.app import create_app
from incentives.core.errors import Sentence
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.story import noon
from incentives.exchange.jobs import JobContext
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.simulations import work
from incentives.simulations.models import Simulation, SimulationState
from incentives.simulations.service import asking
from incentives.simulations.service.asking import Whose, Wish

MONTHS = 12
KILOBYTE = 1024
SAID_EVERY = 10
"""Seconds."""
LINE = (
    "INSERT INTO sale_line (id, store_id, document, line_number, kind, business_date, counts_in, product_code,"
    " product_name, category, subcategory, campaign, quantity, list_price_fen, received_fen, cost_fen, plate, named,"
    " created_at) VALUES (:id, :store, :document, 1, 'sale', :day, :month, 'P', '项目', :category, '', '', 1000,"
    " :fen, :fen, NULL, '', '', :now)"
)
INDEXES = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name IN ('sale_line', 'earner')"
)
CREDIT = (
    "INSERT INTO earner (sale_line_id, employee_id, role, weight, main, leads, received_fen, quantity, store_id,"
    " business_date, counts_in, sold_on) VALUES (:id, :person, 'seller', 1, 1, 1, :fen, 1000, :store, :day, :month, :day)"
)


@dataclass(slots=True)
class Teller(JobContext):
    """Prints how far the work is, at most every ten seconds."""

    begun: float = 0.0
    said_at: float = 0.0
    least: float = math.inf
    most: float = 0.0

    def progress(self, done: int, total: int, sentence: Sentence) -> None:
        """Done of all stores' months, seconds, and the memory of now."""
        del sentence
        now, memory = time.perf_counter(), resident()
        if done >= MONTHS:
            self.least, self.most = min(self.least, memory), max(self.most, memory)
        if now - self.said_at >= SAID_EVERY or done == 0:
            self.said_at = now
            print(f"  {done:>6,} of {total:,}  {now - self.begun:7.1f} s  {memory:4.0f} MB", flush=True)


def resident() -> float:
    """The resident memory of this process now, in megabytes; Linux only."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    found = next(line for line in status if line.startswith("VmRSS:"))
    return int(found.split()[1]) / KILOBYTE


def months() -> list[Month]:
    """The twelve before the running one."""
    running = Month.of(clock.today())
    return [running.plus(back) for back in range(-MONTHS, 0)]


def build(folder: Path, stores: int, lines: int) -> None:
    """Stores with a year of sales and a plan in force, in a new database."""
    app = world.build(folder, stores * world.STORE_SIZE, points=False)
    with app.app_context():
        for store_id in range(1, stores + 1):
            with clock.telling(noon(months()[0].first)):
                in_force(store_id, PLAN, months()[0])
        db.session.commit()
        db.session.remove()
    with closing(sqlite3.connect(folder / world.DATABASE)) as connection:
        _sell(connection, stores, lines)


def _sell(connection: sqlite3.Connection, stores: int, lines: int) -> None:
    """A year of sale lines, past the product and for speed: indexes are made anew at the end."""
    connection.execute("PRAGMA synchronous = OFF")
    indexes = connection.execute(INDEXES).fetchall()
    for name, _made_by in indexes:
        connection.execute(f"DROP INDEX {name}")
    for store_id in range(1, stores + 1):
        for number, month in enumerate(months()):
            rows = list(_lines(store_id, stores, (store_id - 1) * MONTHS + number, month, lines))
            connection.executemany(LINE, rows)
            connection.executemany(CREDIT, rows)
        connection.commit()
    for _name, made_by in indexes:
        connection.execute(made_by)
    connection.commit()


def _lines(store_id: int, stores: int, block: int, month: Month, lines: int) -> Iterator[dict[str, object]]:
    day, now = month.first.isoformat(), clock.now().replace(tzinfo=None).isoformat(" ")
    for number in range(block * lines + 1, (block + 1) * lines + 1):
        yield {
            "id": number,
            "person": number % world.STORE_SIZE * stores + store_id,
            "store": store_id,
            "document": f"W{number}",
            "day": day,
            "month": str(month),
            "category": CATEGORIES[number // world.STORE_SIZE % len(CATEGORIES)],
            "fen": 5_000 + number * 7919 % 95_000,
            "now": now,
        }


def simulate(folder: Path, store_id: int | None) -> None:
    """Replay the year at 9 % above the edge; of a store, or of all. This process does the jobs, as a server would."""
    app = create_app(replace(world.settings(folder), testing=False))
    gc.freeze()
    with app.app_context():
        author = actor_for(db.session.get_one(Employee, AUTHOR), clock.today())
        year = months()
        wish = Wish(PLAN.replace("rate: 8 %", "rate: 9 %"), year[0], year[-1], from_month=year[0])
        asked = asking.ask(Whose(1, store_id), wish, actor=author, running=year[-1].plus(1))
        number, job = asked.id, Teller(asked.job_id or 0, store_id, AUTHOR, begun=time.perf_counter())
        db.session.commit()
        while db.session.get_one(Simulation, number).state in asking.ACTIVE:
            db.session.rollback()
            work.run(job, number)
        found = db.session.get_one(Simulation, number)
        if found.state is not SimulationState.DONE:
            raise SystemExit(f"the simulation ended as {found.state}")
        print(f"  finished  {time.perf_counter() - job.begun:7.1f} s  {resident():4.0f} MB", flush=True)
        if job.most:
            print(f"  after the first store {job.least:.0f} to {job.most:.0f} MB", flush=True)


def apart(*words: object) -> None:
    """A step in a process of its own, which prints as it goes."""
    subprocess.run([sys.executable, "-m", "bench.simulate", *map(str, words)], check=True)  # noqa: S603 (our own words)


def report(stores: int, lines: int) -> None:
    """Invent the year, then replay it for one store and for all."""
    with tempfile.TemporaryDirectory() as folder:
        apart("--build", folder, stores, lines)
        print(f"one store of {world.STORE_SIZE}, {MONTHS} months, {lines:,} lines a month", flush=True)
        apart("--store", folder)
        print(f"a group of {stores * world.STORE_SIZE:,} people in {stores:,} stores", flush=True)
        apart("--group", folder)


def main(words: list[str]) -> None:
    """Run what the command line asks for."""
    match words:
        case ["--build", folder, stores, lines]:
            build(Path(folder), int(stores), int(lines))
        case ["--store", folder]:
            simulate(Path(folder), 1)
        case ["--group", folder]:
            simulate(Path(folder), None)
        case _:
            report(*(int(word) for word in [*words, *("500", str(LINES_A_STORE))[len(words) :]]))


if __name__ == "__main__":
    main(sys.argv[1:])
