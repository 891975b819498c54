"""The boxes of the worked examples."""

from __future__ import annotations

from incentives.commissions.editing.fields import Box, Field, Kind, Option, Pickers, Rows
from incentives.commissions.editing.measures import name_fields, with_own
from incentives.commissions.editing.tree import at, list_at, mapping_at, text_at
from incentives.commissions.editing.worth import YUAN, pairs_field
from incentives.commissions.format.writing import Mapping
from incentives.core.errors import Sentence, say

_COUNTS = (
    ("days", say("Days in the posting")),
    ("present", say("Days present")),
    ("coefficient", say("Coefficient")),
)
_AMOUNTS = (("received", say("Received")), ("list", say("List price of one")), ("cost", say("Cost")))


def example_rows(tree: Mapping, pickers: Pickers) -> Rows:
    """The examples that the plan must reproduce."""
    places = range(len(list_at(tree, "examples")))
    boxes = tuple(_example(tree, f"examples[{place}]", pickers) for place in places)
    hint = say("A worked example lets everybody see what the plan pays, and the check prove it.")
    return Rows("examples", say("Examples"), boxes, (Option("example", say("Add an example")),), "steps", hint)


def _example(tree: Mapping, path: str, pickers: Pickers) -> Box:
    month = Field(f"{path}.month", Kind.MONTH, say("Month"), text_at(tree, f"{path}.month"))
    people = tuple(
        _person(tree, f"{path}.people[{place}]", pickers) for place in range(len(list_at(tree, f"{path}.people")))
    )
    pools = pairs_field(tree, f"{path}.pools", say("What a pool must come to"), "", kind="amount")
    below: list[Box | Rows] = [
        Rows(f"{path}.people", say("People"), people, (Option("person", say("Add a person")),), "steps")
    ]
    for key, title in (("store", say("Known of the store")), ("members", say("Known of all members together"))):
        below += _facts_of(tree, f"{path}.{key}", title, pickers)
    for code in mapping_at(tree, f"{path}.departments"):
        title = say("Known of the department {code}", code=code)
        below += _facts_of(tree, f"{path}.departments.{code}", title, pickers)
    names = name_fields(tree, f"{path}.name", say("Name in the plan"))
    return Box(path, say("Example"), "step", (*names, month), (pools,), tuple(below), moves=True)


def _person(tree: Mapping, path: str, pickers: Pickers) -> Box:
    position = text_at(tree, f"{path}.position")
    options = (Option("", say("any")), *(with_own(pickers.positions, position) if position else pickers.positions))
    expected = f"{path}.expect.total" if isinstance(at(tree, f"{path}.expect"), dict) else f"{path}.expect"
    fields = (
        Field(f"{path}.number", Kind.TEXT, say("Number"), text_at(tree, f"{path}.number")),
        Field(f"{path}.position", Kind.CHOICE, say("Position"), position, options=options),
        Field(expected, Kind.NUMBER, say("Must earn"), text_at(tree, expected), unit=YUAN),
    )
    more = [Field(f"{path}.{key}", Kind.NUMBER, label, text_at(tree, f"{path}.{key}")) for key, label in _COUNTS]
    more.append(Field(f"{path}.department", Kind.TEXT, say("Department"), text_at(tree, f"{path}.department")))
    if isinstance(at(tree, f"{path}.expect"), dict):
        more.append(pairs_field(tree, f"{path}.expect.lines", say("Rows must come to"), "", kind="amount"))
    facts = _facts(tree, path, pickers)
    return Box(path, say("Person"), "condition", (*fields, *facts.fields), tuple(more), facts.below, moves=True)


def _facts_of(tree: Mapping, path: str, title: Sentence, pickers: Pickers) -> list[Box | Rows]:
    found = _facts(tree, path, pickers)
    return [Box(path, title, "plain", found.fields, below=found.below)]


def _facts(tree: Mapping, path: str, pickers: Pickers) -> Box:
    sales = tuple(_sale(tree, f"{path}.sales[{place}]", pickers) for place in range(len(_sales(tree, path))))
    rows = Rows(f"{path}.sales", say("Sales"), sales, (Option("sale", say("Add a sale")),), "table")
    readings = [
        pairs_field(tree, f"{path}.{key}", label, "indicators", kind="number")
        for key, label in (("readings", say("Actuals")), ("targets", say("Targets")))
        if _is_flat(mapping_at(tree, f"{path}.{key}"))
    ]
    score = Field(f"{path}.score", Kind.NUMBER, say("Score of the month"), text_at(tree, f"{path}.score"))
    return Box(path, say("Facts"), "plain", (*readings, score), below=(rows,))


def _sales(tree: Mapping, path: str) -> list[object]:
    return [*list_at(tree, f"{path}.sales")]


def _is_flat(said: Mapping) -> bool:
    """Whether each indicator has one value; what names months stays as it is written."""
    return all(isinstance(value, str) for value in said.values())


def _sale(tree: Mapping, path: str, pickers: Pickers) -> Box:
    category = text_at(tree, f"{path}.category")
    fields = [
        Field(
            f"{path}.category", Kind.CHOICE, say("Category"), category, options=with_own(pickers.categories, category)
        )
    ]
    fields += [Field(f"{path}.{key}", Kind.NUMBER, label, text_at(tree, f"{path}.{key}")) for key, label in _AMOUNTS]
    fields += [
        Field(f"{path}.quantity", Kind.NUMBER, say("Quantity"), text_at(tree, f"{path}.quantity")),
        Field(f"{path}.product", Kind.TEXT, say("Product"), text_at(tree, f"{path}.product"), picks="products"),
    ]
    return Box(path, say("Sale"), "band", tuple(fields), moves=True)
