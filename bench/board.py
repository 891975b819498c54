"""A board and a sale at 100, 3,000 and 30,000 people, against the least a Flask server can do.

``python3 -m bench.board [people …]`` serves a bare Flask application and the product from one process on this
machine, asks both over one connection, and prints medians and their ratios. The goals are those of the product's
performance page: fragment ≤ 1.5 × the floor, page ≤ 4 ×, a posting with audit and ledger ≤ 5 × the minimal POST.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bench import world
from incentives import clock
from incentives.app import create_app
from incentives.audit import service as audit
from incentives.core.errors import say
from incentives.db import SQLITE_PRAGMAS, db
from incentives.ledger import service as ledger
from incentives.web.guards import public

ROUNDS = 300
WARMING = 30
PORT = 8765
GROUP = ledger.group_scope(1)
ROWS = "<ol>{% for row in rows %}<li>{{ row.rank }} {{ row.name }} {{ row.value }}</li>{% endfor %}</ol>"
FLOOR = (
    "SELECT s.value, s.value AS rank, e.name FROM standing s JOIN employee e ON e.id = s.employee_id"
    " WHERE s.board_id = :board ORDER BY s.value DESC, s.employee_id LIMIT 20"
)
numbers = count(time.time_ns())


def bare(database: Path, board_id: int) -> Flask:
    """The floor: one query and twenty rows; and a POST that keeps a fact, a sum and a bucket durably."""
    app = Flask("bare")
    engine = sa.create_engine(f"sqlite:///{database}")

    @sa.event.listens_for(engine, "connect")
    def _careful(connection: object, _record: object) -> None:
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # a sqlite3 connection

    query, sale, total, bucket = map(
        sa.text,
        (
            FLOOR,
            "INSERT INTO bare_sale (employee_id, amount) VALUES (1, :amount)",
            "INSERT INTO bare_total VALUES (1, :amount) ON CONFLICT (id) DO UPDATE SET amount = amount + excluded.amount",
            "INSERT INTO bare_bucket VALUES (:amount, 1) ON CONFLICT (id) DO UPDATE SET people = people + 1",
        ),
    )
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS bare_sale (id INTEGER PRIMARY KEY, employee_id, amount)")
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS bare_total (id INTEGER PRIMARY KEY, amount)")
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS bare_bucket (id INTEGER PRIMARY KEY, people)")

    rows = app.jinja_env.from_string(ROWS)

    @app.get("/floor")
    def floor() -> str:
        with engine.connect() as connection:
            return rows.render(rows=connection.execute(query, {"board": board_id}).all())

    @app.post("/post")
    def post() -> str:
        with engine.begin() as connection:
            for statement in (sale, total, bucket):
                connection.execute(statement, {"amount": 7})
        return "ok"

    return app


def product(folder: Path, people: int, viewer: int) -> Flask:
    """The product, with a bare view of a board and two ways of posting."""
    app = create_app(world.settings(folder))
    app.config["WTF_CSRF_ENABLED"] = False
    views = Blueprint("bench", __name__)
    month = str(clock.today())[:7]

    def posted() -> None:
        number = next(numbers)
        who = number % people + 1
        line = ledger.NewPoints(
            key=f"bench:{number}",
            store_id=world.store_of(who, people),
            employee_id=who,
            day=clock.today(),
            points=7,
            what=say("A story for a measurement."),
            source_kind="bench",
        )
        ledger.post_points([line])

    rows = app.jinja_env.from_string(ROWS)

    @views.get("/bench/fragment")
    @public
    def fragment() -> str:
        board = ledger.board(ledger.POINTS, month, GROUP, viewer)
        mine = board.mine
        return rows.render(rows=[*board.top, *(mine.around if mine else ())])

    @views.post("/bench/post")
    @public
    def post() -> str:
        posted()
        db.session.commit()
        return "ok"

    @views.post("/bench/audited")
    @public
    def audited() -> str:
        posted()
        audit.record("bench.posted", store_id=1, actor_id=None)
        db.session.commit()
        return "ok"

    app.register_blueprint(views)
    return app


def served() -> DispatcherMiddleware:
    """What the server loads: both applications on the database that the environment names."""
    folder = Path(os.environ["BENCH_FOLDER"])
    people, viewer, board_id = (int(word) for word in os.environ["BENCH_WORLD"].split())
    return DispatcherMiddleware(
        product(folder, people, viewer).wsgi_app, {"/bare": bare(folder / "bench.db", board_id).wsgi_app}
    )


@contextmanager
def serving(folder: Path, *values: int) -> Iterator[http.client.HTTPConnection]:
    """Both applications on this machine, and a connection to them."""
    environment = {**os.environ, "BENCH_FOLDER": str(folder), "BENCH_WORLD": " ".join(map(str, values))}
    words = ["-m", "gunicorn", "-k", "gthread", "--threads", "2", "--log-level", "error", "--keep-alive", "60"]
    server = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, *words, "-b", f"127.0.0.1:{PORT}", "bench.board:served()"], env=environment
    )
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    try:
        _wait(connection)
        yield connection
    finally:
        connection.close()
        server.terminate()
        server.wait()


def _wait(connection: http.client.HTTPConnection) -> None:
    for _attempt in range(100):
        try:
            connection.connect()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def asking(connection: http.client.HTTPConnection, method: str, path: str, cookie: str = "") -> Callable[[], None]:
    """A request to be measured; anything but 200 stops the run."""

    def ask() -> None:
        connection.request(method, path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == http.HTTPStatus.OK, f"{path}: {answer.status} {body[:200]!r}"

    return ask


def medians(*asks: Callable[[], None]) -> list[float]:
    """Milliseconds of each request's middle answer. They take turns, so that whatever else runs slows all alike."""
    taken: list[list[float]] = [[] for _ask in asks]
    for turn in range(WARMING + ROUNDS):
        for times, ask in zip(taken, asks, strict=True):
            begun = time.perf_counter()
            ask()
            if turn >= WARMING:
                times.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(times) for times in taken]


def signed_in(app: Flask, employee_id: int) -> str:
    """The cookie of somebody's session, signed with the measurement's own secret."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    begun = int(clock.now().timestamp())
    session = {"_user_id": f"{employee_id}:1", "_fresh": True, "begun": begun, "_permanent": True}
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(session)}"


def measure(people: int) -> None:
    """One line of the report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = world.build(folder, people)
        month = str(clock.today())[:7]
        with app.app_context():
            board_id = ledger.head(ledger.POINTS, month, GROUP, None).id
            last = sa.text(
                "SELECT employee_id FROM standing WHERE board_id = :b ORDER BY value, employee_id DESC LIMIT 1"
            )
            worst = db.session.execute(last, {"b": board_id}).scalar_one()
            db.session.remove()
        cookie = signed_in(app, worst)
        page = f"/stores/S{world.store_of(worst, people)}/boards?measure=points&scope=group"
        with serving(folder, people, worst, board_id) as connection:
            floor, fragment, full, part = medians(
                asking(connection, "GET", "/bare/floor"),
                asking(connection, "GET", "/bench/fragment"),
                asking(connection, "GET", page, cookie),
                asking(connection, "GET", page.replace("/boards?", "/boards/board?"), cookie),
            )
            minimal, post, audited = medians(
                asking(connection, "POST", "/bare/post"),
                asking(connection, "POST", "/bench/post"),
                asking(connection, "POST", "/bench/audited"),
            )
    print(
        f"{people:>6} people  floor {floor:.2f} ms  fragment {fragment / floor:.2f}x  page {full / floor:.2f}x"
        f"  signed-in fragment {part / floor:.2f}x  minimal POST {minimal:.2f} ms  posting {post / minimal:.2f}x"
        f"  with audit {audited / minimal:.2f}x",
        flush=True,
    )


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [100, 3_000, 30_000]:
        measure(size)
