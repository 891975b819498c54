"""Signing in and out, one's own account, the language."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Role
from incentives.db import db
from incentives.people import signin
from incentives.people.forms import PasswordForm, SignInForm
from incentives.people.models import Language
from incentives.people.views.blueprint import bp
from incentives.web import i18n
from incentives.web.guards import public, signed_in
from incentives.web.i18n import tell

PAGES_BEFORE_OWN_PASSWORD = frozenset({"people.password", "people.sign_out", "people.language", "static"})


def ask_for_own_password() -> Response | None:
    """Whoever still uses a handed-over password sets one of his own before anything else."""
    if request.endpoint in PAGES_BEFORE_OWN_PASSWORD:
        return None
    return redirect(url_for("people.password")) if signin.must_set_own_password() else None


def safe_next(wish: str | None) -> str:
    """An address of our own to go on to; anything else leads to the start page."""
    asked = wish or ""
    return asked if _is_ours(asked) else url_for("home.index")


def _is_ours(address: str) -> bool:
    if "\\" in address or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
    except ValueError:  # half an address of a host, such as "//["
        return False
    return not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("//")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | tuple[str, int]:
    """Number and password; back to the page that was asked for."""
    form = SignInForm()
    if form.submitted():
        with form.refusals():
            signin.sign_in(str(form.username.data), str(form.password.data))
            db.session.commit()
            return redirect(safe_next(form.next.data))
        signin.count_failure(str(form.username.data))
        db.session.commit()
    elif request.method == "GET":
        form.next.data = request.args.get("next", "")
    page = render_template("people/sign_in.html", sign_in_form=form, demo=_offered())
    return page, 422 if form.refused else 200


def _offered() -> list[tuple[str, str, str, str]]:
    """The demo's ready-made sign-ins: role, name, number, password. None anywhere else."""
    demo = current_app.config["DEMO_SIGN_INS"]
    if demo is None:
        return []
    return [(tell(Role(each["role"]).says), each["name"], each["number"], demo["password"]) for each in demo["people"]]


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session; harmless if there is none."""
    signin.sign_out()
    db.session.commit()
    return redirect(url_for("people.sign_in"))


@bp.route("/me/password", methods=["GET", "POST"])
@signed_in
def password() -> str | Response | tuple[str, int]:
    """Change one's own password."""
    form = PasswordForm()
    account = signin.current_account()
    if account is not None and form.submitted():
        with form.refusals():
            signin.change_password(account, str(form.current.data), str(form.fresh.data))
            db.session.commit()
            flash(_("Your password is changed. Other devices have been signed out."), "success")
            return redirect(url_for("home.index"))
    return render_template("people/password.html", password_form=form), 422 if form.refused else 200


@bp.post("/language")
@public
def language() -> Response:
    """Chinese or English, for this browser and, if signed in, for the account."""
    choice = i18n.known_language(request.form.get("language"))
    if choice is None:
        raise BadRequest
    account = signin.current_account()
    if account is not None:
        account.language = Language(choice)
        db.session.commit()
    response = redirect(safe_next(request.form.get("next")))
    i18n.keep_language(response, choice)  # type: ignore[arg-type]  # redirect() gives Flask's own response
    return response


@bp.get("/healthz")
@public
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive", "at": clock.now().isoformat(timespec="seconds")}
