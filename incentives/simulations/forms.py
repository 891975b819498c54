"""What somebody wants simulated."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from incentives.core.errors import DomainError, say
from incentives.simulations.service.asking import MOST_LETTERS
from incentives.web.forms import Form, MonthField, Needed, note


def _ticks(label: str, hint: str, coerce: type = str) -> SelectMultipleField:
    return SelectMultipleField(
        label, coerce=coerce, description=hint, widget=ListWidget(), option_widget=CheckboxInput()
    )


class SimulationForm(Form):
    """A text, or a file in its stead, over some months, for those it would pay."""

    text = note(
        _l("The plan"),
        needed=False,
        most=MOST_LETTERS,
        render_kw={"rows": 12, "spellcheck": "false", "class": "plan-text"},
    )
    file = FileField(_l("or a file"), description=_l("A plan as a .yaml file; it is read instead of the text above."))
    first = MonthField(_l("From month"), [Needed()])
    last = MonthField(_l("To month"), [Needed()])
    positions = _ticks(
        _l("Whom it would pay"), _l("None chosen: those whom the plan of this code pays, in each month."), int
    )
    replaces = _ticks(_l("In place of"), _l("None chosen: the former version of the same plan."))

    def plan_text(self) -> str:
        """The file's text if one was sent, else what was typed.

        Raises:
            DomainError: the file is no text, too long, or there is nothing at all.
        """
        sent = self.file.data
        if getattr(sent, "filename", ""):
            return _decoded(sent.read(MOST_LETTERS + 1))
        if not self.text.data:
            raise DomainError(say("Write a plan, or choose a file."))
        return str(self.text.data)


def _decoded(data: bytes) -> str:
    if len(data) > MOST_LETTERS:
        raise DomainError(say("The file is too long to be a plan."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError(say("The file is not a text in UTF-8.")) from None
