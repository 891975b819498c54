"""The worked cases that the product was ordered with, as they were written."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "cases"


@cache
def worked_case(file: str, case_id: str) -> dict[str, Any]:
    """The case with an id from ``other.toml`` or ``pay.toml``."""
    cases = tomllib.loads((FOLDER / file).read_text("utf-8"))["case"]
    return next(case for case in cases if case["id"] == case_id)


def annual_plan() -> list[list[str]]:
    """The department's plan table, cell by cell."""
    with (FOLDER / "annual-plan.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
