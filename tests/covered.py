"""``python -m tests.covered``: the rule book is run by its own tests to the last line and the last branch, or this fails.

Properties are left out: they are for what nobody thought of, and a branch has a case that somebody did think of.
"""

from __future__ import annotations

import sys

import coverage
import pytest

TESTS = ("tests/core", "tests/sales/test_credits.py", "--ignore=tests/core/test_plan_properties.py")


def main() -> int:
    """Run the tests of the rule book and say which lines and branches nothing reached."""
    measured = coverage.Coverage(branch=True, source=["incentives.core"], data_file=None, config_file=False)
    measured.start()
    failed = pytest.main(["-q", "--tb=short", "-rN", "-n0", "-p", "no:randomly", *TESTS])
    measured.stop()
    reached = measured.report(show_missing=True, skip_covered=True, precision=2)
    return int(failed) or int(reached < 100)


if __name__ == "__main__":
    sys.exit(main())
