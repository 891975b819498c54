"""Browser files of other projects: exactly the ones named, unchanged, licensed, and enough for the pages."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import ROOT, calls, modules, none_of, templates

VENDOR = ROOT / "static" / "vendor"
MADE_HERE = {
    ".npmrc",
    "MANIFEST.json",
    "charts.entry.mjs",
    "icons.txt",
    "package-lock.json",
    "package.json",
    "vendor.mjs",
}
HOW_TO_MAKE = "make the files anew with: node static/vendor/vendor.mjs"
LARGEST_FIRST_PAGE = 80_000
"""Bytes, compressed: what a phone fetches before its first page, on a workshop's poor reception."""

_ICON = re.compile(r"""\bicon(?:\(|_name=)\s*["']([a-z0-9-]+)["']""")


def manifest() -> list[dict[str, Any]]:
    shipped: list[dict[str, Any]] = json.loads((VENDOR / "MANIFEST.json").read_text("utf-8"))
    return shipped


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: str(entry["file"]))
def test_each_file_is_the_one_the_manifest_names(entry: dict[str, Any]) -> None:
    content = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"], HOW_TO_MAKE
    assert abs(len(gzip.compress(content, 9)) - entry["gzip_bytes"]) < entry["gzip_bytes"] * 0.02


def test_nothing_lies_there_that_the_manifest_does_not_name() -> None:
    named = {entry["file"] for entry in manifest()}
    found = {path.name for path in VENDOR.iterdir() if path.is_file()}
    assert found - MADE_HERE == named


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: str(entry["file"]))
def test_each_file_comes_with_its_licence_and_those_of_what_is_inside(entry: dict[str, Any]) -> None:
    for part in (entry, *entry["contains"]):
        assert part["licence"]
        assert part["texts"]
        for name in part["texts"]:
            assert (VENDOR / name).stat().st_size > 100


def test_the_shipped_versions_are_the_ones_asked_for() -> None:
    asked = json.loads((VENDOR / "package.json").read_text("utf-8"))["dependencies"]
    assert {entry["name"]: entry["version"] for entry in manifest()} == asked
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


def test_the_lock_holds_hashes_and_no_place_to_fetch_from() -> None:
    lock = json.loads((VENDOR / "package-lock.json").read_text("utf-8"))
    packages = {path: package for path, package in lock["packages"].items() if path}
    none_of((path for path, package in packages.items() if "resolved" in package), "these name a place:")
    none_of((path for path, package in packages.items() if "integrity" not in package), "these have no hash:")


def test_no_page_loads_what_is_for_tests_only() -> None:
    for_tests = {entry["file"] for entry in manifest() if entry["tests_only"]}
    assert for_tests == {"axe.min.js"}
    none_of(
        (f"{page.relative_to(ROOT)}: {name}" for page in templates() for name in for_tests if name in _text(page)),
        "pages never load these:",
    )


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', _text(VENDOR / "icons.svg")))
    asked = [(page, name) for page in templates() for name in _ICON.findall(_text(page))]
    asked += [(path, name) for path, tree in modules().items() for name in _icons_in(tree)]
    assert asked
    none_of(
        sorted({f"{path}: {name}" for path, name in asked if name not in drawn}),
        "add these to static/vendor/icons.txt and " + HOW_TO_MAKE,
    )


def test_the_first_page_is_light_enough_for_a_poor_connection() -> None:
    first = {"bootstrap.min.css", "bootstrap.bundle.min.js", "htmx.min.js", "icons.svg"}
    assert sum(entry["gzip_bytes"] for entry in manifest() if entry["file"] in first) < LARGEST_FIRST_PAGE


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _icons_in(tree: ast.Module) -> list[str]:
    """The third argument of the navigation's entries."""
    entries = [call for name, call in calls(tree) if name.split(".")[-1] == "Entry" and len(call.args) > 2]
    return [str(call.args[2].value) for call in entries if isinstance(call.args[2], ast.Constant)]
