"""Whose simulations the pages are about, and the addresses among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from incentives.core.period import Month
from incentives.core.simulation import BANDS
from incentives.simulations.service.asking import Whose
from incentives.simulations.service.summing import MonthTotal
from incentives.web.guards import actor, place


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose simulations a page is about, and how its addresses are called."""

    whose: Whose
    prefix: str = ""

    def url(self, page: str, **values: Any) -> str:  # noqa: ANN401 (what addresses hold)
        """The address of another page of the same store or group."""
        return url_for(f"simulations.{self.prefix}{page}", **values)

    def month_url(self, simulation_id: int) -> Callable[[Month], str]:
        """The addresses of the people in each month of a simulation."""
        return lambda month: self.url("month", simulation_id=simulation_id, month=month)

    def month_urls(self, simulation_id: int, months: Iterable[MonthTotal]) -> list[str]:
        """The addresses of the people in each of some months, in their order."""
        return [self.url("month", simulation_id=simulation_id, month=row.month) for row in months]

    def band_urls(self, simulation_id: int) -> list[str]:
        """The addresses of those who win or lose so much, for each band in order."""
        return [self.url("people", simulation_id=simulation_id, band=band) for band in BANDS]

    def group_url(self, simulation_id: int) -> Callable[[str, str], str]:
        """The addresses of the people in each group of a simulation."""
        return lambda name, key: self.url("people", simulation_id=simulation_id, **{name: key})


def here() -> Desk:
    """The store that the address names."""
    return Desk(Whose(actor().group_id, place().id))


def of_group() -> Desk:
    """The whole group of whoever asks."""
    return Desk(Whose(actor().group_id, None), "group_")
