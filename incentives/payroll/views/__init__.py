"""My statement; the months of a store, their review, closing and payroll file."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.commissions.afterwards import tells_what_became
from incentives.core.access import Capability
from incentives.payroll.service import explaining, questioning
from incentives.payroll.views import (
    balances,
    closing,
    months,
    my_questions,
    questions,
    reviewing,
    statements,
    supplements,
    why,
)
from incentives.payroll.views.blueprint import bp
from incentives.periods.checks import check_months
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = [
    "balances",
    "bp",
    "closing",
    "init_app",
    "months",
    "my_questions",
    "questions",
    "reviewing",
    "statements",
    "supplements",
    "why",
]


def init_app(app: Flask) -> None:
    """Stand in the menu, say what a month still lacks, and tell what became of lines that were paid."""
    check_months(app, questioning.open_questions)
    tells_what_became(app, explaining.adjustments_of)
    pay = _l("Pay")
    navigation.add(
        app,
        Entry(_l("Month approval"), "payroll.months", "calendar-check", pay, 410, (Capability.READ_STATEMENTS,)),
        Entry(_l("Questions"), "payroll.questions", "message-circle", pay, 415, (Capability.ANSWER_QUESTIONS,)),
        Entry(_l("Supplements"), "payroll.supplements", "cash", pay, 420, (Capability.READ_STATEMENTS,)),
        Entry(_l("Carried balances"), "payroll.debtors", "scale", pay, 425, (Capability.READ_STATEMENTS,)),
        Entry(
            _l("Months of the group"),
            "payroll.group_months",
            "calendar",
            _l("Group"),
            810,
            (Capability.CONFIRM_CLOSING,),
        ),
        Entry(_l("My questions"), "payroll.my_questions", "message-circle", _l("Mine"), 21),
        Entry(_l("My statement"), "payroll.my_statement", "receipt", _l("Mine"), 20, bar=True),
    )
