"""Who may open which page. Declared on the view, enforced before it runs, for every method.

A view without a declaration is refused, so nobody can forget one. Another store looks exactly like one that
does not exist; a page of one's own store that one may not open says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from incentives.core.access import Actor, Capability, Scope, reach, scope_at
from incentives.core.errors import NotAllowed, NotFound, say
from incentives.web.hooks import Place, hooks

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declared: open to the public, to anybody signed in, or to holders of one of some capabilities."""

    anybody: bool = False
    capabilities: tuple[Capability, ...] = ()
    least: Scope = Scope.OWN


def _declare(view: Callable[P, R], access: Access) -> Callable[P, R]:
    view.access = access  # type: ignore[attr-defined]  # functions take attributes; read back by access_of
    return view


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Open without signing in."""
    return _declare(view, Access(anybody=True))


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Open to everybody who has signed in; it shows only what is the person's own."""
    return _declare(view, Access())


def guarded(*capabilities: Capability, least: Scope = Scope.OWN) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open to people who hold one of the capabilities, in this store if the address names one.

    Args:
        capabilities: any one of them opens the page.
        least: the narrowest reach that will do, ``Scope.GROUP`` for pages that show all stores.
    """

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        return _declare(view, Access(capabilities=capabilities, least=least))

    return declare


def access_of(view: object) -> Access | None:
    """What a view declared, or nothing."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def actor() -> Actor:
    """The person who is signed in.

    Raises:
        Unauthorized: nobody is.
    """
    found = actor_or_none()
    if found is None:
        raise Unauthorized
    return found


def actor_or_none() -> Actor | None:
    """The person who is signed in, if anybody."""
    if "actor" not in g:
        g.actor = hooks().load_actor()
    found: Actor | None = g.actor
    return found


def place() -> Place:
    """The store that the address names.

    Raises:
        NotFound: it names none.
    """
    found = g.get("place")
    if not isinstance(found, Place):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def allows(capability: Capability, store_id: int | None = None) -> bool:
    """Whether the person signed in may do this, in this store (or anywhere); for menus and buttons."""
    person = actor_or_none()
    if person is None:
        return False
    if store_id is None:
        return reach(person, capability).scope > Scope.NONE
    return scope_at(person, capability, store_id) > Scope.NONE


def init_app(app: Flask) -> None:
    """Enforce the declarations."""
    app.url_value_preprocessor(_take_store_code)
    app.url_defaults(_give_store_code)
    app.before_request(_enforce)
    app.jinja_env.globals["may_open"] = opens
    if "static" in app.view_functions:
        public(app.view_functions["static"])


def _take_store_code(_endpoint: str | None, values: dict[str, object] | None) -> None:
    g.store_code = values.pop("store_code", None) if values else None


def _give_store_code(endpoint: str, values: dict[str, object]) -> None:
    if "store_code" in values or not current_app.url_map.is_endpoint_expecting(endpoint, "store_code"):
        return
    here = g.get("place") or g.get("home_place")
    if isinstance(here, Place):
        values["store_code"] = here.code


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the routing error is already on its way
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    if access.anybody:
        return None
    person = actor_or_none()
    if person is None:
        return _ask_to_sign_in()
    _settle_place(person)
    _check(person, access)
    return None


def _ask_to_sign_in() -> Response:
    if request.method == "GET" and "HX-Request" not in request.headers:
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    raise Unauthorized


def _settle_place(person: Actor) -> None:
    """Find the store of the address, or fall back to the person's own for links."""
    g.places = hooks().places_of(person)
    by_code = {found.code: found for found in g.places}
    g.home_place = next((found for found in g.places if found.id == person.home_store_id), next(iter(g.places), None))
    if g.store_code is None:
        return
    found = by_code.get(str(g.store_code))
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    g.place = found


def _check(person: Actor, access: Access) -> None:
    if not _is_open(person, access, g.get("place")):
        raise NotAllowed(say("Your role does not open this page. Ask your manager if you need it for your work."))


def _is_open(person: Actor, access: Access, here: Place | None) -> bool:
    if not access.capabilities:
        return True
    scopes = (
        reach(person, capability).scope if here is None else scope_at(person, capability, here.id)
        for capability in access.capabilities
    )
    return max(scopes) >= access.least


def opens(endpoint: str, there: Place | None = None) -> bool:
    """Whether the person signed in may open a page at a store, else here or at home; for links to it."""
    person, access = actor_or_none(), access_of(current_app.view_functions[endpoint])
    if person is None or access is None:
        return False
    of_a_store = current_app.url_map.is_endpoint_expecting(endpoint, "store_code")
    return _is_open(person, access, (there or g.get("place") or g.get("home_place")) if of_a_store else None)
