"""What people send in about a file: the file itself, which column is what, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import StopValidation

from incentives.exchange.interface import Importer
from incentives.exchange.report import Report
from incentives.exchange.texts import Encoding
from incentives.web.forms import ChoiceField, Form
from incentives.web.sent import whole_or

NO_SUCH_COLUMN = -1
ENCODINGS = (
    (Encoding.AUTO.value, _l("find out")),
    (Encoding.UTF8.value, "UTF-8"),
    (Encoding.GB18030.value, "GB18030 (GBK)"),
)


class _Sent:
    """A file must have been chosen."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms reads it from the class)

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse a form without a file."""
        if not getattr(field.data, "filename", ""):
            raise StopValidation(_("Please choose a file."))


class UploadForm(Form):
    """A file to be looked at."""

    file = FileField(_l("File"), [_Sent()], description=_l(".xlsx, .xls or .csv, at most 40 MB and 200,000 rows."))
    encoding = ChoiceField(
        _l("Encoding of a .csv file"),
        default=Encoding.AUTO.value,
        description=_l("Only needed when names come out garbled."),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.encoding.choices = list(ENCODINGS)


class SettleForm(Form):
    """Choices about a file, whose fields depend on the file."""


def typed_columns(importer: Importer, typed: Mapping[str, str]) -> dict[str, int | None]:
    """Field → column, as chosen. What is no number counts as a column that is not there."""
    return {field.key: _place(typed.get(f"column:{field.key}", "")) for field in importer.fields}


def _place(text: str) -> int | None:
    if not text:
        return None
    return whole_or(NO_SUCH_COLUMN, text)


def typed_encoding(typed: Mapping[str, str]) -> Encoding:
    """The encoding chosen; anything not on offer is found out."""
    asked = typed.get("encoding", "")
    return Encoding(asked) if asked in set(Encoding) else Encoding.AUTO


def typed_answers(report: Report, typed: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Kind and token of each question → the answer chosen."""
    return {
        (question.kind, question.token): typed.get(f"answer:{question.kind}:{question.token}", "")
        for question in report.questions
    }
