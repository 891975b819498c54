"""Signing in and out, and who is asking. A session ends at once when the account, its roles or its store change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Flask, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor
from incentives.core.errors import DomainError, Sentence, say
from incentives.db import db
from incentives.people import asking, passwords
from incentives.people.asking import Asking
from incentives.people.models import Account, Employee, Language
from incentives.web.guards import actor_or_none
from incentives.web.hooks import Hooks, Place

FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)
IDLE_LIFE = timedelta(hours=12)
ABSOLUTE_LIFE = timedelta(days=7)


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login keeps in the session: the account and the epoch it was signed in at."""

    def __init__(self, found: Asking) -> None:
        self.asking = found

    def get_id(self) -> str:
        """Account and epoch, so that a grown epoch ends the session."""
        return f"{self.asking.account_id}:{self.asking.epoch}"


login_manager = LoginManager()


def init_app(app: Flask, hooks: Hooks) -> None:
    """Let the web floor ask who is there, and where."""
    login_manager.init_app(app, add_context_processor=False)  # it would load the account for every page
    asking.init_app(app)
    app.permanent_session_lifetime = IDLE_LIFE
    hooks.load_actor = load_actor
    hooks.places_of = places_of
    hooks.language_of = language_of_reader
    hooks.record_refusal = _record_refusal
    hooks.record_act = _record_act


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def _load(kept: str) -> SignedIn | None:
    number, _colon, epoch = kept.partition(":")
    if not (number.isdecimal() and epoch.isdecimal()) or not _fresh():
        return None
    found = asking.find(int(number))
    if found is None or not found.active or found.epoch != int(epoch):
        return None
    return None if found.left_on is not None and found.left_on < clock.today() else SignedIn(found)


def _fresh() -> bool:
    begun = session.get("begun")
    return isinstance(begun, int) and clock.now() - datetime.fromtimestamp(begun, tz=clock.now().tzinfo) < ABSOLUTE_LIFE


def _asking() -> Asking | None:
    """The person of this request's session, if it still holds."""
    user = current_user if has_request_context() else None
    return user.asking if user is not None and user.is_authenticated else None


def current_account() -> Account | None:
    """The account of this request's session, if it still holds, to be changed or compared with a password."""
    found = _asking()
    return db.session.get(Account, found.account_id) if found is not None else None


def must_set_own_password() -> bool:
    """Whether somebody is signed in with a password that somebody else has seen."""
    found = _asking()
    return found is not None and found.must_change


def load_actor() -> Actor | None:
    """The person who is asking, with the roles held today."""
    found = _asking()
    return None if found is None else asking.actor_of(found)


def actor_for(employee: Employee, today: date) -> Actor:
    """An employee as the rules see one: an employee where posted today, and whatever roles are held where."""
    held = asking.held_on(employee.id, today)
    return Actor(
        employee_id=employee.id,
        name=employee.name,
        number=employee.number,
        home_store_id=held.home,
        group_id=employee.group_id,
        roles=held.roles,
    )


def places_of(actor: Actor) -> list[Place]:
    """The stores a person may go to, named in the language the person chose."""
    return asking.places_of(actor, english=language_of_reader() == Language.ENGLISH)


def language_of_reader() -> str | None:
    """The language the person chose, if anybody is signed in."""
    found = _asking()
    return found.language.value if found is not None else None


def sign_in(username: str, password: str) -> Account:
    """Open a session, or say no without telling whether the name or the password was wrong.

    Raises:
        DomainError: wrong, locked, or no longer active; :func:`count_failure` then counts it.
    """
    account = _account(username)
    fits = passwords.fits(account.password_hash if account else "", password)
    if account is not None and _locked(account):
        raise DomainError(say("Too many wrong passwords. Please wait {minutes} minutes, then try again.", minutes=15))
    if account is None or not fits or not account.active or _has_left(account.employee):
        raise DomainError(say("Number or password is wrong, or the account is no longer active."))
    account.failures, account.locked_until = 0, None
    _open_session(account)
    audit.record("people.signed_in", store_id=None, actor_id=account.employee_id, subject=account.employee.number)
    return account


def count_failure(username: str) -> None:
    """Count a refused sign-in; five in a row lock the account for a quarter of an hour, which more do not prolong."""
    account = _account(username)
    if account is None or _locked(account):
        return
    account.failures += 1
    if account.failures >= FAILURES_BEFORE_LOCK:
        account.failures, account.locked_until = 0, clock.now() + LOCK


def _account(username: str) -> Account | None:
    found = select(Account).where(Account.username == username.strip().lower()).with_for_update()
    return db.session.scalars(found).one_or_none()


def _locked(account: Account) -> bool:
    return account.locked_until is not None and account.locked_until > clock.now()


def _has_left(employee: Employee) -> bool:
    return employee.left_on is not None and employee.left_on < clock.today()


def _open_session(account: Account) -> None:
    session.clear()
    session.permanent = True
    session["begun"] = int(clock.now().timestamp())
    login_user(SignedIn(Asking.of(account)))
    g.pop("actor", None)


def sign_out() -> None:
    """End this session."""
    account = current_account()
    if account is not None:
        audit.record("people.signed_out", store_id=None, actor_id=account.employee_id, subject=account.employee.number)
    logout_user()
    session.clear()


def change_password(account: Account, current: str, fresh: str) -> None:
    """Set a new password; every other session of the account ends, this one goes on.

    Raises:
        DomainError: the present password is wrong, or the new one will not do.
    """
    if not passwords.fits(account.password_hash, current):
        raise DomainError(say("The present password is wrong."))
    set_password(account, fresh)
    audit.record(
        "people.password_changed", store_id=None, actor_id=account.employee_id, subject=account.employee.number
    )
    _open_session(account)


def set_password(account: Account, fresh: str) -> None:
    """Keep a decent password's hash and end all sessions of the account."""
    passwords.require_decent(fresh, account.username, account.employee.name, account.employee.pinyin.replace(" ", ""))
    account.password_hash = passwords.hashed(fresh)
    account.must_change = False
    account.epoch += 1
    db.session.flush()


def confirm_password(password: str) -> None:
    """Ask once more before rights or money change.

    Raises:
        DomainError: it is wrong.
    """
    account = current_account()
    if account is None or not passwords.fits(account.password_hash, password):
        raise DomainError(say("The password is wrong. Nothing was changed."))


def _where() -> int | None:
    found = g.get("place")
    return found.id if isinstance(found, Place) else None


def _who() -> int | None:
    person = actor_or_none()
    return person.employee_id if person is not None else None


def _record_refusal(refusal: Sentence) -> None:
    audit.record_refusal(request.endpoint or "", refusal, store_id=_where(), actor_id=_who())


def _record_act(act: str, store_id: int | None, subject: str, changes: audit.Changes) -> None:
    audit.record(act, store_id=store_id, actor_id=_who(), subject=subject, changes=changes)
