"""One place that turns refusals and failures into pages: what happened, that nothing was lost, what to do."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from incentives.core.errors import DomainError, Faults, say
from incentives.db import READING_METHODS, db
from incentives.web.hooks import hooks
from incentives.web.i18n import browser_language, tell

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Register the pages. The order does not matter: each kind has its own."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(DataError, _clash)
    app.register_error_handler(StaleDataError, _clash)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _failed)


def _page(status: int, title: str, text: str, points: list[str] | None = None) -> tuple[str, int]:
    db.session.rollback()
    page = render_template(
        "errors/page.html", title=title, text=text, points=points or [], status=status, back=_came_from()
    )
    return page, status


def _came_from() -> str | None:
    """The page of ours whose button was pressed, so that whoever is refused finds the way back."""
    said = urlsplit(request.referrer or "")
    ours = said.netloc == request.host and said.path != request.path
    return (
        said._replace(scheme="", netloc="", fragment="").geturl()
        if ours and request.method not in READING_METHODS
        else None
    )


def _refused(refusal: DomainError) -> tuple[str, int]:
    db.session.rollback()
    if request.method not in READING_METHODS or refusal.status == 403:
        hooks().record_refusal(refusal.sentence)
    points = [tell(fault) for fault in refusal.faults] if isinstance(refusal, Faults) else []
    titles = {403: _("Not for your role"), 404: _("Not found"), 409: _("Somebody was quicker")}
    return _page(refusal.status, titles.get(refusal.status, _("That does not work")), tell(refusal.sentence), points)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return _page(
        400,
        _("This page was open too long"),
        _("Nothing was changed. Go back, load the page again and send it once more."),
    )


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    texts = {
        400: (_("That request was not understood"), _("Nothing was changed. Go back and try it once more.")),
        401: (_("Please sign in"), _("Your session has ended. Sign in again; nothing that was saved is lost.")),
        403: (
            _("Not for your role"),
            _("Your role does not open this page. Ask your manager if you need it for your work."),
        ),
        404: (_("Not found"), _("There is no such page, or it is not for you to see.")),
        405: (_("Not found"), _("There is no such page, or it is not for you to see.")),
        413: (_("The file is too large"), _("Nothing was changed. Files may have at most 40 MB.")),
        429: (_("Too many tries"), _("Please wait a minute, then try again.")),
    }
    title, text = texts.get(error.code, texts[400])
    return _page(error.code, title, text)


def _clash(error: Exception) -> tuple[str, int]:
    log.warning("clash", error=type(error).__name__)
    refusal = say(
        "Somebody else saved the same thing at the same moment. Nothing of yours was changed; look again and repeat."
    )
    db.session.rollback()
    hooks().record_refusal(refusal)
    return _page(409, _("Somebody was quicker"), tell(refusal))


def _busy(error: OperationalError) -> tuple[str, int]:
    log.error("database", error=str(error.orig))
    g.setdefault("actor", None)  # who is asking, and in which language, would be asked of the database once more
    with force_locale(browser_language()):
        return _page(
            503, _("The database is busy"), _("Nothing of what you sent was saved. Please try again in a moment.")
        )


def _failed(error: Exception) -> tuple[str, int]:
    if current_app.testing and not isinstance(error, OverflowError):
        raise error
    log.error("failed", path=request.path, method=request.method, exc_info=error)
    if isinstance(error, OverflowError):
        return _page(
            422,
            _("That does not work"),
            _("One of the figures is larger than anything kept here. Nothing was changed."),
        )
    return _page(
        500,
        _("Something went wrong here"),
        _("Nothing of what you sent was saved. It has been noted; please try again."),
    )
