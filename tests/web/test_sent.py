"""Whole numbers that a page sent back."""

from __future__ import annotations

import pytest

from incentives.web.sent import whole, whole_or


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("007", 7),
        ("999999999", 999_999_999),
        ("1000000000", None),
        ("9" * 5_000, None),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.0", None),
        (" 1", None),
        ("²", None),
        ("١٢", None),
        ("１２", None),
        ("1 OR 1=1", None),
    ],
)
def test_only_plain_digits_that_fit_a_row_are_a_number(sent: str | None, number: int | None) -> None:
    assert whole(sent) == number
    assert whole_or(-1, sent) == (-1 if number is None else number)
