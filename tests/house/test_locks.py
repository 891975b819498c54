"""The locks: complete, consistent with one another and with pyproject.toml, and good for any mirror."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from incentives import _bootstrap
from tests.house.source import ROOT, none_of

GROUPS = {"app.txt": (), "test.txt": ("test",), "lint.txt": ("test", "lint")}
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", re.IGNORECASE | re.MULTILINE)


def text_of(lock: str) -> str:
    return (ROOT / "requirements" / lock).read_text(encoding="utf-8")


@cache
def pins(lock: str) -> dict[str, Version]:
    return {canonicalize_name(name): Version(version) for name, version in _PIN.findall(text_of(lock))}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted(lock: str) -> list[Requirement]:
    groups = [project()["project"]["dependencies"], *(project()["dependency-groups"][name] for name in GROUPS[lock])]
    return [Requirement(line) for group in groups for line in group]


def unmet(requirements: list[Requirement], pinned: dict[str, Version]) -> list[str]:
    """Requirements the pins do not meet."""
    found = ((requirement, pinned.get(canonicalize_name(requirement.name))) for requirement in requirements)
    return [f"{requirement}: {pin}" for requirement, pin in found if pin is None or pin not in requirement.specifier]


@pytest.mark.parametrize("lock", GROUPS)
def test_a_lock_meets_everything_the_project_asks_for(lock: str) -> None:
    none_of(unmet(wanted(lock), pins(lock)), f"compile requirements/{lock} anew:")


@pytest.mark.parametrize("lock", GROUPS)
def test_every_pin_carries_its_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", text_of(lock), flags=re.IGNORECASE)
    none_of((block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block), "no hash:")


@pytest.mark.parametrize("lock", GROUPS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert "//" not in text_of(lock)
    assert "index-url" not in text_of(lock)


@pytest.mark.parametrize(
    ("smaller", "larger"), [(smaller, larger) for smaller, all_ in _bootstrap.COVERED_BY.items() for larger in all_]
)
def test_a_larger_lock_holds_all_of_a_smaller_one_version_for_version(smaller: str, larger: str) -> None:
    differing = (f"{name} {pin}" for name, pin in pins(smaller).items() if pins(larger).get(name) != pin)
    none_of(sorted(differing), f"{larger} differs from {smaller}:")


def test_a_requirement_that_the_lock_misses_or_contradicts_is_noticed() -> None:
    asked = [Requirement("flask>=3.1,<3.2"), Requirement("polars"), Requirement("jinja2>=3")]
    assert unmet(asked, {"flask": Version("3.0.3"), "jinja2": Version("3.1.6")}) == [
        "flask<3.2,>=3.1: 3.0.3",
        "polars: None",
    ]
