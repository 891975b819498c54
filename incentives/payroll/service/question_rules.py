"""How long people of a store may question their pay, and how long the answer may take."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from incentives.audit import service as audit
from incentives.core.errors import DomainError, say
from incentives.core.period import Month
from incentives.core.questions import ANSWER_WORKDAYS, WINDOW_DAYS
from incentives.db import db
from incentives.payroll.models import QuestionRules

MOST_WORKDAYS = 30
LEAST_WINDOW, MOST_WINDOW = 5, 366


def rules_of(store_id: int) -> QuestionRules:
    """What the store settled, or the usual rules."""
    found = db.session.scalars(select(QuestionRules).where(QuestionRules.store_id == store_id)).one_or_none()
    return found or QuestionRules(
        store_id=store_id, answer_workdays=ANSWER_WORKDAYS, window_days=WINDOW_DAYS, hold_closing=False
    )


def last_day_to_ask(rules: QuestionRules, month: Month) -> date:
    """The last day on which a line of the month can be questioned."""
    return month.last + timedelta(days=rules.window_days)


def require_in_time(rules: QuestionRules, month: Month, today: date) -> None:
    """Refuse to ask about a month before it begins, and after its last day to ask.

    Raises:
        DomainError: it is too early or too late.
    """
    if month > Month.of(today):
        raise DomainError(say("{month} has not begun.", month=str(month)))
    last = last_day_to_ask(rules, month)
    if today > last:
        raise DomainError(say("Lines of {month} could be questioned until {day}.", month=str(month), day=str(last)))


def set_rules(store_id: int, *, answer_workdays: int, window_days: int, hold_closing: bool, actor_id: int) -> None:
    """Settle how long the store has to answer, how long people may ask, and whether open questions hold a closing.

    Saying the same again changes nothing. Questions asked before keep their day.

    Raises:
        DomainError: outside what makes sense.
    """
    if not 1 <= answer_workdays <= MOST_WORKDAYS or not LEAST_WINDOW <= window_days <= MOST_WINDOW:
        raise DomainError(
            say(
                "Answers take 1 to {days} working days; questions are taken for {least} to {most} days.",
                days=MOST_WORKDAYS,
                least=LEAST_WINDOW,
                most=MOST_WINDOW,
            )
        )
    found = rules_of(store_id)
    before = (found.answer_workdays, found.window_days, found.hold_closing)
    if before == (answer_workdays, window_days, hold_closing):
        return
    found.answer_workdays, found.window_days, found.hold_closing = answer_workdays, window_days, hold_closing
    db.session.add(found)
    db.session.flush()
    audit.record(
        "payroll.question_rules_set",
        store_id=store_id,
        actor_id=actor_id,
        changes={
            "answer_workdays": (before[0], answer_workdays),
            "window_days": (before[1], window_days),
            "hold_closing": (before[2], hold_closing),
        },
    )
