"""A plan as a tree of plain texts, lists and mappings, and places in it such as ``lines[0].then[1].gate``.

The tree is the plan's file read as it is written, so it can also hold what is not a plan yet. What the form does not
show stays in it untouched.
"""

from __future__ import annotations

import re
from copy import deepcopy

from incentives.commissions.format.place import DEEPEST, Place, parse
from incentives.commissions.format.writing import Mapping, Text
from incentives.core.errors import DomainError, say

Key = str | int
_SEGMENT = re.compile(r"([^.\[\]]+)|\[(\d{1,3})\]")


def read(text: str) -> Mapping:
    """A plan's text as a tree.

    Raises:
        Faults: the text is no YAML, or holds no mapping.
    """
    found = _plain(parse(text))
    if not isinstance(found, dict):
        raise DomainError(say("The text holds no plan."))
    return found


def _plain(place: Place) -> Text:
    match place.value:
        case str():
            return place.value
        case list():
            return [_plain(each) for each in place.value]
        case _:
            return {key: _plain(each) for key, each in place.value.items()}


def depth(tree: Text) -> int:
    """How deep lists and mappings lie in each other."""
    below = tree if isinstance(tree, list) else list(tree.values()) if isinstance(tree, dict) else None
    return 0 if below is None else 1 + max(map(depth, below), default=0)


def keys(path: str) -> list[Key]:
    """The steps that a path takes from the top."""
    return [name or int(number) for name, number in _SEGMENT.findall(path)]


def at(tree: Text, path: str) -> Text | None:
    """What stands at a place; none where nothing does."""
    found: Text | None = tree
    for key in keys(path):
        if isinstance(found, dict) and isinstance(key, str):
            found = found.get(key)
        elif isinstance(found, list) and isinstance(key, int) and key < len(found):
            found = found[key]
        else:
            return None
    return found


def mapping_at(tree: Text, path: str) -> Mapping:
    """The mapping at a place; an empty one where none stands."""
    found = at(tree, path)
    return found if isinstance(found, dict) else {}


def list_at(tree: Text, path: str) -> list[Text]:
    """The list at a place; a single value counts as a list of one, as it does on reading."""
    found = at(tree, path)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def text_at(tree: Text, path: str) -> str:
    """The text at a place; nothing where none stands."""
    found = at(tree, path)
    return found if isinstance(found, str) else ""


def put(tree: Text, path: str, value: Text | None) -> None:
    """Let something stand at a place; nothing at all takes the key away. A place that is not there stays so."""
    *way, last = keys(path)
    here: Text = tree
    for key in way:
        below = at(here, f"[{key}]" if isinstance(key, int) else key)
        if below is None and isinstance(here, dict) and isinstance(key, str) and value:
            below = here[key] = {}
        if below is None:
            return
        here = below
    if isinstance(here, dict) and isinstance(last, str):
        if value in ("", [], {}, None):
            here.pop(last, None)
        elif value is not None:
            here[last] = value
    elif isinstance(here, list) and isinstance(last, int) and last < len(here) and value is not None:
        here[last] = value


def parent(path: str) -> tuple[str, Key]:
    """The place above, and the last step from it."""
    way = keys(path)
    return joined(way[:-1]), way[-1]


def joined(way: list[Key]) -> str:
    """The path that takes these steps."""
    path = ""
    for key in way:
        path += f"[{key}]" if isinstance(key, int) else f".{key}" if path else key
    return path


def copied(tree: Mapping) -> Mapping:
    """A tree of its own, to be changed."""
    return deepcopy(tree)


def is_too_deep(tree: Text) -> bool:
    """Whether one more act would make a text that is refused on reading."""
    return depth(tree) > DEEPEST
