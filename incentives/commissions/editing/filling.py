"""What was typed into the form, put into the plan. Whatever was typed is kept; whether it makes sense is read later."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from incentives.commissions.editing.fields import Field, Kind
from incentives.commissions.editing.measures import EDGE_WORDS
from incentives.commissions.editing.shapes import NEW_NAMES, reshape
from incentives.commissions.editing.tree import at, mapping_at, parent, put, text_at
from incentives.commissions.format.place import LONGEST_TEXT
from incentives.commissions.format.writing import Mapping, Text

Typed = Callable[[str], Sequence[str]]
"""What was typed into a field, by the field's name; empty if the form did not have it."""
_BARE = re.compile(r"[+-]?[\d,]*\.?\d+", re.ASCII)
_WIDE = str.maketrans("０１２３４５６７８９．，％－＋＄", "0123456789.,%-+$")


def fill(tree: Mapping, fields: Sequence[Field], typed: Typed) -> None:
    """Put everything typed into the tree; choices that change the shape come last, so that nothing typed is lost.

    What is named in one language alone is called so in both: the name it began with goes.
    """
    ordered = sorted(fields, key=lambda field: _ORDER.get(field.kind, 0))
    for field in ordered:
        values = [value.strip()[:LONGEST_TEXT] for value in typed(field.name)]
        if values:
            _fill_one(tree, field, values)
    for field in fields:
        if field.path.endswith(".zh"):
            _drop_new_name(tree, field.path.removesuffix(".zh"))


def _drop_new_name(tree: Mapping, path: str) -> None:
    said = mapping_at(tree, path)
    new = [language for language, name in said.items() if name in NEW_NAMES]
    if len(said) > len(new):
        for language in new:
            said.pop(language)


_ORDER = {Kind.NAME: 2, Kind.SHAPE: 1}


def _fill_one(tree: Mapping, field: Field, values: list[str]) -> None:
    fill_in = _WAYS.get(field.kind)
    if fill_in is None:
        put(tree, field.path, values[0])
    else:
        fill_in(tree, field, values)


def _shape(tree: Mapping, field: Field, values: list[str]) -> None:
    if values[0] != field.value and any(option.value == values[0] for option in field.options):
        reshape(tree, field.path, field.shape, values[0], pooled=is_pooled(tree, field.path))


def _several(tree: Mapping, field: Field, values: list[str]) -> None:
    put(tree, field.path, [value for value in dict.fromkeys([*field.values, *values]) if value and value in values])


def _amount(tree: Mapping, field: Field, values: list[str]) -> None:
    amount = number(values[0])
    put(tree, field.path, {"amount": amount, "prorated": "yes"} if "prorated" in values[1:] else amount or "0")


def _number(tree: Mapping, field: Field, values: list[str]) -> None:
    put(tree, field.path, _percent(values[0], field, field.value))


def _as_rate(tree: Mapping, field: Field, values: list[str]) -> None:
    put(tree, field.path, _rate(values, text_at(tree, field.path)))


def _as_pairs(tree: Mapping, field: Field, values: list[str]) -> None:
    pairs = _pairs(field, values)
    if pairs or mapping_at(tree, field.path):
        put(tree, field.path, pairs)


def _as_readings(tree: Mapping, field: Field, values: list[str]) -> None:
    """Indicator, value, month, indicator … A value without a month is that of the example's month."""
    found: Mapping = {}
    rows = [values[start : start + 3] for start in range(0, len(values) - 2, 3)]
    for name, value, month in rows:
        if name and value:
            _add_reading(found, name, number(value), month or _month_of(tree, field.path, name, rows))
    if found or mapping_at(tree, field.path):
        put(tree, field.path, found)


def _month_of(tree: Mapping, path: str, name: str, rows: list[list[str]]) -> str:
    """The example's month must be named where the same indicator has values of other months, too."""
    several = sum(row[0] == name and bool(row[1]) for row in rows) > 1
    return text_at(tree, f"{path.split('.', maxsplit=1)[0]}.month") if several else ""


def _add_reading(found: Mapping, name: str, value: str, month: str) -> None:
    """A value that is said twice is kept beside the first, and found as a fault there."""
    while name in found and not (month and isinstance(found[name], dict)):
        name += " (2)"
    here = found.setdefault(name, {} if month else value)
    if isinstance(here, dict):
        while month in here:
            month += " (2)"
        here[month] = value


def _named(tree: Mapping, field: Field, values: list[str]) -> None:
    rename(tree, field.value, values[0])


def number(typed: str) -> str:
    """A number without the signs of a Chinese keyboard."""
    return typed.translate(_WIDE).replace("￥", "").replace("¥", "").strip()


def _percent(typed: str, field: Field, before: str) -> str:
    """Where percents are expected, a bare number that was typed anew is one."""
    value = number(typed)
    return f"{value} %" if field.percent and value != before and _BARE.fullmatch(value) else value


def _rate(values: list[str], before: str) -> str:
    """``5`` and ``%`` are ``5 %``; ``2`` and ``unit`` are ``2 per unit``. A parameter has no sign."""
    value, way = number(values[0]), values[1] if len(values) > 1 else "%"
    if not value:
        return ""
    if way == "unit":
        return f"{value.removesuffix('%').strip()} per unit"
    bare = value.removesuffix("%").strip()
    if bare.startswith("$"):
        return bare
    return before if f"{bare} %" == before else f"{bare}{' ‰' if way == '‰' else ' %'}" if "‰" not in bare else bare


def _pays(tree: Mapping, field: Field, values: list[str]) -> None:
    way = values[1] if len(values) > 1 else "%"
    amount = number(values[0])
    put(tree, f"{field.path}.amount", amount if way == "yuan" else None)
    put(tree, f"{field.path}.rate", None if way == "yuan" else _rate(values, text_at(tree, f"{field.path}.rate")))


def _edges(tree: Mapping, field: Field, values: list[str]) -> None:
    """Lower word, lower edge, upper word, upper edge."""
    low_word, low, high_word, high = [*values, "", "", "", ""][:4]
    before = {word: edge for word, edge, *_ in field.pairs}
    here = mapping_at(tree, field.path)
    kept = {key: value for key, value in here.items() if key not in EDGE_WORDS}
    said: Mapping = {}
    for word, edge, words in ((low_word, low, ("from", "above")), (high_word, high, ("up_to", "below"))):
        if edge and word in words:
            said[word] = _percent(edge, field, before.get(word, ""))
    if at(tree, field.path) is None:
        put(tree, field.path, said)
    else:
        here.clear()
        here.update({**said, **kept})
        if not here:
            put(tree, field.path, None)


def _pairs(field: Field, values: list[str]) -> Mapping:
    """Name, value, name, value …; rates have a way behind each value. A name typed twice is kept beside the first."""
    width = 3 if field.shape == "pairs-rate" else 2
    found: Mapping = {}
    for start in range(0, len(values) - width + 1, width):
        name, value = values[start], values[start + 1]
        if not name or not value:
            continue
        while name in found:
            name += " (2)"
        found[name] = _rate(values[start + 1 : start + 3], "") if width == 3 else number(value)
    return found


_WAYS: dict[Kind, Callable[[Mapping, Field, list[str]], None]] = {
    Kind.SHAPE: _shape,
    Kind.MANY: _several,
    Kind.LIST: _several,
    Kind.PAIRS: _as_pairs,
    Kind.READINGS: _as_readings,
    Kind.EDGES: _edges,
    Kind.AMOUNT: _amount,
    Kind.RATE: _as_rate,
    Kind.PAYS: _pays,
    Kind.NUMBER: _number,
    Kind.NAME: _named,
}


def is_pooled(tree: Text, path: str) -> bool:
    """Whether a place lies in what forms a pool, where nothing belongs to one person alone."""
    while path:
        above, key = parent(path)
        if key in {"lines", "then"} and "pool" in mapping_at(tree, above):
            return True
        path = above
    return False


def rename(tree: Mapping, name: str, new: str) -> None:
    """Give a parameter another name, wherever it is used, too. A name that is taken stays as it was."""
    parameters = mapping_at(tree, "parameters")
    if not new or new == name or new in parameters or name not in parameters:
        return
    tree["parameters"] = {new if key == name else key: value for key, value in parameters.items()}
    for key in [key for key in tree if key != "parameters"]:
        tree[key] = _renamed(tree[key], re.compile(rf"\${re.escape(name)}(?![a-z0-9_])"), f"${new}")


def _renamed(part: Text, old: re.Pattern[str], new: str) -> Text:
    if isinstance(part, str):
        return old.sub(lambda _: new, part)
    if isinstance(part, list):
        return [_renamed(each, old, new) for each in part]
    return {key: _renamed(value, old, new) for key, value in part.items()}
