"""Forms of reviewing and closing a month."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from incentives.web.forms import Form, note


class ReasonForm(Form):
    """Why a statement is held, a month sent back or reopened."""

    reason = note(_l("Reason"), most=500, render_kw={"rows": 3})
