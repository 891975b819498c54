"""Several test runs are told as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from incentives.cli.outcome import Outcome

RECORD = """<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite>
<testcase file="tests/a.py" name="test_one" />
<testcase file="tests/a.py" name="test_two"><failure message="AssertionError: 1 &lt; 2&#10;more">…</failure></testcase>
<testcase file="tests/b.py" name="test_three"><skipped type="pytest.skip" message="no PostgreSQL">…</skipped></testcase>
<testcase file="tests/b.py" name="test_four"><skipped type="pytest.xfail" message="" /></testcase>
<testcase file="tests/b.py" name="test_five"><error message="failed on setup">…</error></testcase>
</testsuite></testsuites>"""
ALL_PASSED = '<testsuites><testsuite><testcase file="tests/c.py" name="test_six" /></testsuite></testsuites>'


def outcome(folder: Path, record: str, *, whole: bool = True) -> Outcome:
    path = folder / "record.xml"
    path.write_text(record, encoding="utf-8")
    return Outcome.read(path, whole=whole)


def test_counts_of_both_runs_stand_in_the_last_line(tmp_path: Path) -> None:
    lines = list((outcome(tmp_path, RECORD) + outcome(tmp_path, ALL_PASSED)).report(75.5))
    assert lines[-1].strip("= ") == "1 failed, 2 passed, 1 skipped, 1 xfailed, 1 errors in 75.50s (0:01:15)"


def test_each_test_that_did_not_pass_is_named_with_its_reason(tmp_path: Path) -> None:
    lines = list(outcome(tmp_path, RECORD).report(1))
    assert "FAILED tests/a.py::test_two - AssertionError: 1 < 2" in lines
    assert "SKIPPED tests/b.py::test_three - no PostgreSQL" in lines
    assert "ERROR tests/b.py::test_five - failed on setup" in lines


@pytest.mark.parametrize(
    ("record", "whole", "good"), [(ALL_PASSED, True, True), (RECORD, True, False), (ALL_PASSED, False, False)]
)
def test_only_a_whole_run_without_failures_is_good(tmp_path: Path, record: str, whole: bool, good: bool) -> None:  # noqa: FBT001 (table columns)
    assert outcome(tmp_path, record, whole=whole).good is good


def test_a_run_that_left_no_record_broke_down(tmp_path: Path) -> None:
    lost = Outcome.read(tmp_path / "never-written.xml", whole=True)
    assert not (outcome(tmp_path, ALL_PASSED) + lost).good
    assert any("broke down" in line for line in lost.report(1))


def test_running_no_test_at_all_is_not_good(tmp_path: Path) -> None:
    assert not outcome(tmp_path, "<testsuites />").good
