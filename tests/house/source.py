"""What the house rules read: the product's own source, as files and as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "incentives"
TEMPLATES = ROOT / "templates"
LOCALE = PACKAGE / "locale" / "zh"


@cache
def modules(*, below: Path = PACKAGE) -> dict[Path, ast.Module]:
    """Each Python file of the package and its syntax tree. Migrations are history and are left alone."""
    found = (path for path in sorted(below.rglob("*.py")) if "versions" not in path.parts)
    return {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in found}


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a module, with the dotted name it is made by: ``db.session.commit``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    """Where a finding is, to click on."""
    return f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"


def templates() -> list[Path]:
    """Every template."""
    return sorted(TEMPLATES.rglob("*.html"))


def none_of(findings: Iterable[str], rule: str) -> None:
    """Fail with the findings, one a line, under the rule they break."""
    listed = list(findings)
    if listed:
        pytest.fail("\n".join([rule, *(f"  {finding}" for finding in listed)]), pytrace=False)
