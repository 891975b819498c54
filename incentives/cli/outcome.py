"""What test runs came to, added up and told as pytest tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

WIDTH = 100
A_MINUTE = 60

FAILED, ERRORS, PASSED, SKIPPED, XFAILED = "failed", "errors", "passed", "skipped", "xfailed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of one or several runs, a line for each test worth naming, and the runs that broke down half way."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: tuple[str, ...] = ()
    broke_down: bool = False

    @property
    def good(self) -> bool:
        """Whether something ran, and nothing failed or broke down."""
        return not (self.broke_down or self.counts[FAILED] or self.counts[ERRORS]) and self.counts[PASSED] > 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.counts + other.counts, self.lines + other.lines, self.broke_down or other.broke_down)

    def report(self, seconds: float) -> Iterator[str]:
        """The short summary and the last line."""
        if self.lines:
            yield " short test summary info ".center(WIDTH, "=")
            yield from self.lines
        if self.broke_down:
            yield "ERROR a test run broke down before its end; what it printed stands above"
        kinds = [
            f"{self.counts[kind]} {kind}" for kind in (FAILED, PASSED, SKIPPED, XFAILED, ERRORS) if self.counts[kind]
        ]
        yield f" {', '.join(kinds) or 'no tests ran'} in {_duration(seconds)} ".center(WIDTH, "=")

    @classmethod
    def read(cls, record: Path, *, whole: bool) -> Outcome:
        """Read the record pytest wrote of one run; ``whole`` says whether it came to its end."""
        if not record.is_file():
            return cls(broke_down=True)
        counts: Counter[str] = Counter()
        lines: list[str] = []
        for case in ET.parse(record).iter("testcase"):  # noqa: S314 (pytest wrote it a moment ago)
            for kind, reason in _kinds(case):
                counts[kind] += 1
                if kind != PASSED:
                    lines.append(f"{_LABELS[kind]} {_address(case)} - {reason}")
        return cls(counts, tuple(sorted(lines)), broke_down=not whole)


_LABELS = {FAILED: "FAILED", ERRORS: "ERROR", SKIPPED: "SKIPPED", XFAILED: "XFAIL"}


def _kinds(case: ET.Element) -> Iterator[tuple[str, str]]:
    """What became of a test. One that passed and then broke while tidying up counts as an error only."""
    verdicts = [child for child in case if child.tag in {"failure", "error", "skipped"}]
    if not verdicts:
        yield PASSED, ""
    for verdict in verdicts:
        reason = (verdict.get("message") or "").partition("\n")[0]
        if verdict.tag == "skipped":
            yield (XFAILED if verdict.get("type") == "pytest.xfail" else SKIPPED), reason
        else:
            yield (FAILED if verdict.tag == "failure" else ERRORS), reason


def _address(case: ET.Element) -> str:
    return f"{case.get('file') or case.get('classname')}::{case.get('name')}"


def _duration(seconds: float) -> str:
    told = f"{seconds:.2f}s"
    return told if seconds < A_MINUTE else f"{told} ({timedelta(seconds=int(seconds))})"
