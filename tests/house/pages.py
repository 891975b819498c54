"""The rules for templates and browser files, each a function from a text to its findings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, meta

from tests.house.source import ROOT, TEMPLATES, modules, templates

STATIC = ROOT / "static"
OWN_TEXT = (".css", ".js", ".svg", ".webmanifest", ".json", ".html")

_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_INLINE = {
    "inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\b(src=|type=[\"']application/json))", re.IGNORECASE),
    "handler in an attribute": re.compile(
        r"[\s\"']on[a-z]+\s*=\s*[\"'{]|\bhx-on\b|\bhx-vals\s*=\s*[\"']js:|javascript:", re.IGNORECASE
    ),
}
_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_NAMES_OF_FORMATS = ("http://www.w3.org", "https://www.w3.org")
"""Addresses that name a format and are never fetched."""


def inline_things(text: str) -> Iterator[str]:
    """The content policy allows no script or style written into a page: browsers would drop it silently."""
    bare = _COMMENT.sub(_blank, text)
    for kind, pattern in _INLINE.items():
        for match in pattern.finditer(bare):
            yield f"{_line(bare, match.start())}: {kind}: {match[0].strip()}"


def foreign_hosts(text: str) -> Iterator[str]:
    """Nothing is fetched from elsewhere: many networks cannot, and none should have to."""
    for match in _ADDRESS.finditer(text):
        if not match[0].startswith(_NAMES_OF_FORMATS):
            yield f"{_line(text, match.start())}: {match[0]}"


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def own_static() -> list[Path]:
    """Our own browser files; those of other projects are held by their manifest."""
    return [
        path
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in OWN_TEXT and "vendor" not in path.relative_to(STATIC).parts
    ]


def named_in_code() -> set[str]:
    """Every template that some Python module names."""
    return {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
    }


@cache
def references() -> dict[str, set[str]]:
    """Template → the templates it extends, includes or takes macros from."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    found: dict[str, set[str]] = {}
    for path in templates():
        tree = environment.parse(path.read_text(encoding="utf-8"))
        found[path.relative_to(TEMPLATES).as_posix()] = {
            name for name in meta.find_referenced_templates(tree) if name is not None
        }
    return found


def reached(roots: set[str], links: dict[str, set[str]]) -> set[str]:
    """The templates that a rendered page needs, however deep."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(links.get(name, set()))
    return seen
