"""One's own questions: asking about a line, the list, one question with its timeline, raising it again."""

from __future__ import annotations

import secrets

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound, from_plain, say
from incentives.core.period import Month
from incentives.core.questions import RAISED_AT_MOST, Cause, QuestionState
from incentives.db import db
from incentives.exchange.pictures import keep_picture
from incentives.payroll.forms import AnswerForm, QuestionForm
from incentives.payroll.models import Question
from incentives.payroll.service import question_rules, questioning, questions, reading
from incentives.payroll.views.blueprint import bp
from incentives.payroll.views.questions import TONES, kept_picture, settled_url, state_column
from incentives.payroll.views.statements import home_zone, own_store
from incentives.people.service import setup
from incentives.periods import service as periods
from incentives.web.filters import month_name
from incentives.web.guards import actor, guarded
from incentives.web.i18n import tell
from incentives.web.lists import Column, Listing


@bp.get("/me/questions")
@guarded(Capability.READ_OWN)
def my_questions() -> str | Response:
    """What one asked, the latest first."""
    shown = Listing[Question](
        name="my-questions",
        columns=[
            Column("month", _("Month"), lambda each: month_name(each.month), sort=Question.month),
            Column("line", _("Line of pay"), lambda each: tell(from_plain(each.line_name))),
            Column("cause", _("About what"), lambda each: tell(each.cause.says), sort=Question.cause),
            state_column(),
            Column("due", _("Answer by"), lambda each: each.due_on, kind="date", sort=Question.due_on),
        ],
        statement=questioning.questions_by(actor().employee_id),
        order=[Question.id.desc()],
        search_in=(Question.words, Question.document, Question.answer),
        link=lambda each: url_for("payroll.my_question", question_id=each.id),
        empty_title=_("You have asked nothing yet"),
        empty_text=_(
            "Tap “Question” beside any line of your statement; somebody else answers within a few working days."
        ),
        empty_action=(_("My statement"), url_for("payroll.my_statement")),
    )
    return shown.respond("payroll/my_questions.html")


@bp.route("/me/statement/question", methods=["GET", "POST"])
@guarded(Capability.READ_OWN)
def ask() -> str | BaseResponse | tuple[str, int]:
    """Ask about a line of one's own statement, or about the whole of it."""
    form, person = QuestionForm(token=secrets.token_hex(16)), actor()
    form.offer()
    month, key = Month.parse(request.args.get("month", "")), request.args.get("line", "")[:160]
    store_id = own_store(month, reading.months_of(person.employee_id))
    today = clock.today(home_zone())
    if form.submitted():
        with form.refusals():
            question = questions.ask(
                store_id, month, _asking(form, key, store_id), employee_id=person.employee_id, today=today
            )
            db.session.commit()
            flash(
                _("Your question is on its way. Somebody else answers it by %(day)s.", day=question.due_on), "success"
            )
            return redirect(url_for("payroll.my_question", question_id=question.id))
    rules = question_rules.rules_of(store_id)
    question_rules.require_in_time(rules, month, today)
    statement = reading.of_person(store_id, month, person.employee_id)
    line = None if statement is None else next((each for each in statement.lines if each.key == key), None)
    if key and line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    page = render_template(
        "payroll/ask.html",
        question_form=form,
        month=month,
        line=line,
        rules=rules,
        last_day=question_rules.last_day_to_ask(rules, month),
        at=request.args.get("store"),
    )
    return page, 422 if form.refused else 200


def _asking(form: QuestionForm, key: str, store_id: int) -> questions.Asking:
    picture = form.picture
    return questions.Asking(
        line_key=key,
        cause=Cause(form.cause.data),
        words=str(form.words.data),
        token=str(form.token.data),
        document=form.document.data or "",
        evidence=keep_picture(store_id, picture).stored_as if picture else "",
    )


@bp.get("/me/questions/<int:question_id>")
@guarded(Capability.READ_OWN)
def my_question(question_id: int) -> str:
    """A question of one's own with its clock and its timeline."""
    return _page(question_id, AnswerForm())


def _page(question_id: int, form: AnswerForm) -> str:
    question = questioning.own_with_history(actor().employee_id, question_id)
    today = clock.today(setup.store_by_id(question.store_id).zone)
    convinced_until = question.again_until
    return render_template(
        "payroll/my_question.html",
        question=question,
        words_form=form,
        said=from_plain,
        settled_url=settled_url(question, own=True),
        tones=TONES,
        level=questioning.answers_now(question, today),
        overdue=questioning.is_overdue(question, today),
        coming=_coming(question),
        may_withdraw=question.state is QuestionState.OPEN,
        may_raise_again=question.state is QuestionState.REJECTED
        and question.times < RAISED_AT_MOST
        and convinced_until is not None
        and today <= convinced_until,
    )


def _coming(question: Question) -> tuple[Month, reading.ReadLine] | None:
    """The adjustment of an accepted question that the first open month is going to pay, and that month."""
    if question.state is not QuestionState.ACCEPTED:
        return None
    month = periods.first_open_month(question.store_id, question.month)
    line = questioning.correction_in(question, reading.of_person(question.store_id, month, question.employee_id))
    return None if line is None else (month, line)


@bp.post("/me/questions/<int:question_id>/withdrawal")
@guarded(Capability.READ_OWN)
def withdraw_question(question_id: int) -> BaseResponse:
    """Take a question back."""
    questions.withdraw(question_id, employee_id=actor().employee_id)
    db.session.commit()
    flash(_("Withdrawn."), "success")
    return redirect(url_for("payroll.my_question", question_id=question_id))


@bp.post("/me/questions/<int:question_id>/again")
@guarded(Capability.READ_OWN)
def raise_question_again(question_id: int) -> BaseResponse | tuple[str, int]:
    """Raise a rejected question once more; it goes to the head office."""
    form, today = AnswerForm(), clock.today(home_zone())
    if form.submitted():
        with form.refusals():
            me = actor().employee_id
            questions.raise_again(question_id, employee_id=me, words=str(form.words.data), today=today)
            db.session.commit()
            flash(_("Raised again. The head office answers it."), "success")
            return redirect(url_for("payroll.my_question", question_id=question_id))
    return _page(question_id, form), 422


@bp.get("/me/questions/<int:question_id>/picture")
@guarded(Capability.READ_OWN)
def my_question_picture(question_id: int) -> Response:
    """The picture one sent along."""
    return kept_picture(questions.own(question_id, actor().employee_id))
