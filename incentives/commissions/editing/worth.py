"""The fields of what a line or a deduction is worth: an amount, a rate, a table of tiers, a price list."""

from __future__ import annotations

from incentives.commissions.editing.fields import Box, Field, Kind, Option, Pickers, Rows
from incentives.commissions.editing.measures import edges_field, is_percent, measure_box
from incentives.commissions.editing.tree import at, list_at, mapping_at, text_at
from incentives.commissions.format.writing import Mapping, Text
from incentives.core.errors import Sentence, say

WORTHS = (
    Option("rate", say("a measure times a rate")),
    Option("each_band", say("tiers, each band at its own rate")),
    Option("whole", say("tiers, the rate reached holds for the whole")),
    Option("by_product", say("a price list of products")),
    Option("fixed", say("a fixed amount")),
)
PICKED_BY = (
    Option("", say("the measure itself")),
    Option("by", say("another measure")),
)
YUAN, PERCENT = say("yuan"), say("%")
PARAMETERS = "parameters"


def worth_of(part: Mapping) -> str:
    """Which of the ways something is worth."""
    if "fixed" in part:
        return "fixed"
    if "by_product" in part:
        return "by_product"
    if "tiers" not in part:
        return "rate"
    return "whole" if text_at(part, "tiers.reads") == "whole" else "each_band"


def worth_fields(tree: Text, path: str) -> list[Field]:
    """The choice of the way, and the figures of the short ones."""
    part = mapping_at(tree, path)
    way = worth_of(part)
    fields = [Field(path, Kind.SHAPE, say("What it is worth"), way, options=WORTHS, shape="worth", wide=True)]
    if way == "fixed":
        fields.append(amount_field(tree, f"{path}.fixed", say("Amount")))
    if way == "rate":
        fields.append(Field(f"{path}.rate", Kind.RATE, say("Rate"), text_at(tree, f"{path}.rate"), picks=PARAMETERS))
    return fields


def worth_boxes(tree: Text, path: str, pickers: Pickers, *, pooled: bool) -> list[Box | Rows]:
    """The measure and the table, where there are such."""
    part = mapping_at(tree, path)
    found: list[Box | Rows] = []
    way = worth_of(part)
    if "measure" in part or (way not in {"fixed", "whole"}):
        found.append(measure_box(tree, f"{path}.measure", pickers, say("Measure"), pooled=pooled))
    if way in {"each_band", "whole"}:
        found += _tiers(tree, path, pickers, pooled=pooled)
    if way == "by_product":
        found.append(_price_list(tree, f"{path}.by_product"))
    return found


def amount_field(tree: Text, path: str, label: Sentence) -> Field:
    """Yuan, and whether they go by calendar days in the posting."""
    said = at(tree, path)
    prorated = isinstance(said, dict) and text_at(said, "prorated") == "yes"
    value = text_at(said, "amount") if isinstance(said, dict) else text_at(tree, path)
    days = ("prorated",) if prorated else ()
    return Field(path, Kind.AMOUNT, label, value, values=days, unit=YUAN, picks=PARAMETERS)


def _tiers(tree: Text, path: str, pickers: Pickers, *, pooled: bool) -> list[Box | Rows]:
    tiers, part = f"{path}.tiers", mapping_at(tree, path)
    found: list[Box | Rows] = []
    whole, by = worth_of(part) == "whole", at(tree, f"{tiers}.by")
    if whole:
        chosen = "" if by is None else "by"
        picked = Field(
            tiers, Kind.SHAPE, say("The band is picked by"), chosen, options=PICKED_BY, shape="by", wide=True
        )
        found.append(Box(tiers, say("Tiers"), "plain", (picked,)))
    if by is not None:
        found.append(measure_box(tree, f"{tiers}.by", pickers, say("The measure that picks the band"), pooled=pooled))
    percent = is_percent(tree, f"{tiers}.by" if by is not None else f"{path}.measure", pickers)
    places = range(len(list_at(tree, f"{tiers}.bands")))
    bands = tuple(_band(tree, f"{tiers}.bands[{place}]", percent=percent, whole=whole) for place in places)
    found.append(band_rows(f"{tiers}.bands", bands))
    return found


def band_rows(path: str, bands: tuple[Box, ...]) -> Rows:
    """A table of bands."""
    hint = say("A band without a lower or an upper edge is open there.")
    return Rows(path, say("Bands"), bands, (Option("band", say("Add a band")),), "table", hint)


def _band(tree: Text, path: str, *, percent: bool, whole: bool) -> Box:
    edges = edges_field(tree, path, say("Range"), percent=percent)
    if whole:
        amount = text_at(tree, f"{path}.amount")
        value = f"{amount} yuan" if amount else text_at(tree, f"{path}.rate")
        pays = Field(path, Kind.PAYS, say("Pays"), value, picks=PARAMETERS)
    else:
        pays = Field(f"{path}.rate", Kind.RATE, say("Rate"), text_at(tree, f"{path}.rate"), picks=PARAMETERS)
    return Box(path, say("Band"), "band", (edges, pays), moves=True)


def _price_list(tree: Text, path: str) -> Box:
    rates = pairs_field(tree, f"{path}.rates", say("Rate of each product"), "products")
    other = Field(f"{path}.other", Kind.RATE, say("All other products"), text_at(tree, f"{path}.other"))
    return Box(path, say("Price list"), "plain", (rates, other))


def pairs_field(
    tree: Text, path: str, label: Sentence, picks: str, *, kind: str = "rate", hint: Sentence | None = None
) -> Field:
    """Names with a value each; ``kind`` says how the value is written: a rate, or a bare number."""
    said = mapping_at(tree, path)
    pairs = tuple((key, value) for key, value in said.items() if isinstance(value, str))
    return Field(path, Kind.PAIRS, label, pairs=pairs, picks=picks, shape=f"pairs-{kind}", hint=hint, wide=True)
