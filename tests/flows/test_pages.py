"""Each role's pages in a real browser: they answer, fit the screen, and their console stays silent."""

from __future__ import annotations

import pytest

from tests.flows.conftest import NUMBERS, PageFor

pytestmark = pytest.mark.browser

LINKS = "as => [...new Set(as.map(a => a.pathname).filter(p => p.startsWith('/')))]"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("role", NUMBERS)
def test_pages_of_the_navigation_answer_and_fit(page_for: PageFor, role: str, width: int) -> None:
    page = page_for(role, width=width)
    paths = page.eval_on_selector_all("nav a[href]:not([download])", LINKS)
    assert paths
    faults = []
    for path in paths:
        answer = page.goto(path)
        found = (answer.status < 400, page.locator("h1").count(), page.evaluate(TOO_WIDE) <= 0)
        if found != (True, 1, True):
            faults.append((path, *found))
    assert faults == []
