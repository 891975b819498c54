"""Where in a plan something stands, in words that its author can follow with a finger."""

from __future__ import annotations

import pytest

from incentives.commissions.format import load
from incentives.core.places import place_name, row_name, word_for

PLAN = load("""
plan: p
name: P
lines:
  - line: cars
    name: Cars
    fixed: 100
  - group: aftersales
    name: After-sales
    lines:
      - line: film
        name: Film
        fixed: 50
      - line: mats
        name: Mats
        fixed: 20
then:
  - floor: 0
""").plan


@pytest.mark.parametrize(
    ("path", "row", "inside_a_sentence"),
    [
        ("", "the plan", "the plan"),
        ("lines", "rows", "rows"),
        ("lines[0]", "row 1 “Cars”", "“Cars”"),
        ("lines[0].tiers.bands[2]", "row 1 “Cars” · tiers · band 3", "“Cars” · tiers · band 3"),
        (
            "lines[1].lines[1].then[0].factor",
            "row 2 “After-sales” · row 2 “Mats” · step 1 · factor",
            "“After-sales” · “Mats” · step 1 · factor",
        ),
        ("lines[0].then[0].gate.any[1]", "row 1 “Cars” · step 1 · gate · condition 2", "“Cars” · step 1 · gate · condition 2"),
        ("lines[0].then[0].gate.all", "row 1 “Cars” · step 1 · gate", "“Cars” · step 1 · gate"),
        ("lines[0].name.zh", "row 1 “Cars” · name", "“Cars” · name"),
        ("lines[0].share_then[1]", "row 1 “Cars” · step 2 on a person's share", "“Cars” · step 2 on a person's share"),
        ("then[0].floor", "the whole · step 1 · floor", "the whole · step 1 · floor"),
        ("then", "steps on the whole", "steps on the whole"),
        ("examples[0].people[2].sales[9]", "example 1 · person 3 · sale 10", "example 1 · person 3 · sale 10"),
        ("parameters.tax", "parameters · tax", "parameters · tax"),
    ],
)  # fmt: skip
def test_a_place_is_told_from_the_outside_in_and_counted_from_one(path: str, row: str, inside_a_sentence: str) -> None:
    assert str(row_name(PLAN, path)) == row
    assert str(place_name(PLAN, path)) == inside_a_sentence


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lines[2]", "row 3"),
        ("lines[1].lines[2]", "row 2 “After-sales” · row 3"),
        ("lines[0].lines[0]", "row 1 “Cars” · row 1"),
    ],
)
def test_a_row_that_the_plan_does_not_have_is_counted_without_a_name(path: str, words: str) -> None:
    assert str(row_name(PLAN, path)) == words


def test_a_key_has_its_word_and_one_that_nobody_knows_stays_as_it_was_written() -> None:
    assert str(word_for("up_to")) == str(word_for("below")) == "upper edge"
    assert str(word_for("from")) == str(word_for("above")) == "lower edge"
    assert str(word_for("divided_by")) == "divisor"
    assert str(word_for("tax_rate")) == "tax_rate"
