"""The acts that change the shape of a plan: add, copy, move and remove."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from incentives.commissions.editing import shapes
from incentives.commissions.editing.filling import is_pooled
from incentives.commissions.editing.tree import Key, at, joined, keys, list_at, mapping_at, parent, put, text_at
from incentives.commissions.format.place import LONGEST_LIST
from incentives.commissions.format.writing import Mapping, Text
from incentives.core.errors import DomainError, say

_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
NODES = ("line", "group", "pool")


def act(tree: Mapping, words: str) -> str:
    """Do one act, written ``add|lines[0].then|gate`` or ``up|lines[1]``; returns the place it ended at.

    Raises:
        DomainError: there is no such act, or no such place any more.
    """
    verb, path, kind = [*words.split("|"), "", ""][:3]
    match verb:
        case "add":
            return _add(tree, path, kind)
        case "copy":
            return _copy(tree, path)
        case "up":
            return _move(tree, path, -1)
        case "down":
            return _move(tree, path, 1)
        case "remove":
            return _remove(tree, path)
        case _:
            raise DomainError(say("There is no such act."))


def _add(tree: Mapping, path: str, kind: str) -> str:
    _, key = parent(path)
    if kind == "parameter":
        name = _free("p", set(mapping_at(tree, "parameters")))
        put(tree, f"parameters.{name}", shapes.blank(kind))
        return f"parameters.{name}"
    if kind.startswith("department:"):
        return _add_department(tree, path, kind.partition(":")[2])
    part = _new(tree, path, kind, key)
    _name_apart(tree, part)
    return append(tree, path, part)


def append(tree: Mapping, path: str, part: Text) -> str:
    """Put a part at the end of a list; the place where it stands.

    Raises:
        DomainError: the list is as long as it may be.
    """
    here = list_at(tree, path)
    if len(here) >= LONGEST_LIST:
        raise DomainError(say("A list holds at most {most} entries.", most=LONGEST_LIST))
    put(tree, path, [*here, part])
    return f"{path}[{len(here)}]"


def _add_department(tree: Mapping, path: str, code: str) -> str:
    """Facts of a department in an example: a score to begin with, which can be emptied."""
    place = f"{path}.{code}"
    if not _CODE.fullmatch(code) or at(tree, place) is not None:
        raise _gone()
    put(tree, place, {"score": "100"})
    return place


def _new(tree: Mapping, path: str, kind: str, key: Key) -> Text:
    if kind == "band":
        return shapes.next_band(tree, path)
    if key == "share":
        return shapes.weight(kind)
    made = shapes.blank(kind, pooled=is_pooled(tree, f"{path}[0]"))
    if made == {}:
        raise DomainError(say("There is no such act."))
    return made


def _copy(tree: Mapping, path: str) -> str:
    above, key = parent(path)
    here = at(tree, above)
    part = at(tree, path)
    if not isinstance(here, list) or not isinstance(key, int) or part is None:
        raise _gone()
    copy = deepcopy(part)
    _name_apart(tree, copy)
    here.insert(key + 1, copy)
    return f"{above}[{key + 1}]"


def _move(tree: Mapping, path: str, by: int) -> str:
    above, key = parent(path)
    here = at(tree, above)
    if not isinstance(here, list) or not isinstance(key, int) or key >= len(here):
        raise _gone()
    to = key + by
    if not 0 <= to < len(here):
        return path
    here[key], here[to] = here[to], here[key]
    return f"{above}[{to}]"


def _remove(tree: Mapping, path: str) -> str:
    above, key = parent(path)
    here = at(tree, above)
    if isinstance(here, list) and isinstance(key, int) and key < len(here):
        del here[key]
        if not here:
            put(tree, above, None)
        return above
    if isinstance(here, dict) and key in here:
        put(tree, joined(keys(path)), None)
        return above
    raise _gone()


def _gone() -> DomainError:
    return DomainError(say("That place is not there any more."))


# --- codes -----------------------------------------------------------------------------------------------


def _name_apart(tree: Mapping, part: Text) -> None:
    """Give the rows of a new or copied part codes that no other row has."""
    taken = {text_at(node, kind) for node, kind in _nodes(tree)}
    for node, kind in _nodes(part):
        node[kind] = _free(text_at(node, kind) or kind, taken)
        taken.add(str(node[kind]))


def _nodes(part: Text) -> Iterator[tuple[Mapping, str]]:
    if isinstance(part, list):
        for each in part:
            yield from _nodes(each)
    if isinstance(part, dict):
        kind = next((kind for kind in NODES if isinstance(part.get(kind), str) and "name" in part), None)
        if kind:
            yield part, kind
        yield from _nodes(part.get("lines", []))


def _free(word: str, taken: set[str]) -> str:
    stem = word.rstrip("0123456789").rstrip("_") or word
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
