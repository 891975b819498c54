"""The rules for Python code, each a function from one module to its findings."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.house.source import calls

LONGEST_MODULE = 400
NAMES_THAT_COLLECT_EVERYTHING = frozenset({"utils", "util", "helpers", "common", "misc", "tools"})
MAY_COMMIT = frozenset({"views", "cli", "jobs", "work", "demo"})
"""Pages, commands, jobs and the work they do, and the loader of invented data."""

CLOCKS = frozenset({"now", "utcnow", "today"})
WORDS_IN_A_SENTENCE = 3

COMMITS_WITH_A_REASON = {
    "incentives/db.py": "estimates are worked out anew out of a request that only reads, in a transaction of its own",
    "incentives/audit/service.py": "a refused act is written down although what it tried is undone",
}

_NOQA = re.compile(r"#\s*noqa\b(?!: [A-Z]+\d+(, [A-Z]+\d+)* [(-].+)", re.IGNORECASE)
_IGNORE = re.compile(r"#\s*type:\s*ignore\b(?!\[[\w, -]+\]\s+# \S+)")


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path below the checkout, its text and its syntax tree."""

    path: PurePosixPath
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def rooms(self) -> frozenset[str]:
        """The folders and the file's own name."""
        return frozenset({*self.path.parts[:-1], self.path.stem})

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def commits_out_of_place(module: Module) -> Iterator[str]:
    """Services flush; the commit is one visible line in a view, a command or a job."""
    if module.rooms & MAY_COMMIT or str(module.path) in COMMITS_WITH_A_REASON:
        return
    for name, call in calls(module.tree):
        if name.endswith(".commit"):
            yield f"{module.at(call)}: {name}()"


def floats_in_the_core(module: Module) -> Iterator[str]:
    """Money and rates are whole numbers and fractions; a float would lose cents."""
    if "core" not in module.rooms:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{module.at(node)}: {node.value}"
        if isinstance(node, ast.Name) and node.id == "float":
            yield f"{module.at(node)}: float"


def foreign_imports_in_the_core(module: Module) -> Iterator[str]:
    """The rule book needs Python's own library and itself, nothing else."""
    if "core" not in module.rooms:
        return
    for node, name in _imports(module.tree):
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("incentives.core"):
            yield f"{module.at(node)}: {name}"


def clocks_of_their_own(module: Module) -> Iterator[str]:
    """There is one clock, so that tests can stop it and every day is the store's."""
    if module.path.name == "clock.py":
        return
    for name, call in calls(module.tree):
        *owner, verb = name.split(".")
        if (owner[-1:] in (["datetime"], ["date"]) and verb in CLOCKS) or name in {"time.time", "time.localtime"}:
            yield f"{module.at(call)}: {name}()"


def too_long(module: Module) -> Iterator[str]:
    """A module is split by verb before it gets unreadable."""
    lines = module.text.count("\n")
    if lines > LONGEST_MODULE:
        yield f"{module.path}: {lines} lines"


def names_that_say_nothing(module: Module) -> Iterator[str]:
    """A module is called after what it is about."""
    for name in sorted(module.rooms & NAMES_THAT_COLLECT_EVERYTHING):
        yield f"{module.path}: {name}"


def exceptions_without_a_reason(module: Module) -> Iterator[str]:
    """``noqa: X123 (why)`` and ``type: ignore[kind]  # why``."""
    for number, line in enumerate(module.text.splitlines(), start=1):
        if _NOQA.search(line) or _IGNORE.search(line):
            yield f"{module.path}:{number}: {line.strip()}"


def pages_of_other_features(module: Module) -> Iterator[str]:
    """A view renders only from its own folder; the web floor's own pages are those of errors."""
    for function, call in calls(module.tree):
        if function.rpartition(".")[2] != "render_template" or not call.args:
            continue
        page = call.args[0]
        name = page.value if isinstance(page, ast.Constant) else None
        if isinstance(name, str) and name.split("/")[0] != _feature(module):
            yield f"{module.at(call)}: {name}"


def _feature(module: Module) -> str:
    feature = module.path.parts[1] if len(module.path.parts) > 2 else module.path.stem
    return "errors" if feature == "web" else feature


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, f"{'.' * node.level}{node.module or ''}"


def tests_that_are_no_sentences(module: Module) -> Iterator[str]:
    """A test is called after the behaviour it holds, in words."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = [word for word in node.name.removeprefix("test_").split("_") if word]
            if len(words) < WORDS_IN_A_SENTENCE:
                yield f"{module.at(node)}: {node.name}"
