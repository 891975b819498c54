"""The boards of a store, its leagues and the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.leaderboards.service import measures, showing
from incentives.leaderboards.service import scopes as among
from incentives.leaderboards.service.measures import Measure, Shows
from incentives.leaderboards.service.scopes import Among, Home, Scope
from incentives.leaderboards.service.showing import Shown
from incentives.leaderboards.views.blueprint import bp
from incentives.leaderboards.views.words import period_name
from incentives.ledger import service as ledger
from incentives.ledger.calendar import PeriodKind, after, before, key_of, kind_of, span_of
from incentives.ledger.service import Place
from incentives.web.filters import number
from incentives.web.guards import actor, guarded, place
from incentives.web.i18n import language, tell

PODIUM = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Which board is asked for."""

    store: Home
    measure: Measure
    scope: Scope
    period: str
    today: str

    def url(self, period: str) -> str:
        """The address of the page for another period."""
        return url_for("leaderboards.index", measure=self.measure.code, scope=self.scope.word, period=period)

    @property
    def fragment_url(self) -> str:
        """The address of the board alone."""
        return url_for("leaderboards.board", measure=self.measure.code, scope=self.scope.word, period=self.period)


class Row(NamedTuple):
    """A place as the page writes it."""

    rank: int
    name: str
    note: str
    value: str
    mine: bool
    why_url: str


@bp.get("/stores/<store_code>/boards")
@guarded(Capability.READ_BOARDS)
def index() -> str:
    """A board with its choices: by what, among whom, when."""
    chosen = choice()
    day = clock.today(place().zone)
    found = ledger.head(chosen.measure.code, chosen.period, chosen.scope.key, actor().employee_id)
    return render_template(
        "leaderboards/index.html",
        choice=chosen,
        measures=[
            (each.code, title_of(each))
            for each in _with(chosen.measure, measures.measures(actor().group_id, chosen.scope.key, chosen.period))
        ],
        scopes=[(each.word, _scope_name(each)) for each in among.scopes(chosen.store, day)],
        kinds=[
            (_kind_name(kind), chosen.url(key_of(kind, day)), kind is kind_of(chosen.period)) for kind in PeriodKind
        ],
        period=period_name(chosen.period),
        previous_url=chosen.url(before(chosen.period)),
        next_url="" if chosen.period == chosen.today else chosen.url(after(chosen.period)),
        **_board(chosen, found),
    )


@bp.get("/stores/<store_code>/boards/board")
@guarded(Capability.READ_BOARDS)
def board() -> Response:
    """The board alone, for a page that refreshes itself. Unchanged, it costs one small query and no text."""
    chosen = choice()
    found = ledger.head(chosen.measure.code, chosen.period, chosen.scope.key, actor().employee_id)
    response = make_response()
    response.set_etag(
        f"{found.id}-{found.version}-{found.past_version}-{actor().employee_id}-{language()}-{chosen.store.show_ranks}-"
        f"{chosen.today}-{showing.closed_month(chosen.store.id, chosen.scope, chosen.period)}"
    )
    response.headers["Cache-Control"] = "private, no-cache"
    if response.make_conditional(request).status_code != 304:
        response.set_data(render_template("leaderboards/board.html", choice=chosen, **_board(chosen, found)))
    return response


def choice() -> Choice:
    """The board that the address names; by default the month's board of the store, by what it has most to say."""
    store, day = among.home(place().id), clock.today(place().zone)
    period = request.args.get("period") or key_of(PeriodKind.MONTH, day)
    today = key_of(kind_of(period), day)
    if span_of(period).start > span_of(today).start:
        raise NotFound(say("There is no such board."))
    scope = among.scope(store, day, request.args.get("scope", ""))
    code = request.args.get("measure")
    found = measures.measure(store.group_id, code) if code else measures.measures(store.group_id, scope.key, period)[0]
    return Choice(store, found, scope, period, today)


def _with(chosen: Measure, found: list[Measure]) -> list[Measure]:
    return found if chosen in found else [chosen, *found]


def _board(chosen: Choice, found: ledger.Head) -> dict[str, object]:
    shown = shown_of(chosen, found)
    rows = list(_rows(shown.places, chosen, shown))
    return {
        "shown": shown,
        "ranks": chosen.store.show_ranks,
        "podium": [row for row in rows if row.rank <= PODIUM],
        "places": [row for row in rows if row.rank > PODIUM],
        "around": list(_rows(shown.mine.around, chosen, shown)) if shown.mine else [],
        "own_url": _why_url(chosen, actor().employee_id),
        "own_value": value_text(shown.mine.place.value, chosen.measure, shown) if shown.mine else "",
        "to_go": value_text(shown.mine.to_go, chosen.measure, shown) if shown.mine and shown.mine.to_go else "",
    }


def shown_of(chosen: Choice, found: ledger.Head) -> Shown:
    """The board as the reader may see it: frozen, or as it runs."""
    viewer = actor().employee_id
    frozen = showing.show_frozen(chosen.store.id, chosen.scope, chosen.measure.code, chosen.period, viewer)
    return frozen or showing.show(found, viewer)


def _why_url(chosen: Choice, employee_id: int) -> str:
    """Where a figure opens: one's own score and attainment into their own pages, all else into that of the place."""
    if employee_id == actor().employee_id and chosen.measure.shows is Shows.SCORE:
        return url_for("leaderboards.score", month=chosen.period)
    if employee_id == actor().employee_id and chosen.measure.shows is Shows.PERCENT:
        code = chosen.measure.code.removeprefix(measures.ATTAINMENT)
        return url_for("targets.my_figure", code=code, month=chosen.period)
    return url_for(
        "leaderboards.place",
        employee_id=employee_id,
        measure=chosen.measure.code,
        scope=chosen.scope.word,
        period=chosen.period,
    )


def _rows(places: Sequence[Place], chosen: Choice, shown: Shown) -> Iterator[Row]:
    for each in places:
        yield Row(
            each.rank,
            each.name,
            each.number,
            value_text(each.value, chosen.measure, shown),
            mine=shown.mine is not None and each.employee_id == shown.mine.place.employee_id,
            why_url=_why_url(chosen, each.employee_id),
        )


def value_text(value: int, measure: Measure, shown: Shown) -> str:
    """A value in the measure's unit, never an amount of money."""
    if measure.shows is Shows.PERCENT:
        return f"{number(Fraction(value, 100), 1)} %"
    if measure.shows is Shows.SCORE:
        return number(Fraction(value, 100), 2)
    if measure.shows is Shows.PIECES:
        return number(Fraction(value, 1000), 2)
    if measure.shows is Shows.INDEX:
        return f"{number(Fraction(value * 100, shown.leader), 1)} %" if (shown.leader or 0) > 0 else "–"
    return number(value)


def title_of(measure: Measure) -> str:
    """The measure's name in the reader's language."""
    if isinstance(measure.title, tuple):
        chinese, english = measure.title
        name = english if language() == "en" else chinese
        return str(_("%(indicator)s, of the own target", indicator=name))
    return tell(measure.title)


def _scope_name(scope: Scope) -> str:
    name = scope.name_en if language() == "en" else scope.name
    if scope.among is Among.LEAGUE:
        return str(_("League: %(position)s, stores of our size", position=name))
    return str(_("The whole group")) if scope.among is Among.GROUP else name


def _kind_name(kind: PeriodKind) -> str:
    names = {
        PeriodKind.DAY: _("By day"),
        PeriodKind.WEEK: _("By week"),
        PeriodKind.MONTH: _("By month"),
        PeriodKind.QUARTER: _("By quarter"),
        PeriodKind.YEAR: _("By year"),
    }
    return str(names[kind])
