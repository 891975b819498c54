"""YAML text as places: each value knows where it stands, so that a fault can name it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import yaml

from incentives.core.errors import DomainError, Faults, Sentence, say
from incentives.core.signs import as_it_reads

LARGEST_BYTES = 256 * 1024
DEEPEST = 24
LONGEST_TEXT = 400
LONGEST_LIST = 400

Tree = str | list["Place"] | dict[str, "Place"]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Wrong(DomainError):
    """One or more faults of a plan text, each with its place."""

    def __init__(self, *faults: Sentence) -> None:
        super().__init__(faults[0])
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Place:
    """A value in the text and the path to it, such as ``lines[2].tiers.bands[0].rate``."""

    path: str
    value: Tree

    def wrong(self, fault: Sentence) -> Wrong:
        """A fault found here."""
        return Wrong(say("{place}: {fault}", place=self.path or "plan", fault=fault))

    def text(self) -> str:
        """A short text on one place."""
        if not isinstance(self.value, str):
            raise self.wrong(say("a single value is expected here, not a list or a mapping."))
        cleaned = self.value.strip()
        if not cleaned or len(cleaned) > LONGEST_TEXT:
            raise self.wrong(say("write a text of 1 to {most} characters.", most=LONGEST_TEXT))
        return cleaned

    def choice(self, choices: type[E]) -> E:
        """One of the words of an enumeration."""
        text = self.text()
        try:
            return choices(text)
        except ValueError:
            words = ", ".join(choices)
            raise self.wrong(say("“{text}” is none of these: {words}.", text=text[:40], words=words)) from None

    def mapping(self, *allowed: str) -> dict[str, Place]:
        """A mapping that knows no other keys than these."""
        if not isinstance(self.value, dict):
            raise self.wrong(say("a mapping is expected here, with keys such as {keys}.", keys=", ".join(allowed[:6])))
        unknown = [key for key in self.value if key not in allowed]
        if unknown and self.value[unknown[0]].value == "":
            raise self.wrong(
                say("“{key}” says nothing; a text with a comma must stand in quotes.", key=unknown[0][:40])
            )
        if unknown:
            raise self.wrong(
                say("“{key}” is not known here; known are: {keys}.", key=unknown[0][:40], keys=", ".join(allowed))
            )
        return self.value

    def named(self) -> dict[str, Place]:
        """A mapping whose keys are the author's own."""
        if not isinstance(self.value, dict):
            raise self.wrong(say("a mapping of names to values is expected here."))
        return self.value

    def has(self, key: str) -> bool:
        """Whether a mapping stands here and says this key."""
        return isinstance(self.value, dict) and key in self.value

    def items(self, most: int = LONGEST_LIST) -> list[Place]:
        """A list of one to ``most`` items; a single value counts as a list of one."""
        places = self.value if isinstance(self.value, list) else [self]
        if not 1 <= len(places) <= most:
            raise self.wrong(say("a list of 1 to {most} items is expected here.", most=most))
        return places

    def each(self, read: Callable[[Place], T], most: int = LONGEST_LIST) -> tuple[T, ...]:
        """Read every item, and tell the faults of all of them at once."""
        return gathered(lambda item=item: read(item) for item in self.items(most))  # type: ignore[misc]  # bound by default


def gathered(reads: Iterable[Callable[[], T]]) -> tuple[T, ...]:
    """The results of all reads; if some fail, the faults of all."""
    found: list[T] = []
    faults: list[Sentence] = []
    for read in reads:
        try:
            found.append(read())
        except Wrong as wrong:
            faults += wrong.faults
    if faults:
        raise Wrong(*faults)
    return tuple(found)


def parse(text: str) -> Place:
    """Read YAML: every scalar stays text; aliases, tags, second documents and repeated keys are refused.

    Raises:
        Faults: the text is too large, too deep or no YAML.
    """
    if len(text.encode(errors="replace")) > LARGEST_BYTES:
        raise _refused(say("The text is larger than {most} kB.", most=LARGEST_BYTES // 1024))
    try:
        _refuse_traps(text)
        node = yaml.compose(text, yaml.BaseLoader)
        if node is None:
            raise _refused(say("The text is empty."))
        return _place(node, "")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _refused(
            say("Line {line}: this is not YAML: {problem}.", line=line, problem=str(error.problem))
        ) from None
    except yaml.YAMLError:
        raise _refused(say("The text holds characters that no YAML file may hold.")) from None
    except Wrong as wrong:
        raise refusal(wrong) from None


def refusal(wrong: Wrong) -> Faults:
    """All faults of a text as one refusal."""
    count = len(wrong.faults)
    return Faults(say("The plan cannot be read. Faults found: {count}.", count=count), wrong.faults)


def _refused(sentence: Sentence) -> Faults:
    return refusal(Wrong(sentence))


def _refuse_traps(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(say("Line {line}: anchors and aliases (& and *) are not allowed.", line=_line(event)))
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _refused(say("Line {line}: tags (!) are not allowed.", line=_line(event)))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _refused(say("Line {line}: nested deeper than {most} levels.", line=_line(event), most=DEEPEST))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _place(node: yaml.Node, path: str) -> Place:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path)
    if isinstance(node, yaml.SequenceNode):
        return Place(path, [_place(item, f"{path}[{place}]") for place, item in enumerate(node.value)])
    return Place(path, as_it_reads(str(node.value)))


def _mapping(node: yaml.MappingNode, path: str) -> Place:
    here: dict[str, Place] = {}
    for key_node, value in node.value:
        if not isinstance(key_node.value, str):
            raise Place(path, "").wrong(say("a key must be a single word."))
        key = as_it_reads(key_node.value)
        below = f"{path}.{key}" if path else key
        if key in here:
            raise Place(below, "").wrong(say("this key stands here twice."))
        here[key] = _place(value, below)
    return Place(path, here)
