"""A whole plan as a form: its rows with all that is below them, its parameters and examples."""

from __future__ import annotations

from incentives.commissions.editing.examples import example_rows
from incentives.commissions.editing.fields import Box, Field, Kind, Option, Pickers, Rows, plain
from incentives.commissions.editing.measures import name_fields, titled
from incentives.commissions.editing.steps import factor_box, step_rows
from incentives.commissions.editing.tree import list_at, mapping_at, text_at
from incentives.commissions.editing.worth import pairs_field, worth_boxes, worth_fields
from incentives.commissions.format.writing import Mapping
from incentives.core.errors import Sentence, say

NODES = (
    Option("line", say("Add a line")),
    Option("group", say("Add a group of lines")),
    Option("pool", say("Add a pool that is shared")),
)
ADD_ROW = say("Add a line, group or pool")
WEIGHTS = (
    Option("equal", say("Equal parts")),
    Option("coefficients", say("Coefficients by position or person")),
    Option("days_present", say("Days present")),
    Option("days_posting", say("Days in the posting")),
    Option("measured", say("By a measure")),
    Option("table", say("By a table of factors")),
)
DAYS = (Option("present", say("days present")), Option("posting", say("days in the posting")))
MONTHS = tuple(Option(str(month), plain(str(month))) for month in range(1, 13))


def form_of(tree: Mapping, pickers: Pickers, *, new: bool) -> tuple[Box | Rows, ...]:
    """The whole form. The code of a plan that is there already cannot be changed."""
    places = range(len(list_at(tree, "lines")))
    rows = tuple(_node(tree, f"lines[{place}]", pickers) for place in places)
    return (
        _head(tree, new=new),
        Rows("lines", say("What is paid"), rows, NODES, "nodes", add_label=ADD_ROW),
        step_rows(tree, "then", pickers, say("Then, on the sum of everything")),
        _parameters(tree),
        example_rows(tree, pickers),
    )


def rows_of(tree: Mapping) -> list[tuple[str, Sentence]]:
    """Code and name of each line of the statement, for those who write in an example what it must come to."""
    found = []
    for place, said in enumerate(list_at(tree, "lines")):
        here = f"lines[{place}]"
        code = next((text_at(said, kind) for kind in ("line", "group", "pool") if text_at(said, kind)), "")
        found.append((code, titled(tree, here, plain(code))))
    return found


def _head(tree: Mapping, *, new: bool) -> Box:
    names = name_fields(tree, "name", say("Name in the plan"))
    more = name_fields(tree, "note", say("Note"))
    if new:
        hint = say("Lower-case letters, digits, _ and -. It stays the same in all versions.")
        more.append(Field("plan", Kind.CODE, say("Code of the plan"), text_at(tree, "plan"), hint=hint))
    return Box("", say("The plan"), "head", tuple(names), tuple(more))


def _node(tree: Mapping, path: str, pickers: Pickers, *, pooled: bool = False) -> Box:
    said = mapping_at(tree, path)
    if "pool" in said:
        return _pool(tree, path, pickers)
    if "group" in said:
        return _group(tree, path, pickers, pooled=pooled)
    fields = [*name_fields(tree, f"{path}.name", say("Name in the plan")), *worth_fields(tree, path)]
    steps = step_rows(tree, f"{path}.then", pickers, say("Then"), pooled=pooled)
    below = (*worth_boxes(tree, path, pickers, pooled=pooled), steps)
    more = _around(tree, path, "line", pickers, pooled=pooled)
    title = titled(tree, path, say("Paid item"))
    return Box(path, title, "line", tuple(fields), more, below, moves=True, code=text_at(said, "line"))


def _around(tree: Mapping, path: str, kind: str, pickers: Pickers, *, pooled: bool = False) -> tuple[Field, ...]:
    months = tuple(each for each in list_at(tree, f"{path}.months") if isinstance(each, str))
    fields = [Field(f"{path}.months", Kind.MANY, say("Only in these months"), values=months, options=MONTHS)]
    if kind != "pool" and not pooled:
        chosen = tuple(each for each in list_at(tree, f"{path}.positions") if isinstance(each, str))
        known = {option.value for option in pickers.positions}
        options = (*pickers.positions, *(Option(each, plain(each)) for each in chosen if each not in known))
        label = say("Only for these positions")
        fields.append(Field(f"{path}.positions", Kind.MANY, label, values=chosen, options=options))
    fields.append(Field(f"{path}.{kind}", Kind.CODE, say("Code of the row"), text_at(tree, f"{path}.{kind}")))
    return tuple(fields)


def _group(tree: Mapping, path: str, pickers: Pickers, *, pooled: bool) -> Box:
    places = range(len(list_at(tree, f"{path}.lines")))
    rows = tuple(_node(tree, f"{path}.lines[{place}]", pickers, pooled=pooled) for place in places)
    adds = NODES[:2] if pooled else NODES
    below = (
        Rows(f"{path}.lines", say("Adds up"), rows, adds, "nodes", add_label=ADD_ROW),
        step_rows(tree, f"{path}.then", pickers, say("Then, on the sum"), pooled=pooled),
    )
    names = tuple(name_fields(tree, f"{path}.name", say("Name in the plan")))
    more = _around(tree, path, "group", pickers, pooled=pooled)
    title, code = titled(tree, path, say("Group of lines")), text_at(tree, f"{path}.group")
    return Box(path, title, "group", names, more, below, moves=True, code=code)


def _pool(tree: Mapping, path: str, pickers: Pickers) -> Box:
    rows = tuple(
        _node(tree, f"{path}.lines[{place}]", pickers, pooled=True)
        for place in range(len(list_at(tree, f"{path}.lines")))
    )
    weights = tuple(
        _weight(tree, f"{path}.share[{place}]", pickers) for place in range(len(list_at(tree, f"{path}.share")))
    )
    hint = say("Several weights are multiplied.")
    below = (
        Rows(f"{path}.lines", say("The pool is made of"), rows, NODES[:2], "nodes", add_label=ADD_ROW),
        step_rows(tree, f"{path}.then", pickers, say("Then, on the pool"), pooled=True),
        Rows(f"{path}.share", say("Shared by"), weights, WEIGHTS, "steps", hint, say("Add a weight")),
        step_rows(tree, f"{path}.share_then", pickers, say("Then, on each person's own share")),
    )
    names = tuple(name_fields(tree, f"{path}.name", say("Name in the plan")))
    title, more = titled(tree, path, say("Pool")), _around(tree, path, "pool", pickers)
    return Box(path, title, "pool", names, more, below, moves=True, code=text_at(tree, f"{path}.pool"))


def _weight(tree: Mapping, path: str, pickers: Pickers) -> Box:
    said = mapping_at(tree, path)
    if text_at(tree, path) == "equal":
        return Box(path, say("Equal parts"), "step", moves=True)
    if "days" in said:
        days = Field(f"{path}.days", Kind.CHOICE, say("Which days"), text_at(said, "days"), options=DAYS)
        return Box(path, say("Days"), "step", (days,), moves=True)
    if "coefficients" in said:
        return _coefficients(tree, f"{path}.coefficients", path)
    return factor_box(tree, path, path, pickers, pooled=False)


def _coefficients(tree: Mapping, path: str, box: str) -> Box:
    fields = (
        pairs_field(tree, f"{path}.positions", say("By position"), "positions", kind="number"),
        pairs_field(tree, f"{path}.people", say("By person"), "people", kind="number"),
        Field(f"{path}.default", Kind.NUMBER, say("All others"), text_at(tree, f"{path}.default")),
    )
    return Box(box, say("Coefficients"), "step", fields, moves=True)


def _parameters(tree: Mapping) -> Rows:
    boxes = tuple(_parameter(tree, f"parameters.{name}", name) for name in mapping_at(tree, "parameters"))
    hint = say("A number that changes over time. Write $ and its name wherever a number may stand.")
    return Rows("parameters", say("Parameters"), boxes, (Option("parameter", say("Add a parameter")),), "steps", hint)


def _parameter(tree: Mapping, path: str, name: str) -> Box:
    values = f"{path}.values"
    entries = tuple(_dated(tree, f"{values}[{place}]") for place in range(len(list_at(tree, values))))
    rows = Rows(values, say("Values by date"), entries, (Option("dated", say("Add a value")),), "table")
    names = name_fields(tree, f"{path}.name", say("Name in the plan"))
    return Box(
        path,
        plain(f"${name}"),
        "parameter",
        tuple(names),
        (Field(path, Kind.NAME, say("What the plan writes after the $"), name),),
        below=(rows,),
        moves=True,
    )


def _dated(tree: Mapping, path: str) -> Box:
    fields = (
        Field(f"{path}.from", Kind.DAY, say("From"), text_at(tree, f"{path}.from")),
        Field(f"{path}.value", Kind.NUMBER, say("Value"), text_at(tree, f"{path}.value")),
    )
    return Box(path, say("Value"), "band", fields, moves=True)
