"""The ledger's verbs and questions. Nothing else touches its tables."""

from incentives.ledger.models import MoneyKind, MoneyLine, PointsLine
from incentives.ledger.service.boards import (
    Board,
    Head,
    Mine,
    Place,
    board,
    head,
    measures_on,
    open_board,
    people_at,
    standings_of,
)
from incentives.ledger.service.changes import changed, on_change
from incentives.ledger.service.freezing import freeze, frozen_board, frozen_place
from incentives.ledger.service.leavers import sweep
from incentives.ledger.service.money import (
    NewMoney,
    money_by_person,
    money_lines,
    money_total,
    post_money,
    posted_for,
    reverse_money,
)
from incentives.ledger.service.points import (
    EarningFact,
    NewPoints,
    earn,
    points_balance,
    points_lines,
    points_of,
    post_points,
    take_back,
)
from incentives.ledger.service.proving import Difference, Proof, rebuild
from incentives.ledger.service.rules import ensure_default_rules, publish_rule, rules_of_store
from incentives.ledger.service.sources import facts_from, values_from
from incentives.ledger.service.tallying import (
    POINTS,
    department_scope,
    group_scope,
    league_scope,
    put,
    store_scope,
    tally,
)

__all__ = [
    "POINTS",
    "Board",
    "Difference",
    "EarningFact",
    "Head",
    "Mine",
    "MoneyKind",
    "MoneyLine",
    "NewMoney",
    "NewPoints",
    "Place",
    "PointsLine",
    "Proof",
    "board",
    "changed",
    "department_scope",
    "earn",
    "ensure_default_rules",
    "facts_from",
    "freeze",
    "frozen_board",
    "frozen_place",
    "group_scope",
    "head",
    "league_scope",
    "measures_on",
    "money_by_person",
    "money_lines",
    "money_total",
    "on_change",
    "open_board",
    "people_at",
    "points_balance",
    "points_lines",
    "points_of",
    "post_money",
    "post_points",
    "posted_for",
    "publish_rule",
    "put",
    "rebuild",
    "reverse_money",
    "rules_of_store",
    "standings_of",
    "store_scope",
    "sweep",
    "take_back",
    "tally",
    "values_from",
]
