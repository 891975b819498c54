"""From places to the typed parts of a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypedDict

from incentives.commissions.format.measures import MEASURE_KEYS, MeasureReader, label, needed, one_of
from incentives.commissions.format.numbers import (
    EDGES,
    code,
    divisor,
    edges,
    given,
    number,
    per_unit,
    rate,
    whole,
    yuan,
)
from incentives.commissions.format.place import Place
from incentives.core.errors import say
from incentives.core.measure import SALE_KINDS, Given, Label, Measure, Number, Whose
from incentives.core.plan import (
    Band,
    Cap,
    Coefficients,
    Condition,
    Days,
    DaysPresent,
    Deduct,
    Equal,
    Factor,
    FactorBand,
    Fixed,
    Floor,
    Gate,
    Group,
    Line,
    Listed,
    MeasuredFactor,
    Node,
    Pool,
    Rate,
    Rated,
    Reads,
    Step,
    StepTable,
    TargetMet,
    Tiered,
    Weight,
    Worth,
)

_WORTHS = ("fixed", "rate", "each", "tiers", "by_product")
_WORTH_KEYS = ("measure", *_WORTHS)
MOST_STEPS = 20
"""On one amount, and conditions of one gate. Each is tried out together with all others."""
_NODE_KEYS = ("name", "then", "months", "positions")


class Around(TypedDict):
    """What every line and group says around its worth."""

    then: tuple[Step, ...]
    months: tuple[int, ...]
    positions: tuple[str, ...]


class Truth(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


class DaysOf(StrEnum):
    """Which days weigh."""

    POSTING = "posting"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Reader(MeasureReader):
    """Reads the parts of a plan."""

    # --- worth -------------------------------------------------------------------------------------------

    def worth(self, place: Place) -> Worth:
        """What a line or a deduction is worth."""
        match one_of(place, *_WORTHS):
            case "fixed":
                if place.has("measure"):
                    raise place.wrong(say("a fixed amount has no measure; write rate, each, tiers or by_product."))
                return self._fixed(place.named()["fixed"])
            case "rate":
                return Rated(self.measure(needed(place, "measure")), rate(place.named()["rate"]))
            case "each":
                return Rated(self.measure(needed(place, "measure")), per_unit(place.named()["each"]))
            case "tiers":
                return self._tiers(place, place.named()["tiers"])
            case _:
                return self._by_product(place, place.named()["by_product"])

    def _fixed(self, place: Place) -> Fixed:
        amount, prorated = self._amount(place)
        return Fixed(amount, prorated=prorated)

    def _amount(self, place: Place) -> tuple[Number, bool]:
        if isinstance(place.value, str):
            return yuan(place), False
        said = place.mapping("amount", "prorated")
        prorated = "prorated" in said and said["prorated"].choice(Truth) is Truth.YES
        if prorated and self.whose is Whose.MEMBERS:
            raise said["prorated"].wrong(say("a pool has no posting by which it could be prorated."))
        return yuan(needed(place, "amount")), prorated

    def _by_product(self, line: Place, place: Place) -> Listed:
        measure = self.measure(needed(line, "measure"))
        if measure.kind not in SALE_KINDS or measure.sales.products:
            raise line.wrong(say("a table by product needs a measure of sales that names no product itself."))
        said = place.mapping("rates", "other")
        rows = tuple((product, rate(value)) for product, value in needed(place, "rates").named().items())
        if not rows:
            raise place.wrong(say("the table names no product."))
        return Listed(measure, rows, rate(said["other"]) if "other" in said else None)

    def _tiers(self, line: Place, place: Place) -> Tiered:
        said = place.mapping("reads", "by", "bands")
        reads = needed(place, "reads").choice(Reads)
        measure = self.measure(line.named()["measure"]) if line.has("measure") else None
        by = self.measure(said["by"]) if "by" in said else None
        bands = needed(place, "bands").each(self._band)
        rates = [band for band in bands if isinstance(band.pays, Rate)]
        if reads is Reads.EACH_BAND and (by or len(rates) < len(bands)):
            raise place.wrong(
                say("where each band has its own rate, every band needs a rate, and “by” makes no sense.")
            )
        if measure is None and (rates or by is None):
            raise line.wrong(say("“{key}” must be said here.", key="measure"))
        return Tiered(reads, bands, measure, by)

    def _band(self, place: Place) -> Band:
        said = place.mapping(*EDGES, "rate", "each", "amount")
        pays: Rate | Fixed
        match one_of(place, "rate", "each", "amount"):
            case "rate":
                pays = rate(said["rate"])
            case "each":
                pays = per_unit(said["each"])
            case _:
                pays = Fixed(yuan(said["amount"]))
        return Band(edges(place), pays)

    # --- steps -------------------------------------------------------------------------------------------

    def steps(self, place: Place) -> tuple[Step, ...]:
        """The steps of a ``then`` list, in order."""
        return place.each(self._step, MOST_STEPS)

    def _step(self, place: Place) -> Step:
        said = place.mapping("factor", "gate", "deduct", "floor", "cap")
        match one_of(place, "factor", "gate", "deduct", "floor", "cap"):
            case "factor":
                return self.factor(said["factor"])
            case "gate":
                return self._gate(said["gate"])
            case "deduct":
                return self._deduct(said["deduct"])
            case "floor":
                amount, prorated = self._amount(said["floor"])
                return Floor(amount, prorated=prorated)
            case _:
                amount, prorated = self._amount(said["cap"])
                return Cap(amount, prorated=prorated)

    def factor(self, place: Place) -> Factor | MeasuredFactor | StepTable:
        """A constant, a measure, or a step table."""
        return Factor(number(place)) if isinstance(place.value, str) else self.measured(place)

    def measured(self, place: Place) -> MeasuredFactor | StepTable:
        """A factor or weight that depends on a measure."""
        said = place.mapping("measure", "per", "floor", "cap", "bands", *MEASURE_KEYS)
        measure = self.inline(place)
        if "bands" not in said:
            return MeasuredFactor(
                measure,
                per=divisor(said["per"]) if "per" in said else MeasuredFactor(measure).per,
                floor=number(said["floor"]) if "floor" in said else None,
                cap=number(said["cap"]) if "cap" in said else None,
            )
        extra = [key for key in ("per", "floor", "cap") if key in said]
        if extra:
            raise said[extra[0]].wrong(say("a table of bands already says every factor."))
        return StepTable(measure, said["bands"].each(self._factor_band))

    def _factor_band(self, place: Place) -> FactorBand:
        place.mapping(*EDGES, "factor")
        return FactorBand(edges(place), number(needed(place, "factor")))

    def _gate(self, place: Place) -> Gate:
        if place.has("all") or place.has("any"):
            said = place.mapping("all", "any")
            key = one_of(place, "all", "any")
            return Gate(said[key].each(self._condition, MOST_STEPS), any_one=key == "any")
        return Gate((self._condition(place),))

    def _condition(self, place: Place) -> Condition | TargetMet:
        said = place.mapping("target_met", "measure", *EDGES, *MEASURE_KEYS)
        if "target_met" in said:
            return TargetMet(self._target_met(place, said))
        found = edges(place)
        if found.low is None and found.high is None:
            raise place.wrong(say("a condition needs an edge: from, above, up_to or below."))
        return Condition(self.inline(place), found)

    def _target_met(self, place: Place, said: dict[str, Place]) -> Measure:
        own = {key: value for key, value in said.items() if key != "target_met"}
        own["attainment"] = said["target_met"]
        return self.measure(Place(place.path, own))

    def _deduct(self, place: Place) -> Deduct:
        if isinstance(place.value, str):
            return Deduct(Fixed(yuan(place)))
        place.mapping(*_WORTH_KEYS)
        return Deduct(self.worth(place))

    # --- shares ------------------------------------------------------------------------------------------

    def weight(self, place: Place) -> Weight:
        """One weight of a pool."""
        if place.value == "equal":
            return Equal()
        if place.has("coefficients"):
            return self._coefficients(place.mapping("coefficients")["coefficients"])
        if place.has("days"):
            which = place.mapping("days")["days"].choice(DaysOf)
            return DaysPresent() if which is DaysOf.PRESENT else Days()
        return self.measured(place)

    def _coefficients(self, place: Place) -> Coefficients:
        said = place.mapping("positions", "people", "default")
        return Coefficients(
            positions=_table(said["positions"]) if "positions" in said else (),
            people=_table(said["people"]) if "people" in said else (),
            default=_weight(said["default"]) if "default" in said else None,
        )

    # --- the tree ----------------------------------------------------------------------------------------

    def node(self, place: Place) -> Node:
        """A line, a group or a pool."""
        if one_of(place, "line", "group", "pool") == "pool":
            return self._pool(place)
        return self.inner(place)

    def _line(self, place: Place) -> Line:
        said = place.mapping("line", *_NODE_KEYS, *_WORTH_KEYS)
        return Line(code(said["line"]), self._label(place, said["line"]), self.worth(place), **self._around(place))

    def _group(self, place: Place) -> Group:
        said = place.mapping("group", "lines", *_NODE_KEYS)
        below = self.inner if self.whose is Whose.MEMBERS else self.node
        lines: tuple[Node, ...] = needed(place, "lines").each(below)
        return Group(code(said["group"]), self._label(place, said["group"]), lines, **self._around(place))

    def _pool(self, place: Place) -> Pool:
        said = place.mapping("pool", "lines", "share", "share_then", "name", "then", "months")
        inside = replace(self, whose=Whose.MEMBERS)
        return Pool(
            code(said["pool"]),
            self._label(place, said["pool"]),
            needed(place, "lines").each(inside.inner),
            then=inside.steps(said["then"]) if "then" in said else (),
            share=said["share"].each(self.weight) if "share" in said else (Equal(),),
            share_then=self.steps(said["share_then"]) if "share_then" in said else (),
            months=_months(said),
        )

    def inner(self, place: Place) -> Line | Group:
        """A line or a group, which is all that a pool can be made of."""
        match one_of(place, "line", "group", "pool"):
            case "line":
                return self._line(place)
            case "group":
                return self._group(place)
            case _:
                raise place.wrong(say("a pool cannot stand inside another pool."))

    def _label(self, place: Place, code_place: Place) -> Label:
        return label(place.named()["name"]) if place.has("name") else Label(code_place.text(), code_place.text())

    def _around(self, place: Place) -> Around:
        said = place.named()
        positions = said["positions"].each(Place.text) if "positions" in said else ()
        if positions and self.whose is Whose.MEMBERS:
            raise said["positions"].wrong(say("a pool belongs to nobody alone; positions make no sense in it."))
        return {
            "then": self.steps(said["then"]) if "then" in said else (),
            "months": _months(said),
            "positions": positions,
        }


def _months(said: dict[str, Place]) -> tuple[int, ...]:
    return said["months"].each(lambda place: whole(place, 1, 12)) if "months" in said else ()


def _table(place: Place) -> tuple[tuple[str, Given], ...]:
    return tuple((key, _weight(value)) for key, value in place.named().items())


def _weight(place: Place) -> Given:
    found = given(place)
    if found.value < 0:
        raise place.wrong(say("a weight cannot be negative."))
    return found
