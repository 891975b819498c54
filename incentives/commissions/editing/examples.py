"""The boxes of the worked examples."""

from __future__ import annotations

from incentives.commissions.editing.fields import Box, Field, Kind, Option, Pickers, Rows, plain
from incentives.commissions.editing.measures import name_fields, titled, with_own
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
    return Rows("examples", say("Examples"), boxes, (Option("example", say("Add an example")),), "steps")


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
    below.append(_departments(tree, f"{path}.departments", pickers))
    names = name_fields(tree, f"{path}.name", say("Name in the plan"))
    title = titled(tree, path, say("Example"))
    return Box(path, title, "example", (*names, month), (pools,), tuple(below), moves=True)


def _departments(tree: Mapping, path: str, pickers: Pickers) -> Rows:
    """What is known of departments; one that is not there yet can be added."""
    names = {option.value: option.label for option in pickers.departments}
    there = mapping_at(tree, path)
    boxes = []
    for code in there:
        facts = _facts(tree, f"{path}.{code}", pickers)
        title = say("Known of the department {code}", code=names.get(code, plain(code)))
        boxes.append(Box(f"{path}.{code}", title, "person", facts.fields, below=facts.below, moves=True))
    adds = tuple(Option(f"department:{code}", name) for code, name in names.items() if code not in there)
    return Rows(
        path, say("Known of departments"), tuple(boxes), adds, "steps", add_label=say("Add facts of a department")
    )


def _person(tree: Mapping, path: str, pickers: Pickers) -> Box:
    position, department = text_at(tree, f"{path}.position"), text_at(tree, f"{path}.department")
    number, flat = text_at(tree, f"{path}.number"), isinstance(at(tree, f"{path}.expect"), str)
    expected = f"{path}.expect" if flat else f"{path}.expect.total"
    fields = (
        Field(f"{path}.number", Kind.TEXT, say("Number"), number),
        Field(f"{path}.position", Kind.CHOICE, say("Position"), position, options=_or_any(pickers.positions, position)),
        Field(expected, Kind.NUMBER, say("Must earn"), text_at(tree, expected), unit=YUAN),
    )
    more = [Field(f"{path}.{key}", Kind.NUMBER, label, text_at(tree, f"{path}.{key}")) for key, label in _COUNTS]
    departments = _or_any(pickers.departments, department)
    more.append(Field(f"{path}.department", Kind.CHOICE, say("Department"), department, options=departments))
    if not flat:
        more.append(pairs_field(tree, f"{path}.expect.lines", say("Rows must come to"), "rows", kind="amount"))
    facts = _facts(tree, path, pickers)
    title = say("Person {number}", number=number)
    return Box(path, title, "person", (*fields, *facts.fields), tuple(more), facts.below, moves=True)


def _or_any(options: tuple[Option, ...], value: str) -> tuple[Option, ...]:
    return (Option("", say("any")), *(with_own(options, value) if value else options))


def _facts_of(tree: Mapping, path: str, title: Sentence, pickers: Pickers) -> list[Box | Rows]:
    found = _facts(tree, path, pickers)
    return [Box(path, title, "person", found.fields, below=found.below)]


def _facts(tree: Mapping, path: str, pickers: Pickers) -> Box:
    places = range(len(list_at(tree, f"{path}.sales")))
    sales = tuple(_sale(tree, f"{path}.sales[{place}]", pickers) for place in places)
    rows = Rows(f"{path}.sales", say("Sales"), sales, (Option("sale", say("Add a sale")),), "table")
    score = Field(f"{path}.score", Kind.NUMBER, say("Score of the month"), text_at(tree, f"{path}.score"))
    fields = (_readings(tree, f"{path}.readings", say("Actuals")), _readings(tree, f"{path}.targets", say("Targets")))
    return Box(path, say("Facts"), "plain", (*fields, score), below=(rows,))


def _readings(tree: Mapping, path: str, label: Sentence) -> Field:
    """One row for each value: of the example's own month, where no other is said."""
    rows: list[tuple[str, str, str]] = []
    for code, said in mapping_at(tree, path).items():
        if isinstance(said, dict):
            rows += [(code, value, month) for month, value in said.items() if isinstance(value, str)]
        elif isinstance(said, str):
            rows.append((code, said, ""))
    return Field(path, Kind.READINGS, label, pairs=tuple(rows), picks="indicators", wide=True)


def _sale(tree: Mapping, path: str, pickers: Pickers) -> Box:
    category = text_at(tree, f"{path}.category")
    categories = with_own(pickers.categories, category)
    fields = [Field(f"{path}.category", Kind.CHOICE, say("Category"), category, options=categories)]
    fields += [Field(f"{path}.{key}", Kind.NUMBER, label, text_at(tree, f"{path}.{key}")) for key, label in _AMOUNTS]
    fields += [
        Field(f"{path}.quantity", Kind.NUMBER, say("Quantity"), text_at(tree, f"{path}.quantity")),
        Field(f"{path}.product", Kind.TEXT, say("Product"), text_at(tree, f"{path}.product"), picks="products"),
    ]
    return Box(path, say("Sale"), "band", tuple(fields), tuple(_about_sale(tree, path, pickers)), moves=True)


def _about_sale(tree: Mapping, path: str, pickers: Pickers) -> list[Field]:
    """In which roles it was earned, of which campaign and document it is."""
    chosen = tuple(each for each in list_at(tree, f"{path}.role") if isinstance(each, str))
    known = {option.value for option in pickers.roles}
    roles = (*pickers.roles, *(Option(each, plain(each)) for each in chosen if each not in known))
    hint = say("Sales with the same document number are one order.")
    return [
        Field(f"{path}.role", Kind.MANY, say("Earning roles"), values=chosen, options=roles),
        Field(f"{path}.campaign", Kind.TEXT, say("Campaign"), text_at(tree, f"{path}.campaign"), picks="campaigns"),
        Field(f"{path}.order", Kind.TEXT, say("Document number"), text_at(tree, f"{path}.order"), hint=hint),
    ]
