"""Another day, for stories that go on overnight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time

import pytest
import time_machine


@pytest.fixture
def at() -> Iterator[Callable[[date], None]]:
    """``at(day)``: from here on it is noon of that day in Shanghai."""
    with ExitStack() as stack:

        def travel(day: date) -> None:
            noon = datetime.combine(day, time(4), UTC)
            stack.enter_context(time_machine.travel(noon, tick=False))

        yield travel
