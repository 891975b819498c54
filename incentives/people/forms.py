"""Forms of signing in and of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, validators

from incentives.people.passwords import LONGEST, SHORTEST
from incentives.web.forms import Form, longest, required, text


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
