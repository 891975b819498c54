"""How single values of a plan are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from incentives.core.measure import Label, Number, Parameter

Text = str | list["Text"] | dict[str, "Text"]
Mapping = dict[str, Text]


def label(name: Label) -> Mapping:
    """A name in both languages."""
    return {"en": name.en, "zh": name.zh}


def number(value: Number) -> str:
    """A number as a plan writes it."""
    if isinstance(value, Parameter):
        return f"${value.name}"
    return f"{_decimal(value.value * 100)} %" if value.percent else _decimal(value.value)


def _decimal(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
