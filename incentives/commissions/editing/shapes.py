"""New parts as they begin, and parts that take another shape, keeping what still fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal

from incentives.commissions.editing.measures import OF_INDICATORS, OF_SALES, kind_of
from incentives.commissions.editing.tree import at, list_at, mapping_at
from incentives.commissions.editing.worth import worth_of
from incentives.commissions.format.writing import Mapping, Text

NEW_NAMES = frozenset(
    {"新方案", "New plan", "新项目", "New line", "新分组", "New group", "新奖金池", "New pool", "新示例", "New example"}
)
"""What parts are called until they get a name."""
_MEASURE: Mapping = {"kind": "amount", "of": "person", "category": ["accessories"]}
_POOLED: Mapping = {"kind": "amount", "of": "members", "category": ["accessories"]}
_READING: Mapping = {"kind": "indicator", "of": "store"}
_RATE = "5 %"
_AMOUNT_EDGE, _ATTAINED_EDGE = "10000", "100 %"
_EDGE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(\s*%?)", re.ASCII)
_ALL_SALES_KEYS = ("category", "product", "campaign", "role", "but_product", "price")


def measure(*, pooled: bool = False) -> Mapping:
    """A measure to begin with: what was sold of accessories."""
    return deepcopy(_POOLED if pooled else _MEASURE)


def blank(kind: str, *, pooled: bool = False) -> Text:
    """A part that is added."""
    made = _BLANKS.get(kind)
    return made(pooled) if made else {}


def _line(*, pooled: bool) -> Text:
    return {"line": "", "name": {"zh": "新项目", "en": "New line"}, "measure": measure(pooled=pooled), "rate": _RATE}


def _pool() -> Text:
    inside = _line(pooled=True)
    return {"pool": "", "name": {"zh": "新奖金池", "en": "New pool"}, "lines": [inside], "share": ["equal"]}


_BLANKS: dict[str, Callable[[bool], Text]] = {
    "line": lambda pooled: _line(pooled=pooled),
    "group": lambda pooled: {"group": "", "name": {"zh": "新分组", "en": "New group"}, "lines": [_line(pooled=pooled)]},
    "pool": lambda _: _pool(),
    "factor": lambda _: {"factor": "1"},
    "measured": lambda _: {"factor": {"measure": {"kind": "attainment", "of": "store"}, "floor": "0", "cap": "1.5"}},
    "table": lambda _: {"factor": _table()},
    "gate": lambda _: {"gate": {"all": [{"measure": deepcopy(_READING), "from": "90 %"}]}},
    "deduct": lambda _: {"deduct": {"fixed": "100"}},
    "floor": lambda _: {"floor": "0"},
    "cap": lambda _: {"cap": "5000"},
    "condition": lambda _: {"measure": deepcopy(_READING), "from": "90 %"},
    "target_met": lambda _: {"target_met": "", "of": "store"},
    "equal": lambda _: "equal",
    "days_present": lambda _: {"days": "present"},
    "days_posting": lambda _: {"days": "posting"},
    "coefficients": lambda _: {"coefficients": {"positions": {}, "people": {}, "default": "1"}},
    "parameter": lambda _: {
        "name": {"zh": "新参数", "en": "New parameter"},
        "values": [{"from": "2026-01-01", "value": "1"}],
    },
    "dated": lambda _: {"from": "", "value": "1"},
    "example": lambda _: {"name": {"zh": "新示例", "en": "New example"}, "month": "", "people": [_person()]},
    "person": lambda _: _person(),
    "sale": lambda _: {"category": "accessories", "received": "0", "quantity": "1"},
}


def _person() -> Text:
    return {"number": "1001", "expect": {"total": "0"}}


def _table() -> Mapping:
    bands: list[Text] = [{"up_to": "3 %", "factor": "1"}, {"above": "3 %", "factor": "0.9"}]
    return {"measure": deepcopy(_READING), "bands": bands}


def weight(kind: str) -> Text:
    """A weight that is added to a pool: a factor without its step around."""
    made = blank(kind)
    return made["factor"] if isinstance(made, dict) and "factor" in made else made


def next_band(tree: Text, path: str) -> Mapping:
    """A band that begins where the last one ends and pays what it pays. One that has no end is cut at twice its beginning."""
    bands = [each for each in list_at(tree, path) if isinstance(each, dict)]
    last: Mapping = bands[-1] if bands else {"rate": _RATE}
    pays = {key: value for key, value in last.items() if key in {"rate", "amount", "factor"}}
    _cut(last)
    if "up_to" in last:
        return {"above": last["up_to"], **pays}
    return {"from": last["below"], **pays} if "below" in last else dict(pays)


def _cut(band: Mapping) -> None:
    """Give a band an upper edge, if it has a lower one alone that is a number."""
    low = "above" if "above" in band else "from"
    said = _EDGE.fullmatch(str(band.get(low, "")))
    if said and not band.keys() & {"up_to", "below"} and Decimal(said[1]) > 0:
        band["up_to" if low == "above" else "below"] = f"{Decimal(said[1]) * 2}{said[2]}"


# --- other shapes ----------------------------------------------------------------------------------------


def reshape(tree: Text, path: str, shape: str, value: str, *, pooled: bool) -> None:
    """Let the part at a place take another shape."""
    part = mapping_at(tree, path)
    if shape == "worth":
        _worth(part, value, pooled=pooled)
    elif shape in _SHAPES:
        _SHAPES[shape](part, value)


def _worth(part: Mapping, way: str, *, pooled: bool) -> None:
    before, looked_at = worth_of(part), part.get("measure") or measure(pooled=pooled)
    bands, rate = list_at(part, "tiers.bands"), part.get("rate", _RATE)
    for key in ("measure", "fixed", "rate", "tiers", "by_product"):
        part.pop(key, None)
    if way == "fixed":
        part["fixed"] = "100"
        return
    part["measure"] = looked_at
    if way == "rate":
        part["rate"] = rate
    elif way == "by_product":
        part["by_product"] = {"rates": {}, "other": rate}
    else:
        fitting = bands if before in {"each_band", "whole"} and way != before else _bands(rate)
        part["tiers"] = {
            "reads": way,
            "bands": [_with_rate(each) for each in fitting] if way == "each_band" else fitting,
        }


def _bands(rate: Text) -> list[Text]:
    return [{"up_to": _AMOUNT_EDGE, "rate": rate}, {"above": _AMOUNT_EDGE, "rate": rate}]


def _with_rate(band: Text) -> Text:
    if not isinstance(band, dict) or "amount" not in band:
        return band
    return {**{key: value for key, value in band.items() if key != "amount"}, "rate": _RATE}


def _measured(part: Mapping, kind: str) -> None:
    if kind not in OF_SALES:
        for key in _ALL_SALES_KEYS:
            part.pop(key, None)
    if kind not in OF_INDICATORS:
        part.pop("indicator", None)
    if kind == "uplift":
        part.setdefault("baseline", {"months_back": "12"})
    else:
        part.pop("baseline", None)
    if kind == "labour" and kind_of(part) != "labour":
        part.pop("category", None)
    part["kind"] = kind


def _whose(part: Mapping, whose: str) -> None:
    part["of"] = whose
    if whose != "department":
        part.pop("department", None)


def _baseline(part: Mapping, shape: str) -> None:
    part["baseline"] = {"months_back": "12"} if shape == "months_back" else "1000"


def _divisor(part: Mapping, shape: str) -> None:
    part.pop("divided_by", None)
    if shape == "number":
        part["divided_by"] = "1.13"
    if shape == "measure":
        part["divided_by"] = {"kind": "indicator", "of": part.get("of", "store")}


def _by(part: Mapping, shape: str) -> None:
    """An attainment picks the band to begin with; edges that nobody has typed yet become those of an attainment."""
    part.pop("by", None)
    before, now = (_AMOUNT_EDGE, _ATTAINED_EDGE) if shape else (_ATTAINED_EDGE, _AMOUNT_EDGE)
    if shape:
        part["by"] = {"kind": "attainment", "of": "store"}
    for band in list_at(part, "bands"):
        if isinstance(band, dict):
            band.update({key: now for key, value in band.items() if value == before})


def _holding(part: Mapping, shape: str) -> None:
    conditions = at(part, "any") or at(part, "all") or []
    part.clear()
    part[shape] = conditions


_SHAPES: dict[str, Callable[[Mapping, str], None]] = {
    "measure": _measured,
    "whose": _whose,
    "baseline": _baseline,
    "divisor": _divisor,
    "by": _by,
    "holding": _holding,
}
