"""Forms of pay plans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from incentives.commissions.format.place import LARGEST_BYTES
from incentives.core.errors import DomainError, say
from incentives.web.forms import ChoiceField, Form, MonthField, Needed, id_or_none, note

ENDINGS = (".yaml", ".yml", ".json", ".txt")


class FileForm(Form):
    """A plan as a file, or its text pasted."""

    upload = FileField(_l("File"), description=_l("Ends in .yaml, .yml or .json; 256 kB at most."))
    pasted = note(_l("or the text itself"), needed=False, most=200_000, render_kw={"rows": 6, "spellcheck": "false"})

    def text(self) -> str:
        """What the file or the field says.

        Raises:
            DomainError: there is neither, the file is too large, of another kind, or no text in UTF-8.
        """
        sent = self.upload.data
        if not sent or not sent.filename:
            if not self.pasted.data:
                raise DomainError(say("Choose a file or paste the text of a plan."))
            return str(self.pasted.data)
        if not sent.filename.lower().endswith(ENDINGS):
            raise DomainError(say("A plan is a file that ends in .yaml, .yml or .json."))
        content = sent.stream.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise DomainError(say("The text is larger than {most} kB.", most=LARGEST_BYTES // 1024))
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise DomainError(say("The file is no text in UTF-8. Save it as UTF-8 and try again.")) from None


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
