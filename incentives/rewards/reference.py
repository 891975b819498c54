"""The reasons that every group has from the start, read from ``seeds/reference/reward_reasons.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from sqlalchemy import Connection, event, insert
from sqlalchemy.orm import Mapper

from incentives.config import resource
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.people.models import Group
from incentives.rewards.models import Direction, Instrument, ReasonCode

FILE = "reward_reasons.toml"


@cache
def known_reasons() -> tuple[dict[str, Any], ...]:
    """All of the file, in its order, as columns."""
    with (resource("seeds") / "reference" / FILE).open("rb") as file:
        return tuple(_columns(entry) for entry in tomllib.load(file)["reason"])


def _columns(entry: dict[str, Any]) -> dict[str, Any]:
    yuan = entry.get("yuan")
    return {
        "code": entry["code"],
        "name": entry["name"],
        "name_en": entry["name_en"],
        "direction": Direction(entry["direction"]),
        "instrument": _instrument(entry),
        "points": entry.get("points"),
        "amount_fen": None if yuan is None else Money(yuan * FEN_PER_YUAN),
        "conduct": entry.get("conduct", False),
        "active": True,
    }


def _instrument(entry: dict[str, Any]) -> Instrument:
    if entry.get("loss", False):
        return Instrument.LOSS
    return Instrument.PAY if "yuan" in entry else Instrument.POINTS


@event.listens_for(Group, "after_insert")
def _give_reasons(_mapper: Mapper[Group], connection: Connection, group: Group) -> None:
    """A new group has them in the same transaction, whoever makes the group."""
    connection.execute(insert(ReasonCode), [{**reason, "group_id": group.id} for reason in known_reasons()])
