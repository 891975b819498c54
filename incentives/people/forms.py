"""Forms of people and places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, SelectMultipleField, validators, widgets

from incentives.core.access import Role
from incentives.core.money import ZERO
from incentives.people.models import SizeClass
from incentives.people.passwords import LONGEST, SHORTEST
from incentives.web.forms import (
    Between,
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    MonthField,
    Needed,
    WholeField,
    longest,
    required,
    text,
)
from incentives.web.i18n import tell
from incentives.web.sent import whole_or


def _password(label: object, *, fresh: bool = False) -> PasswordField:
    checks = [required(), longest(LONGEST)]
    if fresh:
        hint = _l("At least %(least)d characters.", least=SHORTEST)
        return PasswordField(label, checks, description=hint, render_kw={"autocomplete": "new-password"})  # type: ignore[arg-type]  # lazy text
    return PasswordField(label, checks, render_kw={"autocomplete": "current-password"})  # type: ignore[arg-type]  # lazy text


class SignInForm(Form):
    """Number and password."""

    username = text(_l("Employee number"), most=60, render_kw={"autocomplete": "username", "autofocus": True})
    password = _password(_l("Password"))
    next = HiddenField()


class PasswordForm(Form):
    """A new password for oneself."""

    current = _password(_l("Present password"))
    fresh = _password(_l("New password"), fresh=True)
    again = PasswordField(
        _l("New password again"),
        [required(), validators.EqualTo("fresh", message=_l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class HireForm(Form):
    """Somebody new, in the store of the address."""

    number = text(_l("Employee number"), most=20)
    name = text(_l("Name"), most=60)
    pinyin = text(_l("Pinyin"), needed=False, most=120, description=_l("Left empty, it is worked out from the name."))
    position = ChoiceField(_l("Position"), coerce=int)
    day = DayField(_l("First day"))


class RenameForm(Form):
    """A name and how it is read."""

    name = text(_l("Name"), most=60)
    pinyin = text(_l("Pinyin"), most=120, description=_l("Syllables with blanks; surnames are often read wrong."))
    seen = HiddenField()

    def seen_version(self) -> int:
        """The version of the record that was on the page; nonsense counts as an old one."""
        return whole_or(0, self.seen.data)


class MoveForm(Form):
    """A new posting from a day on."""

    store = ChoiceField(_l("Store"), coerce=int)
    position = ChoiceField(_l("Position"), coerce=int)
    day = DayField(_l("From"))


class LeaveForm(Form):
    """Somebody's last day."""

    last_day = DayField(_l("Last working day"))


class HeadcountForm(Form):
    """How many people of a position are planned."""

    position = ChoiceField(_l("Position"), coerce=int)
    month = MonthField(_l("From month"), [Needed()])
    planned = WholeField(_l("Planned people"), [Needed(), Between(0, 999)])
    note = text(_l("Planned change"), needed=False)


class StoreForm(Form):
    """A store's particulars."""

    code = text(_l("Code"), most=20, description=_l("Stands in addresses: letters, digits, hyphens."))
    name = text(_l("Chinese name"), most=100)
    name_en = text(_l("English name"), needed=False, most=100)
    province = text(_l("Province"), needed=False, most=40)
    city = text(_l("City"), needed=False, most=40)
    zone = text(_l("Time zone"), most=40, default="Asia/Shanghai")
    minimum_wage = MoneyField(_l("Minimum wage a month"), [Needed(), Between(least=ZERO)], default=ZERO)
    size_class = ChoiceField(
        _l("Size class"),
        choices=[
            (SizeClass.SMALL.value, _l("small")),
            (SizeClass.MEDIUM.value, _l("medium")),
            (SizeClass.LARGE.value, _l("large")),
        ],
        default=SizeClass.MEDIUM.value,
    )
    show_ranks = BooleanField(
        _l("Show ranks"), default=True, description=_l("Off: people see progress, but no places.")
    )


class ConfirmedForm(Form):
    """A change of rights, confirmed by the admin's own password."""

    own_password = _password(_l("Your own password, to confirm"))


class RolesForm(ConfirmedForm):
    """The roles somebody holds in a store."""

    store = ChoiceField(_l("Store"), coerce=int)
    roles = SelectMultipleField(
        _l("Roles"), coerce=Role, option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget(prefix_label=False)
    )

    def offer(self) -> None:
        """Offer every role that needs a grant."""
        self.roles.choices = [(role.value, tell(role.says)) for role in Role if role is not Role.EMPLOYEE]
