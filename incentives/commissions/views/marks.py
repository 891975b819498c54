"""Faults and findings at the rows of the form, where they can be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from incentives.commissions.editing.fields import Box, Rows, row_id
from incentives.commissions.service.looking import Look
from incentives.web.i18n import tell


class Mark(NamedTuple):
    """One finding at its row; ``key`` names a warning that can be meant, ``reason`` says why it is."""

    severity: str
    words: str
    key: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found, by the row of the form that is nearest to it."""

    at: dict[str, list[Mark]]

    def below(self, path: str, severity: str) -> int:
        """How much of a severity was found at a row and at all below it; what is meant for a reason is left out."""
        marks = [mark for row, marks in self.at.items() if _is_in(row, path) for mark in marks]
        return sum(mark.severity == severity and not mark.reason for mark in marks)

    def is_open(self, path: str) -> bool:
        """Whether somebody has to look there."""
        return bool(self.below(path, "error") or self.below(path, "warning"))


def _is_in(row: str, path: str) -> bool:
    return row == path or row.startswith((f"{path}.", f"{path}[")) or not path


def marks_of(form: tuple[Box | Rows, ...], seen: Look) -> Marks:
    """Faults and findings at the rows that they lead to."""
    rows = _rows(form)
    found: dict[str, list[Mark]] = {}
    for fault in seen.faults:
        found.setdefault(_nearest(rows, fault.path), []).append(Mark("error", tell(fault.sentence)))
    for each in seen.report.found:
        severity = each.finding.severity.value
        mark = Mark(severity, f"{tell(each.finding.sentence)} {tell(each.finding.case)}", each.key, each.reason)
        found.setdefault(_nearest(rows, each.finding.path), []).append(mark)
    return Marks(found)


def leads_of(form: tuple[Box | Rows, ...], seen: Look) -> dict[str, str]:
    """The id of the row that each fault and finding leads to, by its path."""
    rows = _rows(form)
    paths = [*(fault.path for fault in seen.faults), *(each.finding.path for each in seen.report.found)]
    return {path: row_id(_nearest(rows, path)) for path in paths}


def _rows(form: tuple[Box | Rows, ...]) -> set[str]:
    found = set()
    for each in form:
        found.add(each.path)
        found |= _rows(each.below if isinstance(each, Box) else each.boxes)
    return found


def _nearest(rows: set[str], path: str) -> str:
    while path and path not in rows:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return path
