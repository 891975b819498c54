"""``python -m tests.mutants [MODULE …]``: change the rule book in thousands of small ways and count what its tests notice.

Takes hours for all of it, goes on where it was stopped, and prints a table by module. Not part of the checks.
``--tally`` prints the table of what was found so far.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTMUT = Path(sys.executable).parent / "mutmut"
VERDICTS = {0: "survived", 1: "killed", 3: "killed", 5: "no tests", 33: "no tests", 36: "timeout", 24: "timeout"}
"""What the exit code of a run of the tests on a mutant means; mutmut keeps these beside each mutated module."""


def tally() -> dict[str, Counter[str]]:
    """How many mutants of each module met which end."""
    found: dict[str, Counter[str]] = {}
    for kept in sorted((ROOT / "mutants" / "incentives" / "core").glob("*.py.meta")):
        codes = json.loads(kept.read_text("utf-8"))["exit_code_by_key"].values()
        if ends := Counter("not run" if code is None else VERDICTS.get(code, "suspicious") for code in codes):
            found[kept.name.removesuffix(".py.meta")] = ends
    return found


def table(found: dict[str, Counter[str]]) -> str:
    """The tally as a table, the sum last; a timeout is a fault that was noticed."""
    ends = ("killed", "timeout", "survived", "no tests", "suspicious", "not run")
    rows = {**found, "all": sum(found.values(), Counter[str]())}
    lines = ["| module | mutants | " + " | ".join(ends) + " | noticed |", "| --- " * (len(ends) + 3) + "|"]
    for module, counted in rows.items():
        ran = counted.total() - counted["not run"]
        noticed = f"{100 * (counted['killed'] + counted['timeout']) / ran:.1f} %" if ran else "–"
        numbers = " | ".join(str(counted[end]) for end in ends)
        lines.append(f"| {module} | {counted.total()} | {numbers} | {noticed} |")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Run what was asked for, then print the table."""
    if words != ["--tally"]:
        names = [f"incentives.core.{module}.*" for module in words]
        subprocess.run([MUTMUT, "run", "--max-children", "2", *names], cwd=ROOT, check=False)  # noqa: S603 (the line above)
    sys.stdout.write(table(tally()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
