"""Sets the sentences in the source beside their translations."""

from __future__ import annotations

import ast
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house.source import LOCALE, PACKAGE, ROOT, TEMPLATES, calls, modules, place

Key: TypeAlias = str | tuple[str, ...]

SINGULAR = ("_", "gettext", "lazy_gettext", "_l", "say")
PLURAL = ("ngettext", "lazy_ngettext")
KEYWORDS: dict[str, tuple[int, ...] | None] = {**dict.fromkeys(SINGULAR), **dict.fromkeys(PLURAL, (1, 2))}
JINJA = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}

TELLS = PACKAGE / "web" / "i18n.py"
"""The one place that translates sentences made elsewhere."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w+)[^{}]*\}(?!\})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One translation and the catalogue it stands in."""

    file: str
    line: int
    message: Message

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


def said(package: Path = PACKAGE, templates: Path = TEMPLATES) -> dict[Key, list[str]]:
    """Every sentence in the source, with the files that say it."""
    found: defaultdict[Key, list[str]] = defaultdict(list)
    for path, method in _sources(package, templates):
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        with path.open("rb") as file:
            options = JINJA if method == "jinja2" else {}
            for _line, key, _comments, _context in extract(method, file, keywords=KEYWORDS, options=options):
                found[key].append(name)
    return dict(found)


def _sources(package: Path, templates: Path) -> Iterator[tuple[Path, str]]:
    yield from ((path, "python") for path in sorted(package.rglob("*.py")))
    yield from ((path, "jinja2") for path in sorted(templates.rglob("*.html")))


def translated(locale: Path = LOCALE) -> dict[Key, list[Entry]]:
    """Every entry of the catalogues by its key, comments that were entries once left out."""
    found: defaultdict[Key, list[Entry]] = defaultdict(list)
    for path in sorted(locale.glob("*.po")):
        for message in _entries(path):
            found[_key(message)].append(Entry(path.name, message.lineno or 0, message))
    return dict(found)


def _entries(path: Path) -> Iterator[Message]:
    """The messages of one file; a key that stands in it twice comes twice, which reading it whole would hide."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    line = 1
    for block in blocks:
        for message in read_po(io.StringIO(block), locale="zh", abort_invalid=True):
            if message.id:
                message.lineno = line + (message.lineno or 1)
                yield message
        line += block.count("\n") + 2


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def missing(sentences: dict[Key, list[str]], entries: dict[Key, list[Entry]]) -> list[str]:
    """Sentences without a translation, by the first file that says them."""
    return sorted(f"{files[0]}: {_shown(key)}" for key, files in sentences.items() if key not in entries)


def unused(sentences: dict[Key, list[str]], entries: dict[Key, list[Entry]]) -> list[str]:
    """Translations of sentences that nobody says."""
    return sorted(
        f"{entry.where}: {_shown(key)}" for key, found in entries.items() if key not in sentences for entry in found
    )


def doubled(entries: dict[Key, list[Entry]]) -> list[str]:
    """Sentences translated in more than one place."""
    return sorted(
        f"{_shown(key)} stands in {', '.join(entry.where for entry in found)}"
        for key, found in entries.items()
        if len(found) > 1
    )


def spoilt(entries: dict[Key, list[Entry]]) -> list[str]:
    """Translations that are empty, unsure, or name other values than the sentence does."""
    every = (entry for found in entries.values() for entry in found)
    return sorted(
        f"{entry.where}: {_shown(_key(entry.message))}: {fault}" for entry in every for fault in _faults(entry.message)
    )


def _faults(message: Message) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    original = message.id if isinstance(message.id, str) else message.id[-1]
    if not all(text.strip() for text in strings):
        yield "empty"
    if message.fuzzy:
        yield "fuzzy"
    for text in filter(None, strings):
        if placeholders(text) != placeholders(original):
            yield f"values differ: {_listed(placeholders(original))} against {_listed(placeholders(text))}"


def placeholders(text: str) -> set[str]:
    """The names of the values a sentence has room for, in either notation."""
    return {match[1] or match[2] for match in _PLACEHOLDER.finditer(text)}


def unreadable() -> list[str]:
    """Calls whose sentence is not written out, so that no catalogue can know it."""
    return [
        f"{place(path, call)}: {ast.unparse(call)[:80]}"
        for path, tree in modules().items()
        for name, call in calls(tree)
        if path != TELLS and name in {*SINGULAR, *PLURAL} and not _written_out(call.args[: 2 if name in PLURAL else 1])
    ]


def _written_out(arguments: Iterable[ast.expr]) -> bool:
    return all(isinstance(argument, ast.Constant) and isinstance(argument.value, str) for argument in arguments)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _shown(key: Key) -> str:
    return repr(key if isinstance(key, str) else key[0])
