"""Long work beside the pages: queued in a file of its own, done by a thread of the serving process.

What work there is, and how it ended, stands in the table ``job``. How far it is stands in the queue's own file, so
that pages can see it while the work holds the database's only write transaction. After a restart unfinished work
begins again: a job lands whole or not at all, so doing it twice does nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from flask import Flask, current_app, g
from huey import Huey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import select

from incentives import clock
from incentives.config import Settings
from incentives.core.access import Actor
from incentives.core.errors import DomainError, Sentence, from_plain, say
from incentives.db import db
from incentives.exchange.models import Job, JobState

KEY = "incentives-jobs"
KINDS = "incentives-kinds-of-work"
QUEUE = "jobs.db"
LONGEST_WAIT = 0.5
"""Seconds until an idle worker looks at the queue again."""
TRIES, SECONDS_BETWEEN_TRIES = 20, 3
FAILED = say("Something went wrong here. Nothing was changed; it has been noted.")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work is: ``done`` of ``total`` (0 while that is unknown), and what is being done."""

    done: int = 0
    total: int = 0
    sentence: Sentence | None = None


@dataclass(slots=True)
class JobContext:
    """What the work is told: for which store and in whose name, and where to say how far it is."""

    job_id: int
    store_id: int | None
    maker_id: int
    _said: Progress = field(default_factory=Progress)

    def progress(self, done: int, total: int, sentence: Sentence) -> None:
        """Say how far it is. Call it as often as you like: it is written once a hundredth."""
        before, self._said = self._said, Progress(done, total, sentence)
        step = max(1, total // 100)
        if before.sentence == sentence and before.total == total and done // step == before.done // step:
            self._said = before
            return
        plain = json.dumps([done, total, sentence.as_plain()])
        _jobs().queue.storage.put_data(_progress_key(self.job_id), plain.encode())


Work: TypeAlias = Callable[..., Sentence]
"""``work(context, **arguments)`` commits by itself, and returns what was done in a sentence."""


@dataclass(slots=True)
class _Jobs:
    queue: Huey
    run: Callable[[int], object]


def init_app(app: Flask) -> None:
    """Give the application its queue. In tests work is done at once, in the calling thread."""
    settings: Settings = app.config["SETTINGS"]
    queue = SqliteHuey(
        "incentives", filename=str(settings.files / QUEUE), results=False, immediate=settings.testing, fsync=True
    )

    # The work keeps its own failures; what is tried again is a database that could not be reached.
    @queue.task(name="run", retries=TRIES, retry_delay=SECONDS_BETWEEN_TRIES)  # type: ignore[untyped-decorator]  # huey ships no types
    def run(job_id: int) -> None:
        _run(app, job_id)

    app.extensions[KEY] = _Jobs(queue, run)


def register(app: Flask, kind: str, work: Work) -> None:
    """Say how a kind of work is done. Features do so when the application is put together."""
    app.extensions.setdefault(KINDS, {})[kind] = work


def start(kind: str, store_id: int | None, maker_id: int, **arguments: Any) -> Job:  # noqa: ANN401 (anything JSON can hold)
    """Write down that work is to be done. Commit, then :func:`dispatch` it.

    Raises:
        KeyError: nobody knows how to do it.
    """
    current_app.extensions[KINDS][kind]
    job = Job(kind=kind, store_id=store_id, maker_id=maker_id, arguments=arguments, created_at=clock.now())
    db.session.add(job)
    db.session.flush()
    return job


def dispatch(job_id: int) -> None:
    """Queue committed work. Ends the present transaction, so that the work need not wait for it.

    Raises:
        RuntimeError: something is not committed yet.
    """
    if db.session.new or db.session.dirty:
        raise RuntimeError("commit before dispatching: the work would not see what it is about")
    db.session.rollback()
    _jobs().run(job_id)


def do(app: Flask, job_id: int) -> None:
    """Do committed work at once in the calling thread, for where nothing serves the queue. What has ended stays as it is."""
    _run(app, job_id)


def progress_of(job: Job) -> Progress:
    """How far a job is, or how it ended."""
    if job.result is not None:
        return Progress(1, 1, from_plain(job.result))
    kept = _jobs().queue.storage.peek_data(_progress_key(job.id))
    if not isinstance(kept, (bytes, memoryview)):
        return Progress()
    done, total, sentence = json.loads(bytes(kept))
    return Progress(int(done), int(total), from_plain(sentence))


def resume() -> int:
    """Queue again what was unfinished when the process ended. Returns how many jobs that is."""
    unfinished = select(Job.id).where(Job.state.in_([JobState.QUEUED, JobState.RUNNING])).order_by(Job.id)
    found = list(db.session.scalars(unfinished))
    _jobs().queue.storage.flush_queue()
    for job_id in found:
        dispatch(job_id)
    return len(found)


def serve(app: Flask, workers: int = 1) -> Consumer:
    """Take up unfinished work and do what comes, in threads of this process. ``stop()`` ends it."""
    with app.app_context():
        resume()
    jobs: _Jobs = app.extensions[KEY]
    consumer = _Beside(jobs.queue, workers=workers, periodic=False, max_delay=LONGEST_WAIT, check_worker_health=False)
    consumer.start()
    return consumer


class _Beside(Consumer):  # type: ignore[misc]  # huey ships no types
    """A consumer that leaves the signals to the server around it."""

    def _set_signal_handlers(self) -> None:
        pass


def _jobs() -> _Jobs:
    found: _Jobs = current_app.extensions[KEY]
    return found


def _progress_key(job_id: int) -> str:
    return f"progress:{job_id}"


def _run(app: Flask, job_id: int) -> None:
    with app.app_context():
        context = _taken(job_id)
        if context is not None:
            kind, arguments = context[1]
            _finish(job_id, *_outcome(app, kind, context[0], arguments))
        db.session.remove()


def _taken(job_id: int) -> tuple[JobContext, tuple[str, dict[str, Any]]] | None:
    """The job, marked as running; nothing if it has ended."""
    job = db.session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one_or_none()
    if job is None or job.state in (JobState.DONE, JobState.FAILED):
        db.session.rollback()
        return None
    job.state, job.started_at = JobState.RUNNING, clock.now()
    found = JobContext(job.id, job.store_id, job.maker_id), (job.kind, dict(job.arguments))
    # What the work writes is its maker's act; rights were checked when it was asked for, and it has none itself.
    g.actor = Actor(job.maker_id, "", "", job.store_id, 0)
    db.session.commit()
    return found


def _outcome(app: Flask, kind: str, context: JobContext, arguments: dict[str, Any]) -> tuple[JobState, Sentence]:
    work: Work = app.extensions[KINDS][kind]
    try:
        return JobState.DONE, work(context, **arguments)
    except DomainError as refusal:
        db.session.rollback()
        return JobState.FAILED, refusal.sentence
    except Exception:
        db.session.rollback()
        log.exception("job failed", job=context.job_id, kind=kind)
        return JobState.FAILED, FAILED


def _finish(job_id: int, state: JobState, sentence: Sentence) -> None:
    db.session.rollback()
    job = db.session.get_one(Job, job_id)
    job.state, job.result, job.finished_at = state, sentence.as_plain(), clock.now()
    db.session.commit()
    _jobs().queue.storage.delete_data(_progress_key(job_id))
