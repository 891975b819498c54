"""What if: sliders for what one might still do this month, and what pay, score and place would then be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from incentives.commissions.service import what_if
from incentives.commissions.service.what_if import Line, Slider, WhatIf
from incentives.core.approval import MonthState
from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, say
from incentives.core.measure import Kind, Sales
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.ranking import FEWEST
from incentives.core.what_if import Lever
from incentives.core.wording import text_of
from incentives.leaderboards.service import scoring
from incentives.leaderboards.service.measures import SCORE
from incentives.leaderboards.service.scoring import Basis
from incentives.ledger import service as ledger
from incentives.sales.service.figures import ON_OFFER
from incentives.targets.models import Indicator, Source
from incentives.web.hooks import Place

PERCENT = 100
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Control:
    """A slider with what was typed; percents are typed as such (95 is 95 %)."""

    name: str
    slider: Slider
    typed: str
    fault: Sentence | None

    @property
    def scale(self) -> int:
        """What the typed number is divided by."""
        return PERCENT if self.slider.unit is Unit.PERCENT else 1

    @property
    def step(self) -> str:
        """The width of a step as it is typed."""
        return str(self.slider.step * self.scale)

    @property
    def most(self) -> str:
        """How far the slider goes, as it is typed."""
        return str(self.slider.most * self.scale)

    @property
    def start(self) -> str:
        """Where the slider is: at what was typed, else at nothing more, or at what the figure is now."""
        if self.typed and self.fault is None:
            return self.typed
        at = Fraction(0) if self.slider.lever.adds else self.slider.now or Fraction(0)
        return f"{float(min(at, self.slider.most) * self.scale):g}"

    @property
    def now(self) -> str | None:
        """Where the figure stands, as a page says it; nothing if nobody knows."""
        return None if self.slider.now is None else text_of(self.slider.now, self.slider.unit)


@dataclass(frozen=True, slots=True)
class Standing:
    """A score and the place it gives; ``to_go`` to share the next better place, none for who leads."""

    score: int
    rank: int
    people: int
    to_go: int | None


@dataclass(frozen=True, slots=True)
class Game:
    """The whole page: the controls, every line now and then, the place now and then, and whether the month still moves."""

    controls: list[Control]
    lines: list[Line]
    now: Standing | None
    then: Standing | None
    is_open: bool

    @property
    def sums(self) -> tuple[Money, Money]:
        """Pay now and then."""
        return what_if.sums_of(self.lines)

    @property
    def change(self) -> Money:
        """What the wishes are worth."""
        now, then = self.sums
        return then - now


def play(here: Place, month: Month, person: int, typed: Mapping[str, str]) -> Game:
    """Work out what was typed; nothing typed is the month as it stands."""
    found = what_if.what_if(here.id, month, person)
    board = _board(here, month, person)
    basis = None if board is None else scoring.basis_of(here.id, month, person, found.indicators)
    controls, wishes = [], {}
    for number, slider in enumerate([*found.sliders, *_of_score(found, basis)]):
        name = f"w{number}"
        text = typed.get(name, "").strip()[:20]
        wish, fault = _read(text, slider)
        controls.append(Control(name, slider, text, fault))
        if wish is not None:
            wishes[slider.lever] = wish
    now, then = _standings(board, basis, person, wishes)
    return Game(controls, found.lines(wishes), now, then, found.state is MonthState.OPEN)


def _of_score(found: WhatIf, basis: Basis | None) -> Iterator[Slider]:
    """What counts in the person's score and is moved by none of the plans' own sliders."""
    for each in [] if basis is None else basis.counting(found.person):
        if basis is not None and not any(_moves(slider.lever, each) for slider in found.sliders):
            lever = Lever(Kind.INDICATOR, Sales(), each.code, what_if.adds_up(each))
            yield what_if.slider_of(lever, found.catalogue, basis.figure(found.person, each))


def _read(text: str, slider: Slider) -> tuple[Fraction | None, Sentence | None]:
    """What was wished; nothing where nothing was, or with a sentence why it cannot be."""
    if not text:
        return None, None
    value = _number(text)
    if value is None:
        return None, say("“{text}” is not a number.", text=text)
    if slider.unit is Unit.PERCENT:
        value /= PERCENT
    against = _against(value, slider)
    return (value, None) if against is None else (None, against)


def _number(text: str) -> Fraction | None:
    """A decimal number. An exponent is looked at before it is worked out: 1e999999999 would take all memory there is."""
    try:
        plain = Decimal(text.replace(",", "").removesuffix("%"))
    except InvalidOperation:
        return None
    if not plain.is_finite() or abs(plain.adjusted()) > MOST_DIGITS:
        return None
    return Fraction(plain)


def _against(value: Fraction, slider: Slider) -> Sentence | None:
    if value < 0:
        return say("Less than nothing cannot be wished for.")
    if value > slider.most * 10:
        return say("That is more than anybody could do in a month.")
    if slider.unit is Unit.NUMBER and slider.lever.adds and value.denominator != 1:
        return say("Only whole numbers count here.")
    return None


def _board(here: Place, month: Month, person: int) -> dict[int, int] | None:
    """The scores of the store's people, where ranks are shown and the person has one."""
    if not here.show_ranks:
        return None
    board = ledger.standings_of(SCORE, str(month), ledger.store_scope(here.id))
    return dict(board) if person in board and len(board) >= FEWEST else None


def _standings(
    board: Mapping[int, int] | None, basis: Basis | None, person: int, wishes: Mapping[Lever, Fraction]
) -> tuple[Standing | None, Standing | None]:
    """The place by score now and then; others stay as they are."""
    if board is None:
        return None, None
    others = {each: score for each, score in board.items() if each != person}
    now = _standing(board[person], others)
    counted = [] if basis is None else basis.counting(person)
    if basis is None or not any(_moves(lever, indicator) for lever in wishes for indicator in counted):
        return now, now
    score = basis.scored(person, _change(wishes)).score
    return now, now if score is None else _standing(score.hundredths, others)


def _moves(lever: Lever, indicator: Indicator) -> bool:
    """Whether a wish is one for an indicator, or for sales that it adds up."""
    if lever.indicator == indicator.code:
        return True
    added_up = ON_OFFER.get(indicator.measure) if indicator.source is Source.DERIVED else None
    if added_up is None or lever.kind is not (Kind.QUANTITY if added_up.pieces else Kind.AMOUNT):
        return False
    return added_up.category is None or lever.sales.categories == (added_up.category.value,)


def _change(wishes: Mapping[Lever, Fraction]) -> scoring.Change:
    def change(indicator: Indicator, actual: Fraction | None) -> Fraction | None:
        for lever, wish in wishes.items():
            if _moves(lever, indicator):
                actual = (actual or 0) + wish if lever.adds else wish
        return actual

    return change


def _standing(score: int, others: Mapping[int, int]) -> Standing:
    better = [value for value in others.values() if value > score]
    return Standing(score, len(better) + 1, len(others) + 1, min(better) - score if better else None)
