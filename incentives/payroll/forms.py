"""Forms of reviewing and closing a month, and of questions to lines of pay."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField

from incentives.core.questions import Cause
from incentives.exchange.pictures import ACCEPT
from incentives.web.forms import ChoiceField, Form, Needed, WholeField, longest, note, required, text
from incentives.web.i18n import tell

LONGEST_WORDS = 1000


class ReasonForm(Form):
    """Why a statement is held, a month sent back or reopened."""

    reason = note(_l("Reason"), most=500, render_kw={"rows": 3})


class QuestionForm(Form):
    """What somebody holds to be wrong about a line. The token makes a second press of the button harmless."""

    token = HiddenField(validators=[required(), longest(64)])
    cause = ChoiceField(_l("What is it about?"))
    words = note(_l("What is wrong?"), most=LONGEST_WORDS, render_kw={"rows": 4})
    document = text(
        _l("Document number"), needed=False, most=60, description=_l("If it is about one sale: as on the work order.")
    )
    photo = FileField(_l("Picture"), render_kw={"accept": ACCEPT})

    def offer(self) -> None:
        """Fill the choices."""
        self.cause.choices = [(each.value, tell(each.says)) for each in Cause]

    @property
    def picture(self) -> bytes:
        """The bytes of the picture; none if nothing was chosen."""
        data: Any = self.photo.data
        return bytes(data.read()) if hasattr(data, "read") else b""


class AnswerForm(Form):
    """An answer, a reason to raise a question again, or what was put right."""

    words = note(_l("Words"), most=LONGEST_WORDS, render_kw={"rows": 4})


class DecisionForm(Form):
    """A decision about what finance prepared: the rules ask for a reason to refuse."""

    words = note(_l("Words"), needed=False, most=LONGEST_WORDS, description=_l("Needed to refuse."))


class LookForm(Form):
    """Why what is odd is right all the same."""

    note = note(_l("Note"), most=500, render_kw={"rows": 3})


class QuestionRulesForm(Form):
    """How long the store has to answer, how long people may ask, and whether open questions hold a closing."""

    answer_workdays = WholeField(_l("Working days to answer"), [Needed()])
    window_days = WholeField(_l("Days to ask"), [Needed()], description=_l("Calendar days after the month's last day."))
    hold_closing = BooleanField(_l("A month with open questions is not closed"))
