"""What is typed about rewards and penalties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from incentives.adoptions.models import Way
from incentives.core.money import ZERO
from incentives.exchange.papers import ACCEPT, Sent
from incentives.rewards.models import Direction, Instrument
from incentives.web.forms import (
    Between,
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    MonthField,
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


def files(label: Any) -> MultipleFileField:
    """Pictures and PDFs."""
    return MultipleFileField(label, render_kw={"accept": ACCEPT}, description=_l("Pictures or PDF, several at once."))


def sent(field: MultipleFileField) -> list[Sent]:
    """The files that were chosen, as they were sent."""
    chosen: Any = field.data or []
    return [Sent(each.filename or "", each.read()) for each in chosen if hasattr(each, "read") and each.filename]


def _whole(value: object) -> int:
    return int(str(value))


class ProposeForm(Form):
    """Who, why, how much, with evidence. The token makes a second press of the button harmless."""

    token = HiddenField(validators=[required(), longest(64)])
    cause = HiddenField(validators=[longest(12)])
    person = SelectMultipleField(_l("Person"), [required()], coerce=_whole, option_widget=CheckboxInput())
    reason = ChoiceField(_l("Reason"), [Needed()], coerce=id_or_none)
    day = DayField(_l("Day"))
    instrument = ChoiceField(_l("Instrument"))
    points = WholeField(_l("Points"), description=_l("Without a sign: the reason says whether it gives or takes."))
    amount = MoneyField(_l("Amount"))
    note = note(_l("What happened"), most=LONGEST_WORDS)
    photo = files(_l("Evidence"))

    def offer(self, people: Sequence[tuple[int, str]], reasons: Sequence[tuple[int, str]]) -> None:
        """Fill the choices; a loss has a form of its own."""
        self.person.choices = list(people)
        self.reason.choices = [("", "–"), *reasons]
        offered = (Instrument.POINTS, Instrument.PAY)
        self.instrument.choices = [("", _l("as the reason says")), *((each.value, tell(each.says)) for each in offered)]


class LossForm(Form):
    """A proven loss: who, what, when, how much, by which clause, proven by what."""

    token = HiddenField(validators=[required(), longest(64)])
    person = ChoiceField(_l("Person"), [Needed()], coerce=id_or_none)
    reason = ChoiceField(_l("Reason"), [Needed()], coerce=id_or_none)
    day = DayField(_l("Day of the loss"))
    amount = MoneyField(_l("Proven loss"), [Needed()])
    what = text(_l("What was lost"), most=300)
    contract = text(_l("Contract"), description=_l("Which contract, with its day or number."))
    clause = note(_l("Clause, word for word"), most=500)
    note = note(_l("What happened"), most=LONGEST_WORDS)
    photo = files(_l("Evidence"))

    def offer(self, people: Sequence[tuple[int, str]], reasons: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.person.choices = [("", "–"), *people]
        self.reason.choices = list(reasons)


class WordsForm(Form):
    """A comment."""

    words = note(_l("Comment"), needed=False, most=LONGEST_WORDS)


class DecisionForm(WordsForm):
    """A decision about a proposal: the rules ask for a reason to reject."""

    words = note(_l("Comment"), needed=False, most=LONGEST_WORDS, description=_l("Needed to reject."))


class AnswerForm(Form):
    """The answer to an appeal."""

    words = note(_l("Answer"), most=LONGEST_WORDS)


class AppealForm(Form):
    """Why the record is wrong, in the employee's words, with files if there are any."""

    words = note(_l("What is wrong?"), most=LONGEST_WORDS)
    photo = files(_l("Evidence"))


class EvidenceForm(Form):
    """Further files of a record; one may take the place of an older one."""

    photo = files(_l("Evidence"))
    supersedes = ChoiceField(_l("Takes the place of"), coerce=id_or_none)


class HandOverForm(Form):
    """How and when the notice was handed over on paper."""

    day = DayField(_l("Handed over on"))
    how = text(_l("How"), most=300, description=_l("Such as: signed for, by registered post, before two witnesses."))


class TermsForm(Form):
    """What a reason usually comes to, from which day on."""

    points = WholeField(_l("Points"))
    amount = MoneyField(_l("Amount"))
    starts = DayField(_l("From"))


class ReasonForm(Form):
    """A reason that is added."""

    code = text(_l("Code"), most=40, description=_l("Small letters, digits and underscores, such as late_return."))
    name = text(_l("Name in Chinese"), most=80)
    name_en = text(_l("Name in English"), most=80)
    direction = ChoiceField(_l("Gives or takes"))
    instrument = ChoiceField(_l("Instrument"))
    points = WholeField(_l("Points"))
    amount = MoneyField(_l("Amount"))
    conduct = BooleanField(_l("Of 6S or conduct: points only"))

    def offer(self) -> None:
        """Fill the choices."""
        self.direction.choices = [(each.value, tell(each.says)) for each in Direction]
        self.instrument.choices = [(each.value, tell(each.says)) for each in Instrument]


class AdoptForm(Form):
    """Who was heard about a rule, how and when; where it was published; from when it counts."""

    consulted = note(_l("Who was consulted"), description=_l("The staff or their representatives, by name."))
    way = ChoiceField(_l("How"))
    consulted_on = DayField(_l("Consulted on"))
    published_on = DayField(_l("Published on"))
    published_where = text(_l("Published where"))
    counts_from = DayField(_l("Counts from"))
    photo = files(_l("Minutes and photos"))

    def offer(self) -> None:
        """Fill the choices."""
        self.way.choices = [(each.value, tell(each.says)) for each in Way]


class ProfileForm(Form):
    """What is allowed at the store from a day on, with its source, and who confirmed it."""

    starts = DayField(_l("Holds from"))
    province = text(_l("Province"), most=40)
    city_class = text(_l("Class of the minimum wage"), needed=False, most=40, description=_l("Such as 一类 or 第二档."))
    minimum_wage = MoneyField(_l("Minimum wage a month"), [Between(least=ZERO)])
    source = text(_l("Where it was published, and when"), needed=False)
    loss_percent = WholeField(_l("Largest part of a month's wage for losses"), [Needed(), Between(0, 20)])
    appeal_workdays = WholeField(_l("Working days to appeal"), [Needed(), Between(1, 30)])
    pay_penalties = BooleanField(_l("An adopted rule may take variable pay"))
    consultation = BooleanField(
        _l("Such rules need a staff meeting, the union or representatives; a notice alone is not enough")
    )
    confirmed_by = text(_l("Confirmed by"), needed=False, most=100, description=_l("The lawyer, by name."))
    confirmed_on = DayField(_l("Confirmed on"), needed=False)
    confirmed_document = text(_l("Document of the confirmation"), needed=False)


class WageForm(Form):
    """Somebody's base wage from a month on."""

    person = ChoiceField(_l("Person"), [Needed()], coerce=id_or_none)
    starts = MonthField(_l("From"), [Needed()])
    amount = MoneyField(_l("Base wage a month"), [Needed(), Between(least=ZERO)])
    source = text(_l("Contract or file"))

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.person.choices = [("", "–"), *people]
