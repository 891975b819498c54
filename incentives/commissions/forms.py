"""Forms of pay plans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from incentives.web.forms import ChoiceField, Form, MonthField, Needed, id_or_none, note

LONGEST_PLAN = 200_000


class PlanForm(Form):
    """A plan as text, and the month from which it holds."""

    text = note(_l("The plan"), most=LONGEST_PLAN, render_kw={"rows": 28, "spellcheck": "false", "class": "plan-text"})
    from_month = MonthField(_l("Holds from"), [Needed()])
    seen = HiddenField()
    person = SelectField(_l("Try it on"), coerce=id_or_none, validate_choice=False)
    month = MonthField(_l("With the facts of"))

    def seen_revision(self) -> int:
        """The revision of the draft that was on the page; nonsense counts as an old one."""
        sent = str(self.seen.data)
        return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


class AssignForm(Form):
    """Whom a plan pays, and in which months."""

    position = ChoiceField(_l("Position"), coerce=id_or_none)
    person = ChoiceField(_l("or one person"), coerce=id_or_none)
    from_month = MonthField(_l("From month"), [Needed()])
    to_month = MonthField(_l("To month"), description=_l("Left empty: until further notice."))

    def one_of_both(self) -> bool:
        """Whether just one of position and person was chosen."""
        return (self.position.data is None) != (self.person.data is None)


class EndForm(Form):
    """The last month a plan pays somebody."""

    last = MonthField(_l("Last month"), [Needed()])
