"""6S inspections: score, bands, must items, repeats (product.md §6)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.errors import DomainError
from incentives.core.figures import percent
from incentives.core.inspection import (
    Answer,
    Band,
    Earlier,
    Item,
    Level,
    Score,
    band,
    is_repeat,
    level_of,
    score,
)
from tests.core.cases import worked_case

DAY = date(2026, 11, 23)


def given_points(*points: int | None, section: str = "shine") -> list[Answer]:
    return [Answer(Item(f"{section}-{n}", section, 5), given) for n, given in enumerate(points)]


def must(points: int | None, section: str = "safety") -> Answer:
    return Answer(Item("extinguisher", section, 5, must=True), points)


def test_the_worked_inspection_leaves_out_what_is_not_applicable() -> None:
    value = score(given_points(5, 5, 5, 1, None)).value
    assert value is not None
    assert percent(value) == worked_case("other.toml", "six-s-not-applicable")["score_percent"]


def test_weights_multiply_points() -> None:
    heavy, light = Item("floor", "shine", 5, weight=3), Item("bench", "shine", 5)
    assert score([Answer(heavy, 5), Answer(light, 0)]).value == Fraction(15, 20)


@pytest.mark.parametrize(
    ("points", "value"),
    [
        pytest.param(5, Fraction(1), id="met: nothing happens"),
        pytest.param(4, Fraction(1, 2), id="not met in full: the section reaches nothing"),
        pytest.param(0, Fraction(1, 2), id="failed: the section reaches nothing"),
        pytest.param(None, Fraction(1), id="not applicable: nothing happens"),
    ],
)
def test_a_must_item_fails_its_section_and_no_other(points: int | None, value: Fraction) -> None:
    rest_of_section = Answer(Item("exits", "safety", 5), 5)
    assert score([must(points), rest_of_section, *given_points(5, 5, section="shine")]).value == value


def test_a_failed_section_names_its_must_items() -> None:
    failed, sound = score([must(0), *given_points(5, section="shine")]).sections
    assert (failed.section, failed.failed_by, failed.reached) == ("safety", ("extinguisher",), 0)
    assert (sound.failed_by, sound.reached) == ((), 5)


def test_nothing_applicable_has_no_score_and_no_band() -> None:
    empty = score(given_points(None, None))
    assert (empty.value, empty.band) == (None, None)


@pytest.mark.parametrize("points", [-1, 6])
def test_points_outside_the_item_are_refused(points: int) -> None:
    with pytest.raises(DomainError, match="takes 0 to 5 points"):
        must(points)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param("1", Band.EXCELLENT, id="full"),
        pytest.param("0.9", Band.EXCELLENT, id="90 is in"),
        pytest.param("0.8999", Band.GOOD, id="89.99 is not rounded up"),
        pytest.param("0.8", Band.GOOD, id="80 is in"),
        pytest.param("0.7999", Band.FAIR, id="below 80"),
        pytest.param("0.7", Band.FAIR, id="70 is in"),
        pytest.param("0.6999", Band.POOR, id="below 70"),
    ],
)
def test_bands_include_their_lower_edge(value: str, name: Band) -> None:
    assert band(Fraction(value)) is name


def test_an_inspection_has_the_band_of_its_score() -> None:
    result = score(given_points(5, 4))
    assert result.band is Band.EXCELLENT
    assert str(Band.EXCELLENT.says) == "excellent"


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1))
def test_a_score_lies_between_nothing_and_everything(points: list[int | None]) -> None:
    result: Score = score(given_points(*points))
    assert result.value is None or 0 <= result.value <= 1


@pytest.mark.parametrize(
    ("days_later", "repeats"),
    [
        pytest.param(0, True, id="the same day"),
        pytest.param(30, True, id="the thirtieth day"),
        pytest.param(31, False, id="a day too late"),
        pytest.param(-1, False, id="a later finding is no earlier one"),
    ],
)
def test_a_repeat_is_within_thirty_days(*, days_later: int, repeats: bool) -> None:
    assert is_repeat(DAY, DAY + timedelta(days=days_later)) is repeats


@pytest.mark.parametrize(
    ("earlier", "level"),
    [
        pytest.param([], Level.OWNER, id="the first time it is the owner's"),
        pytest.param([(10, Level.OWNER)], Level.TEAM_LEAD, id="a repeat goes to the team lead"),
        pytest.param([(10, Level.TEAM_LEAD)], Level.MANAGER, id="and then to the manager"),
        pytest.param([(10, Level.MANAGER)], Level.MANAGER, id="where it stays"),
        pytest.param([(31, Level.TEAM_LEAD)], Level.OWNER, id="after thirty days it begins anew"),
        pytest.param([(20, Level.TEAM_LEAD), (5, Level.OWNER)], Level.MANAGER, id="the highest level repeated counts"),
    ],
)
def test_a_repeated_finding_goes_one_level_up(earlier: list[tuple[int, Level]], level: Level) -> None:
    found = [Earlier(DAY - timedelta(days=ago), at) for ago, at in earlier]
    assert level_of(DAY, found) is level
