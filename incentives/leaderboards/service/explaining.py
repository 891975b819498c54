"""Why a value stands on a board: its rule, how it is counted, and its facts for those who may see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import select

from incentives.core.answer import Fact, Page
from incentives.core.attainment import Better
from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, from_plain, say
from incentives.core.money import Money
from incentives.core.period import Month, Span
from incentives.core.points import PointsFact, PointsRule, rule_on
from incentives.core.reading import THOUSANDTHS
from incentives.core.wording import text_of
from incentives.db import db
from incentives.leaderboards.service.measures import ATTAINMENT, Measure, Shows
from incentives.leaderboards.service.scoring import PARTS
from incentives.leaderboards.service.weights import weights
from incentives.ledger import service as ledger
from incentives.ledger.calendar import span_of
from incentives.ledger.service import PointsLine
from incentives.people.models import Posting, Store
from incentives.sales.service import ranked
from incentives.sales.service.counting import SOURCE as SALES
from incentives.sales.service.counting import sold_day
from incentives.targets.models import Indicator
from incentives.targets.scopes import of_person
from incentives.targets.service.catalogue import of_store

REWARDS = "reward"


@dataclass(frozen=True, slots=True)
class Asked:
    """A value of a board that somebody asks about: whose, by what, among whom and when."""

    store_id: int
    group_id: int
    employee_id: int
    measure: Measure
    scope: str
    period: str

    @property
    def span(self) -> Span:
        """The days of the board."""
        return span_of(self.period)


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a value is what it is. ``sums`` and ``facts`` are for those who may see them, ``page`` has the rest of it."""

    rule: tuple[Sentence, ...]
    sums: tuple[Sentence, ...] = ()
    facts: tuple[Fact, ...] = ()
    page: Page | None = None


def explain(asked: Asked) -> Explained:
    """The whole explanation; the reader's permissions are the page's business."""
    return _EXPLAINERS[asked.measure.shows](asked)


def _points(asked: Asked) -> Explained:
    counts = ledger.counting_in(asked.scope, asked.employee_id, asked.span)
    lines = [
        line for line in ledger.points_lines(asked.employee_id, asked.period) if counts(line.store_id, line.counts_on)
    ]
    whole = sum(line.points for line in lines)
    return Explained(
        rule=(
            say("Facts earn points by the published rules; the board adds up the lines of the period."),
            *_points_rules(asked),
        ),
        sums=(say("Lines counted: {count}. Together: {points} points.", count=f"{len(lines):,}", points=f"{whole:,}"),),
        facts=tuple(points_fact(line) for line in lines),
    )


def _points_rules(asked: Asked) -> list[Sentence]:
    known = ledger.rules_of_group(asked.group_id)
    last = asked.span.end - timedelta(days=1)
    found = (rule_on(known, fact, last) for fact in PointsFact)
    return [rule_told(rule) for rule in found if rule is not None]


def rule_told(rule: PointsRule) -> Sentence:
    """A rule with the day of its publication."""
    return say(
        "{rule} (published on {published}, counts from {starts})",
        rule=rule.sentence,
        published=rule.published.isoformat(),
        starts=rule.starts.isoformat(),
    )


def points_fact(line: PointsLine) -> Fact:
    """A line of the ledger of points as a fact."""
    return Fact(
        day=line.business_date,
        document=say("points line {number}", number=str(line.id)),
        what=from_plain(line.what),
        counted=f"{line.points:,}",
        at=line.created_at,
        page=Page("leaderboards.points_line_of", {"line_id": line.id}),
        own_page=Page("leaderboards.points_line", {"line_id": line.id}),
    )


def _sales(asked: Asked) -> Explained:
    counts = ledger.counting_in(asked.scope, asked.employee_id, asked.span)
    facts, whole = ranked.on_board(asked.measure.code, asked.employee_id, asked.span, counts)
    pieces = asked.measure.shows is Shows.PIECES
    text = text_of(Fraction(whole, THOUSANDTHS), Unit.NUMBER) if pieces else str(Money(whole))
    rule = [
        say("Each sale counts once, for the person who led it, on its business day; a return takes off what came back.")
    ]
    if not pieces:
        rule.append(say("The board shows it as a part of what the leader has: amounts of money stand on no board."))
    return Explained(
        rule=tuple(rule),
        sums=(say("Lines counted: {count}. Together: {sum}.", count=f"{len(facts):,}", sum=text),),
        facts=tuple(facts),
    )


def _score(asked: Asked) -> Explained:
    month = Month.of(asked.span.start)
    position = _position(asked)
    counting = weights([position], month)[position] if position is not None else {}
    parts = [
        say("{part}: weight {weight}", part=part.says, weight=str(counting[part])) for part in PARTS if part in counting
    ]
    return Explained(
        rule=(
            say(
                "The attainment of each own target, of one at most 150 %, times the weight of its part. A part without "
                "a target drops out, and the other weights grow in proportion."
            ),
            *parts,
        ),
        page=Page("leaderboards.score_of", {"employee_id": asked.employee_id, "month": str(month)}),
    )


def _position(asked: Asked) -> int | None:
    """The position whose weights count: that of the last posting in the period."""
    found = select(Posting.position_id).where(
        Posting.employee_id == asked.employee_id, Posting.first_day < asked.span.end
    )
    return db.session.scalar(found.order_by(Posting.first_day.desc()).limit(1))


def _attainment(asked: Asked) -> Explained:
    code = asked.measure.code.removeprefix(ATTAINMENT)
    indicator = db.session.scalars(of_store(asked.store_id).where(Indicator.code == code)).one()
    less = indicator.better is Better.LOWER
    return Explained(
        rule=(
            say("Target / actual of the own target: less is better here.")
            if less
            else say("Actual / target of the own target: more is better here."),
        ),
        page=Page(
            "targets.figure",
            {"code": code, "month": str(Month.of(asked.span.start)), "scope": str(of_person(asked.employee_id))},
        ),
    )


_EXPLAINERS: dict[Shows, Callable[[Asked], Explained]] = {
    Shows.POINTS: _points,
    Shows.PIECES: _sales,
    Shows.INDEX: _sales,
    Shows.SCORE: _score,
    Shows.PERCENT: _attainment,
}


@dataclass(frozen=True, slots=True)
class ExplainedPoints:
    """Why a line of points is what it is. ``record`` is the reward it comes from, ``reverses`` the line it takes back."""

    line: PointsLine
    rule: tuple[Sentence, ...]
    facts: tuple[Fact, ...]
    record: int | None
    reverses: Fact | None


def explain_points(line: PointsLine) -> ExplainedPoints:
    """A line of the ledger of points down to its documents."""
    sold = sold_day(from_plain(line.what)) if line.source_kind == SALES else None
    reversed_line = None if line.reverses_id is None else ledger.points_line(line.reverses_id)
    return ExplainedPoints(
        line=line,
        rule=tuple(rule_told(rule) for rule in _rule_of(line)),
        facts=() if sold is None else tuple(ranked.sold_on(line.store_id, line.employee_id, sold)),
        record=line.source_id if line.source_kind == REWARDS else None,
        reverses=None if reversed_line is None else points_fact(reversed_line),
    )


def _rule_of(line: PointsLine) -> Sequence[PointsRule]:
    if not line.rule:
        return ()
    store = db.session.get_one(Store, line.store_id)
    return [rule for rule in ledger.rules_of_group(store.group_id) if rule.code == line.rule]
