"""The store's questions: the list with the overdue first, one question with its timeline, answering, the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound, from_plain, say
from incentives.core.questions import Cause, QuestionState
from incentives.db import db
from incentives.exchange.pictures import MIME_TYPE, load_picture
from incentives.payroll.forms import AnswerForm, QuestionRulesForm
from incentives.payroll.models import Question
from incentives.payroll.service import questioning
from incentives.payroll.service import questions as service
from incentives.payroll.service.question_rules import rules_of, set_rules
from incentives.payroll.service.reading import key_of_line
from incentives.payroll.views.blueprint import bp
from incentives.people.service.staff import JOINED_PINYIN, SEARCHED
from incentives.web.filters import month_name
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing

TONES = {
    QuestionState.OPEN: "warn",
    QuestionState.ACCEPTED: "info",
    QuestionState.SETTLED: "good",
    QuestionState.REJECTED: "quiet",
    QuestionState.WITHDRAWN: "quiet",
}
READERS = (Capability.READ_STATEMENTS, Capability.ANSWER_QUESTIONS)


def state_column() -> Column[Question]:
    """Where a question stands, in a word."""
    return Column(
        "state",
        _("State"),
        lambda each: each.state.value,
        kind="badge",
        tone=lambda each: TONES[each.state],
        words=lambda each: tell(each.state.says),
        sort=Question.state,
    )


def settled_url(question: Question, *, own: bool) -> str:
    """Where the line that put it right is explained; nothing before there is one."""
    line = question.settled_line
    if line is None:
        return ""
    month, key = line.statement.month, key_of_line(line.kind, line)
    if own:
        return url_for("payroll.my_line", month=month, key=key)
    return url_for("payroll.line", month=month, employee_id=question.employee_id, key=key)


@bp.get("/stores/<store_code>/questions")
@guarded(*READERS)
def questions() -> str | Response:
    """Every question of the store, those that wait first and the longest overdue before the rest."""
    here = place()
    today = clock.today(here.zone)
    shown = Listing[Question](
        name=f"questions-{here.code}",
        columns=_columns(today),
        statement=questioning.questions_of(here.id),
        order=questioning.URGENCY,
        search_in=(*SEARCHED, JOINED_PINYIN, Question.words, Question.document),
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    ("", _("all states")),
                    ("overdue", _("overdue")),
                    *((each.value, tell(each.says)) for each in QuestionState),
                ],
                lambda chosen: (
                    questioning.overdue(today) if chosen == "overdue" else Question.state == QuestionState(chosen)
                ),
            ),
            Filter(
                "cause",
                _("About what"),
                [("", _("everything")), *((each.value, tell(each.says)) for each in Cause)],
                lambda chosen: Question.cause == Cause(chosen),
            ),
        ],
        link=lambda each: url_for("payroll.question", question_id=each.id),
        empty_title=_("Nobody asks anything"),
        empty_text=_("Questions to lines of pay stand here, those that wait longest first."),
    )
    return shown.respond(
        "payroll/questions.html",
        rules=rules_of(here.id),
        may_set_rules=allows(Capability.CONFIRM_CLOSING, here.id),
    )


def _columns(today: date) -> list[Column[Question]]:
    return [
        Column("person", _("Person"), lambda each: f"{each.employee.name} {each.employee.number}"),
        Column("month", _("Month"), lambda each: month_name(each.month), sort=Question.month),
        Column("line", _("Line of pay"), lambda each: tell(from_plain(each.line_name))),
        Column("cause", _("About what"), lambda each: tell(each.cause.says), sort=Question.cause),
        state_column(),
        Column(
            "due",
            _("Answer by"),
            lambda each: each.due_on,
            kind="date",
            sort=Question.due_on,
            tone=lambda each: "bad" if each.state is QuestionState.OPEN and each.due_on < today else "",
        ),
    ]


@bp.get("/stores/<store_code>/questions/<int:question_id>")
@guarded(*READERS)
def question(question_id: int) -> str:
    """A question with its clock, its timeline, and the answer to be given."""
    return _page(question_id, AnswerForm())


def _page(question_id: int, form: AnswerForm) -> str:
    here = place()
    today = clock.today(here.zone)
    found = questioning.question_with_history(here.id, question_id)
    refusal = questioning.refusal_of(actor(), found, today)
    return render_template(
        "payroll/question.html",
        question=found,
        words_form=form,
        said=from_plain,
        settled_url=settled_url(found, own=False),
        tones=TONES,
        level=questioning.answers_now(found, today),
        overdue=questioning.is_overdue(found, today),
        refusal=refusal if found.state is QuestionState.OPEN else None,
        may_answer=found.state is QuestionState.OPEN and refusal is None,
        may_settle=found.state is QuestionState.ACCEPTED and found.employee_id != actor().employee_id,
        alike=questioning.alike(found) if found.state in {QuestionState.ACCEPTED, QuestionState.SETTLED} else [],
    )


def _act(question_id: int, act: Callable[[str], object], done: str) -> BaseResponse | tuple[str, int]:
    form = AnswerForm()
    if form.submitted():
        with form.refusals():
            act(form.words.data or "")
            db.session.commit()
            flash(done, "success")
            return redirect(url_for("payroll.question", question_id=question_id))
    return _page(question_id, form), 422


@bp.post("/stores/<store_code>/questions/<int:question_id>/answer")
@guarded(Capability.ANSWER_QUESTIONS)
def answer_question(question_id: int) -> BaseResponse | tuple[str, int]:
    """Accept it, or say why it stays as it is."""
    here = place()
    accepted = request.form.get("decision") == "accept"
    return _act(
        question_id,
        lambda words: service.answer(
            actor(), here.id, question_id, accepted=accepted, words=words, today=clock.today(here.zone)
        ),
        _("Answered. The person who asked can read it now."),
    )


@bp.post("/stores/<store_code>/questions/<int:question_id>/settled")
@guarded(Capability.ANSWER_QUESTIONS)
def settle_question(question_id: int) -> BaseResponse | tuple[str, int]:
    """Say that it is put right, where no line of pay shows it by itself."""
    here = place()
    return _act(
        question_id,
        lambda words: service.settle(actor(), here.id, question_id, words=words, today=clock.today(here.zone)),
        _("Settled."),
    )


@bp.get("/stores/<store_code>/questions/<int:question_id>/picture")
@guarded(*READERS)
def question_picture(question_id: int) -> Response:
    """The picture that was sent along."""
    return kept_picture(questioning.question_with_history(place().id, question_id))


def kept_picture(found: Question) -> Response:
    """A question's picture as a file.

    Raises:
        NotFound: none was sent along.
    """
    if not found.evidence:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    response = Response(load_picture(found.evidence), mimetype=MIME_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"question-{found.id}.jpg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.route("/stores/<store_code>/questions/rules", methods=["GET", "POST"])
@guarded(Capability.CONFIRM_CLOSING)
def question_rules() -> str | BaseResponse | tuple[str, int]:
    """How long the store has to answer, how long people may ask, and whether open questions hold a closing."""
    here = place()
    rules = rules_of(here.id)
    form = QuestionRulesForm(
        answer_workdays=rules.answer_workdays, window_days=rules.window_days, hold_closing=rules.hold_closing
    )
    if form.submitted():
        with form.refusals():
            set_rules(
                here.id,
                answer_workdays=form.answer_workdays.data,
                window_days=form.window_days.data,
                hold_closing=bool(form.hold_closing.data),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("payroll.questions"))
    return render_template("payroll/question_rules.html", rules_form=form), 422 if form.refused else 200
