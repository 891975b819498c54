from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from incentives.app import create_app
from incentives.core.access import Actor
from incentives.core.errors import DomainError, Sentence, say
from incentives.db import db
from incentives.exchange import jobs, registry, service
from incentives.exchange.jobs import JobContext
from incentives.exchange.models import HeadingChoice, Job, JobState, Upload, UploadState
from tests.conftest import Cast, settings_for
from tests.exchange.wares import WaresImporter, csv_file, workbook, written

COUNTING = say("Counting")
DONE = say("Counted.")


def count(context: JobContext, to: int) -> Sentence:
    for number in range(to + 1):
        context.progress(number, to, COUNTING)
    return DONE


def state_of(job_id: int) -> JobState:
    """As the database has it, without holding it up."""
    state = db.session.get_one(Job, job_id).state
    db.session.rollback()
    return state


def test_work_is_written_down_done_and_says_how_it_ended(app: Flask, cast: Cast) -> None:
    jobs.register(app, "count", count)
    job = jobs.start("count", cast.east.id, cast.ma.id, to=3)
    db.session.commit()
    jobs.dispatch(job.id)
    db.session.refresh(job)
    assert job.state is JobState.DONE
    assert jobs.progress_of(job).sentence == DONE


def test_work_that_is_not_committed_is_not_dispatched(app: Flask, cast: Cast) -> None:
    jobs.register(app, "count", count)
    job = jobs.start("count", cast.east.id, cast.ma.id, to=3)
    db.session.add(HeadingChoice(store_id=cast.east.id, importer="x", heading="y", field="z"))
    with pytest.raises(RuntimeError, match="commit"):
        jobs.dispatch(job.id)


def test_a_refusal_ends_work_with_its_sentence(app: Flask, cast: Cast) -> None:
    def refuse(context: JobContext) -> Sentence:
        db.session.add(HeadingChoice(store_id=context.store_id, importer="half", heading="done", field=""))
        db.session.flush()
        raise DomainError(say("The month is closed."))

    jobs.register(app, "refuse", refuse)
    job = jobs.start("refuse", cast.east.id, cast.ma.id)
    db.session.commit()
    jobs.dispatch(job.id)
    db.session.refresh(job)
    assert job.state is JobState.FAILED
    assert jobs.progress_of(job).sentence == say("The month is closed.")
    assert db.session.scalars(select(HeadingChoice)).all() == []


def test_progress_is_written_once_a_hundredth_and_gone_at_the_end(app: Flask, cast: Cast) -> None:
    seen: list[int] = []

    def watched(context: JobContext) -> Sentence:
        for number in range(1, 10_001):
            context.progress(number, 10_000, COUNTING)
            if number % 2_500 == 0:
                seen.append(jobs.progress_of(db.session.get_one(Job, context.job_id)).done)
        return DONE

    jobs.register(app, "watched", watched)
    job = jobs.start("watched", cast.east.id, cast.ma.id)
    db.session.commit()
    jobs.dispatch(job.id)
    assert seen == [2_500, 5_000, 7_500, 10_000]


def test_unfinished_work_begins_again_after_a_restart_and_finished_does_not(app: Flask, cast: Cast) -> None:
    runs: list[int] = []

    def note(context: JobContext) -> Sentence:
        runs.append(context.job_id)
        return DONE

    jobs.register(app, "note", note)
    ids = []
    for state in (JobState.RUNNING, JobState.QUEUED, JobState.DONE, JobState.FAILED):
        job = jobs.start("note", cast.east.id, cast.ma.id)
        job.state = state
        ids.append(job.id)
    db.session.commit()
    assert jobs.resume() == 2
    assert runs == ids[:2]
    assert state_of(ids[0]) is JobState.DONE


@pytest.fixture
def real_time() -> Iterator[None]:
    """Threads wait in real time, so the clock runs on."""
    with time_machine.travel("2026-11-16T02:00:00+00:00", tick=True):
        yield


@pytest.fixture
def serving(tmp_path: Path, cast: Cast, real_time: None) -> Iterator[Flask]:  # noqa: ARG001 (the clock must run)
    """A second application on the same database, as it is served: with a queue on disk and a worker beside the pages."""
    app = create_app(replace(settings_for(tmp_path, f"sqlite:///{tmp_path / 'test.db'}"), testing=False))
    registry.register(app, WaresImporter())
    jobs.register(app, "count", count)
    assert cast.east.id + cast.ma.id + cast.group.id
    db.session.expunge_all()  # the cast stays readable without a transaction that would be in the worker's way
    db.session.rollback()
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def worker(serving: Flask) -> Iterator[Callable[[], None]]:
    """Starts the worker when called, and stops it at the end."""
    started = []

    def start() -> None:
        started.append(jobs.serve(serving))

    yield start
    for consumer in started:
        consumer.stop(graceful=True)
    serving.extensions[jobs.KEY].queue.storage.close()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.perf_counter() + seconds
    while not true():
        assert time.perf_counter() < end, "it takes too long"
        time.sleep(0.02)


def actor_of(cast: Cast) -> Actor:
    return Actor(cast.ma.id, "马丽", "A001", cast.east.id, cast.group.id)


def received(cast_actor: Actor, store_id: int, data: bytes) -> int:
    upload = service.receive(WaresImporter(), store_id, cast_actor, "明细.csv", data)
    db.session.commit()
    upload_id, job_id = upload.id, upload.job_id
    assert job_id is not None
    jobs.dispatch(job_id)
    return upload_id


def upload_state(upload_id: int) -> UploadState:
    state = db.session.get_one(Upload, upload_id).state
    db.session.rollback()
    return state


def test_work_goes_on_beside_the_pages(worker: Callable[[], None], cast: Cast) -> None:
    worker()
    upload_id = received(actor_of(cast), cast.east.id, workbook())
    wait_until(lambda: upload_state(upload_id) is UploadState.READY)


def test_what_was_sent_before_a_restart_is_done_after_it(worker: Callable[[], None], cast: Cast) -> None:
    upload_id = received(actor_of(cast), cast.east.id, workbook())
    assert upload_state(upload_id) is UploadState.UPLOADED
    job_id = db.session.get_one(Upload, upload_id).job_id
    db.session.get_one(Job, job_id).state = JobState.RUNNING  # the process died in the middle
    db.session.get_one(Upload, upload_id).state = UploadState.CHECKING
    db.session.commit()
    worker()
    wait_until(lambda: upload_state(upload_id) is UploadState.READY)


def test_progress_can_be_seen_while_the_one_write_transaction_is_held(
    serving: Flask, worker: Callable[[], None], cast: Cast
) -> None:
    holding, seen = threading.Event(), threading.Event()

    def hold(context: JobContext) -> Sentence:
        db.session.add(HeadingChoice(store_id=1, importer="held", heading="x", field=""))
        db.session.flush()
        context.progress(40, 100, COUNTING)
        holding.set()
        assert seen.wait(30)
        db.session.commit()
        return DONE

    jobs.register(serving, "hold", hold)
    worker()
    job_id = jobs.start("hold", cast.east.id, cast.ma.id).id
    db.session.commit()
    jobs.dispatch(job_id)
    assert holding.wait(30)
    db.session.connection(execution_options={"readonly": True})
    progress = jobs.progress_of(db.session.get_one(Job, job_id))
    db.session.rollback()
    seen.set()
    assert (progress.done, progress.total) == (40, 100)
    wait_until(lambda: state_of(job_id) is JobState.DONE)


def test_a_hundred_thousand_rows_are_taken_in_with_progress(worker: Callable[[], None], cast: Cast) -> None:
    rows = [(f"SO{n:06d}", "2026-11-03", "魏强", 1, f"{n % 997}.50") for n in range(100_000)]
    worker()
    upload_id = received(actor_of(cast), cast.east.id, csv_file(rows))
    wait_until(lambda: upload_state(upload_id) is UploadState.READY)
    upload = db.session.get_one(Upload, upload_id)
    service.ask_to_apply(upload, actor_of(cast))
    job_id = upload.job_id
    db.session.commit()
    assert job_id is not None
    jobs.dispatch(job_id)
    steps = set()

    def finished() -> bool:
        db.session.connection(execution_options={"readonly": True})
        job = db.session.get_one(Job, job_id)
        state = job.state
        if state is JobState.RUNNING:
            steps.add(jobs.progress_of(job).done)
        db.session.rollback()
        return state is JobState.DONE

    wait_until(finished)
    assert len(steps) > 3
    assert len(written()) == 100_000
    assert upload_state(upload_id) is UploadState.APPLIED
