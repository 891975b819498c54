"""How figures, days and months are written for people. All of it in one place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from flask import Flask
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from incentives.core.errors import Sentence
from incentives.core.money import FEN_PER_YUAN, Money, round_half_away
from incentives.core.period import Month
from incentives.web.i18n import tell

FEN_PER_WAN = 10_000 * FEN_PER_YUAN


def money(amount: Money | None) -> str:
    """Exact yuan and fen with separators; nothing for nothing."""
    return "" if amount is None else str(amount).replace("-", "\N{MINUS SIGN}")


def wan(amount: Money | None) -> str:
    """A large plan figure in 万, one decimal, rounded half away from zero."""
    if amount is None:
        return ""
    tenths = round_half_away(Fraction(amount.fen * 10, FEN_PER_WAN))
    return str(_("%(amount)s ×10k", amount=f"{Decimal(tenths) / 10:,}"))


def day(value: date | None) -> str:
    """A business day, as the reader's language writes it."""
    return "" if value is None else format_date(value, "yyyy-MM-dd")


def moment(value: datetime | None) -> str:
    """A moment in the store's zone, to the minute."""
    return "" if value is None else format_datetime(value, "yyyy-MM-dd HH:mm")


def month_name(value: Month | None) -> str:
    """A month in words: November 2026, 2026年11月."""
    return "" if value is None else format_date(value.first, _("MMMM yyyy"))


def percent(value: Fraction | None, decimals: int = 1) -> str:
    """An exact ratio as percent; nothing for no value."""
    if value is None:
        return ""
    shown_value = Decimal(round_half_away(value * 100 * 10**decimals)).scaleb(-decimals)
    return f"{shown_value:,.{decimals}f} %".replace("-", "\N{MINUS SIGN}")


def number(value: Fraction | Decimal | int | None, decimals: int = 2) -> str:
    """A figure with separators and no idle zeros."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}".replace("-", "\N{MINUS SIGN}")
    scaled = Decimal(round_half_away(Fraction(value) * 10**decimals)).scaleb(-decimals)
    text = f"{scaled:,.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\N{MINUS SIGN}")


def shown(value: object) -> str:
    """Any value of a list as text."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Sentence):
        return tell(value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def init_app(app: Flask) -> None:
    """Offer them to the templates."""
    app.jinja_env.filters.update(
        money=money,
        wan=wan,
        day=day,
        moment=moment,
        month_name=month_name,
        percent=percent,
        number=number,
        shown=shown,
        tell=tell,
    )
