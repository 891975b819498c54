"""The base form and the fields that turn text into the house's own types: money, months, days, shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectField, StringField, TextAreaField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation, ValidationError

from incentives.core.errors import DomainError, Faults, NotFound
from incentives.core.money import Money
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month
from incentives.core.signs import as_it_reads
from incentives.db import db
from incentives.web.hooks import hooks
from incentives.web.i18n import tell

if TYPE_CHECKING:
    from wtforms import Form as _FlaskForm
else:
    from flask_wtf import FlaskForm as _FlaskForm

LONGEST_TEXT = 200
LONGEST_NOTE = 2000


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class Form(_FlaskForm):
    """Every form of the product: typed text is trimmed, kept when refused, and refusals stand over the fields."""

    class Meta:
        """Trim every text field, unless it brings filters of its own."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Attach the trimming filter."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and "filters" not in unbound_field.kwargs:
                options["filters"] = [_strip]
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

    def submitted(self) -> bool:
        """Whether this request sent the form and every field is in order."""
        return bool(self.validate_on_submit())  # type: ignore[attr-defined]  # Flask-WTF's; stubs know plain WTForms only

    def refuse(self, *sentences: str) -> None:
        """Show sentences over the form."""
        self.form_errors = [*self.form_errors, *sentences]

    def refusals(self) -> _Refusals:
        """Turn a refusal of the rules into a sentence over the form, with nothing written and what was typed kept."""
        return _Refusals(self)

    @property
    def refused(self) -> bool:
        """Whether anything stands against it; views answer such a form with status 422."""
        return bool(self.errors or self.form_errors)


class _Refusals:
    """The block in which a form's service is called. Records that are not the reader's stay not found."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, refusal: BaseException | None, trace: object) -> bool:
        if not isinstance(refusal, DomainError) or isinstance(refusal, NotFound):
            return False
        db.session.rollback()
        faults = refusal.faults if isinstance(refusal, Faults) else ()
        self.form.refuse(tell(refusal.sentence), *map(tell, faults))
        hooks().record_refusal(refusal.sentence)
        return True


def required() -> validators.DataRequired:
    """A field that must be filled in."""
    return validators.DataRequired(message=_l("Please fill this in."))


def longest(characters: int) -> validators.Length:
    """A limit on the length of a text."""
    return validators.Length(max=characters, message=_l("At most %(max)d characters."))


def text(label: Any, *, needed: bool = True, most: int = LONGEST_TEXT, **options: Any) -> StringField:
    """A line of text."""
    checks = [required() if needed else validators.Optional(), longest(most)]
    return StringField(label, checks, filters=[_as_it_reads], **options)


def note(label: Any, *, needed: bool = True, most: int = LONGEST_NOTE, **options: Any) -> TextAreaField:
    """Several lines of text."""
    checks = [required() if needed else validators.Optional(), longest(most)]
    return TextAreaField(label, checks, filters=[_as_it_reads], **options)


def _as_it_reads(typed: str | None) -> str | None:
    return None if typed is None else as_it_reads(typed)


class _TypedField(StringField):
    """A text field whose ``data`` is a domain value, and that shows again exactly what was typed."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **options)

    def read(self, typed: str) -> object:
        """Turn text into the value; raise ValueError with a sentence if it cannot be."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Turn a value into the text to be edited."""
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            self.data = self.read(typed)
        except DomainError as refusal:
            raise ValueError(tell(refusal.sentence)) from refusal

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class Needed:
    """A typed field must hold a value; zero is one."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms reads it from the class)

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse nothing at all, once."""
        if field.data is None:
            if field.errors:
                raise StopValidation
            raise StopValidation(_("Please fill this in."))


class Between:
    """Bounds for money, numbers and days, both included; the sentence names them."""

    def __init__(self, least: Any = None, most: Any = None) -> None:
        self.least, self.most = least, most

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse a value outside."""
        if field.data is None:
            return
        if self.least is not None and field.data < self.least:
            raise ValidationError(_("At least %(least)s.", least=field.show(self.least)))
        if self.most is not None and field.data > self.most:
            raise ValidationError(_("At most %(most)s.", most=field.show(self.most)))


class MoneyField(_TypedField):
    """Yuan with at most two decimals → Money."""

    def read(self, typed: str) -> Money:
        """Read yuan."""
        return Money.parse(typed)

    def show(self, value: Money) -> str:
        """Yuan without separators, easy to edit."""
        return value.plain()


class MonthField(_TypedField):
    """``2026-11`` → Month."""

    def read(self, typed: str) -> Month:
        """Read a month."""
        return Month.parse(typed)


class WholeField(_TypedField):
    """A whole number."""

    def read(self, typed: str) -> int:
        """Read digits; nothing cleverer."""
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 12:
            raise ValueError(_("“%(text)s” is not a whole number.", text=typed[:40]))
        return int(typed)


class NumberField(_TypedField):
    """A number with decimals → exact Fraction; a trailing percent sign divides by a hundred."""

    def read(self, typed: str) -> Fraction:
        """Read a decimal number; a float never appears."""
        plain = typed.replace(",", "").replace("，", "").replace("％", "%")
        percent = plain.endswith("%")
        try:
            value = Decimal(plain.removesuffix("%").strip())
        except InvalidOperation as fault:
            raise ValueError(_("“%(text)s” is not a number.", text=typed[:40])) from fault
        if not value.is_finite() or abs(value.adjusted()) > 15:
            raise ValueError(_("“%(text)s” is not a number.", text=typed[:40]))
        return Fraction(value) / (100 if percent else 1)

    def show(self, value: Fraction | int) -> str:
        """Up to six decimals, no trailing zeros."""
        shown = f"{Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator):.6f}"
        return shown.rstrip("0").rstrip(".")


class DayField(DateField):
    """A day between 2000 and 2100."""

    data: Any  # a date, once the form was found in order

    def __init__(self, label: Any = None, *, needed: bool = True, **options: Any) -> None:
        super().__init__(label, [Needed() if needed else validators.Optional(), _SensibleDay()], **options)

    def show(self, value: date) -> str:
        """As a date input wants it."""
        return value.isoformat()


class _SensibleDay:
    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(
                _("The year must lie between %(first)d and %(last)d.", first=FIRST_YEAR, last=LAST_YEAR)
            )


class ChoiceField(SelectField):
    """One of a list of (value, label). An unknown id is refused like any other wrong choice."""

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Any = None, **options: Any) -> None:
        offered = None if choices is None else [SelectChoice(value=value, label=name) for value, name in choices]
        super().__init__(label, validators, choices=offered, **options)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list, in a sentence."""
        if not any(self.data == self.coerce(value) for value, *_rest in self.iter_choices()):
            raise ValidationError(_("Please choose one of the list."))


def id_or_none(value: object) -> int | None:
    """Coerce a choice of records: empty means none."""
    if value in ("", None, "None"):
        return None
    return int(str(value))


def optional_choices(choices: Sequence[tuple[int, str]], nothing: str = "—") -> list[tuple[int | str, str]]:
    """The choices with “none of them” in front."""
    return [("", nothing), *choices]
