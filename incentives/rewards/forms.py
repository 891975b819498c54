"""What is typed about rewards and penalties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField

from incentives.exchange.pictures import ACCEPT
from incentives.rewards.models import Instrument
from incentives.web.forms import (
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    Needed,
    WholeField,
    id_or_none,
    longest,
    note,
    required,
    text,
)
from incentives.web.i18n import tell

LONGEST_WORDS = 1000


class ProposeForm(Form):
    """Who, why, how much, with a picture. The token makes a second press of the button harmless."""

    token = HiddenField(validators=[required(), longest(64)])
    person = ChoiceField(_l("Person"), [Needed()], coerce=id_or_none)
    reason = ChoiceField(_l("Reason"), [Needed()], coerce=id_or_none)
    day = DayField(_l("Day"))
    instrument = ChoiceField(_l("By"))
    points = WholeField(_l("Points"), description=_l("Without a sign: the reason says whether it gives or takes."))
    amount = MoneyField(_l("Amount"))
    note = note(_l("What happened"), most=LONGEST_WORDS)
    photo = FileField(_l("Picture"), render_kw={"accept": ACCEPT})

    def offer(self, people: Sequence[tuple[int, str]], reasons: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.person.choices = [("", "–"), *people]
        self.reason.choices = [("", "–"), *reasons]
        self.instrument.choices = [(each.value, tell(each.says)) for each in Instrument]

    @property
    def picture(self) -> bytes:
        """The bytes of the picture; none if nothing was chosen."""
        data: Any = self.photo.data
        return bytes(data.read()) if hasattr(data, "read") else b""


class WordsForm(Form):
    """A comment, a reason, an appeal or an answer."""

    words = note(_l("Comment"), needed=False, most=LONGEST_WORDS)


class AppealForm(Form):
    """Why the record is wrong, in the employee's words."""

    words = note(_l("What is wrong?"), most=LONGEST_WORDS)


class TermsForm(Form):
    """What a reason usually comes to, and when and where its rule was made known."""

    points = WholeField(_l("Points"))
    amount = MoneyField(_l("Amount"))
    active = BooleanField(_l("In use"))
    published_on = DayField(_l("Made known on"), needed=False)
    published_where = text(_l("Where it was made known"), needed=False)
